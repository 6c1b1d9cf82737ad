//! What is said of a criterion: its name, its formula, what it asks for and what it does to a network.

use super::scope::Scope;
use crate::attribution::method::AttentionKind;
use crate::error::{Error, Result};
use crate::registry::Registered;
use crate::sparsity::Sparsity;
use crate::words::within;

/// What ranks the weights: those with the lowest score go first. Those that are shipped are constants such as [`Criterion::Magnitude`].
pub type Criterion = Registered<CriterionInfo>;

/// What a criterion asks of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing but weights.
    Any,
    /// Rectifiers, through which sums can be followed.
    Rectifiers,
    /// Batch normalisation after the layers.
    BatchNormalisation,
}

/// What a criterion does; menus are grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sets single weights to zero.
    Weights,
    /// Sets weights to zero in a fixed pattern.
    Pattern,
    /// Removes whole filters.
    Filters,
    /// Loads weights that were pruned and trained beforehand.
    Trained,
}

impl Kind {
    /// Every kind, in the order menus show.
    pub const ALL: [Self; 4] = [Self::Weights, Self::Pattern, Self::Filters, Self::Trained];

    /// The name in menus.
    pub fn title(self) -> &'static str {
        match self {
            Self::Weights => "Single weights",
            Self::Pattern => "Fixed patterns",
            Self::Filters => "Whole filters",
            Self::Trained => "Pruned and trained",
        }
    }
}

/// What menus, links and help texts say of a criterion.
#[derive(Debug, Clone, Copy)]
pub struct CriterionInfo {
    /// The name in links and on the command line, in kebab case.
    pub id: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// The formula, as it is computed here.
    pub definition: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// What it does.
    pub kind: Kind,
    /// The scopes that make sense, the usual one first.
    pub scopes: &'static [Scope],
    /// What it asks of a network.
    pub needs: Needs,
    /// Whether it looks at calibration pictures.
    pub calibrated: bool,
    /// Whether it draws, so that the seed matters.
    pub draws: bool,
    /// The one sparsity it has, in layers that fit; any sparsity above zero means this one then.
    pub fixed: Option<f64>,
    /// Whether weights that stay change.
    pub updates: bool,
    /// Whether it goes in rounds, which take too long to follow a moving control.
    pub rounds: bool,
}

impl CriterionInfo {
    /// What most criteria have in common: single weights, all layers or each, nothing else needed. Names and texts are left open.
    pub const USUAL: Self = Self {
        id: "",
        title: "",
        says: "",
        definition: "",
        source: "",
        kind: Kind::Weights,
        scopes: &[Scope::Global, Scope::Layer],
        needs: Needs::Any,
        calibrated: false,
        draws: false,
        fixed: None,
        updates: false,
        rounds: false,
    };
}

/// The scope of those that settle by themselves how much each layer loses.
pub const OWN_SHARES: &[Scope] = &[Scope::Layer];

impl Criterion {
    /// The criteria as menus show them, kind by kind.
    pub fn groups() -> Vec<(Kind, Vec<Self>)> {
        Kind::ALL.into_iter().map(|kind| (kind, Self::all().filter(|criterion| criterion.info().kind == kind).collect())).collect()
    }

    /// Whether it takes too long to follow a moving control.
    pub fn is_slow(self) -> bool {
        let info = self.info();
        info.calibrated || info.kind == Kind::Trained || info.rounds
    }

    /// The scope that it has unless told otherwise.
    pub fn usual_scope(self) -> Scope {
        self.info().scopes[0]
    }

    /// The sparsity that is meant when this one is asked for: a pattern has but one.
    pub fn sparsity(self, asked: Sparsity) -> Sparsity {
        match self.info().fixed {
            Some(fixed) if !asked.is_zero() => Sparsity::new(fixed).unwrap_or(asked),
            _ => asked,
        }
    }

    /// Why the criterion cannot be had on a network that attends like this, has batch normalisations or not, and has trained checkpoints of these
    /// criteria; `None` where it can.
    pub fn absent(self, attention: AttentionKind, normalised: bool, checkpoints: &[&str]) -> Option<String> {
        let info = self.info();
        if info.kind == Kind::Trained && !checkpoints.contains(&info.id) {
            return Some(format!("no weights of this network that were made this way are shipped ({})", within(info.title)));
        }
        match info.needs {
            Needs::Rectifiers if attention != AttentionKind::None => {
                Some("it follows sums through rectifiers; this network has attention and layer normalisation".into())
            }
            Needs::BatchNormalisation if attention != AttentionKind::None => {
                Some("no batch normalisation follows the hidden layers of this network".into())
            }
            Needs::BatchNormalisation if !normalised => Some("this network has no batch normalisation".into()),
            Needs::Any | Needs::Rectifiers | Needs::BatchNormalisation => None,
        }
    }

    /// Checks that the criterion can be had; see [`Self::absent`].
    pub fn check(self, attention: AttentionKind, normalised: bool, checkpoints: &[&str]) -> Result<()> {
        match self.absent(attention, normalised, checkpoints) {
            Some(reason) => Err(Error::Absent { id: self.info().id.into(), method: self.info().title.into(), reason }),
            None => Ok(()),
        }
    }

    /// Checks that a scope makes sense for the criterion.
    pub fn check_scope(self, scope: Scope) -> Result<()> {
        let info = self.info();
        if info.scopes.contains(&scope) {
            return Ok(());
        }
        let known: Vec<&str> = info.scopes.iter().map(|scope| scope.id()).collect();
        Err(Error::bad_value("scope", scope.id(), &format!("{} for the criterion '{}'", known.join(" or "), info.id)))
    }
}
