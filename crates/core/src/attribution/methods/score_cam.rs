//! Score-CAM.

use crate::attribution::effort::Effort;
use crate::attribution::method::{Family, Method, MethodInfo};
use crate::attribution::setting::Setting;

/// Channels of Score-CAM.
pub const CHANNELS: Setting = Setting::whole(
    "channels",
    "Channels",
    "How many of the layer's channels are tried, the most active first; 0 tries all, which takes a pass each.",
    [0, 0, 4096],
);

impl Method {
    /// Score-CAM.
    pub const ScoreCam: Self = Self {
        info: &MethodInfo {
            id: "score-cam",
            title: "Score-CAM",
            says: "A layer's features, each weighted by the score the image keeps when only what it sees is shown.",
            definition: "relu(\u{3a3}\u{2096} w\u{2096} A\u{2096}), w = softmax over channels of the class logit of x \u{b7} u(A\u{2096}), u enlarging A\u{2096} bilinearly and scaling it to 0\u{2026}1.",
            source: "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel and Hu, 2020",
            family: Family::Activation,
            layer: true,
            settings: &[CHANNELS],
            effort: |settings, _| Some(settings.whole(&CHANNELS)).filter(|channels| *channels > 0).map(Effort::forward),
            ..MethodInfo::USUAL
        },
    };
}
