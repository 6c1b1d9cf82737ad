//! The scale of the sparsity control: even steps take an even share of the weights that remain.
//!
//! The paper prunes in rounds, each taking a fifth of what is left, so round `k` stands at sparsity `1 - 0.8^k`. On a scale that is
//! logarithmic in the remaining weights those rounds are evenly spaced, and the range from 90 to 99.9 % gets two thirds of the room.

use sweetspot_core::experiment::{MAX_SPARSITY, paper_grid};

/// Steps of the control between two rounds of the paper's grid.
pub const STEPS_A_ROUND: u32 = 10;

/// The control's last step; it stands for [`MAX_SPARSITY`].
pub const LAST_STEP: u32 = 310;

/// Sparsities that differ by less than this are the same for the control.
const SAME: f64 = 5e-6;

/// The paper's sparsity after `round` rounds, rounded to nine decimals so that links stay short (`0.36`, not `0.3599999999999999`).
pub fn grid_point(round: u32) -> f64 {
    let exact = 1.0 - 0.8_f64.powi(round.min(1000) as i32);
    ((exact * 1e9).round() / 1e9).min(MAX_SPARSITY)
}

/// The sparsity at a step of the control.
pub fn sparsity_at(step: u32) -> f64 {
    if step >= LAST_STEP {
        return MAX_SPARSITY;
    }
    if step.is_multiple_of(STEPS_A_ROUND) {
        return grid_point(step / STEPS_A_ROUND);
    }
    let exact = 1.0 - 0.8_f64.powf(f64::from(step) / f64::from(STEPS_A_ROUND));
    (exact * 1e5).round() / 1e5
}

/// The step nearest to a sparsity.
pub fn step_of(sparsity: f64) -> u32 {
    if sparsity.is_nan() || sparsity <= 0.0 {
        return 0;
    }
    if sparsity >= MAX_SPARSITY {
        return LAST_STEP;
    }
    let rounds = (1.0 - sparsity).ln() / 0.8_f64.ln();
    ((rounds * f64::from(STEPS_A_ROUND)).round() as u32).min(LAST_STEP)
}

/// The round a sparsity stands for, if it is a point of the paper's grid.
pub fn round_of(sparsity: f64) -> Option<u32> {
    paper_grid().find(|(_, point)| (point - sparsity).abs() < SAME).map(|(round, _)| round)
}

/// The next point of the paper's grid above a sparsity, or the control's end.
pub fn next_point(sparsity: f64) -> f64 {
    paper_grid().find(|(_, point)| *point > sparsity + SAME).map_or(MAX_SPARSITY, |(round, _)| grid_point(round))
}

/// The next point of the paper's grid below a sparsity, or 0.
pub fn previous_point(sparsity: f64) -> f64 {
    paper_grid().filter(|(_, point)| *point < sparsity - SAME).last().map_or(0.0, |(round, _)| grid_point(round))
}

/// The nearest of some sparsities, in order.
pub fn nearest(stops: &[f64], sparsity: f64) -> Option<f64> {
    stops.iter().copied().min_by(|a, b| (a - sparsity).abs().total_cmp(&(b - sparsity).abs()))
}

/// The next of some sparsities above one, or the last.
pub fn next_stop(stops: &[f64], sparsity: f64) -> Option<f64> {
    stops.iter().copied().find(|stop| *stop > sparsity + SAME).or(stops.last().copied())
}

/// The next of some sparsities below one, or the first.
pub fn previous_stop(stops: &[f64], sparsity: f64) -> Option<f64> {
    stops.iter().copied().rfind(|stop| *stop < sparsity - SAME).or(stops.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_sparsities_go_both_ways() {
        for step in 0..=LAST_STEP {
            let sparsity = sparsity_at(step);
            assert!((0.0..=MAX_SPARSITY).contains(&sparsity), "{step}: {sparsity}");
            assert_eq!(step_of(sparsity), step, "{sparsity}");
        }
    }

    #[test]
    fn the_scale_rises() {
        assert!((1..=LAST_STEP).all(|step| sparsity_at(step) > sparsity_at(step - 1)));
    }

    #[test]
    fn the_papers_grid_is_on_the_scale() {
        for (round, point) in paper_grid() {
            assert!((sparsity_at(round * STEPS_A_ROUND) - point).abs() < 1e-9);
            assert_eq!(round_of(grid_point(round)), Some(round));
        }
        assert_eq!(grid_point(2).to_string(), "0.36");
        assert_eq!(round_of(0.5), None);
    }

    #[test]
    fn neighbours_on_the_grid() {
        assert_eq!(next_point(0.36), 0.488);
        assert_eq!(previous_point(0.36), 0.2);
        assert_eq!(next_point(0.5), grid_point(4));
        assert_eq!(previous_point(0.5), 0.488);
        assert_eq!(previous_point(0.0), 0.0);
        assert_eq!(next_point(0.9975), MAX_SPARSITY);
        assert_eq!(previous_point(MAX_SPARSITY), grid_point(26));
    }

    #[test]
    fn stops() {
        let stops = [0.0, 0.2, 0.36];
        assert_eq!([0.05, 0.1, 0.3, 0.9].map(|s| nearest(&stops, s)), [Some(0.0), Some(0.0), Some(0.36), Some(0.36)]);
        assert_eq!([0.0, 0.2, 0.36].map(|s| next_stop(&stops, s)), [Some(0.2), Some(0.36), Some(0.36)]);
        assert_eq!([0.0, 0.2, 0.3].map(|s| previous_stop(&stops, s)), [Some(0.0), Some(0.0), Some(0.2)]);
        assert_eq!((nearest(&[], 0.5), next_stop(&[], 0.5), previous_stop(&[], 0.5)), (None, None, None));
    }

    #[test]
    fn any_number_has_a_step() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 2.0] {
            assert!(step_of(odd) <= LAST_STEP);
        }
    }
}
