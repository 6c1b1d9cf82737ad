//! Odd one out: a person chooses of three pictures the one that is unlike the others; both networks' features choose, too.

mod comparison;
mod kept;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement, KeyboardEvent};

use self::comparison::compared;
use crate::download;
use crate::pictures::listed;
use crate::session;
use crate::stores::Stores;
use crate::widgets::following::following;
use sweetspot_core::alignment::odd_one_out::{Choice, Choices, MOST, triplets};

/// Triplets of a sitting unless the reader says otherwise.
const USUAL: usize = 24;
/// The part of the panel.
#[component]
pub fn OddOneOut(stores: Stores) -> impl IntoView {
    let people = stores.people;
    let open = RwSignal::new(false);
    let (subject, seed, count) = (RwSignal::new(String::from("participant")), RwSignal::new(1_u64), RwSignal::new(USUAL));
    // Everybody's choices, and whose are being made.
    let all = RwSignal::new(Vec::<Choices>::new());
    let current = RwSignal::new(None::<String>);
    let (trouble, said) = (RwSignal::new(None::<String>), RwSignal::new(String::new()));
    let file = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if open.get() {
            spawn_local(async move {
                match kept::kept().await {
                    Ok(found) => all.update(|all| {
                        let new: Vec<Choices> =
                            found.into_iter().filter(|one| all.iter().all(|known| known.subject != one.subject)).collect();
                        all.extend(new);
                    }),
                    Err(error) => trouble.set(Some(format!("Nothing can be remembered: {error}."))),
                }
            });
        }
    });
    // Deleting all answers deletes these, too.
    Effect::new(move |before: Option<u32>| {
        let forgotten = people.forgotten.get();
        if before.is_some_and(|before| before != forgotten) {
            all.set(Vec::new());
            current.set(None);
        }
        forgotten
    });
    let names = Memo::new(move |_| people.plates.with(|plates| plates.iter().map(|plate| plate.id.clone()).collect::<Vec<_>>()));
    let mine = Memo::new(move |_| {
        let subject = current.get()?;
        all.with(|all| all.iter().find(|one| one.subject == subject).cloned())
    });
    // The three pictures to choose from, by their places among all.
    let triplet = Memo::new(move |_| {
        let mine = mine.get()?;
        let all = triplets(names.with(Vec::len), mine.count, mine.seed).ok()?;
        all.get(mine.made.len()).copied()
    });
    let begin = move |_| {
        let wished =
            Some(subject.get_untracked().trim().to_string()).filter(|name| !name.is_empty()).unwrap_or_else(|| "participant".into());
        let name = all.try_update(|all| {
            // Whoever is done keeps what was chosen, and begins again under another name.
            let done = |name: &str| all.iter().any(|one| one.subject == name && one.made.len() >= one.count);
            let name =
                std::iter::once(wished.clone()).chain((2..).map(|n| format!("{wished}-{n}"))).find(|name| !done(name)).unwrap_or_default();
            if all.iter().all(|one| one.subject != name) {
                all.push(Choices::new(name.clone(), seed.get_untracked(), count.get_untracked()));
            }
            name
        });
        current.set(name);
    };
    // Changes the choices that are being made, and keeps them.
    let edit = move |change: &dyn Fn(&mut Vec<Choice>)| {
        let Some(subject) = current.get_untracked() else { return };
        let text = all.try_update(|all| {
            let mine = all.iter_mut().find(|one| one.subject == subject)?;
            change(&mut mine.made);
            Some(mine.write())
        });
        if let Some(Some(text)) = text {
            kept::keep(subject, text, trouble);
        }
    };
    let choose = move |odd: usize| {
        let Some(three) = triplet.get_untracked() else { return };
        let images = names.with_untracked(|names| three.map(|at| names.get(at).cloned().unwrap_or_default()));
        edit(&|made| made.push(Choice { images: images.clone(), odd }));
    };
    let back = move |_| edit(&|made| drop(made.pop()));
    let key = move |event: KeyboardEvent| {
        if let Some(odd) = ["1", "2", "3"].iter().position(|key| *key == event.key()) {
            event.prevent_default();
            choose(odd);
        }
    };
    let far = move || mine.get().map(|mine| (mine.made.len(), mine.count));
    let done = move || far().is_some_and(|(made, count)| made >= count);
    let any = move || all.with(|all| all.iter().any(|one| !one.made.is_empty()));
    let fits = move || {
        people.alike.with(|alike| alike.as_ref().is_some_and(|alike| stores.experiment.with(|now| alike.experiment.same_features(now))))
    };
    let compare = move |_| session::ask_alike(stores, names.get_untracked());
    let compared = move || {
        let alike = people.alike.get().filter(|_| fits());
        alike.map(|alike| all.with(|all| compared(&alike.value, all)))
    };
    let json = move |_| {
        if let Some(text) = mine.get_untracked().or_else(|| all.with_untracked(|all| all.last().cloned())).and_then(|one| one.write().ok())
        {
            download::offer_text(stores.messages, "odd-one-out.json", "application/json", &text);
        }
    };
    let csv = move |_| download::offer_text(stores.messages, "odd-one-out.csv", "text/csv", &all.with_untracked(|all| Choices::csv(all)));
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let files: Vec<File> = input.files().map(|files| listed(&files)).unwrap_or_default();
        input.set_value("");
        spawn_local(async move {
            let (mut read, mut refused) = (0, Vec::new());
            for file in files {
                match kept::take(&file).await {
                    Ok(choices) => {
                        kept::keep(choices.subject.clone(), choices.write(), trouble);
                        all.update(|all| {
                            all.retain(|one| one.subject != choices.subject);
                            all.push(choices);
                        });
                        read += 1;
                    }
                    Err(error) => refused.push(error.to_string()),
                }
            }
            said.set([vec![format!("{read} files read, {} refused.", refused.len())], refused].concat().join(" "));
        });
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let pictures = move || {
        let three = triplet.get()?;
        let plates = people.plates.get();
        let one = move |(at, place): (usize, usize)| {
            let plate = plates.get(place)?;
            let words = format!("{}: {}", at + 1, plate.title);
            Some(view! {
                <button type="button" class="odd-picture" data-testid=format!("odd-{}", at + 1) data-image=plate.id.clone() aria-label=words.clone() on:click=move |_| choose(at)>
                    <img src=plate.file.clone() alt="" draggable="false"/>
                    <span aria-hidden="true">{at + 1}</span>
                </button>
            })
        };
        Some(three.into_iter().enumerate().filter_map(one).collect_view())
    };
    let sure = RwSignal::new(false);
    let forget = move |_| {
        sure.set(false);
        let subjects: Vec<String> = all.with_untracked(|all| all.iter().map(|one| one.subject.clone()).collect());
        // Gone from the list when it is gone from the device, or a reload would bring it back.
        spawn_local(async move {
            trouble.set(None);
            for subject in subjects {
                match kept::forget(&subject).await {
                    Ok(()) => {
                        all.update(|all| all.retain(|one| one.subject != subject));
                        current.update(|current| *current = current.take().filter(|one| *one != subject));
                    }
                    Err(error) => trouble.set(Some(format!("The choices of {subject} could not be deleted: {error}."))),
                }
            }
        });
    };
    let number = |event: &web_sys::Event| event_target::<HtmlInputElement>(event).value_as_number();
    let set_seed = move |event| {
        let wished = number(&event);
        if (0.0..=1e9).contains(&wished) {
            seed.set(wished as u64);
        }
    };
    let set_count = move |event| {
        let wished = number(&event);
        if (1.0..=MOST as f64).contains(&wished) {
            count.set(wished as usize);
        }
    };
    view! {
        <details class="inside" data-testid="odd" on:toggle=move |event| open.set(crate::panels::group::is_open(&event))>
            <summary>"Odd one out: which of three is unlike the others? Choose, and compare with the features"</summary>
            <Show when=move || open.get()>
                <p class="note">
                    "There is no wrong answer. A network\u{2019}s features choose, too: those two pictures belong together whose features, averaged over places, \
                    have the larger cosine; the third is the odd one. The layer is the one that is chosen for maps. Everybody with the same seed sees the same \
                    triplets. Choices stay on this device."
                </p>
                <p class="own-failed" role="alert" hidden=move || trouble.with(Option::is_none)>{following(move || trouble.get())}</p>
                <div class="sweep-controls" hidden=move || current.with(Option::is_some) && !done()>
                    <label class="field inline"><span>"Name"</span>
                        <input type="text" maxlength="60" data-testid="odd-name" prop:value=move || subject.get() on:change=move |event| subject.set(event_target_value(&event))/></label>
                    <label class="field inline"><span>"Triplets"</span>
                        <input type="number" min="1" max=MOST.to_string() data-testid="odd-count" prop:value=move || count.get().to_string() on:change=set_count/></label>
                    <label class="field inline"><span>"Seed"</span>
                        <input type="number" min="0" data-testid="odd-seed" prop:value=move || seed.get().to_string() on:change=set_seed/></label>
                    <button type="button" data-testid="odd-begin" on:click=begin>"Begin, or go on"</button>
                </div>
                <div class="odd-stage" role="group" aria-label="Which one is unlike the others? Keys 1, 2 and 3" hidden=move || triplet.with(Option::is_none) on:keydown=key>
                    <p role="status" data-testid="odd-far">{following(move || far().filter(|_| !done()).map(|(made, count)| format!("Which one is unlike the others? {} of {count}.", made + 1)))}</p>
                    <div class="odd-pictures">{following(pictures)}</div>
                    <div class="ways">
                        <button type="button" class="plain" data-testid="odd-back" disabled=move || far().is_none_or(|far| far.0 == 0) on:click=back>"Take back"</button>
                        <button type="button" class="plain" data-testid="odd-pause" on:click=move |_| current.set(None)>"Pause"</button>
                    </div>
                </div>
                <p class="note" role="status" data-testid="odd-done">{following(move || done().then_some("All chosen, thank you."))}</p>
                <div class="ways">
                    <button type="button" data-testid="odd-compare" disabled=move || !any() || people.comparing.get() on:click=compare>"Compare with both networks"</button>
                    <button type="button" data-testid="odd-json" disabled=move || !any() on:click=json>"Export as JSON"</button>
                    <button type="button" data-testid="odd-csv" disabled=move || !any() on:click=csv>"Export all as CSV"</button>
                    <button type="button" data-testid="odd-import" on:click=browse>"Import\u{2026}"</button>
                    <input type="file" class="hidden" tabindex="-1" aria-hidden="true" multiple accept=".json" data-testid="odd-file" node_ref=file on:change=picked/>
                    <button type="button" data-testid="odd-forget" disabled=move || !any() hidden=move || sure.get() on:click=move |_| sure.set(true)>"Delete all choices"</button>
                </div>
                <div class="ways" role="group" aria-label="Delete all choices?" hidden=move || !sure.get()>
                    <span>"Delete everybody\u{2019}s choices from this device?"</span>
                    <button type="button" data-testid="odd-forget-really" on:click=forget>"Delete"</button>
                    <button type="button" on:click=move |_| sure.set(false)>"Keep"</button>
                </div>
                <p class="note" role="status">{following(move || said.get())}</p>
                <p class="note" role="status" hidden=move || !people.comparing.get()>"Looking at the pictures\u{2026}"</p>
                <div role="status" data-testid="odd-result">{following(compared)}</div>
            </Show>
        </details>
    }
    .into_any()
}
