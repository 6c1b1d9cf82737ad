//! Operations of networks as plain loops in double precision, written from their formulas and not for speed.

/// Values of an array [n, channels, height, width], row by row.
#[derive(Clone)]
pub(super) struct Array {
    pub shape: [usize; 4],
    pub values: Vec<f64>,
}

impl Array {
    /// A sine wave of single-precision numbers, so that a device starts from the very same ones.
    pub(super) fn wave(shape: [usize; 4], step: f32, height: f32) -> Self {
        let values = (0..shape.iter().product::<usize>()).map(|at| f64::from(height * ((at + 1) as f32 * step).sin())).collect();
        Self { shape, values }
    }

    fn place(&self, [n, c, y, x]: [usize; 4]) -> usize {
        ((n * self.shape[1] + c) * self.shape[2] + y) * self.shape[3] + x
    }
}

/// The gradient by the input of what `forward` makes of it, when this is the gradient by the output: by central differences, whose error here is
/// some 1e-10.
pub(super) fn back(forward: impl Fn(&[f64]) -> Vec<f64>, input: &Array, gradient: &Array) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let mut values = input.values.clone();
    let mut answer = |at: usize, by: f64| {
        values[at] = input.values[at] + by;
        let answer: f64 = forward(&values).iter().zip(&gradient.values).map(|(v, g)| v * g).sum();
        values[at] = input.values[at];
        answer
    };
    (0..input.values.len()).map(|at| (answer(at, STEP) - answer(at, -STEP)) / (2.0 * STEP)).collect()
}

/// A convolution: zeros before rows and columns are `begin`.
pub(super) struct Convolution {
    pub stride: usize,
    pub groups: usize,
    pub begin: [usize; 2],
}

impl Convolution {
    /// Calls with the places of an output, of an image's value and of a weight whose product is part of it.
    fn products(&self, image: &Array, kernel: &Array, output: &Array, mut product: impl FnMut(usize, usize, usize)) {
        let [count, outputs, rows, columns] = output.shape;
        let [_, per_group, kernel_rows, kernel_columns] = kernel.shape;
        let along =
            |at: usize, kernel: usize, begin: usize, size: usize| (at * self.stride + kernel).checked_sub(begin).filter(|at| *at < size);
        for n in 0..count {
            for o in 0..outputs {
                let first = o / (outputs / self.groups) * per_group;
                for (y, x) in grid(rows, columns) {
                    for i in 0..per_group {
                        for (ky, kx) in grid(kernel_rows, kernel_columns) {
                            let seen = [along(y, ky, self.begin[0], image.shape[2]), along(x, kx, self.begin[1], image.shape[3])];
                            if let [Some(row), Some(column)] = seen {
                                let from = image.place([n, first + i, row, column]);
                                product(output.place([n, o, y, x]), from, kernel.place([o, i, ky, kx]));
                            }
                        }
                    }
                }
            }
        }
    }

    pub(super) fn forward(&self, image: &Array, kernel: &Array, bias: &Array, shape: [usize; 4]) -> Vec<f64> {
        let places = shape[2] * shape[3];
        let values = (0..shape.iter().product()).map(|at: usize| bias.values[at / places % shape[1]]).collect();
        let mut output = Array { shape, values };
        let empty = output.clone();
        self.products(image, kernel, &empty, |to, from, weight| output.values[to] += image.values[from] * kernel.values[weight]);
        output.values
    }

    pub(crate) fn by_image(&self, image: &Array, kernel: &Array, gradient: &Array) -> Vec<f64> {
        let mut found = vec![0.0; image.values.len()];
        self.products(image, kernel, gradient, |to, from, weight| found[from] += gradient.values[to] * kernel.values[weight]);
        found
    }

    pub(crate) fn by_weight(&self, image: &Array, kernel: &Array, gradient: &Array) -> Vec<f64> {
        let mut found = vec![0.0; kernel.values.len()];
        self.products(image, kernel, gradient, |to, from, weight| found[weight] += gradient.values[to] * image.values[from]);
        found
    }
}

/// A maximum over square windows of an image before which there is so much of nothing.
pub(super) struct Pool {
    pub kernel: usize,
    pub stride: usize,
    pub begin: usize,
}

impl Pool {
    /// The place of each window's maximum, the first one in reading order.
    fn places(&self, image: &Array, [n, c, rows, columns]: [usize; 4]) -> Vec<usize> {
        let along = |at: usize, size: usize| {
            (0..self.kernel).filter_map(move |k| (at * self.stride + k).checked_sub(self.begin)).filter(move |at| *at < size)
        };
        let mut places = Vec::new();
        for plane in 0..n * c {
            for (y, x) in grid(rows, columns) {
                let (mut best, mut most) = (0, f64::NEG_INFINITY);
                for row in along(y, image.shape[2]) {
                    for column in along(x, image.shape[3]) {
                        let at = image.place([plane / c, plane % c, row, column]);
                        if image.values[at] > most {
                            (best, most) = (at, image.values[at]);
                        }
                    }
                }
                places.push(best);
            }
        }
        places
    }

    pub(super) fn forward(&self, image: &Array, shape: [usize; 4]) -> Vec<f64> {
        self.places(image, shape).into_iter().map(|at| image.values[at]).collect()
    }

    pub(super) fn back(&self, image: &Array, gradient: &Array) -> Vec<f64> {
        let mut found = vec![0.0; image.values.len()];
        self.places(image, gradient.shape).into_iter().zip(&gradient.values).for_each(|(at, g)| found[at] += g);
        found
    }
}

/// `x Phi(x)` of numbers below 4 in size.
pub(crate) fn gelu(values: &[f64]) -> Vec<f64> {
    // The error function's series at 0.
    let erf = |x: f64| {
        let mut term = x;
        let mut sum = x;
        for n in 1..60 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    };
    values.iter().map(|x| x * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2)) / 2.0).collect()
}

/// Tokens [n, channels, tokens, 1] less their mean and divided by their deviation over channels, scaled and shifted.
pub(crate) fn layer_norm(values: &[f64], [n, channels, tokens, _]: [usize; 4], gain: &[f64], shift: &[f64], epsilon: f64) -> Vec<f64> {
    let mut found = vec![0.0; values.len()];
    for (image, token) in grid(n, tokens) {
        let at = |c: usize| (image * channels + c) * tokens + token;
        let mean = (0..channels).map(|c| values[at(c)]).sum::<f64>() / channels as f64;
        let variance = (0..channels).map(|c| (values[at(c)] - mean).powi(2)).sum::<f64>() / channels as f64;
        for c in 0..channels {
            found[at(c)] = (values[at(c)] - mean) / (variance + epsilon).sqrt() * gain[c] + shift[c];
        }
    }
    found
}

/// Attention [1, heads, tokens, tokens] of queries to keys [1, channels, tokens, 1]: by products divided by the root of a head's channels, or by
/// cosines times each head's scale and with something added.
pub(super) fn attention(queries: &[f64], keys: &[f64], shape: [usize; 4], heads: usize, cosines: Option<(&[f64], &[f64])>) -> Vec<f64> {
    let (tokens, each) = (shape[2], shape[1] / heads);
    let mut found = Vec::new();
    for head in 0..heads {
        let of = |values: &[f64], token: usize| -> Vec<f64> { (0..each).map(|c| values[(head * each + c) * tokens + token]).collect() };
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        for from in 0..tokens {
            let query = of(queries, from);
            let score = |to: usize| {
                let key = of(keys, to);
                match cosines {
                    None => product(&query, &key) / (each as f64).sqrt(),
                    Some((scale, added)) => {
                        let lengths = (product(&query, &query) * product(&key, &key)).sqrt();
                        product(&query, &key) / lengths * scale[head] + added[(head * tokens + from) * tokens + to]
                    }
                }
            };
            let shares: Vec<f64> = (0..tokens).map(|to| score(to).exp()).collect();
            let sum: f64 = shares.iter().sum();
            found.extend(shares.into_iter().map(|share| share / sum));
        }
    }
    found
}

/// The mean of values [1, channels, tokens, 1] that each token's attention asks for.
pub(super) fn mix(shares: &[f64], values: &[f64], shape: [usize; 4], heads: usize) -> Vec<f64> {
    let (channels, tokens) = (shape[1], shape[2]);
    let mut found = Vec::new();
    for (channel, from) in grid(channels, tokens) {
        let head = channel / (channels / heads);
        found.push((0..tokens).map(|to| shares[(head * tokens + from) * tokens + to] * values[channel * tokens + to]).sum());
    }
    found
}

/// Places of a grid in reading order.
fn grid(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
}
