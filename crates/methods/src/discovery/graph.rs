//! The graph of tokens that TokenCut and MaskCut cut: an edge of weight 1 between tokens that are alike, a weak one between all others.

use super::affinity::Affinity;
use super::lanczos::{self, Eigenvector};

/// Edges: 1 where the cosine is above a threshold, `weak` elsewhere, loops included.
pub(crate) struct Graph {
    tokens: usize,
    weak: f64,
    /// Each token's list: those it is joined to, or those it is not, whichever are fewer.
    lists: Vec<(bool, Vec<u32>)>,
    /// Sums of edges.
    pub degrees: Vec<f64>,
}

/// The best cut.
pub(crate) struct Cut {
    /// The second smallest generalised eigenvector of (D - A) y = lambda D y, with y^T D y = 1; its sign is arbitrary.
    pub vector: Vec<f64>,
    /// What should be known of it; empty if nothing.
    pub note: String,
}

impl Graph {
    /// The graph of some cosines.
    pub(crate) fn of(cosines: &Affinity, threshold: f64, weak: f64) -> Self {
        let tokens = cosines.tokens();
        let threshold = threshold as f32;
        let list = |token: usize| {
            let row = cosines.row(token);
            let joined = row.iter().filter(|c| **c > threshold).count();
            let lists_joined = 2 * joined <= tokens;
            let listed = row.iter().enumerate().filter(|(_, c)| (**c > threshold) == lists_joined).map(|(j, _)| j as u32);
            (lists_joined, listed.collect::<Vec<_>>())
        };
        let lists: Vec<_> = (0..tokens).map(list).collect();
        let mut graph = Self { tokens, weak, lists, degrees: Vec::new() };
        graph.degrees = graph.times(&vec![1.0; tokens]);
        graph
    }

    /// The product of the edges' matrix with a vector.
    fn times(&self, x: &[f64]) -> Vec<f64> {
        let all: f64 = x.iter().sum();
        let strong = 1.0 - self.weak;
        let value = |(joined, list): &(bool, Vec<u32>)| {
            let sum: f64 = list.iter().map(|j| x[*j as usize]).sum();
            if *joined { self.weak * all + strong * sum } else { all - strong * sum }
        };
        self.lists.iter().map(value).collect()
    }

    /// How many pieces are left without the weak edges.
    pub(crate) fn pieces(&self) -> usize {
        let (mut pieces, mut seen) = (0, vec![false; self.tokens]);
        for start in 0..self.tokens {
            if seen[start] {
                continue;
            }
            pieces += 1;
            seen[start] = true;
            let mut open = vec![start];
            while let Some(at) = open.pop() {
                let (joined, list) = &self.lists[at];
                let mut listed = vec![!joined; self.tokens];
                list.iter().for_each(|j| listed[*j as usize] = *joined);
                for next in (0..self.tokens).filter(|next| listed[*next]) {
                    if !seen[next] {
                        seen[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        pieces
    }

    /// Cuts it: the second largest eigenvector of D^-1/2 A D^-1/2, whose largest is known, turned into the generalised one.
    pub(crate) fn cut(&self) -> Cut {
        let root: Vec<f64> = self.degrees.iter().map(|degree| degree.sqrt()).collect();
        let product = |x: &[f64]| {
            let scaled: Vec<f64> = x.iter().zip(&root).map(|(x, root)| x / root).collect();
            self.times(&scaled).into_iter().zip(&root).map(|(y, root)| y / root).collect()
        };
        let Eigenvector { vector, residual, settled, .. } = lanczos::largest(&root, product);
        let pieces = self.pieces();
        let note = match () {
            _ if !settled => format!("the eigenvector did not settle (residual {residual:.0e}): the cut may not be the best one"),
            _ if pieces > 2 => {
                format!("without weak edges the tokens fall into {pieces} pieces, so the weak edges decide where the cut goes")
            }
            _ => String::new(),
        };
        Cut { vector: vector.into_iter().zip(&root).map(|(z, root)| z / root).collect(), note }
    }
}
