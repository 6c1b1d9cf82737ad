//! A study: data that are simulated again and again, and what a procedure says of them.

use sweetspot_core::draw::{Random, random};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rate {
    /// Tests that find something where there is nothing: at most this often.
    Error(f64),
    /// Intervals that hold the truth: at least this often.
    Coverage(f64),
    /// Tests that find what is there: at least this often.
    Power(f64),
}

/// Whether the procedure is expected to keep its rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expect {
    Keeps,
    /// It does not: the rate of the full run.
    Fails(f64),
}

/// What one draw says: whether that is the case which is counted, or none where the procedure refuses.
type Draw = Box<dyn Fn(&mut Random, u64) -> Option<bool> + Send + Sync>;

/// A study.
pub struct Study {
    pub section: &'static str,
    pub procedure: String,
    pub data: String,
    pub units: String,
    pub rate: Rate,
    pub expect: Expect,
    /// Draws of the full run, and of the tests.
    pub draws: [usize; 2],
    pub draw: Draw,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Draws of which the procedure said something.
    pub draws: usize,
    /// Draws that it refused.
    pub refused: usize,
    pub rate: f64,
}

/// How many standard errors a simulated rate may lie off: one of 2,000 lies farther to one side.
pub const DEVIATES: f64 = 3.29;

impl Study {
    /// Runs it; the data of draw i are the same whatever the number of draws.
    pub fn run(&self, draws: usize) -> Outcome {
        let (mut hits, mut refused) = (0_usize, 0_usize);
        for at in 0..draws as u64 {
            match (self.draw)(&mut random(at), at) {
                Some(hit) => hits += usize::from(hit),
                None => refused += 1,
            }
        }
        let said = draws - refused;
        Outcome { draws: said, refused, rate: hits as f64 / said.max(1) as f64 }
    }

    /// The rate that is due.
    pub fn due(&self) -> f64 {
        match self.rate {
            Rate::Error(due) | Rate::Coverage(due) | Rate::Power(due) => due,
        }
    }

    /// Whether the outcome is within the chance of its draws of what is due.
    pub fn keeps(&self, outcome: &Outcome) -> bool {
        let due = self.due();
        let off = DEVIATES * (due * (1.0 - due) / outcome.draws.max(1) as f64).sqrt();
        match self.rate {
            Rate::Error(_) => outcome.rate <= due + off,
            Rate::Coverage(_) | Rate::Power(_) => outcome.rate >= due - off,
        }
    }

    /// Whether the outcome is as expected: kept, or as far off as in the full run, within the chance of both.
    pub fn as_expected(&self, outcome: &Outcome) -> bool {
        match self.expect {
            Expect::Keeps => self.keeps(outcome),
            Expect::Fails(rate) => {
                let share = 1.0 / outcome.draws.max(1) as f64 + 1.0 / self.draws[0] as f64;
                (outcome.rate - rate).abs() <= DEVIATES * (rate * (1.0 - rate) * share).sqrt()
            }
        }
    }
}
