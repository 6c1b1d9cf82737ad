//! What is said of a way to find objects: its name, its formula, what can be set on it.

use crate::attribution::setting::Setting;
use crate::registry::Registered;

/// A way to find objects; those that are shipped are constants such as [`Method::Lost`].
pub type Method = Registered<MethodInfo>;

/// How two tokens are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Similarity {
    /// By their inner product.
    Product,
    /// By the cosine of the angle between them.
    Cosine,
}

/// What menus, links and help texts say of a method.
#[derive(Debug, Clone, Copy)]
pub struct MethodInfo {
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
    /// Whether it looks at a network's features; baselines do not.
    pub looks: bool,
    /// Whether it solves for an eigenvector, which can then be shown.
    pub eigenvector: bool,
    /// What can be set on it.
    pub settings: &'static [Setting],
    /// Whether the tokens of a feature map are normalised jointly unless told otherwise, and not channel by channel.
    pub joint: bool,
    /// How it compares two tokens.
    pub similarity: Similarity,
    /// What the map over patches shows while none is probed; empty where there is none.
    pub map_title: &'static str,
    /// The name of its CorLoc as a measure of sweeps, in files and in charts.
    pub corloc: (&'static str, &'static str),
}
