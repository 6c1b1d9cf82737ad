//! The pictures of a sweep, opened one by one, with labels and places.

use std::rc::Rc;

use super::given::Given;
use crate::picture::Opened;
use crate::stimuli::LIST;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::condition::Condition;
use sweetspot_core::alignment::observers::observers;
use sweetspot_core::alignment::trials::stimulus;
use sweetspot_core::assets::Assets;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::ImageRef;
use sweetspot_core::sweep::people::People;
use sweetspot_core::sweep::plan::{Set, Sweep};
use sweetspot_nn::weights::sha256;
use sweetspot_packs::gallery::{GALLERY, Listed, read};
use sweetspot_packs::open::Pack as Archive;
use sweetspot_packs::scenes::{Pack, SCENES};
use sweetspot_protocol::Picture;

/// A set's pictures in order.
pub struct Pictures {
    kind: Kind,
    /// Their names.
    pub names: Vec<String>,
    /// Identity of the whole set: sha256 of the list that names pictures, labels and places; hexadecimal.
    pub sha256: String,
    /// What people answered to them, if they are those of a pack with observers.
    pub people: Option<People>,
}

/// What a picture shows, and what it is to be recognised in: conditions, and its name there.
pub type Trials = (Category, Vec<(String, String)>);

enum Kind {
    Scenes(Rc<Pack>),
    Gallery(Vec<Listed>),
    /// In a folder of its own.
    Stimuli(Vec<Listed>),
    Archive(Rc<Archive>),
    Own(Rc<Opened>),
}

impl Pictures {
    /// The pictures of a sweep, out of what is given.
    pub async fn open(assets: &dyn Assets, sweep: &Sweep, given: &Given) -> Result<Self> {
        let most = sweep.images.unwrap_or(usize::MAX);
        let image = &sweep.experiment.image;
        let scenes = async || match &given.scenes {
            Some(pack) => Ok::<_, Error>(pack.clone()),
            None => Ok(Rc::new(Pack::load(assets, SCENES).await?)),
        };
        match (sweep.set, image) {
            (Set::Scenes, _) => Self::of_scenes(scenes().await?, 0, most),
            (Set::Gallery, _) => Self::of_gallery(assets, |_| true, most).await,
            (Set::Cutouts, _) => Self::of_gallery(assets, |entry| entry.kind == "cutout", most).await,
            (Set::Stimuli, _) => Self::of_stimuli(assets, most).await,
            (Set::Pack, _) => match &given.pack {
                Some(pack) if Some(&pack.manifest().sha256) == sweep.pack.as_ref() => Self::of_archive(pack.clone(), most),
                _ => {
                    let hash: String = sweep.pack.iter().flat_map(|hash| hash.chars()).take(12).collect();
                    Err(missing(&format!("the pack {hash}"), "packs are not part of a link or a file of a sweep; open it first"))
                }
            },
            (Set::Image, ImageRef::Scene(index)) => Self::of_scenes(scenes().await?, *index as usize, 1),
            (Set::Image, ImageRef::Gallery(id)) => Self::of_gallery(assets, |entry| entry.id == *id, 1).await,
            (Set::Image, ImageRef::Own(hash)) => match given.own.clone().filter(|own| own.image == *image) {
                Some(own) => Ok(Self::new(Kind::Own(own), vec![hash.clone()], hash.clone())),
                None => Err(missing("your picture", "pictures of your own are not part of a link; give the file with --set F.png")),
            },
        }
    }

    fn new(kind: Kind, names: Vec<String>, sha256: String) -> Self {
        Self { kind, names, sha256, people: None }
    }

    fn of_scenes(pack: Rc<Pack>, first: usize, most: usize) -> Result<Self> {
        let manifest = pack.manifest();
        let count = manifest.images.len();
        if first >= count {
            return Err(missing(&format!("scene {first}"), "the pack has no such scene; choose another"));
        }
        let names = (first..count).take(most).map(|at| format!("scene-{at}")).collect();
        let list = serde_json::to_vec(manifest).map_err(|e| Error::Unreadable { what: "pack".into(), reason: e.to_string() })?;
        Ok(Self::new(Kind::Scenes(pack), names, sha256(&list)))
    }

    async fn of_gallery(assets: &dyn Assets, wanted: impl Fn(&Listed) -> bool, most: usize) -> Result<Self> {
        let list = assets.read(GALLERY, &|_, _| ()).await?;
        let entries: Vec<Listed> = read(GALLERY, &list)?.into_iter().filter(|entry| wanted(entry)).take(most).collect();
        if entries.is_empty() {
            return Err(missing("the picture", "the gallery has no such picture; choose another"));
        }
        let names = entries.iter().map(|entry| entry.id.clone()).collect();
        Ok(Self::new(Kind::Gallery(entries), names, sha256(&list)))
    }

    /// The pictures of the recognition experiment. Those that are the gallery's, too, have the labels and boxes they have there.
    async fn of_stimuli(assets: &dyn Assets, most: usize) -> Result<Self> {
        let (list, gallery) = (assets.read(LIST, &|_, _| ()).await?, assets.read(GALLERY, &|_, _| ()).await?);
        let (mut entries, known) = (read(LIST, &list)?, read(GALLERY, &gallery)?);
        entries.truncate(most);
        for entry in &mut entries {
            if let Some(same) = known.iter().find(|known| entry.file.strip_prefix("gallery/") == Some(&known.file)) {
                (entry.label, entry.boxes) = (same.label, same.boxes.clone());
            }
        }
        let names = entries.iter().map(|entry| entry.id.clone()).collect();
        Ok(Self::new(Kind::Stimuli(entries), names, sha256(&[list, gallery].concat())))
    }

    fn of_archive(pack: Rc<Archive>, most: usize) -> Result<Self> {
        let manifest = pack.manifest();
        let images = || manifest.images.iter().take(most);
        if images().next().is_none() {
            return Err(missing("the pack's pictures", "there is none in it; choose another pack"));
        }
        let shown: Vec<(Option<String>, &str)> = images()
            .map(|image| {
                let condition = Archive::condition(image);
                (Some(condition.to_string()).filter(|condition| !manifest.excludes(condition)), stimulus(&image.name))
            })
            .collect();
        let people = People::of(&shown, &observers(&pack.trials()?.0));
        let name = |image: &sweetspot_packs::manifest::Picture| match &image.condition {
            Some(condition) => format!("{condition}: {}", image.name),
            None => image.name.clone(),
        };
        let (names, hash) = (images().map(name).collect(), manifest.sha256.clone());
        let people = (people.count() > 0).then_some(people);
        Ok(Self { people, ..Self::new(Kind::Archive(pack.clone()), names, hash) })
    }

    /// What a network is to recognise of a picture. An error says why there is nothing.
    pub fn trials(&self, at: usize) -> std::result::Result<Trials, &'static str> {
        let nothing = "the picture shows none of the 16 categories";
        match &self.kind {
            Kind::Stimuli(entries) => {
                let entry = entries.get(at).ok_or(nothing)?;
                let fits = |condition: &Condition| entry.mask.is_some() || !condition.needs_mask();
                let all = Condition::OFFERED.map(Condition::usual).into_iter().filter(fits).map(|one| (one.id(), entry.id.clone()));
                Ok((entry.category.ok_or(nothing)?, all.collect()))
            }
            Kind::Archive(pack) => {
                let image = pack.manifest().images.get(at).ok_or(nothing)?;
                let condition = Archive::condition(image);
                if pack.manifest().excludes(condition) {
                    return Err("its condition is left out, as in the published means");
                }
                Ok((image.category.ok_or(nothing)?, vec![(condition.into(), stimulus(&image.name).into())]))
            }
            _ => Err("these are not pictures of the recognition experiment, nor of a pack"),
        }
    }

    /// The pack, if they are those of one.
    pub fn archive(&self) -> Option<&Rc<Archive>> {
        if let Kind::Archive(pack) = &self.kind { Some(pack) } else { None }
    }

    /// A picture by its place.
    pub async fn picture(&self, assets: &dyn Assets, at: usize) -> Result<Rc<Opened>> {
        let beyond = || Error::bad_value("picture", at, &format!("less than {}, the pictures of the sweep", self.names.len()));
        match &self.kind {
            Kind::Own(own) => Ok(own.clone()),
            Kind::Scenes(pack) => {
                let name = self.names.get(at).ok_or_else(beyond)?;
                let index = name.trim_start_matches("scene-").parse().map_err(|_| beyond())?;
                Ok(Rc::new(Opened::scene(pack, index)?))
            }
            Kind::Archive(pack) => Ok(Rc::new(Opened::of_pack(pack, at)?)),
            Kind::Gallery(entries) | Kind::Stimuli(entries) => {
                let entry = entries.get(at).ok_or_else(beyond)?;
                let folder = if matches!(self.kind, Kind::Gallery(_)) { "gallery/" } else { "" };
                let read = async |file: &str| assets.read(&format!("{folder}{file}"), &|_, _| ()).await;
                let mask = match &entry.mask {
                    Some(file) => Some(read(file).await?),
                    None => None,
                };
                let picture = Picture {
                    image: ImageRef::Gallery(entry.id.clone()),
                    bytes: read(&entry.file).await?,
                    name: entry.file.clone(),
                    boxes: entry.boxes.clone(),
                    mask,
                    label: entry.label,
                };
                Ok(Rc::new(Opened::new(picture)?))
            }
        }
    }

    /// Whether their labels are classes of a network that knows the scenes (`true`) or the gallery's photos (`false`).
    pub fn known_to(&self, scenes: bool) -> bool {
        match &self.kind {
            Kind::Scenes(_) => scenes,
            Kind::Gallery(_) | Kind::Stimuli(_) | Kind::Archive(_) => !scenes,
            Kind::Own(_) => false,
        }
    }

    /// The label of a picture, without opening it.
    pub fn label(&self, at: usize) -> Option<usize> {
        match &self.kind {
            Kind::Own(own) => own.label,
            Kind::Scenes(pack) => {
                let index: usize = self.names.get(at)?.trim_start_matches("scene-").parse().ok()?;
                pack.manifest().images.get(index).map(|entry| entry.label)
            }
            Kind::Gallery(entries) | Kind::Stimuli(entries) => entries.get(at)?.label,
            Kind::Archive(pack) => pack.manifest().imagenet(at),
        }
    }
}

fn missing(what: &str, reason: &str) -> Error {
    Error::Missing { what: what.into(), reason: reason.into() }
}
