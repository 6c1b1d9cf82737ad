//! A picture in the engine: decoded once, seen through a model's recipe.

use burn::tensor::{Device, Tensor};
use sweetspot_nn::image::input;

use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::ImageRef;
use sweetspot_core::metrics::mask_of_boxes;
use sweetspot_core::metrics::score::Score;
use sweetspot_methods::metrics::of_map::scores;
use sweetspot_nn::image::{Framing, Grey, Rgb, decode, decode_grey, resize, view, view_grey};
use sweetspot_packs::manifest::{IGNORED, Masks};
use sweetspot_packs::open::Pack as Archive;
use sweetspot_packs::scenes::{Pack, SHOWN, bounds};
use sweetspot_protocol::{Picture, Place, SIDE, Truth, View};

/// A decoded picture with its truth.
pub struct Opened {
    /// Its name in experiments.
    pub image: ImageRef,
    /// The label's index.
    pub label: Option<usize>,
    rgb: Rgb,
    boxes: Vec<[f32; 4]>,
    mask: Option<Grey>,
}

impl Opened {
    /// Decodes a picture and its mask.
    pub fn new(picture: Picture) -> Result<Self> {
        let rgb = decode(&picture.name, &picture.bytes)?;
        let mask = picture.mask.as_deref().map(|bytes| decode_grey(&format!("mask of {}", picture.name), bytes)).transpose()?;
        fits(&rgb, mask.as_ref())?;
        Ok(Self { image: picture.image, label: picture.label, rgb, boxes: picture.boxes, mask })
    }

    /// A scene of a pack, with its mask.
    pub fn scene(pack: &Pack, index: u32) -> Result<Self> {
        let at = index as usize;
        let (rgb, mask) = (pack.image(at)?, pack.mask(at)?);
        let entry = &pack.manifest().images[at];
        let grey = |mask: Vec<bool>| Grey {
            width: rgb.width,
            height: rgb.height,
            bytes: mask.into_iter().map(|set| if set { SHOWN } else { 0 }).collect(),
        };
        let (mask, boxes) = (mask.map(grey), vec![entry.bounds.map(|v| v as f32)]);
        Ok(Self { image: ImageRef::Scene(index), label: Some(entry.label), rgb, boxes, mask })
    }

    /// A picture of an opened pack, with the boxes of its objects and its mask. Where masks tell classes, the object is what belongs to the picture's
    /// label; without a label, all that is no background.
    pub fn of_pack(pack: &Archive, index: usize) -> Result<Self> {
        let (rgb, mask) = (pack.picture(index)?, pack.mask(index)?);
        let manifest = pack.manifest();
        let entry = &manifest.images[index];
        let wanted = |value: u8| match (manifest.head.masks, entry.label) {
            (Some(Masks::Classes), Some(label)) => usize::from(value) == label + 1,
            (Some(Masks::Classes), None) => ![0, IGNORED].contains(&value),
            _ => value == SHOWN,
        };
        let object = |mut mask: Grey| {
            mask.bytes.iter_mut().for_each(|value| *value = if wanted(*value) { SHOWN } else { 0 });
            mask
        };
        let mask = mask.map(object);
        fits(&rgb, mask.as_ref())?;
        let boxes = entry.objects.iter().map(|object| object.bounds.map(|side| side as f32)).collect();
        Ok(Self { image: ImageRef::Own(entry.image.sha256.clone()), label: manifest.imagenet(index), rgb, boxes, mask })
    }

    /// Its pixels.
    pub fn rgb(&self) -> &Rgb {
        &self.rgb
    }

    /// Boxes around its objects in its own pixels; the bounds of its mask where there are no others.
    pub fn boxes(&self) -> Vec<[f32; 4]> {
        match &self.mask {
            Some(mask) if self.boxes.is_empty() => {
                let object: Vec<bool> = mask.bytes.iter().map(|&v| v >= 128).collect();
                let bounds = bounds(&object, mask.width);
                if bounds == [0; 4] { Vec::new() } else { vec![bounds.map(|side| side as f32)] }
            }
            _ => self.boxes.clone(),
        }
    }

    /// What a network with this recipe sees.
    pub fn seen(&self, recipe: &Recipe, device: &Device) -> Result<Seen> {
        let cut = view(&self.rgb, recipe)?;
        let framing = Framing::new(recipe, self.rgb.width, self.rgb.height);
        let placed = self.boxes().iter().filter_map(|b| framing.place(*b, self.rgb.width, self.rgb.height)).collect();
        let mask = match &self.mask {
            Some(mask) => Some(view_grey(mask, recipe)?.bytes.iter().map(|&v| v >= 128).collect()),
            None => None,
        };
        let input = input(&cut, recipe, device);
        let view = View { side: recipe.side, rgb: cut.bytes, boxes: placed, mask, inside: self.inside(&framing) };
        Ok(Seen { input, view })
    }

    /// Share of the object (its mask, else its boxes) that lies inside the view.
    fn inside(&self, framing: &Framing) -> Option<f32> {
        let (width, height) = (self.rgb.width, self.rgb.height);
        let object = match &self.mask {
            Some(mask) => mask.bytes.iter().map(|&v| v >= 128).collect(),
            None if self.boxes.is_empty() => return None,
            None => mask_of_boxes(&self.boxes, height, width),
        };
        let (sx, sy) = (framing.width as f32 / width as f32, framing.height as f32 / height as f32);
        let within = |at: usize, start: usize, scale: f32| {
            let at = (at as f32 + 0.5) * scale - start as f32;
            (0.0..framing.side as f32).contains(&at)
        };
        let (mut all, mut shown) = (0usize, 0usize);
        for (i, _) in object.iter().enumerate().filter(|(_, o)| **o) {
            all += 1;
            shown += usize::from(within(i % width, framing.left, sx) && within(i / width, framing.top, sy));
        }
        (all > 0).then(|| shown as f32 / all as f32)
    }
}

/// A picture of the experiment in the size of a network's input: without a cut, so that the network sees all that people see.
pub fn fitted(picture: &Rgb, recipe: &Recipe) -> Result<Rgb> {
    if recipe.side == SIDE {
        return Ok(picture.clone());
    }
    let bytes = resize(&picture.bytes, fast_image_resize::PixelType::U8x3, (picture.width, picture.height), (recipe.side, recipe.side))?;
    Ok(Rgb { width: recipe.side, height: recipe.side, bytes })
}

/// Fails where a picture's mask has another size.
fn fits(rgb: &Rgb, mask: Option<&Grey>) -> Result<()> {
    match mask {
        Some(mask) if (mask.width, mask.height) != (rgb.width, rgb.height) => {
            Err(Error::SizeMismatch { map_height: rgb.height, map_width: rgb.width, truth_height: mask.height, truth_width: mask.width })
        }
        _ => Ok(()),
    }
}

/// A picture through a model's eyes.
pub struct Seen {
    /// The network's input, [1, 3, side, side].
    pub input: Tensor<4>,
    /// The same for a reader.
    pub view: View,
}

impl Seen {
    /// Where the object is, pixel by pixel; `None` where no place is known inside the view.
    fn object(&self) -> Option<(Truth, Vec<bool>)> {
        let side = self.view.side;
        match &self.view.mask {
            Some(mask) => Some((Truth::Mask, mask.clone())),
            None if self.view.boxes.is_empty() => None,
            None => Some((Truth::Box, mask_of_boxes(&self.view.boxes, side, side))),
        }
    }

    /// What a map of this view is measured against, and what every measure says of it that needs nothing else.
    pub fn score(&self, map: &ChannelMap) -> (Option<Place>, Vec<Score>) {
        let object = self.object();
        let pixels = (self.view.side * self.view.side) as f32;
        let place = object.as_ref().map(|(truth, mask)| {
            let size = mask.iter().filter(|&&inside| inside).count();
            Place { truth: *truth, chance: size as f32 / pixels }
        });
        (place, scores(map, object.as_ref().map(|(_, mask)| mask.as_slice())))
    }
}
