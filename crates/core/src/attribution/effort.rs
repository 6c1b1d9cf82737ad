//! How much a map costs: how often each network is asked for it, and about how long that takes.

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
    /// So many gradients, one at least.
    pub const fn gradients(passes: usize) -> Self {
        Self { passes: if passes > 0 { passes } else { 1 }, gradients: true }
    }

    /// So many forward passes, one at least.
    pub const fn forward(passes: usize) -> Self {
        Self { passes: if passes > 0 { passes } else { 1 }, gradients: false }
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
    fn gradients_cost_more() {
        let (forward, both) = (Effort { passes: 10, gradients: false }, Effort { passes: 10, gradients: true });
        assert_eq!(forward.millis(20.0), 200.0);
        assert!((both.millis(20.0) - 440.0).abs() < 1e-9);
    }
}
