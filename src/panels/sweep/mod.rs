//! Every measure against sparsity, over many pictures: what was computed beforehand, what is run here, and where the sweet spots are.

mod charts;
mod choose;
mod claims;
mod files;
mod film;
mod readout;
mod run;
mod shown;
mod trade;

use std::sync::Arc;

use leptos::prelude::*;

use self::charts::Charts;
use self::choose::{Choose, Looks};
use self::claims::Claims;
use self::files::Files;
use self::film::Film;
use self::readout::ReadOut;
use self::run::RunHere;
use self::shown::{Numbers, Spots};
use self::trade::TradeOff;
use crate::state::Lab;
use crate::sweeps::Kept;
use sweetspot_core::sweep::{Gauge, Summary};

/// A sweep with what it says by the reader's rule.
#[derive(Clone)]
pub struct Shown {
    /// The sweep.
    pub kept: Arc<Kept>,
    /// What it says.
    pub summary: Arc<Summary>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.kept, &other.kept) && self.summary.rule == other.summary.rule
    }
}

/// The sweep that is shown, while there is one, and those beside it.
#[derive(Clone, Copy)]
pub struct Sight {
    /// The shown one.
    pub shown: Memo<Option<Shown>>,
    /// The others.
    pub beside: Memo<Vec<Shown>>,
    /// How often the measures that are looked at were changed by another hand than the reader's: their boxes are then ticked anew.
    pub turned: RwSignal<u32>,
}

impl Sight {
    fn new(lab: Lab) -> Self {
        let sweeps = lab.sweeps;
        let of = move |key: &str| {
            let kept = sweeps.get(key)?;
            let summary = Arc::new(kept.summary(sweeps.drop.get()));
            Some(Shown { kept, summary })
        };
        let key = Memo::new(move |_| lab.experiment.with(|experiment| sweeps.key(experiment)));
        // What comes with the page is fetched when it is to be seen.
        Effect::new(move |_| {
            key.get().into_iter().chain(sweeps.beside.get()).for_each(|key| lab.fetch_sweep(&key));
        });
        let shown = Memo::new(move |_| of(&key.get()?));
        let turned = RwSignal::new(0);
        // A sweep of other measures than those that are looked at is not an empty one.
        Effect::new(move |_| {
            let measures = shown.with(|shown| shown.as_ref().map(|shown| shown.kept.state.sweep.measures.clone())).unwrap_or_default();
            let on_axes = |gauge: &&Gauge| gauge.info().axis.is_of_paper();
            let some = |gauges: &Vec<Gauge>| measures.iter().filter(on_axes).any(|gauge| gauges.contains(gauge));
            if !measures.is_empty() && !sweeps.shown.with_untracked(some) {
                sweeps.shown.update(|gauges| gauges.extend(measures.iter().filter(on_axes)));
                turned.update(|turned| *turned += 1);
            }
        });
        Self {
            shown,
            turned,
            beside: Memo::new(move |_| {
                let first = key.get();
                sweeps.beside.get().iter().filter(|one| first.as_ref() != Some(*one)).filter_map(|one| of(one)).collect()
            }),
        }
    }
}

/// The panel.
#[component]
pub fn SweepPanel(lab: Lab) -> impl IntoView {
    let sight = Sight::new(lab);
    let none = move || sight.shown.with(Option::is_none);
    // While the list is on its way nothing is said of it.
    let unknown = move || {
        lab.sweeps.offered.with(|offered| !offered.is_empty()) && lab.experiment.with(|experiment| lab.sweeps.key(experiment)).is_none()
    };
    view! {
        <section class="panel sweeps" aria-labelledby="sweeps-title" data-testid="sweeps">
            <div class="panel-head"><h2 id="sweeps-title">"Sweeps and sweet spots"</h2></div>
            <p class="note">
                "Every measure against sparsity, over many pictures. A sweet spot is a sparsity at which a measure is better than in the dense \
                network beyond chance, while accuracy has hardly dropped. Nothing here is the paper\u{2019}s result: the networks are others."
            </p>
            <Choose lab sight/>
            <p class="note" data-testid="sweep-none" hidden=move || !unknown()>
                "No sweep of this network was computed beforehand. Run one below."
            </p>
            <div class="sweep-body" hidden=none>
                <Spots lab sight/>
                <Looks lab sight/>
                <Charts lab sight/>
                <ReadOut lab sight/>
                <Numbers lab sight/>
                <TradeOff sight/>
                <Film lab sight/>
            </div>
            <RunHere lab sight/>
            <Files lab sight/>
            <Claims/>
        </section>
    }
    .into_any()
}
