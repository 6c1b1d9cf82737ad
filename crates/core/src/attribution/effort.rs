//! How much a map costs: how often each network is asked for it, and about how long that takes.

use crate::attribution::Method;
use crate::attribution::method::{CHANNELS, COALITIONS, FEW_SAMPLES, MASKS, SAMPLES, STEPS, STRIDE, WINDOW};
use crate::experiment::Attribution;

/// What a gradient costs, in forward passes (measured: 1.9 to 2.4).
const GRADIENT: f64 = 2.2;

/// Passes from which on a reader is told.
pub const SLOW: usize = 10;

/// The work for one network's map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// How often the network is asked.
    pub passes: usize,
    /// Whether each pass goes back for a gradient too.
    pub gradients: bool,
}

impl Effort {
    /// The work for a map with these parameters of a network whose input has this side; `None` where it depends on the network's layers.
    pub fn of(attribution: &Attribution, side: usize) -> Option<Self> {
        let set = |setting| attribution.settings.whole(setting).max(1);
        let (passes, gradients) = match attribution.method {
            Method::IntegratedGradients => (set(&STEPS), true),
            Method::SmoothGrad | Method::SmoothGradSquared | Method::VarGrad => (set(&SAMPLES), true),
            Method::SmoothGradIg => (set(&FEW_SAMPLES) * set(&STEPS), true),
            Method::ScoreCam => match attribution.settings.whole(&CHANNELS) {
                0 => return None,
                channels => (channels, false),
            },
            Method::Occlusion => {
                let window = set(&WINDOW).min(side);
                let places = (side - window).div_ceil(set(&STRIDE)) + 1;
                (places * places, false)
            }
            Method::Rise => (set(&MASKS), false),
            Method::Lime | Method::KernelShap => (set(&COALITIONS), false),
            _ => (1, true),
        };
        Some(Self { passes, gradients })
    }

    /// About how many milliseconds it takes where a forward pass takes `pace`.
    pub fn millis(self, pace: f64) -> f64 {
        self.passes as f64 * pace * if self.gradients { GRADIENT } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_follow_the_parameters() {
        let mut attribution = Attribution::new(Method::IntegratedGradients);
        let passes = |attribution: &Attribution| Effort::of(attribution, 224).map(|effort| effort.passes);
        assert_eq!(passes(&attribution), Some(50));
        attribution.set("steps", "20").unwrap();
        assert_eq!(passes(&attribution), Some(20));
        assert_eq!(passes(&Attribution::new(Method::SmoothGradIg)), Some(100));
        assert_eq!(passes(&Attribution::new(Method::GradCam)), Some(1));
        // 32 pixels wide, moved by 16: 13 places a side.
        assert_eq!(passes(&Attribution::new(Method::Occlusion)), Some(169));
        assert_eq!(passes(&Attribution::new(Method::ScoreCam)), None);
    }

    #[test]
    fn gradients_cost_more() {
        let (forward, both) = (Effort { passes: 10, gradients: false }, Effort { passes: 10, gradients: true });
        assert_eq!(forward.millis(20.0), 200.0);
        assert!((both.millis(20.0) - 440.0).abs() < 1e-9);
    }
}
