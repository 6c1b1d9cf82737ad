//! The pictures of the recognition experiment: the shipped ones, changed as a condition says, or those of a pack, which are changed already.

use std::collections::HashMap;
use std::rc::Rc;
use sweetspot_methods::stimuli::apply::Apply;

use serde::Deserialize;

use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::condition::Condition;
use sweetspot_core::alignment::stimuli::Manipulation;
use sweetspot_core::alignment::trials::stimulus;
use sweetspot_core::assets::Assets;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_methods::stimuli::apply::Needs;
use sweetspot_methods::stimuli::plane::Plane;
use sweetspot_methods::stimuli::power_equalisation::Amplitudes;
use sweetspot_nn::image::{Rgb, decode, decode_grey, view, view_grey};
use sweetspot_packs::open::Pack;
use sweetspot_protocol::SIDE;

/// The list of the shipped pictures.
pub const LIST: &str = "stimuli/stimuli.json";
/// How many changed pictures are kept: all the shipped ones in all their conditions, for who asks for them again and again; each takes 150 kB.
const KEPT: usize = 512;
/// How a picture is cut: what people see is what networks see, pixel by pixel. Means and deviations do not matter for that.
const CUT: Recipe = Recipe { side: SIDE, resize: SIDE, mean: [0.0; 3], deviation: [1.0; 3] };

/// The part of the list that matters here.
#[derive(Deserialize)]
struct List {
    images: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    category: Category,
    file: String,
    mask: Option<String>,
}

/// A shipped picture, cut out.
struct Cut {
    rgb: Rgb,
    mask: Option<Vec<bool>>,
}

/// The pictures of one source.
pub struct Stimuli {
    origin: Origin,
    made: HashMap<(String, String), Rc<Rgb>>,
}

enum Origin {
    Shipped { list: Vec<Entry>, cut: HashMap<String, Rc<Cut>>, amplitudes: Option<Amplitudes> },
    Pack { pack: Rc<Pack>, places: HashMap<(String, String), usize> },
}

impl Stimuli {
    /// The shipped pictures.
    pub async fn shipped(assets: &dyn Assets) -> Result<Self> {
        let unreadable = |e: serde_json::Error| Error::Unreadable { what: LIST.into(), reason: e.to_string() };
        let list: List = serde_json::from_slice(&assets.read(LIST, &|_, _| ()).await?).map_err(unreadable)?;
        Ok(Self { origin: Origin::Shipped { list: list.images, cut: HashMap::new(), amplitudes: None }, made: HashMap::new() })
    }

    /// The pictures of a pack.
    pub fn pack(pack: Rc<Pack>) -> Self {
        let place =
            |(at, image): (usize, &sweetspot_packs::manifest::Picture)| ((Pack::condition(image).into(), stimulus(&image.name).into()), at);
        let places = pack.manifest().images.iter().enumerate().map(place).collect();
        Self { origin: Origin::Pack { pack, places }, made: HashMap::new() }
    }

    /// What the picture of a name shows, if it is there under a condition.
    pub fn category(&self, condition: &str, image: &str) -> Option<Category> {
        match &self.origin {
            Origin::Shipped { list, .. } => {
                let known = Condition::from_id(condition).ok()?;
                let entry = list.iter().find(|entry| entry.id == image)?;
                (entry.mask.is_some() || !known.needs_mask()).then_some(entry.category)
            }
            Origin::Pack { pack, places } => {
                let at = places.get(&(condition.to_string(), image.to_string()))?;
                pack.manifest().images[*at].category
            }
        }
    }

    /// Every picture of a pack with a category: condition, name, category. Nothing for the shipped ones, which are as many as there are levels.
    pub fn all(&self) -> Vec<(String, String, Category)> {
        let Origin::Pack { pack, .. } = &self.origin else { return Vec::new() };
        let one = |image: &sweetspot_packs::manifest::Picture| {
            Some((Pack::condition(image).to_string(), stimulus(&image.name).to_string(), image.category?))
        };
        pack.manifest().images.iter().filter_map(one).collect()
    }

    /// A picture under a condition, [`SIDE`] x [`SIDE`].
    pub async fn picture(&mut self, assets: &dyn Assets, condition: &str, image: &str) -> Result<Rc<Rgb>> {
        let key = (condition.to_string(), image.to_string());
        if let Some(made) = self.made.get(&key) {
            return Ok(made.clone());
        }
        let made = Rc::new(match &self.origin {
            Origin::Shipped { .. } => self.change(assets, Condition::from_id(condition)?, image).await?,
            Origin::Pack { pack, places } => {
                let missing = || Error::unknown("picture", image, [pack.manifest().head.title.as_str()]);
                let picture = pack.picture(*places.get(&key).ok_or_else(missing)?)?;
                // Pictures of the published experiments have this size already, and stay as they are.
                if (picture.width, picture.height) == (SIDE, SIDE) { picture } else { view(&picture, &CUT)? }
            }
        });
        if self.made.len() >= KEPT {
            self.made.clear();
        }
        self.made.insert(key, made.clone());
        Ok(made)
    }

    async fn change(&mut self, assets: &dyn Assets, condition: Condition, image: &str) -> Result<Rgb> {
        let cut = self.cut(assets, image).await?;
        let Some(change) = condition.change else { return Ok(cut.rgb.clone()) };
        if change == Manipulation::PowerEqualisation {
            self.measure(assets).await?;
        }
        let amplitudes = match &self.origin {
            Origin::Shipped { amplitudes, .. } => amplitudes.as_ref(),
            Origin::Pack { .. } => None,
        };
        let needs = Needs { level: condition.level, seed: condition.seed(image), mask: cut.mask.as_deref(), amplitudes };
        change.apply(&cut.rgb, needs)
    }

    /// A shipped picture, cut out, with its mask.
    async fn cut(&mut self, assets: &dyn Assets, image: &str) -> Result<Rc<Cut>> {
        let Origin::Shipped { list, cut, .. } = &mut self.origin else { return Err(Error::unknown("picture", image, [])) };
        if let Some(known) = cut.get(image) {
            return Ok(known.clone());
        }
        let unknown = || Error::unknown("picture", image, list.iter().map(|entry| entry.id.as_str()));
        let entry = list.iter().find(|entry| entry.id == image).ok_or_else(unknown)?;
        let rgb = view(&decode(&entry.file, &assets.read(&entry.file, &|_, _| ()).await?)?, &CUT)?;
        let mask = match &entry.mask {
            Some(file) => {
                let grey = view_grey(&decode_grey(file, &assets.read(file, &|_, _| ()).await?)?, &CUT)?;
                Some(grey.bytes.iter().map(|value| *value >= 128).collect())
            }
            None => None,
        };
        let found = Rc::new(Cut { rgb, mask });
        cut.insert(image.into(), found.clone());
        Ok(found)
    }

    /// Takes the mean spectrum of all shipped pictures, once.
    async fn measure(&mut self, assets: &dyn Assets) -> Result<()> {
        let Origin::Shipped { list, amplitudes: None, .. } = &self.origin else { return Ok(()) };
        let names: Vec<String> = list.iter().map(|entry| entry.id.clone()).collect();
        let mut sum = Amplitudes::new(SIDE, SIDE);
        for name in names {
            sum.add(&Plane::grey(&self.cut(assets, &name).await?.rgb)?)?;
            sweetspot_nn::job::breathe().await;
        }
        if let Origin::Shipped { amplitudes, .. } = &mut self.origin {
            *amplitudes = Some(sum);
        }
        Ok(())
    }
}

/// The noise that follows a picture: the same for everybody, another for each picture.
pub fn noise(condition: &str, image: &str) -> Result<Vec<u8>> {
    let blank = Rgb { width: SIDE, height: SIDE, bytes: vec![0; 3 * SIDE * SIDE] };
    let seed = Condition::AS_IS.seed(&format!("{condition} {image}"));
    let mask = Manipulation::NoiseMask.apply(&blank, Needs { seed, ..Needs::default() })?;
    Ok(mask.bytes.into_iter().step_by(3).collect())
}
