//! Sweetspot: what pruning does to attributions, discovered objects and human alignment, on the reader's own device.
//!
//! The browser edition of "When Does Pruning Benefit Vision Representations?" (Cassano, Renzulli, Bragagnolo and Grangetto, 2025).
//!
//! | module | what is there | part of the paper |
//! | --- | --- | --- |
//! | [`experiment`], [`link`] | the value everything follows from, and its text form | |
//! | [`presentation`] | how a link asks for it to be shown: projector, hidden parts, lesson, language | |
//! | [`lessons`], [`words`] | lessons as text with live figures; the page's own words in several languages | |
//! | [`pruning`] | criteria, exact masks | the global magnitude pruning of its training rounds |
//! | [`attribution`] | maps of what an answer rests on | axis (i), interpretability |
//! | [`metrics`] | measures of maps: place, complexity, faithfulness, robustness, randomisation | relevance mass and rank accuracy, the untrained baseline |
//! | [`discovery`] | boxes that features set apart, without labels | axis (ii), object discovery |
//! | [`alignment`] | categories, trials, error consistency, stimuli | axis (iii), human alignment |
//! | `models` | networks, weights, cards | |
//! | [`sweep`] | the axis of sparsity opened, intervals, sweet spots, charts | its curves over sparsity, and what it calls sweet spots |
//! | `training` | the scenes that networks are trained on | its training protocol, in miniature |
//! | `packs` | sets of images with labels and masks | |
//! | [`report`] | what of many things was used and what refused | |
//! | [`resampling`], [`bootstrap`] | chance that is the same everywhere; how sure numbers over pictures are | |
//! | [`compare`] | how far numbers are from others, NaN not forgotten | |
//! | `image`, `device` | pictures in, tensors on a device | |
//! | `npy` | arrays for numpy | |
//! | [`engine`] | requests in, findings out | |
//! | [`ui`] | the page; [`colour`], its scales for maps | |

#![recursion_limit = "256"]

pub mod alignment;
pub mod attribution;
pub mod bootstrap;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
pub mod compare;
#[cfg(feature = "compute")]
pub mod device;
pub mod discovery;
pub mod engine;
pub mod error;
pub mod experiment;
pub mod experiment_file;
#[cfg(feature = "compute")]
pub mod image;
pub mod lessons;
pub mod link;
pub mod metrics;
#[cfg(feature = "compute")]
pub mod models;
#[cfg(any(feature = "cli", feature = "page"))]
pub mod npy;
pub mod opening;
#[cfg(feature = "compute")]
pub mod packs;
pub mod presentation;
pub mod pruning;
pub mod report;
pub mod resampling;
pub mod sweep;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod training;
pub mod ui;
pub mod words;

pub use ui::widgets::colour;
