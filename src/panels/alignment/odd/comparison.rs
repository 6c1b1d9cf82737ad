//! Everybody's choices beside those of both networks.

use leptos::prelude::*;

use crate::text;
use crate::widgets::table::{table, words};
use sweetspot_core::alignment::accuracy::Share;
use sweetspot_core::alignment::odd_one_out::{CHANCE, Choice, Choices, agreement, apart, between};
use sweetspot_protocol::FeatureSimilarity;

/// Everybody beside both networks and beside each other.
pub(super) fn compared(alike: &FeatureSimilarity, all: &[Choices]) -> AnyView {
    let share = |share: Option<Share>| match share {
        Some(Share { value, interval: [low, high], of, .. }) => {
            format!("{} ({:.0} to {:.0}\u{a0}%, {of})", text::score(value), low * 100.0, high * 100.0)
        }
        None => "\u{2013}".into(),
    };
    let made: Vec<&Choices> = all.iter().filter(|one| !one.made.is_empty()).collect();
    let row = |one: &&Choices| {
        let others: Vec<Share> =
            made.iter().filter(|other| other.subject != one.subject).filter_map(|other| between(&one.made, &other.made)).collect();
        let (right, of) = others.iter().fold((0, 0), |(right, of), share| (right + share.right, of + share.of));
        vec![
            one.subject.clone(),
            share(agreement(&one.made, &alike.dense)),
            share(agreement(&one.made, &alike.pruned)),
            share(Share::new(right, of)),
        ]
    };
    let rows = words(made.iter().map(row).collect());
    let everybody: Vec<Choice> = made.iter().flat_map(|one| one.made.clone()).collect();
    let (dense, pruned, p) = apart(&everybody, &alike.dense, &alike.pruned);
    let verdict = match (dense + pruned, p < 0.05) {
        (0, _) => "On these triplets both networks agree with people equally often, on the same ones.".to_string(),
        (_, true) if pruned > dense => {
            format!("Pruned, the network agrees with people more often: {pruned} triplets gained, {dense} lost (p = {p:.3}).")
        }
        (_, true) => format!("Pruned, the network agrees with people less often: {pruned} triplets gained, {dense} lost (p = {p:.3})."),
        (_, false) => format!("{pruned} triplets gained by pruning, {dense} lost: no more than chance would do (p = {p:.2})."),
    };
    let says = format!(
        "Layer {}. Chance is {}. Wilson\u{2019}s intervals at 95\u{a0}%, and how many triplets; the exact test of signs. {verdict}",
        alike.tap,
        text::score(CHANCE)
    );
    view! {
        {table("Networks and people name the same odd one", "odd-table", &["Who", "Dense", "Pruned", "Other people"], rows)}
        <p class="note" data-testid="odd-says">{says}</p>
    }
    .into_any()
}
