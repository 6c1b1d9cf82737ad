//! The text form of an experiment: the fragment of a link, `#v=1&m=squeezenet1_1&s=0.36`.
//!
//! Short keys, defaults left out, in a fixed order, so that equal experiments have equal links. Reading is total: any text gives an
//! experiment or an error that says which key is wrong. Keys that are not known are passed over, so that older pages read newer links.

use crate::attribution::Method;
use crate::discovery;
use crate::discovery::{Facet, InputSize};
use crate::error::{Error, Result};
use crate::experiment::{DeviceChoice, Experiment, ImageRef, Target};
use crate::pruning::{Criterion, Scope};
use crate::sparsity::Sparsity;

/// The version written; every version up to it can be read.
pub const VERSION: u32 = 1;

/// What the keys of a method's parameters begin with: `p.steps=20`. Early links of version 1 have `n=20` for that.
const SETTING: &str = "p.";

/// The same for the parameters of the way to find objects.
const DISCOVERY_SETTING: &str = "dp.";

/// The longest fragment that is read, in bytes.
pub const MAX_LENGTH: usize = 2000;

/// The fragment of an experiment, without the `#`. The default experiment's is `v=1`.
pub fn write(experiment: &Experiment) -> String {
    let default = Experiment::default();
    let mut parts = vec![format!("v={VERSION}")];
    let mut put = |key: &str, value: String| parts.push(format!("{key}={}", escape(&value)));
    if experiment.model != default.model {
        put("m", experiment.model.clone());
    }
    if experiment.image != default.image {
        match &experiment.image {
            ImageRef::Gallery(id) => put("i", id.clone()),
            ImageRef::Own(hash) => put("own", hash.clone()),
            ImageRef::Scene(index) => put("scene", index.to_string()),
        }
    }
    let (pruning, usual) = (experiment.pruning, default.pruning);
    if pruning.criterion != usual.criterion {
        put("c", pruning.criterion.id().into());
    }
    if pruning.scope != pruning.criterion.usual_scope() {
        put("o", pruning.scope.id().into());
    }
    if pruning.sparsity != usual.sparsity {
        put("s", pruning.sparsity.to_string());
    }
    if pruning.seed != usual.seed {
        put("ps", pruning.seed.to_string());
    }
    if pruning.re_estimate {
        put("re", "1".into());
    }
    let (attribution, usual) = (&experiment.attribution, &default.attribution);
    if attribution.method != usual.method {
        put("a", attribution.method.id().into());
    }
    if let Some(tap) = &attribution.tap {
        put("l", tap.clone());
    }
    for (id, text) in attribution.settings.changed() {
        put(&format!("{SETTING}{id}"), text.into());
    }
    match experiment.target {
        Target::Predicted => {}
        Target::DensePredicted => put("t", "dense".into()),
        Target::Labelled => put("t", "label".into()),
        Target::Class(index) => put("t", index.to_string()),
    }
    let (found, usual) = (&experiment.discovery, &default.discovery);
    if found.method != usual.method {
        put("dm", found.method.id().into());
    }
    if let Some(tap) = &found.tap {
        put("dl", tap.clone());
    }
    if let Some(facet) = found.facet {
        put("df", facet.id().into());
    }
    if found.size != usual.size {
        put("dz", found.size.id().into());
    }
    for (id, text) in found.settings.changed() {
        put(&format!("{DISCOVERY_SETTING}{id}"), text.into());
    }
    match experiment.device {
        DeviceChoice::Auto => {}
        DeviceChoice::Cpu => put("d", "cpu".into()),
        DeviceChoice::Gpu => put("d", "gpu".into()),
    }
    parts.join("&")
}

/// The experiment of a fragment, with or without the `#`. What the fragment leaves out has its default.
pub fn read(fragment: &str) -> Result<Experiment> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.len() > MAX_LENGTH {
        return Err(Error::bad_value("the link's length", format!("{} bytes", fragment.len()), "at most 2000 bytes"));
    }
    let mut experiment = Experiment::default();
    // Parameters are checked against their method, wherever in the link it stands; so is a scope against its criterion.
    let (mut settings, mut of_discovery) = (Vec::new(), Vec::new());
    let mut scoped = false;
    for part in fragment.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = unescape(value)?;
        if let Some(name) = key.strip_prefix(DISCOVERY_SETTING) {
            of_discovery.push((name, value));
            continue;
        }
        match key.strip_prefix(SETTING) {
            Some(name) => settings.push((key, name, value)),
            None if key == "n" => settings.push((key, "steps", value)),
            None => {
                scoped |= key == "o";
                set(&mut experiment, key, &value)?;
            }
        }
    }
    if !scoped {
        experiment.pruning.scope = experiment.pruning.criterion.usual_scope();
    }
    for (id, key, value) in settings {
        match experiment.attribution.set(key, &value) {
            // Early links have it beside methods that take no steps.
            Err(Error::Unknown { .. }) if id == "n" => {}
            done => done?,
        }
    }
    for (key, value) in of_discovery {
        experiment.discovery.set(key, &value)?;
    }
    experiment.check()?;
    Ok(experiment)
}

/// Sets the value of one key.
fn set(experiment: &mut Experiment, key: &str, value: &str) -> Result<()> {
    match key {
        "v" => {
            let version: u32 = number("v (the link's version)", value, "a whole number")?;
            if !(1..=VERSION).contains(&version) {
                return Err(Error::bad_value("v (the link's version)", version, "1; a newer page may be needed, reload it"));
            }
        }
        "m" => experiment.model = value.into(),
        "i" => experiment.image = ImageRef::Gallery(value.into()),
        "scene" => experiment.image = ImageRef::Scene(number("scene (a scene of the pack)", value, "a whole number")?),
        "own" => {
            if !is_sha256(value) {
                return Err(Error::bad_value("own (the picture's sha256)", value, "64 hexadecimal digits"));
            }
            experiment.image = ImageRef::Own(value.to_ascii_lowercase());
        }
        "c" => experiment.pruning.criterion = Criterion::from_id(value)?,
        "o" => experiment.pruning.scope = Scope::from_id(value)?,
        "s" => experiment.pruning.sparsity = Sparsity::new(number("s (sparsity)", value, "a number between 0 and 0.999")?)?,
        "ps" => experiment.pruning.seed = number("ps (pruning seed)", value, "a whole number")?,
        "re" => experiment.pruning.re_estimate = number::<u8>("re (re-estimate)", value, "0 or 1")? != 0,
        "a" => experiment.attribution.method = Method::from_id(value)?,
        "l" => experiment.attribution.tap = Some(value.into()),
        "t" => {
            experiment.target = match value {
                "predicted" => Target::Predicted,
                "dense" => Target::DensePredicted,
                "label" => Target::Labelled,
                index => Target::Class(number("t (target)", index, "predicted, dense, label or a class index")?),
            }
        }
        "dm" => experiment.discovery.method = discovery::Method::from_id(value)?,
        "dl" => experiment.discovery.tap = Some(value.into()),
        "df" => experiment.discovery.facet = Some(Facet::from_id(value)?),
        "dz" => experiment.discovery.size = InputSize::from_id(value)?,
        "d" => experiment.device = device(value)?,
        _ => {}
    }
    Ok(())
}

/// The device of a name.
pub fn device(value: &str) -> Result<DeviceChoice> {
    match value {
        "auto" => Ok(DeviceChoice::Auto),
        "cpu" => Ok(DeviceChoice::Cpu),
        "gpu" | "webgpu" => Ok(DeviceChoice::Gpu),
        other => Err(Error::unknown("device", other, ["auto", "cpu", "gpu"])),
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str, expected: &str) -> Result<T> {
    value.parse().map_err(|_| Error::bad_value(name, format!("'{value}'"), expected))
}

/// Percent-encodes what has a meaning in a fragment or is not plain ASCII.
pub fn escape(value: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/:".contains(&b);
    value.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Undoes [`escape`].
pub fn unescape(value: &str) -> Result<String> {
    let broken =
        || Error::Unreadable { what: "link".into(), reason: "a percent sign without two hexadecimal digits or a broken character".into() };
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|b| (b as char).to_digit(16)).ok_or_else(broken);
            bytes.push((digit()? * 16 + digit()?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

/// Whether a text can be a sha256, hexadecimal.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
