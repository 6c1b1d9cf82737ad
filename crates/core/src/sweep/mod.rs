//! Sweeps: the axis of sparsity of an experiment opened, over a set of pictures, and the sweet spots on it.
//!
//! A [`Sweep`] is a small value. It falls into [steps](plan::Step): a network of one sparsity and seed on a few pictures. What a step gives is a
//! [`Cell`](cells::Cell) of plain values, one a picture, and all cells that are done are the [`State`], a JSON file. So a sweep can be stopped,
//! gone on with, shared out and put together again, and everything said of it is computed from the values afterwards: intervals and tests
//! ([`statistics`](crate::statistics)), a line for each measure and sparsity ([`summary`]), sweet spots ([`spots`]), fronts ([`pareto`], [`scatter`]), charts
//! ([`chart`]), a report ([`html`]), and what several sweeps say of the paper's claims ([`findings`]). Sweeps that come with the page are packed
//! closely ([`shipped`]).
//!
//! What is measured is registered in one place, [`sweep_measure`]. Only `runner` and `pictures` need the mathematics; everything else the page has too.

pub mod cells;
pub mod chart;
pub mod figures;
pub mod findings;
pub mod html;
pub mod paired;
pub mod pareto;
pub mod people;
pub mod plan;
pub mod scatter;
pub mod shipped;
pub mod spot;
pub mod spots;
pub mod summarise;
pub mod summary;
pub mod sweep_measure;
pub mod table;

pub use cells::State;
pub use plan::{Set, Sweep};
pub use summary::Summary;
pub use sweep_measure::SweepMeasure;
