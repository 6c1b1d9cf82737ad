//! The threads of a sweep: each has a network of its own and takes step after step from what is left.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::sweep::opened::{given, open};
use sweetspot_core::error::Result;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::cells::Cell;
use sweetspot_core::sweep::plan::Step;
use sweetspot_core::sweep::{State, Sweep};
use sweetspot_engine::stored::Folder;
use sweetspot_engine::sweep::given::Answers;
use sweetspot_engine::sweep::runner::Runner;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_protocol::Picture;

/// How often the state is saved.
const SAVE_EVERY: Duration = Duration::from_secs(5);

/// What every thread is given.
pub struct Shop {
    /// The sweep.
    pub sweep: Sweep,
    /// The folder of models and gallery.
    pub assets: PathBuf,
    /// A weights file to run with.
    pub weights: Option<PathBuf>,
    /// The architecture it is said to fit.
    pub wanted: Option<String>,
    /// The picture the sweep is over, if it is one of the user's own.
    pub own: Option<Picture>,
    /// The pack the sweep is over, if it is over one.
    pub pack: Option<PathBuf>,
}

/// Runs steps on several threads and puts their cells into the state, which is saved now and then and at the end, whatever happens.
pub fn run(shop: &Shop, steps: Vec<Step>, threads: usize, state: &mut State, save: impl Fn(&State) -> Result<()>) -> Result<()> {
    let total: usize = steps.iter().map(|step| step.to - step.from).sum();
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(total as u64).with_style(style);
    let threads = threads.min(steps.len()).max(1);
    let (left, failed) = (Mutex::new(steps), AtomicBool::new(false));
    let answers = Answers::default();
    let mut outcome = Ok(());
    std::thread::scope(|scope| {
        let (sender, cells) = mpsc::channel::<Result<Cell>>();
        for _ in 0..threads {
            let (sender, answers) = (sender.clone(), answers.clone());
            let (left, failed) = (&left, &failed);
            scope.spawn(move || {
                let done = pollster::block_on(work(shop, answers, left, failed, &sender));
                if let Err(error) = done {
                    failed.store(true, Ordering::Relaxed);
                    // Nobody listens only where the other end has failed itself.
                    let _ = sender.send(Err(error));
                }
            });
        }
        drop(sender);
        let mut saved = Instant::now();
        for cell in cells {
            let added = cell.and_then(|cell| {
                let pictures = cell.values.values().next().map_or(0, Vec::len);
                bar.set_message(cell.sparsity.percent());
                bar.inc(pictures as u64);
                state.insert(cell)?;
                if saved.elapsed() >= SAVE_EVERY {
                    save(state)?;
                    saved = Instant::now();
                }
                Ok(())
            });
            if let Err(error) = added
                && outcome.is_ok()
            {
                failed.store(true, Ordering::Relaxed);
                outcome = Err(error);
            }
        }
    });
    bar.finish_and_clear();
    save(state)?;
    outcome
}

/// One thread's work: steps until none is left or another thread has failed.
async fn work(
    shop: &Shop,
    answers: Answers,
    left: &Mutex<Vec<Step>>,
    failed: &AtomicBool,
    cells: &mpsc::Sender<Result<Cell>>,
) -> Result<()> {
    let mut last = None;
    let Some(mut step) = take(left, &mut last) else { return Ok(()) };
    let assets = Rc::new(Folder(shop.assets.clone()));
    let model = open(&assets, shop.weights.as_deref(), &shop.sweep.experiment.model, shop.wanted.as_deref()).await?;
    let given = given(shop.own.as_ref(), shop.pack.as_deref(), answers)?;
    let mut runner = Runner::open(shop.sweep.clone(), Rc::new(model), assets, given).await?;
    let job = Job::new(Stop::default(), |_, _| {});
    loop {
        let cell = runner.run(&step, &job).await?;
        if failed.load(Ordering::Relaxed) || cells.send(Ok(cell)).is_err() {
            return Ok(());
        }
        match take(left, &mut last) {
            Some(next) => step = next,
            None => return Ok(()),
        }
    }
}

/// The next step: of the network the thread has, else the first of one that no other thread took a step of last, else any.
fn take(left: &Mutex<Vec<Step>>, last: &mut Option<(u64, Sparsity)>) -> Option<Step> {
    // A thread that fails leaves the list whole.
    let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
    let own = left.iter().position(|step| Some((step.seed, step.sparsity)) == *last);
    let at = own.or_else(|| fresh(&left)).or_else(|| (!left.is_empty()).then_some(0))?;
    let step = left.remove(at);
    *last = Some((step.seed, step.sparsity));
    Some(step)
}

/// The first step of a network of which none is taken: its pictures are all there.
fn fresh(left: &[Step]) -> Option<usize> {
    left.iter().position(|step| step.from == 0)
}
