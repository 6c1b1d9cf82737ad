//! Baselines, which look at nothing: a box in the middle of the picture, and the whole picture.

use super::entry::{Compute, Entry};
use sweetspot_core::discovery::methods::baselines::AREA;
use sweetspot_core::discovery::{Box4, Method};

pub(crate) const CENTRE_BOX: Entry = Entry {
    of: Method::CentreBox,
    compute: Compute::Blind(|settings, size| within((1.0 - settings.real(&AREA).sqrt() as f32) / 2.0, size)),
};
pub(crate) const WHOLE_IMAGE: Entry = Entry { of: Method::WholeImage, compute: Compute::Blind(|_, size| within(0.0, size)) };

/// What is left of a picture without margins of this share of its height and width.
fn within(margin: f32, [height, width]: [f32; 2]) -> Box4 {
    [margin * width, margin * height, (1.0 - margin) * width, (1.0 - margin) * height]
}
