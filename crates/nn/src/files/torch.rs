//! What `torch.save` writes: a pickle whose tensors point to storages elsewhere in the file. Since version 1.6 both are entries of a zip
//! archive; before, pickles and storages followed each other.

use std::collections::BTreeMap;

use super::pickle::{Id, Node, Pickle};
use super::{Number, StoredTensor, archive};
use crate::files::checkpoint::{Checkpoint, Format, Tensors};

/// How deep tensors may lie in dictionaries, and how many entries are looked at.
const MAX_DEPTH: usize = 4;
const MAX_ENTRIES: usize = 200_000;

/// The longest name of a tensor, in bytes.
const MAX_NAME: usize = 500;

/// What the first pickle of an old file says.
const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
const OLD_VERSION: i128 = 1001;

/// Reads a zip archive.
pub(super) fn zipped(bytes: &[u8]) -> Result<Checkpoint<'_>, String> {
    let entries = archive::entries(bytes)?;
    let pickle = entries.iter().find_map(|(name, data)| Some((name.strip_suffix("data.pkl")?, *data)));
    let (folder, data) = pickle.ok_or("a zip archive, but none that torch.save wrote: it has no data.pkl")?;
    if entries.keys().any(|name| name.starts_with(&format!("{folder}code/"))) {
        return Err("a TorchScript program, whose code is never run; save the state dictionary instead".into());
    }
    if entries.get(&format!("{folder}byteorder")).is_some_and(|order| *order != Some(b"little")) {
        return Err("its numbers are stored highest byte first; save it on another machine".into());
    }
    let mut data = data.ok_or("an archive that was compressed; torch.save stores its entries as they are")?;
    let pickle = Pickle::read(&mut data)?;
    let storage = |key: &str| entries.get(&format!("{folder}data/{key}")).copied().flatten();
    Ok(Checkpoint { format: Format::Torch, parts: Reader { pickle: &pickle, storage }.parts()? })
}

/// Reads a file from before version 1.6: magic number, version, the machine, the tensors, the storages' names, the storages.
pub(super) fn legacy(mut bytes: &[u8]) -> Result<Checkpoint<'_>, String> {
    let foreign = "a pickle, but not one that torch.save wrote";
    let number = |pickle: Pickle| match pickle.get(pickle.root()) {
        Node::Int(number) => Some(*number),
        _ => None,
    };
    if number(Pickle::read(&mut bytes)?) != Some(MAGIC) || number(Pickle::read(&mut bytes)?) != Some(OLD_VERSION) {
        return Err(foreign.into());
    }
    let machine = Pickle::read(&mut bytes)?;
    if let Node::Dict(pairs) = machine.get(machine.root())
        && pairs.iter().any(|(key, value)| machine.text(*key) == Some("little_endian") && machine.index(*value) == Some(0))
    {
        return Err("its numbers are stored highest byte first; save it on another machine".into());
    }
    let pickle = Pickle::read(&mut bytes)?;
    let keys = Pickle::read(&mut bytes)?;
    let numbers = numbers(&pickle);
    let cut = "storages that end too early; the file is cut short";
    let mut storages = BTreeMap::new();
    for key in keys.list(keys.root()).ok_or(foreign)? {
        let key = keys.text(*key).ok_or(foreign)?;
        let number = numbers.get(key).ok_or(foreign)?;
        let (count, rest) = bytes.split_first_chunk().ok_or(cut)?;
        let length = usize::try_from(u64::from_le_bytes(*count)).ok().and_then(|count| count.checked_mul(number.size()));
        let (storage, rest) = length.and_then(|length| rest.split_at_checked(length)).ok_or(cut)?;
        storages.insert(key.to_string(), storage);
        bytes = rest;
    }
    let storage = |key: &str| storages.get(key).copied();
    Ok(Checkpoint { format: Format::LegacyTorch, parts: Reader { pickle: &pickle, storage }.parts()? })
}

/// The numbers of every storage that a pickle points to.
fn numbers(pickle: &Pickle) -> BTreeMap<String, Number> {
    let storages = pickle.nodes().filter_map(|node| match node {
        Node::Elsewhere(name) => named(pickle, *name).ok(),
        _ => None,
    });
    storages.map(|(number, key)| (key.to_string(), number)).collect()
}

/// What a storage is called: `('storage', type, key, device, length)`, with a sixth value in old files.
fn named(pickle: &Pickle, name: Id) -> Result<(Number, &str), String> {
    let parts = match pickle.list(name) {
        Some([kind, number, key, ..]) if pickle.text(*kind) == Some("storage") => Some((*number, *key)),
        _ => None,
    };
    let (number, key) = parts.ok_or("it keeps something else than tensors beside the pickle; save the state dictionary instead")?;
    let number = match pickle.get(number) {
        Node::Known("torch DoubleStorage") => Number::F64,
        Node::Known("torch FloatStorage") => Number::F32,
        Node::Known("torch HalfStorage") => Number::F16,
        Node::Known("torch BFloat16Storage") => Number::BF16,
        Node::Known("torch LongStorage") => Number::I64,
        Node::Known("torch IntStorage") => Number::I32,
        Node::Known("torch ShortStorage") => Number::I16,
        Node::Known("torch CharStorage") => Number::I8,
        Node::Known("torch ByteStorage") => Number::U8,
        Node::Known("torch BoolStorage") => Number::Bool,
        _ => return Err("a tensor of a kind that is not read; floats of 16, 32 and 64 bits are".into()),
    };
    Ok((number, pickle.text(key).ok_or("a storage without a name; the file is damaged")?))
}

/// A pickle with its storages.
struct Reader<'p, S> {
    pickle: &'p Pickle,
    storage: S,
}

impl<'a, S: Fn(&str) -> Option<&'a [u8]>> Reader<'_, S> {
    /// Every dictionary that holds tensors.
    fn parts(&self) -> Result<Vec<(String, Tensors<'a>)>, String> {
        let (mut parts, mut entries) = (Vec::new(), 0);
        self.gather(self.pickle.root(), String::new(), 0, &mut parts, &mut entries)?;
        Ok(parts)
    }

    fn gather(
        &self,
        id: Id,
        path: String,
        depth: usize,
        parts: &mut Vec<(String, Tensors<'a>)>,
        entries: &mut usize,
    ) -> Result<(), String> {
        let Node::Dict(pairs) = self.pickle.get(id) else { return Ok(()) };
        let mut tensors = Tensors::new();
        let mut deeper = Vec::new();
        for (key, value) in pairs {
            *entries += 1;
            if *entries > MAX_ENTRIES {
                return Err(format!("dictionaries of more than {MAX_ENTRIES} entries; save the state dictionary alone"));
            }
            let Some(key) = self.pickle.text(*key) else { continue };
            if key.len() > MAX_NAME {
                return Err(format!("a name of {} bytes, more than {MAX_NAME}", key.len()));
            }
            match self.pickle.get(*value) {
                Node::Call(name, arguments) => {
                    let tensor = self.tensor(name, *arguments, 0).map_err(|reason| format!("tensor '{}': {reason}", short(key)))?;
                    tensors.insert(key.into(), tensor);
                }
                Node::Dict(_) if depth < MAX_DEPTH => deeper.push((key, *value)),
                _ => {}
            }
        }
        if !tensors.is_empty() {
            parts.push((path.clone(), tensors));
        }
        for (key, value) in deeper {
            let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            self.gather(value, path, depth + 1, parts, entries)?;
        }
        Ok(())
    }

    /// The tensor that a call would make.
    fn tensor(&self, name: &str, arguments: Id, depth: usize) -> Result<StoredTensor<'a>, String> {
        let pickle = self.pickle;
        let damaged = "made in a way that does not make sense; the file is damaged";
        let arguments = pickle.list(arguments).ok_or(damaged)?;
        match (name, arguments) {
            // A parameter is the tensor it holds.
            ("torch._utils _rebuild_parameter" | "torch._utils _rebuild_parameter_with_state", [data, ..]) if depth == 0 => {
                match pickle.get(*data) {
                    Node::Call(name, arguments) => self.tensor(name, *arguments, 1),
                    _ => Err(damaged.into()),
                }
            }
            // A tensor with attributes: the function that makes it, and its arguments.
            ("torch._tensor _rebuild_from_type_v2", [function, _, arguments, ..]) if depth == 0 => match pickle.get(*function) {
                Node::Known(name) => self.tensor(name, *arguments, 1),
                _ => Err(damaged.into()),
            },
            ("torch._utils _rebuild_tensor" | "torch._utils _rebuild_tensor_v2", [storage, offset, shape, strides, ..]) => {
                let Node::Elsewhere(storage) = pickle.get(*storage) else { return Err(damaged.into()) };
                let (number, key) = named(pickle, *storage)?;
                let data = (self.storage)(key).ok_or("its storage is not in the file, or compressed")?;
                let lengths = |id: Id| pickle.list(id)?.iter().map(|n| pickle.index(*n)).collect::<Option<Vec<usize>>>();
                let (shape, strides) = (lengths(*shape).ok_or(damaged)?, lengths(*strides).ok_or(damaged)?);
                StoredTensor::new(number, shape, strides, pickle.index(*offset).ok_or(damaged)?, data)
            }
            _ => Err(damaged.into()),
        }
    }
}

/// A name for a message, however long the file makes it.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}
