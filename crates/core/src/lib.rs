//! Values without tensors and without a browser: what everything else is written in terms of.
//!
//! | module | what is there | part of the paper |
//! | --- | --- | --- |
//! | [`experiment`], [`link`] | the value everything follows from, and its text form | |
//! | [`card`], [`assets`] | what is known of a shipped network; where files come from | |
//! | [`pruning`], [`attribution`], [`metrics`], [`discovery`] | what there is to choose from, and how it is described | axes (i) and (ii) |
//! | [`alignment`] | categories, trials, error consistency | axis (iii), human alignment |
//! | [`sweep`] | measures against sparsity: intervals, sweet spots, charts | its curves over sparsity, and what it calls sweet spots |
//! | [`statistics`], [`draw`] | how sure numbers are: tests, intervals, ceilings; chance that is the same on every machine | |
//! | [`compare`] | how far numbers are from others, NaN not forgotten | |
//! | [`lessons`], [`words`], [`presentation`] | lessons as text with live figures; the page's words in several languages; how a link asks to be shown | |
//! | [`report`], [`error`] | what of many things was used and what refused, and why | |
//! | [`colour`], [`npy`] | scales for maps; arrays for numpy | |

pub mod alignment;
pub mod assets;
pub mod attribution;
pub mod card;
pub mod colour;
pub mod compare;
pub mod discovery;
pub mod draw;
pub mod error;
pub mod experiment;
pub mod experiment_file;
pub mod few;
pub mod fields;
pub mod lessons;
pub mod link;
pub mod metrics;
pub mod npy;
pub mod presentation;
pub mod pruning;
pub mod registry;
pub mod report;
pub mod side;
pub mod sparsity;
pub mod statistics;
pub mod sweep;
pub mod target;
pub mod words;
