//! Every measure against sparsity, over many pictures: what was computed beforehand, what is run here, and where the sweet spots are.

mod charts;
mod choose;
mod claims;
mod files;
mod film;
mod readout;
mod run;
mod selection;
mod shown;
mod trade;

use leptos::prelude::*;

use self::charts::Charts;
use self::choose::{ChartControls, Choose};
use self::claims::Claims;
use self::files::Files;
use self::film::Film;
use self::readout::ReadOut;
use self::run::RunHere;
use self::selection::Selection;
use self::shown::{Numbers, Spots};
use self::trade::TradeOff;
use crate::stores::Stores;

/// The panel.
#[component]
pub fn SweepPanel(stores: Stores) -> impl IntoView {
    let selection = Selection::new(stores);
    let none = move || selection.shown.with(Option::is_none);
    // While the list is on its way nothing is said of it.
    let unknown = move || {
        stores.sweeps.offered.with(|offered| !offered.is_empty())
            && stores.experiment.with(|experiment| stores.sweeps.key(experiment)).is_none()
    };
    view! {
        <section class="panel sweeps" aria-labelledby="sweeps-title" data-testid="sweeps">
            <div class="panel-head"><h2 id="sweeps-title">"Sweeps and sweet spots"</h2></div>
            <p class="note">
                "Every measure against sparsity, over many pictures. A sweet spot is a sparsity at which a measure is better than in the dense \
                network beyond chance, while accuracy has hardly dropped. Nothing here is the paper\u{2019}s result: the networks are others."
            </p>
            <Choose stores selection/>
            <p class="note" data-testid="sweep-none" hidden=move || !unknown()>
                "No sweep of this network was computed beforehand. Run one below."
            </p>
            <div class="sweep-body" hidden=none>
                <Spots stores selection/>
                <ChartControls stores selection/>
                <Charts stores selection/>
                <ReadOut stores selection/>
                <Numbers stores selection/>
                <TradeOff selection/>
                <Film stores selection/>
            </div>
            <RunHere stores selection/>
            <Files stores selection/>
            <Claims/>
        </section>
    }
    .into_any()
}
