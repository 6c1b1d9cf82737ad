//! From a network's input to tokens: at any tap of a convolutional network, at any block and facet of a transformer.

use burn::tensor::Tensor;

use super::input::Input;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::discovery::settings::FEATURES;
use sweetspot_core::discovery::{Discovery, Facet, Tokens};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::device::values;
use sweetspot_nn::layer::{Layer, Padding};
use sweetspot_nn::network::Network;

/// The most tokens that are compared: each pair has a value.
pub const MOST_TOKENS: usize = 4096;

/// The side of the picture that strides are found with: every network's stride divides it.
const PROBE: usize = 128;

/// Where in a network tokens are taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The tap.
    pub tap: String,
    /// Whether tokens are put out of place as in the paper's released code, and which of three facets it took them for.
    scrambled: Option<usize>,
}

impl Source {
    /// A tap as it is.
    pub fn at(tap: &str) -> Self {
        Self { tap: tap.into(), scrambled: None }
    }

    /// The source a discovery asks for; `usual` is the tap unless it names one.
    pub fn of(discovery: &Discovery, architecture: &Architecture, usual: &str) -> Result<Self> {
        let taps = (architecture.taps)();
        let wanted = discovery.tap.as_deref().unwrap_or(usual);
        if !taps.iter().any(|tap| tap == wanted) {
            return Err(Error::unknown("layer", wanted, taps.iter().map(String::as_str)));
        }
        if architecture.attention == AttentionKind::None {
            return match discovery.facet {
                None | Some(Facet::Token) => Ok(Self::at(wanted)),
                Some(facet) => {
                    Err(Error::bad_value("the facet", facet.id(), "token: the network is made of convolutions and attends nowhere"))
                }
            };
        }
        let block = ["norm1", "attn.q", "attn.k", "attn.v"].iter().find_map(|part| wanted.strip_suffix(&format!(".{part}")[..]));
        // A tap inside a block is meant as it is named unless a facet is named too.
        let facet = match (discovery.facet, block, &discovery.tap) {
            (Some(facet), ..) => facet,
            (None, Some(_), Some(_)) => return Ok(Self::at(wanted)),
            (None, ..) => Facet::Key,
        };
        let block = block.unwrap_or(wanted);
        let part = |facet| match facet {
            Facet::Token => block.to_string(),
            Facet::Query => format!("{block}.attn.q"),
            Facet::Key => format!("{block}.attn.k"),
            Facet::Value => format!("{block}.attn.v"),
        };
        let norm = format!("{block}.norm1");
        if discovery.settings.text(&FEATURES) == "released-code" && taps.contains(&norm) {
            let place = match facet {
                Facet::Query => 0,
                Facet::Token | Facet::Key => 1,
                Facet::Value => 2,
            };
            return Ok(Self { tap: norm, scrambled: Some(place) });
        }
        let tap = part(facet);
        match taps.contains(&tap) {
            true => Ok(Self { tap, scrambled: None }),
            // Before the first block, and between stages, there is nothing but tokens.
            false if discovery.facet.is_none() => Ok(Self::at(wanted)),
            false => Err(Error::bad_value("the facet", facet.id(), &format!("token at '{wanted}', which is no block"))),
        }
    }
}

/// How many pixels of the input lie between tokens of a source: what inputs are padded to a multiple of.
pub fn stride(network: &Network, source: &Source) -> Result<usize> {
    let features = network.features_at(Tensor::zeros([1, 3, PROBE, PROBE], network.device()), &source.tap)?;
    let [_, _, rows, columns] = features.dims();
    let side = if class_token(network, [rows, columns]) { (rows - 1).isqrt() } else { rows };
    // Networks without padding lose a row or two: the stride is the power of two below.
    Ok(1 << (PROBE / side.clamp(1, PROBE)).ilog2())
}

/// The shortest side of an input, in pixels, for which something is left at a stride: networks without padding lose a row or two on the way.
pub fn shortest(network: &Network, stride: usize) -> usize {
    let pads = |layer: &Layer| layer.shape.iter().skip(2).all(|side| *side == 1) || layer.padding != Padding::Each(0) || layer.stride > 2;
    if (network.architecture().layers)().iter().all(pads) { stride } else { 2 * stride }
}

/// Whether features are tokens in one column, the class token first.
fn class_token(network: &Network, [tokens, columns]: [usize; 2]) -> bool {
    network.architecture().attention == AttentionKind::Global && columns == 1 && tokens > 1
}

/// The tokens of an input. The network computes nothing behind the tap.
pub async fn tokens(network: &Network, input: &Input, source: &Source) -> Result<Tokens> {
    let features = network.features_at(input.tensor(network.device()), &source.tap)?;
    of_features(network, input, source, features).await
}

/// The tokens of an input whose features [1, channels, rows, columns] at the source's tap are at hand.
pub async fn of_features(network: &Network, input: &Input, source: &Source, features: Tensor<4>) -> Result<Tokens> {
    let [height, width] = input.padded;
    let [_, channels, down, across] = features.dims();
    let with_class = class_token(network, [down, across]);
    let [rows, columns] = match with_class {
        true => {
            // Patches are square.
            let patch = (height * width / (down - 1)).isqrt().max(1);
            [height / patch, width / patch]
        }
        false => [down, across],
    };
    if rows * columns > MOST_TOKENS {
        let expected =
            format!("one with at most {MOST_TOKENS} tokens and not {}: a deeper layer, or the network's own input", rows * columns);
        return Err(Error::bad_value("the layer", &source.tap, &expected));
    }
    let places = down * across;
    // Channels last: a token's values together.
    let features: Vec<f32> = values(features.reshape([channels, places]).swap_dims(0, 1)).await?;
    let token = |index: usize| &features[index * channels..][..channels];
    let order: Vec<usize> = match (with_class, source.scrambled) {
        (false, _) => (0..places).collect(),
        (true, None) => (1..places).collect(),
        // The input three times over, read as if queries, keys and values of each token lay side by side (protocol of the paper's code).
        (true, Some(place)) => (1..places).map(|index| (3 * index + place) % places).collect(),
    };
    Ok(Tokens {
        rows,
        columns,
        channels,
        values: order.into_iter().flat_map(token).copied().collect(),
        stride: [height as f32 / rows as f32, width as f32 / columns as f32],
        image: input.image,
    })
}
