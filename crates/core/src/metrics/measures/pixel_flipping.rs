//! Pixel flipping (AOPC).

use crate::metrics::measure::{Better, Kind, Measure, MeasureInfo};

impl Measure {
    /// Pixel flipping (AOPC).
    pub const PixelFlipping: Self = Self {
        info: &MeasureInfo {
            id: "pixel_flipping",
            title: "Pixel flipping (AOPC)",
            says: "How far the probability falls on average while the strongest squares of the picture are flipped to the mean colour.",
            definition: "Mean over steps k of P(x) \u{2212} P(x with the k strongest squares at the mean colour).",
            source: "Samek, Binder, Montavon, Lapuschkin and M\u{fc}ller, 2017",
            kind: Kind::Faithfulness,
            range: (-1.0, Some(1.0)),
            better: Better::Higher,
            across: "share of the pixels",
            ..MeasureInfo::USUAL
        },
    };
}
