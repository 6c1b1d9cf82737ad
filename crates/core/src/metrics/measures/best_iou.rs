//! IoU at the best threshold.

use crate::metrics::measure::{Better, EvenMap, Kind, Measure, MeasureInfo};

impl Measure {
    /// IoU at the best threshold.
    pub const BestIou: Self = Self {
        info: &MeasureInfo {
            id: "best_iou",
            title: "IoU at the best threshold",
            says: "How well the map's strongest part can cover exactly the object, at the threshold that suits it best.",
            definition: "max over t of |{R \u{2265} t} \u{2229} M| / |{R \u{2265} t} \u{222a} M|.",
            source: "Everingham, Van Gool, Williams, Winn and Zisserman, 2010 (the overlap)",
            kind: Kind::Place,
            better: Better::Higher,
            even_map: Some(EvenMap::ShareOfObject),
            counts: true,
            ..MeasureInfo::USUAL
        },
    };
}
