//! From a change of a control to answers on the screen: what is sent to the engine, when, and what is done with its replies.
//!
//! From the ground up: [`queue`] holds what is in flight and what waits, [`tasks`] knows for each kind of work when it is wanted and where its
//! answer goes, [`engine`] starts the engine and sends to it, [`waiting`] and [`swept`] end and drop what waits, [`runs`] decides what is
//! done next, and above it stand what the reader asks for ([`requests`], [`objects`], [`people`], [`sweep`], [`weights`]) and what the
//! engine says ([`replies`]).

mod engine;
mod fitting;
mod objects;
mod people;
pub mod queue;
mod replies;
mod requests;
mod runs;
mod sweep;
mod swept;
mod tasks;
mod waiting;
mod weights;

pub use self::fitting::fitted;
pub use self::objects::{discover, follow, locate};
pub use self::people::{ask_alike, close_pack, compare, open_pack, pack_blob, prepare};
pub use self::replies::{begin, found_beforehand};
pub use self::requests::{agree, examine, measure, show_layer_features};
pub use self::runs::{adopt, ask, assets_came, cancel, change, retry_on_cpu};
pub use self::sweep::{drop_sweep, fetch_sweep, import_sweep, open_sweeps, pause_sweep, run_sweep, sweep_again};
pub use self::weights::{await_weights, open_weights};
