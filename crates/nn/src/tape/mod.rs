//! What a pass of images did, so that the gradient of an answer can go back through it.
//!
//! A network's weights are constants here, its input is not: going back needs each layer's input gradient and nothing else, and every one of
//! them is a convolution, a product with a mask or a scatter. Written that way they run as fast as the forward pass; the general recorder of
//! the tensor library, which keeps what weights would need and turns every convolution into columns, took three to four times as long. The
//! tests compare the two.

mod operation;

use burn::tensor::Tensor;

pub use operation::{Node, Operation};

/// A value in a pass: the tensor, and its place on the tape unless it is a constant there.
#[derive(Clone)]
pub struct Value {
    /// The tensor [n, c, h, w]; features and logits have h = w = 1, tokens are [n, c, tokens, 1], attention is [n, heads, tokens, tokens].
    pub tensor: Tensor<4>,
    /// Its place on the tape.
    pub node: Option<Node>,
}

impl Value {
    /// A value that no gradient goes back to.
    pub fn constant(tensor: Tensor<4>) -> Self {
        Self { tensor, node: None }
    }
}

/// What an operation took and gave, for rules that look at more than gradients.
pub struct Kept {
    /// The inputs' values, in the order in which the operation names where they come from.
    pub inputs: Vec<Tensor<4>>,
    /// The output's values.
    pub output: Tensor<4>,
}

/// How something at an operation's output is handed back to its inputs. Gradients are one way; attribution methods know others.
pub trait Rule {
    /// The parts of the inputs, from the output's.
    fn back(&self, operation: &Operation<'_>, kept: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)>;
}

/// The chain rule.
pub struct Gradient;

impl Rule for Gradient {
    fn back(&self, operation: &Operation<'_>, _: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        operation.back(part)
    }
}

/// Every operation of a pass that a gradient can go back through, in order.
#[derive(Default)]
pub(crate) struct Tape<'a> {
    operations: Vec<Operation<'a>>,
    /// Whether what each operation took and gave is kept.
    pub(crate) keeps: bool,
    kept: Vec<Option<Kept>>,
    /// Whether gradients by the parameters are wanted.
    pub(crate) learns: bool,
}

impl<'a> Tape<'a> {
    /// An empty tape that keeps what each operation takes and gives.
    pub(crate) fn keeping() -> Self {
        Self { keeps: true, ..Self::default() }
    }

    /// An empty tape that gradients by the parameters can go back through.
    pub(crate) fn learning() -> Self {
        Self { learns: true, ..Self::default() }
    }

    /// The operations, in order; an operation's output has its place as its name.
    pub(crate) fn operations(&self) -> &[Operation<'a>] {
        &self.operations
    }

    /// Puts an operation on the tape and names its output.
    pub(crate) fn push(&mut self, operation: Operation<'a>) -> Node {
        self.operations.push(operation);
        self.kept.push(None);
        self.operations.len() - 1
    }

    /// Keeps what the last operation took and gave.
    pub(crate) fn keep(&mut self, inputs: Vec<Tensor<4>>, output: Tensor<4>) {
        if let Some(kept) = self.kept.last_mut() {
            *kept = Some(Kept { inputs, output });
        }
    }

    /// What comes back to a leaf by a rule when it is `seed` at `from`: with [`Gradient`], the gradient.
    pub(crate) fn back(&self, from: Node, seed: Tensor<4>, leaf: Node, rule: &dyn Rule) -> Option<Tensor<4>> {
        self.back_to(from, seed, &[leaf], rule).pop().flatten()
    }

    /// The same for several values on the way, in the order asked for.
    pub(crate) fn back_to(&self, from: Node, seed: Tensor<4>, wanted: &[Node], rule: &dyn Rule) -> Vec<Option<Tensor<4>>> {
        let mut found = vec![None; wanted.len()];
        let first = wanted.iter().copied().min().unwrap_or(from);
        let mut gradients: Vec<Option<Tensor<4>>> = vec![None; self.operations.len()];
        gradients[from] = Some(seed);
        for at in (first..=from).rev() {
            let Some(gradient) = gradients[at].take() else { continue };
            if let Some(place) = wanted.iter().position(|node| *node == at) {
                found[place] = Some(gradient.clone());
            }
            if at == first {
                break;
            }
            for (node, part) in rule.back(&self.operations[at], self.kept[at].as_ref(), gradient) {
                gradients[node] = Some(match gradients[node].take() {
                    Some(other) => other + part,
                    None => part,
                });
            }
        }
        found
    }

    /// Gradients by the parameters when it is `seed` at `from`, by name. None is computed for the images.
    pub(crate) fn back_to_parameters(&self, from: Node, seed: Tensor<4>) -> Vec<(String, Tensor<4>)> {
        let mut found = Vec::new();
        let mut gradients: Vec<Option<Tensor<4>>> = vec![None; self.operations.len()];
        gradients[from] = Some(seed);
        for at in (0..=from).rev() {
            let Some(gradient) = gradients[at].take() else { continue };
            let operation = &self.operations[at];
            found.extend(operation.parameter_gradients(&gradient));
            if matches!(operation, Operation::Convolve { from, .. } if matches!(self.operations[*from], Operation::Leaf)) {
                continue;
            }
            for (node, part) in operation.back(gradient) {
                gradients[node] = Some(match gradients[node].take() {
                    Some(other) => other + part,
                    None => part,
                });
            }
        }
        found
    }

    /// Every attention that was recorded, [n, heads, tokens, tokens], and its place, in the order of the blocks.
    pub(crate) fn attentions(&self) -> Vec<(Node, Tensor<4>)> {
        let attention = |(at, operation): (Node, &Operation<'a>)| match operation {
            Operation::Attend { attention, .. } => Some((at, attention.shares.clone())),
            _ => None,
        };
        self.operations.iter().enumerate().filter_map(attention).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::against_recorder::{apart_by, waves};

    #[test]
    fn a_value_used_twice_gathers_both_gradients() {
        let mut tape = Tape::default();
        let leaf = tape.push(Operation::Leaf);
        let doubled = tape.push(Operation::Add { from: vec![leaf, leaf] });
        let output = tape.push(Operation::Add { from: vec![doubled, leaf] });
        let got = tape.back(output, waves([1, 1, 2, 2], 0.3), leaf, &Gradient).unwrap();
        assert!(apart_by(got, waves([1, 1, 2, 2], 0.3) * 3.0) < 1e-6);
    }
}
