//! The sparsity control: a slider that is even in the remaining weights' logarithm, a number field, and the paper's grid as marks.

use leptos::prelude::*;
use web_sys::{HtmlInputElement, KeyboardEvent};

use crate::experiment::{MAX_SPARSITY, paper_grid};
use crate::pruning::Scope;
use crate::ui::address::Commit;
use crate::ui::rounds::{LAST_STEP, STEPS_A_ROUND, grid_point, next_point, previous_point, round_of, sparsity_at, step_of};
use crate::ui::state::Lab;
use crate::ui::text;

/// The control.
#[component]
pub fn SparsityControl(lab: Lab) -> impl IntoView {
    let sparsity = Memo::new(move |_| lab.experiment.with(|experiment| experiment.pruning.sparsity));
    let set = move |commit: Commit, value: f64| lab.change(commit, |experiment| experiment.pruning.sparsity = value);
    let done = Commit::Done("sparsity");
    let step =
        move |event: &web_sys::Event| event_target::<HtmlInputElement>(event).value_as_number().clamp(0.0, f64::from(LAST_STEP)) as u32;

    let moved = move |event| {
        // The slider cannot stand exactly at every number; a value it already shows is left as it is.
        let step = step(&event);
        if step != step_of(sparsity.get_untracked()) {
            set(Commit::Moving, sparsity_at(step));
        }
    };
    let key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "PageUp" => set(done, next_point(sparsity.get_untracked())),
            "PageDown" => set(done, previous_point(sparsity.get_untracked())),
            _ => return,
        }
        event.prevent_default();
    };
    let typed = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let wished = input.value_as_number() / 100.0;
        let value = if wished.is_finite() { ((wished * 1e9).round() / 1e9).clamp(0.0, MAX_SPARSITY) } else { sparsity.get_untracked() };
        input.set_value(&text::percent_number(value));
        set(done, value);
    };
    let said = move || {
        let round = round_of(sparsity.get()).map(|round| format!(", round {round} of the paper's grid")).unwrap_or_default();
        format!("{} of the weights pruned{round}", text::percent(sparsity.get()))
    };
    let weights =
        move || lab.card().and_then(|card| card.prunable).or_else(|| lab.model.with(|model| Some(model.as_ref()?.value.prunable)));
    let left = move || {
        weights().map(|weights| {
            let left = weights - ((sparsity.get() * weights as f64).round() as usize).min(weights);
            format!("{} of {} weights remain", text::count(left), text::count(weights))
        })
    };

    view! {
        <div class="sparsity">
            <div class="sparsity-head">
                <h2><label for="sparsity-range">"Sparsity"</label></h2>
                <div class="stepper">
                    <button type="button" aria-label="Previous point of the paper's grid" title="Previous point of the paper's grid"
                        data-testid="previous-point" disabled=move || sparsity.get() <= 0.0
                        on:click=move |_| set(done, previous_point(sparsity.get_untracked()))>"\u{2212}"</button>
                    <span class="percent-field">
                        <input type="number" inputmode="decimal" min="0" max="99.9" step="0.1" aria-label="Sparsity in percent"
                            data-testid="sparsity-number" prop:value=move || text::percent_number(sparsity.get()) on:change=typed/>
                        <span aria-hidden="true">"%"</span>
                    </span>
                    <button type="button" aria-label="Next point of the paper's grid" title="Next point of the paper's grid"
                        data-testid="next-point" disabled=move || { sparsity.get() >= MAX_SPARSITY }
                        on:click=move |_| set(done, next_point(sparsity.get_untracked()))>"+"</button>
                </div>
                <p class="left" data-testid="weights-left">{left}</p>
                <ScopeChoice lab/>
            </div>
            <input id="sparsity-range" type="range" min="0" max=LAST_STEP.to_string() step="1" data-testid="sparsity"
                aria-valuetext=said aria-describedby="sparsity-hint" prop:value=move || step_of(sparsity.get()).to_string()
                on:input=moved on:change=move |_| set(done, sparsity.get_untracked()) on:keydown=key/>
            <div class="ticks">
                {paper_grid().map(|(round, _)| {
                    let value = grid_point(round);
                    view! { <Tick round chosen=Signal::derive(move || round_of(sparsity.get()) == Some(round)) on_choose=move || set(done, value)/> }
                }).collect_view()}
            </div>
            <p class="note" id="sparsity-hint">
                "Marks: the paper\u{2019}s pruning rounds, 1\u{a0}\u{2212}\u{a0}0.8"<sup>"k"</sup>
                ". The scale is logarithmic in the weights that remain. Page Up and Page Down go from mark to mark."
            </p>
        </div>
    }
}

/// A mark of the paper's grid, which can be clicked. The keyboard reaches the marks with the buttons beside the number.
#[component]
fn Tick(round: u32, chosen: Signal<bool>, on_choose: impl Fn() + Send + 'static) -> impl IntoView {
    let value = grid_point(round);
    let place = f64::from(round * STEPS_A_ROUND) / f64::from(LAST_STEP) * 100.0;
    let number = text::percent_number((value * 1000.0).round() / 1000.0);
    let number = if value < 0.95 { format!("{:.0}", value * 100.0) } else { number };
    let class = format!("tick{}{}", if round.is_multiple_of(2) { " by2" } else { "" }, if round.is_multiple_of(4) { " by4" } else { "" });
    view! {
        <button type="button" tabindex="-1" class=class class:chosen=move || chosen.get() style:left=format!("{place}%")
            aria-label=format!("{}, round {round} of the paper's grid", text::percent(value)) title=text::percent(value)
            data-testid="tick" data-round=round.to_string() on:click=move |_| on_choose()>
            <span aria-hidden="true">{number}</span>
        </button>
    }
}

/// Which weights compete with each other.
#[component]
fn ScopeChoice(lab: Lab) -> impl IntoView {
    let scope = Memo::new(move |_| lab.experiment.with(|experiment| experiment.pruning.scope));
    view! {
        <fieldset class="scope">
            <legend class="hidden">"Which weights compete"</legend>
            {Scope::ALL.map(|one| {
                let (name, says) = match one {
                    Scope::Global => ("all layers together", "The smallest weights of the whole network go first"),
                    Scope::Layer => ("each layer alike", "Every layer loses the same share, its smallest weights first"),
                };
                view! {
                    <label title=says>
                        <input type="radio" name="scope" value=one.id() data-testid=format!("scope-{}", one.id()) prop:checked=move || scope.get() == one
                            on:change=move |_| lab.change(Commit::Done("scope"), |experiment| experiment.pruning.scope = one)/>
                        <span>{name}</span>
                    </label>
                }
            }).collect_view()}
        </fieldset>
    }
}
