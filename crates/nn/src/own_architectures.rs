//! Architectures to bring weights for: what the paper and its readers use, too large to be shipped. The cards of networks made of somebody's
//! own weights are written here.

use crate::architecture::Architecture;
use crate::architectures::architecture;
use crate::architectures::imagenet::{DEIT_SMALL, DEIT_TINY, DINO_S_8, DINO_S_16, RESNET18, RESNET50, VIT_B_16, VIT_B_32};
use crate::architectures::swin::SWIN_V2_T;
use crate::weights::Weights;
use sweetspot_core::card::{Accuracy, Card, Recipe, WeightsFile};
use sweetspot_core::error::Error;
pub use sweetspot_core::experiment::OWN;

/// An architecture without shipped weights, with what a card says of it.
pub struct OwnArchitecture {
    /// The architecture.
    pub architecture: &'static Architecture,
    /// The name in menus.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// Year of the network's publication.
    pub year: u32,
    /// Python that writes a file of weights.
    pub python: &'static str,
    /// Side of the input, and what the short side is scaled to before the cut.
    pub sides: (usize, usize),
}

const USUAL: (usize, usize) = (224, 256);

/// Every architecture without shipped weights.
pub static OWN_ARCHITECTURES: [OwnArchitecture; 9] = [
    OwnArchitecture {
        architecture: &RESNET18,
        title: "ResNet-18",
        says: "A residual network of 18 layers.",
        year: 2015,
        python: "torch.save(torchvision.models.resnet18(weights='DEFAULT').state_dict(), 'resnet18.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &RESNET50,
        title: "ResNet-50",
        says: "A residual network of 50 layers.",
        year: 2015,
        python: "torch.save(torchvision.models.resnet50(weights='DEFAULT').state_dict(), 'resnet50.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &VIT_B_32,
        title: "ViT-B/32",
        says: "A vision transformer that sees patches of 32 pixels.",
        year: 2020,
        python: "torch.save(torchvision.models.vit_b_32(weights='DEFAULT').state_dict(), 'vit_b_32.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &VIT_B_16,
        title: "ViT-B/16",
        says: "A vision transformer that sees patches of 16 pixels.",
        year: 2020,
        python: "torch.save(torchvision.models.vit_b_16(weights='DEFAULT').state_dict(), 'vit_b_16.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &DEIT_TINY,
        title: "DeiT-tiny",
        says: "A small vision transformer trained on ImageNet alone.",
        year: 2020,
        python: "torch.save(timm.create_model('deit_tiny_patch16_224', pretrained=True).state_dict(), 'deit_tiny.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &DEIT_SMALL,
        title: "DeiT-small",
        says: "A vision transformer of middle size trained on ImageNet alone.",
        year: 2020,
        python: "torch.save(timm.create_model('deit_small_patch16_224', pretrained=True).state_dict(), 'deit_small.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &DINO_S_16,
        title: "DINO ViT-S/16",
        says: "A vision transformer trained without labels; it has no classes, and its answers are its class token's features.",
        year: 2021,
        python: "torch.save(torch.hub.load('facebookresearch/dino:main', 'dino_vits16').state_dict(), 'dino_vits16.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &DINO_S_8,
        title: "DINO ViT-S/8",
        says: "The same with patches of 8 pixels: finer, and slow; it has no classes, and its answers are its class token's features.",
        year: 2021,
        python: "torch.save(torch.hub.load('facebookresearch/dino:main', 'dino_vits8').state_dict(), 'dino_vits8.pth')",
        sides: USUAL,
    },
    OwnArchitecture {
        architecture: &SWIN_V2_T,
        title: "Swin-V2-T",
        says: "A transformer that attends within windows, and so sees pictures as a convolutional network does.",
        year: 2022,
        python: "torch.save(torchvision.models.swin_v2_t(weights='DEFAULT').state_dict(), 'swin_v2_t.pth')",
        sides: (256, 260),
    },
];

impl OwnArchitecture {
    /// The one of a name.
    pub fn of(id: &str) -> Option<&'static Self> {
        OWN_ARCHITECTURES.iter().find(|one| one.architecture.id == id)
    }

    /// How a picture becomes an input: ImageNet's usual mean and deviation.
    pub fn recipe(&self) -> Recipe {
        let (side, resize) = self.sides;
        Recipe { side, resize, mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] }
    }

    /// What to do when the architecture is asked for without weights.
    pub fn missing(&self) -> Error {
        Error::Missing {
            what: format!("the weights of {}", self.architecture.id),
            reason: format!(
                "they are not shipped; give --weights FILE with a .safetensors or .pth file of torchvision's, timm's or DINO's, for example \
                 one that Python writes: {}",
                self.python
            ),
        }
    }

    /// The card of a network made of somebody's own weights.
    pub fn card(&self, weights: &Weights, file: OwnFile<'_>) -> Card {
        let architecture = self.architecture;
        Card {
            id: file.id(),
            title: format!("{} ({})", self.title, file.name),
            says: self.says.into(),
            architecture: architecture.id.into(),
            year: self.year,
            licence: "unknown".into(),
            licence_file: String::new(),
            source: "a file of your own".into(),
            input: self.recipe(),
            classes: classes(architecture, weights),
            weights: file.weights_file(),
            accuracy: Accuracy { on: "not measured".into(), images: 0, top1: 0, top5: 0, same_top1_as_single_precision: (0, 0) },
            prunable: prunable(architecture, weights),
            parameters: weights.parameters(),
            taps: (architecture.taps)(),
            default_tap: architecture.default_tap.into(),
            labels: None,
            pack: None,
            calibration: None,
            checkpoints: Vec::new(),
            discovery: Vec::new(),
        }
    }
}

/// A weights file of somebody's own.
#[derive(Debug, Clone, Copy)]
pub struct OwnFile<'a> {
    /// The file's name.
    pub name: &'a str,
    /// sha256 of its bytes, hexadecimal.
    pub sha256: &'a str,
    /// Its length.
    pub bytes: usize,
    /// How it is written.
    pub format: &'a str,
}

impl OwnFile<'_> {
    /// The name in experiments of the network it makes.
    pub fn id(&self) -> String {
        format!("{OWN}{}", self.sha256.get(..12).unwrap_or(self.sha256))
    }

    fn weights_file(&self) -> WeightsFile {
        WeightsFile {
            file: self.name.into(),
            sha256: self.sha256.into(),
            bytes: self.bytes,
            package: "a file of your own".into(),
            original_sha256: self.sha256.into(),
            precision: self.format.into(),
        }
    }

    /// A shipped network's card for these weights in its place.
    pub fn card_in_place_of(&self, card: &Card, weights: &Weights) -> Card {
        let mut own = card.clone();
        own.id = self.id();
        own.title = format!("{} ({})", card.title, self.name);
        own.licence = "unknown".into();
        own.licence_file = String::new();
        own.source = "a file of your own".into();
        own.weights = self.weights_file();
        own.accuracy = Accuracy { on: "not measured".into(), images: 0, top1: 0, top5: 0, same_top1_as_single_precision: (0, 0) };
        if let Ok(architecture) = architecture(&card.architecture) {
            own.classes = classes(architecture, weights);
            own.prunable = prunable(architecture, weights);
            own.parameters = weights.parameters();
        }
        own.checkpoints.clear();
        if own.classes != card.classes {
            (own.labels, own.pack) = (None, None);
        }
        own
    }
}

/// Classes of a network; 0 for one whose answer is features.
fn classes(architecture: &Architecture, weights: &Weights) -> usize {
    let head = architecture.head.map(|head| &weights.get(&format!("{head}.weight")).shape);
    head.and_then(|shape| shape.first().copied()).unwrap_or(0)
}

fn prunable(architecture: &Architecture, weights: &Weights) -> usize {
    architecture.layers_of(weights).iter().map(|layer| layer.shape.iter().product::<usize>()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page fetches the list, so that its program need not hold it.
    #[test]
    fn the_page_lists_what_is_offered() {
        let listed: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../../www/models/offers.json")).unwrap();
        let offered = OWN_ARCHITECTURES.iter().map(|one| serde_json::json!({ "title": one.title, "says": one.says, "python": one.python }));
        assert_eq!(listed, offered.collect::<Vec<_>>());
    }
}
