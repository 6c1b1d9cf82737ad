//! Packs of pictures in folders by class, as ImageNet is laid out; native only.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::build::Builder;
use super::walk;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::error::Result;
use sweetspot_core::report::Report;
use sweetspot_nn::image::MAX_BYTES;
use sweetspot_packs::manifest::{Class, Head, Manifest, Picture, Stored};

/// What pack to make of what.
pub struct Order<'a> {
    /// The folder of the classes' folders.
    pub images: &'a Path,
    /// Where the pack goes: a folder, or a file that ends in `.zip`.
    pub out: &'a Path,
    /// The pictures' licence.
    pub licence: &'a str,
    /// Where they are from.
    pub source: &'a str,
    /// ImageNet's class names in order.
    pub imagenet: &'a [String],
}

/// Makes the pack. `progress` is told how many pictures are done, of how many.
pub fn make(order: &Order<'_>, progress: &dyn Fn(u64, u64)) -> Result<(Manifest, Report)> {
    let mut builder = Builder::create(order.out)?;
    let paths = walk::pictures(walk::files(order.images, &mut builder.report)?, &mut builder.report);
    let (inside, outside): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(|path| class_of(order.images, path).is_some());
    outside.iter().for_each(|path| builder.report.refuse("a picture in no class's folder", path.display().to_string()));
    let classes: BTreeMap<String, ()> = inside.iter().filter_map(|path| class_of(order.images, path)).map(|class| (class, ())).collect();
    let names: Vec<String> = classes.into_keys().collect();
    let (classes, note) = known(&names, order.imagenet);
    builder.report.note(note);
    let mut seen = HashSet::new();
    for (done, path) in inside.iter().enumerate() {
        progress(done as u64, inside.len() as u64);
        let Some(class) = class_of(order.images, path) else { continue };
        let name = path
            .strip_prefix(order.images)
            .unwrap_or(path)
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        if !seen.insert(name.clone()) {
            builder.report.refuse("a picture whose name, as text, is another one's", name);
            continue;
        }
        let bytes = match walk::read(path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                builder.report.refuse("a picture that cannot be read", error.to_string());
                continue;
            }
        };
        let label = names.binary_search(&class).ok();
        let imagenet = label.and_then(|label| classes[label].imagenet);
        let category = Category::find(&class).or_else(|| imagenet.and_then(Category::of_class));
        builder.add(&walk::name(path), &bytes, None, |image: Stored| Picture {
            name,
            image,
            category,
            label,
            condition: None,
            objects: Vec::new(),
            mask: None,
            licence: None,
        })?;
    }
    let title = walk::name(order.images);
    builder.finish(Head {
        format: String::new(),
        id: title.clone(),
        title,
        source: order.source.into(),
        licence: order.licence.into(),
        data_set: None,
        classes,
        masks: None,
        trials: Vec::new(),
    })
}

/// The folder that a picture's class is named by: the first one below the root.
fn class_of(root: &Path, path: &Path) -> Option<String> {
    let mut parts = path.strip_prefix(root).ok()?.components();
    let class = parts.next()?.as_os_str().to_string_lossy().into_owned();
    parts.next().map(|_| class)
}

/// Which of ImageNet's classes folders' names mean, and how they were understood: a thousand WordNet numbers in order, numbers below 1000, or names of
/// classes that only one class has.
fn known(names: &[String], imagenet: &[String]) -> (Vec<Class>, String) {
    let synset = |name: &str| name.len() == 9 && name.starts_with('n') && name[1..].bytes().all(|b| b.is_ascii_digit());
    let number = |name: &str| name.parse::<usize>().ok().filter(|number| *number < imagenet.len());
    let plain = |name: &str| name.replace(['_', '-'], " ").to_lowercase();
    let named = |name: &str| {
        let mut fitting = imagenet.iter().enumerate().filter(|(_, known)| plain(known) == plain(name)).map(|(at, _)| at);
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let all = |fits: &dyn Fn(&str) -> bool| !names.is_empty() && names.iter().all(|name| fits(name));
    // The order of WordNet numbers is ImageNet's, if they are all there.
    let in_order = names.len() == imagenet.len() && all(&synset);
    let numbered = all(&|name| number(name).is_some());
    let meaning = |at: usize, name: &str| match (in_order, numbered) {
        (true, _) => Some(at),
        (false, true) => number(name),
        (false, false) => named(name),
    };
    let classes: Vec<Class> =
        names.iter().enumerate().map(|(at, name)| Class { name: name.clone(), imagenet: meaning(at, name) }).collect();
    let found = classes.iter().filter(|class| class.imagenet.is_some()).count();
    let note =
        format!("{found} of {} folders are classes of ImageNet (all 1000 WordNet numbers, numbers below 1000, or names)", names.len());
    (classes, note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], imagenet: &[&str]) -> Vec<Option<usize>> {
        let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        known(&owned(names), &owned(imagenet)).0.into_iter().map(|class| class.imagenet).collect()
    }

    #[test]
    fn folders_are_understood_only_where_they_are_clear() {
        let imagenet = ["tench", "crane", "great white shark", "crane"];
        assert_eq!(of(&["great_white_shark", "tench", "crane", "unicorn"], &imagenet), [Some(2), Some(0), None, None]);
        assert_eq!(of(&["0", "3"], &imagenet), [Some(0), Some(3)]);
        assert_eq!(of(&["n00000001", "n00000002", "n00000003", "n00000009"], &imagenet), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(of(&["n00000001", "n00000002"], &imagenet), [None, None]);
    }
}
