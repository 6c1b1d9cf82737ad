//! The target class: whose logit is explained. Which class that is for a picture and a network is decided here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The class whose logit is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Target {
    /// What each network predicts: the dense and the pruned one may differ (the paper's choice).
    Predicted,
    /// What the dense network predicts, for both.
    DensePredicted,
    /// The image's label.
    Labelled,
    /// A class by its index.
    Class(usize),
}

impl Target {
    /// The index of the class that is explained for a network whose first class is `own`, beside a dense network whose first class is `dense`.
    /// A picture without a label stands for itself: [`Self::check`] refuses it first where a label is asked for.
    pub fn resolve(self, own: usize, dense: usize, label: Option<usize>) -> usize {
        match self {
            Self::Predicted => own,
            Self::DensePredicted => dense,
            Self::Labelled => label.unwrap_or(own),
            Self::Class(index) => index,
        }
    }

    /// Checks that it can be had on a picture with this label, by a network of so many classes (or features, where it has no classes).
    pub fn check(self, label: Option<usize>, classes: usize) -> Result<()> {
        match self {
            Self::Labelled if label.is_none() => {
                Err(Error::Missing { what: "the picture's label".into(), reason: "this picture has none; choose another target".into() })
            }
            Self::Class(index) if index >= classes => Err(Error::bad_value("target", index, &format!("a class index below {classes}"))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_names_one_class() {
        let of = |target: Target, label| target.resolve(3, 5, label);
        assert_eq!([of(Target::Predicted, Some(7)), of(Target::DensePredicted, Some(7)), of(Target::Labelled, Some(7))], [3, 5, 7]);
        assert_eq!(of(Target::Class(9), None), 9);
    }

    #[test]
    fn what_cannot_be_had_is_refused() {
        assert!(Target::Labelled.check(None, 10).is_err());
        assert!(Target::Class(10).check(Some(1), 10).is_err());
        assert!([Target::Predicted, Target::DensePredicted, Target::Class(9)].iter().all(|target| target.check(None, 10).is_ok()));
    }
}
