//! Pickles, read as data. A pickle is a program for a small stack machine that may name any function of Python and have it called; here the
//! names are compared with a list of those that stand for tensors and dictionaries, any other name ends the reading, and a call is noted down
//! and never made.
//!
//! Values lie in one list and point at each other by their place in it, so that neither deep nesting nor values used again and again cost
//! anything. The machine's instructions are those of Python's `pickletools`.

use std::collections::HashMap;

/// A value's place.
pub(crate) type Id = u32;

/// The most values, stack places, remembered values and pairs of dictionaries: a network has some thousands.
const MAX_VALUES: usize = 4 << 20;

/// The most instructions.
const MAX_STEPS: usize = 16 << 20;

/// A value of a pickle.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Whole numbers, truth values among them.
    Int(i128),
    /// Text.
    Text(String),
    /// A list, a tuple or a set.
    List(Vec<Id>),
    /// A dictionary, or what is made from one.
    Dict(Vec<(Id, Id)>),
    /// A name from `KNOWN`.
    Known(&'static str),
    /// A call that was asked for: of which name, with which arguments.
    Call(&'static str, Id),
    /// What the program that wrote the pickle keeps elsewhere, by its own kind of name.
    Elsewhere(Id),
    /// Something that no tensor needs: nothing, a float, bytes, settings.
    Other,
}

/// The names a pickle may use, module and name; they make tensors and dictionaries, or hold settings beside them.
pub(crate) const KNOWN: &[&str] = &[
    "argparse Namespace",
    "builtins set",
    "__builtin__ set",
    "collections OrderedDict",
    "collections defaultdict",
    "builtins dict",
    "builtins int",
    "builtins float",
    "torch Size",
    "torch device",
    "torch BFloat16Storage",
    "torch BoolStorage",
    "torch ByteStorage",
    "torch CharStorage",
    "torch DoubleStorage",
    "torch FloatStorage",
    "torch HalfStorage",
    "torch IntStorage",
    "torch LongStorage",
    "torch ShortStorage",
    "torch bfloat16",
    "torch bool",
    "torch float16",
    "torch float32",
    "torch float64",
    "torch int16",
    "torch int32",
    "torch int64",
    "torch int8",
    "torch uint8",
    "torch._tensor _rebuild_from_type_v2",
    "torch._utils _rebuild_parameter",
    "torch._utils _rebuild_parameter_with_state",
    "torch._utils _rebuild_tensor",
    "torch._utils _rebuild_tensor_v2",
    "torch.nn.parameter Parameter",
];

/// A pickle's values.
#[derive(Debug)]
pub struct Pickle {
    nodes: Vec<Node>,
    root: Id,
}

impl Pickle {
    /// Reads the pickle that `bytes` begin with, and moves them behind it.
    pub fn read(bytes: &mut &[u8]) -> Result<Self, String> {
        let mut machine = Machine { rest: bytes, nodes: Vec::new(), stack: Vec::new(), marks: Vec::new(), memo: HashMap::new(), copied: 0 };
        let root = machine.run()?;
        let (rest, nodes) = (machine.rest, machine.nodes);
        *bytes = rest;
        Ok(Self { nodes, root })
    }

    /// The value the pickle is of.
    pub fn root(&self) -> Id {
        self.root
    }

    /// A value.
    pub fn get(&self, id: Id) -> &Node {
        // Ids come from this pickle only.
        &self.nodes[id as usize]
    }

    /// Every value.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// A value's items, if it is a list, a tuple or a set.
    pub fn list(&self, id: Id) -> Option<&[Id]> {
        match self.get(id) {
            Node::List(items) => Some(items),
            _ => None,
        }
    }

    /// A value as text.
    pub fn text(&self, id: Id) -> Option<&str> {
        match self.get(id) {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A value as a length or a place.
    pub fn index(&self, id: Id) -> Option<usize> {
        match self.get(id) {
            Node::Int(number) => usize::try_from(*number).ok(),
            _ => None,
        }
    }
}

struct Machine<'a> {
    rest: &'a [u8],
    nodes: Vec<Node>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
    /// Pairs taken over from lists, which could be asked for again and again.
    copied: usize,
}

const CUT: &str = "a pickle that ends too early; the file is cut short";
const TOO_MUCH: &str = "a pickle of more values than any network has; save the state dictionary alone";
const DAMAGED: &str = "a pickle that does not make sense; the file is damaged";

impl<'a> Machine<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(CUT)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn bytes(&mut self, length: u64) -> Result<&'a [u8], String> {
        let length = usize::try_from(length).ok().filter(|length| *length <= self.rest.len()).ok_or(CUT)?;
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(taken)
    }

    fn line(&mut self) -> Result<&'a str, String> {
        let end = self.rest.iter().position(|byte| *byte == b'\n').ok_or(CUT)?;
        let line = self.bytes(end as u64)?;
        self.bytes(1)?;
        std::str::from_utf8(line).map_err(|_| DAMAGED.into())
    }

    fn u8(&mut self) -> Result<u64, String> {
        self.take::<1>().map(|[byte]| u64::from(byte))
    }

    fn u32(&mut self) -> Result<u64, String> {
        self.take().map(|bytes| u64::from(u32::from_le_bytes(bytes)))
    }

    fn u64(&mut self) -> Result<u64, String> {
        self.take().map(u64::from_le_bytes)
    }

    fn push(&mut self, node: Node) -> Result<(), String> {
        self.nodes.push(node);
        self.push_id((self.nodes.len() - 1) as Id)
    }

    fn push_id(&mut self, id: Id) -> Result<(), String> {
        self.stack.push(id);
        match self.nodes.len().max(self.stack.len()).max(self.memo.len()).max(self.copied) > MAX_VALUES {
            true => Err(TOO_MUCH.into()),
            false => Ok(()),
        }
    }

    /// The value on top, not below the last mark.
    fn pop(&mut self) -> Result<Id, String> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= floor {
            return Err(DAMAGED.into());
        }
        self.stack.pop().ok_or_else(|| DAMAGED.into())
    }

    fn top(&self) -> Result<Id, String> {
        self.stack.last().copied().ok_or_else(|| DAMAGED.into())
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>, String> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len()).ok_or(DAMAGED)?;
        Ok(self.stack.split_off(mark))
    }

    fn text(&mut self, bytes: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(bytes).map_err(|_| DAMAGED)?;
        self.push(Node::Text(text.into()))
    }

    /// A whole number, lowest byte first, with the sign in its highest bit.
    fn long(&mut self, length: u64) -> Result<(), String> {
        let bytes = self.bytes(length)?;
        if bytes.len() > 16 {
            return self.push(Node::Other);
        }
        let fill = if bytes.last().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
        let mut number = [fill; 16];
        number[..bytes.len()].copy_from_slice(bytes);
        self.push(Node::Int(i128::from_le_bytes(number)))
    }

    fn known(&mut self, module: &str, name: &str) -> Result<(), String> {
        let full = format!("{module} {name}");
        match KNOWN.iter().find(|known| **known == full) {
            Some(known) => self.push(Node::Known(known)),
            None => {
                let shown: String = full.replace(' ', ".").chars().filter(|c| !c.is_control()).take(80).collect();
                Err(format!(
                    "not a plain archive of tensors: it asks for '{shown}', which is a program's own code and is never run; save the \
                     state dictionary instead, torch.save(model.state_dict(), 'weights.pth')"
                ))
            }
        }
    }

    fn append(&mut self, items: impl IntoIterator<Item = Id>) -> Result<(), String> {
        let list = self.top()?;
        match &mut self.nodes[list as usize] {
            Node::List(list) => list.extend(items),
            Node::Other | Node::Call(..) => {}
            _ => return Err(DAMAGED.into()),
        }
        Ok(())
    }

    fn set(&mut self, items: &[Id]) -> Result<(), String> {
        let (pairs, rest) = items.as_chunks::<2>();
        let dict = self.top()?;
        match &mut self.nodes[dict as usize] {
            Node::Dict(dict) if rest.is_empty() => dict.extend(pairs.iter().map(|[key, value]| (*key, *value))),
            Node::Other | Node::Call(..) if rest.is_empty() => {}
            _ => return Err(DAMAGED.into()),
        }
        Ok(())
    }

    /// Notes a call. Dictionaries are made at once, because what follows fills them.
    fn call(&mut self) -> Result<(), String> {
        let (arguments, name) = (self.pop()?, self.pop()?);
        let Node::Known(name) = self.nodes[name as usize] else { return Err(DAMAGED.into()) };
        let made = match name {
            "collections OrderedDict" | "builtins dict" => Node::Dict(self.pairs(arguments)?),
            "collections defaultdict" => Node::Dict(vec![]),
            "builtins set" | "__builtin__ set" | "torch Size" => match &self.nodes[arguments as usize] {
                // The list they are made from does as well.
                Node::List(items) => return self.push_id(items.first().copied().unwrap_or(arguments)),
                _ => Node::Other,
            },
            "argparse Namespace" | "torch device" | "builtins int" | "builtins float" => Node::Other,
            name => Node::Call(name, arguments),
        };
        if let Node::Dict(pairs) = &made {
            self.copied += pairs.len();
        }
        self.push(made)
    }

    /// The pairs a dictionary is made from: none, or a list of lists of two.
    fn pairs(&self, arguments: Id) -> Result<Vec<(Id, Id)>, String> {
        let list = |id: Id| match &self.nodes[id as usize] {
            Node::List(items) => Ok(items.as_slice()),
            _ => Err(DAMAGED.to_string()),
        };
        let Some(items) = list(arguments)?.first() else { return Ok(vec![]) };
        let pair = |id: &Id| match list(*id)? {
            [key, value] => Ok((*key, *value)),
            _ => Err(DAMAGED.to_string()),
        };
        list(*items)?.iter().map(pair).collect()
    }

    fn remember(&mut self, place: u64) -> Result<(), String> {
        let top = self.top()?;
        self.memo.insert(place as u32, top);
        Ok(())
    }

    fn recall(&mut self, place: u64) -> Result<(), String> {
        let id = self.memo.get(&(place as u32)).copied().ok_or(DAMAGED)?;
        self.push_id(id)
    }

    fn tuple(&mut self, length: usize) -> Result<(), String> {
        let mut items = (0..length).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        items.reverse();
        self.push(Node::List(items))
    }

    fn run(&mut self) -> Result<Id, String> {
        for _ in 0..MAX_STEPS {
            let [code] = self.take()?;
            match code {
                b'.' => return self.pop(),
                // Protocol and frame say nothing that is needed.
                0x80 => drop(self.u8()?),
                0x95 => drop(self.u64()?),
                b'(' if self.marks.len() < MAX_VALUES => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),
                b'1' => drop(self.pop_to_mark()?),
                b'2' => self.top().and_then(|top| self.push_id(top))?,
                b'N' => self.push(Node::Other)?,
                0x88 => self.push(Node::Int(1))?,
                0x89 => self.push(Node::Int(0))?,
                b'K' => self.u8().and_then(|n| self.push(Node::Int(n.into())))?,
                b'M' => self.take().and_then(|bytes| self.push(Node::Int(u16::from_le_bytes(bytes).into())))?,
                b'J' => self.take().and_then(|bytes| self.push(Node::Int(i32::from_le_bytes(bytes).into())))?,
                0x8a => self.u8().and_then(|length| self.long(length))?,
                0x8b => self.u32().and_then(|length| self.long(length))?,
                b'G' => self.take::<8>().and_then(|_| self.push(Node::Other))?,
                b'X' => self.u32().and_then(|length| self.bytes(length)).and_then(|bytes| self.text(bytes))?,
                0x8c => self.u8().and_then(|length| self.bytes(length)).and_then(|bytes| self.text(bytes))?,
                0x8d => self.u64().and_then(|length| self.bytes(length)).and_then(|bytes| self.text(bytes))?,
                // Texts of Python 2: names are plain in them.
                b'T' => self.u32().and_then(|length| self.bytes(length)).and_then(|bytes| self.text(bytes))?,
                b'U' => self.u8().and_then(|length| self.bytes(length)).and_then(|bytes| self.text(bytes))?,
                b'B' => self.u32().and_then(|length| self.bytes(length)).and_then(|_| self.push(Node::Other))?,
                b'C' => self.u8().and_then(|length| self.bytes(length)).and_then(|_| self.push(Node::Other))?,
                0x8e | 0x96 => self.u64().and_then(|length| self.bytes(length)).and_then(|_| self.push(Node::Other))?,
                b']' | b')' | 0x8f => self.push(Node::List(vec![]))?,
                b'a' => self.pop().and_then(|item| self.append([item]))?,
                b'e' | 0x90 => self.pop_to_mark().and_then(|items| self.append(items))?,
                b'l' | b't' | 0x91 => self.pop_to_mark().and_then(|items| self.push(Node::List(items)))?,
                0x85..=0x87 => self.tuple(usize::from(code - 0x84))?,
                b'}' => self.push(Node::Dict(vec![]))?,
                b'd' => {
                    let items = self.pop_to_mark()?;
                    self.push(Node::Dict(vec![]))?;
                    self.set(&items)?;
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.set(&[key, value])?;
                }
                b'u' => self.pop_to_mark().and_then(|items| self.set(&items))?,
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.known(module, name)?;
                }
                0x93 => {
                    let [name, module] = [self.pop()?, self.pop()?].map(|id| match &self.nodes[id as usize] {
                        Node::Text(text) => Ok(text.clone()),
                        _ => Err(DAMAGED.to_string()),
                    });
                    self.known(&module?, &name?)?;
                }
                // A call of a function, or of a class with its arguments.
                b'R' | 0x81 => self.call()?,
                // Attributes beside the values: a state dictionary's versions, settings.
                b'b' => drop(self.pop()?),
                b'Q' => self.pop().and_then(|name| self.push(Node::Elsewhere(name)))?,
                b'q' => self.u8().and_then(|place| self.remember(place))?,
                b'r' => self.u32().and_then(|place| self.remember(place))?,
                0x94 => self.remember(self.memo.len() as u64)?,
                b'h' => self.u8().and_then(|place| self.recall(place))?,
                b'j' => self.u32().and_then(|place| self.recall(place))?,
                other => return Err(format!("a pickle with instruction {other:#04x}, which no archive of tensors needs")),
            }
        }
        Err(TOO_MUCH.into())
    }
}
