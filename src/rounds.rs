//! The scale of the sparsity control: even steps take an even share of the weights that remain.
//!
//! The paper prunes in rounds, each taking a fifth of what is left, so round `k` stands at sparsity `1 - 0.8^k`. On a scale that is
//! logarithmic in the remaining weights those rounds are evenly spaced, and the range from 90 to 99.9 % gets two thirds of the room.

use sweetspot_core::sparsity::Sparsity;

/// Steps of the control between two rounds of the paper's grid.
pub const STEPS_A_ROUND: u32 = 10;

/// The control's last step; it stands for [`Sparsity::MAX`].
pub const LAST_STEP: u32 = 310;

/// The sparsity at a step of the control.
pub fn sparsity_at(step: u32) -> Sparsity {
    if step >= LAST_STEP {
        return Sparsity::MAX;
    }
    if step.is_multiple_of(STEPS_A_ROUND) {
        return Sparsity::of_round(step / STEPS_A_ROUND);
    }
    let exact = 1.0 - 0.8_f64.powf(f64::from(step) / f64::from(STEPS_A_ROUND));
    // Between rounds, links stay short.
    Sparsity::new((exact * 1e5).round() / 1e5).unwrap_or(Sparsity::MAX)
}

/// The step nearest to a sparsity.
pub fn step_of(sparsity: Sparsity) -> u32 {
    if sparsity >= Sparsity::MAX {
        return LAST_STEP;
    }
    let rounds = (1.0 - sparsity.get()).ln() / 0.8_f64.ln();
    ((rounds * f64::from(STEPS_A_ROUND)).round() as u32).min(LAST_STEP)
}

/// The next point of the paper's grid above a sparsity, or the control's end.
pub fn next_point(sparsity: Sparsity) -> Sparsity {
    Sparsity::grid().find(|(_, point)| *point > sparsity && point.round() != sparsity.round()).map_or(Sparsity::MAX, |(_, point)| point)
}

/// The next point of the paper's grid below a sparsity, or 0.
pub fn previous_point(sparsity: Sparsity) -> Sparsity {
    let below = Sparsity::grid().filter(|(_, point)| *point < sparsity && point.round() != sparsity.round());
    below.last().map_or(Sparsity::ZERO, |(_, point)| point)
}

/// The next of some sparsities above one, or the last.
pub fn next_stop(stops: &[Sparsity], sparsity: Sparsity) -> Option<Sparsity> {
    stops.iter().copied().find(|stop| *stop > sparsity).or(stops.last().copied())
}

/// The next of some sparsities below one, or the first.
pub fn previous_stop(stops: &[Sparsity], sparsity: Sparsity) -> Option<Sparsity> {
    stops.iter().copied().rfind(|stop| *stop < sparsity).or(stops.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(share: f64) -> Sparsity {
        Sparsity::new(share).unwrap()
    }

    #[test]
    fn steps_and_sparsities_go_both_ways() {
        assert!((0..=LAST_STEP).all(|step| step_of(sparsity_at(step)) == step));
        assert_eq!(step_of(Sparsity::of_weights(1, 1)), LAST_STEP, "even of a network without weights");
    }

    #[test]
    fn the_scale_rises() {
        assert!((1..=LAST_STEP).all(|step| sparsity_at(step) > sparsity_at(step - 1)));
    }

    #[test]
    fn the_papers_grid_is_on_the_scale() {
        assert!(Sparsity::grid().all(|(round, point)| sparsity_at(round * STEPS_A_ROUND) == point));
    }

    #[test]
    fn neighbours_on_the_grid() {
        let round = Sparsity::of_round;
        assert_eq!([next_point(round(2)), previous_point(round(2))], [round(3), round(1)]);
        assert_eq!([next_point(of(0.5)), previous_point(of(0.5))], [round(4), round(3)]);
        assert_eq!([previous_point(Sparsity::ZERO), next_point(of(0.9975))], [Sparsity::ZERO, Sparsity::MAX]);
        assert_eq!(previous_point(Sparsity::MAX), round(26));
        // A link with fewer digits stands on the grid, too.
        assert_eq!([next_point(of(0.83223)), previous_point(of(0.83223))], [round(9), round(7)]);
    }

    #[test]
    fn neighbours_among_stored_networks() {
        let stops = [0.0, 0.2, 0.36].map(of);
        assert_eq!(stops.map(|stop| next_stop(&stops, stop)), [Some(stops[1]), Some(stops[2]), Some(stops[2])]);
        assert_eq!([0.0, 0.2, 0.3].map(|share| previous_stop(&stops, of(share))), [Some(stops[0]), Some(stops[0]), Some(stops[1])]);
        assert_eq!((next_stop(&[], stops[0]), previous_stop(&[], stops[0])), (None, None));
    }
}
