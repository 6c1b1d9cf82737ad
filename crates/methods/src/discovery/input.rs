//! What a network is shown of a picture, at its own size or at the picture's, and where boxes lie in the picture.

use burn::tensor::{Device, Tensor, TensorData};
use fast_image_resize::PixelType;

use sweetspot_core::card::Recipe;
use sweetspot_core::discovery::{Box4, MOST_SIDE};
use sweetspot_core::error::Result;
use sweetspot_nn::image::{Framing, Rgb, normalise, resize, view};

/// A network's input with its place in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The values, [3, height, width] of the padded input.
    pub values: Vec<f32>,
    /// Height and width with padding, in pixels.
    pub padded: [usize; 2],
    /// Height and width without padding, in pixels.
    pub image: [usize; 2],
    /// How many pixels of the input one of the picture is, across and down.
    scale: [f32; 2],
    /// Left and upper edge of the input in the scaled picture.
    corner: [f32; 2],
    /// Width and height of the picture.
    picture: [f32; 2],
}

impl Input {
    /// The network's own input: the square cut of its recipe.
    pub fn own(picture: &Rgb, recipe: &Recipe) -> Result<Self> {
        let framing = Framing::new(recipe, picture.width, picture.height);
        let values = normalise(&view(picture, recipe)?, recipe);
        Ok(Self {
            values,
            padded: [framing.side; 2],
            image: [framing.side; 2],
            scale: [framing.width as f32 / picture.width as f32, framing.height as f32 / picture.height as f32],
            corner: [framing.left as f32, framing.top as f32],
            picture: [picture.width as f32, picture.height as f32],
        })
    }

    /// The whole picture at its own resolution, scaled down only where its long side has more than [`MOST_SIDE`] pixels; zeros (the recipe's mean
    /// colour) at the right and the bottom up to a multiple of the stride, and at least to the shortest side a network can see.
    pub fn full(picture: &Rgb, recipe: &Recipe, stride: usize, shortest: usize) -> Result<Self> {
        let (width, height) = (picture.width, picture.height);
        let long = width.max(height);
        // Rounded to the nearest pixel, at least one.
        let scaled = |side: usize| if long > MOST_SIDE { ((side * MOST_SIDE + long / 2) / long).max(1) } else { side };
        let (to_width, to_height) = (scaled(width), scaled(height));
        let bytes = match (to_width, to_height) == (width, height) {
            true => picture.bytes.clone(),
            false => resize(&picture.bytes, PixelType::U8x3, (width, height), (to_width, to_height))?,
        };
        let input = Self::padded_to(&Rgb { width: to_width, height: to_height, bytes }, recipe, stride, shortest);
        let scale = [to_width as f32 / width as f32, to_height as f32 / height as f32];
        Ok(Self { scale, picture: [width as f32, height as f32], ..input })
    }

    /// A picture as it is, padded to a multiple of the stride; 1 pads nothing.
    pub fn padded(picture: &Rgb, recipe: &Recipe, stride: usize) -> Self {
        Self::padded_to(picture, recipe, stride, 1)
    }

    fn padded_to(picture: &Rgb, recipe: &Recipe, stride: usize, shortest: usize) -> Self {
        let (width, height) = (picture.width, picture.height);
        let [rows, columns] = [height, width].map(|side| side.max(shortest).next_multiple_of(stride.max(1)));
        let plain = normalise(picture, recipe);
        let mut values = vec![0.0; 3 * rows * columns];
        for (at, row) in plain.chunks_exact(width).enumerate() {
            let (channel, y) = (at / height, at % height);
            values[(channel * rows + y) * columns..][..width].copy_from_slice(row);
        }
        Self {
            values,
            padded: [rows, columns],
            image: [height, width],
            scale: [1.0; 2],
            corner: [0.0; 2],
            picture: [width as f32, height as f32],
        }
    }

    /// The input on a device, [1, 3, height, width].
    pub fn tensor(&self, device: &Device) -> Tensor<4> {
        let [height, width] = self.padded;
        Tensor::from_data(TensorData::new(self.values.clone(), [1, 3, height, width]), device)
    }

    /// A box of the input in pixels of the picture.
    pub fn to_picture(&self, [x0, y0, x1, y1]: Box4) -> Box4 {
        let along = |v: f32, axis: usize| ((v + self.corner[axis]) / self.scale[axis]).clamp(0.0, self.picture[axis]);
        [along(x0, 0), along(y0, 1), along(x1, 0), along(y1, 1)]
    }

    /// The part of a box in pixels of the picture that the network sees; `None` if it sees nothing of it.
    pub fn visible(&self, [x0, y0, x1, y1]: Box4) -> Option<Box4> {
        let [height, width] = self.image.map(|side| side as f32);
        let [left, top, right, bottom] = self.to_picture([0.0, 0.0, width, height]);
        let seen = [x0.max(left), y0.max(top), x1.min(right), y1.min(bottom)];
        (seen[0] < seen[2] && seen[1] < seen[3]).then_some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: Recipe = Recipe { side: 224, resize: 256, mean: [10.0; 3], deviation: [2.0; 3] };

    fn grey(width: usize, height: usize) -> Rgb {
        Rgb { width, height, bytes: vec![30; 3 * width * height] }
    }

    #[test]
    fn padding_is_zero_and_the_picture_is_whole() {
        let input = Input::full(&grey(40, 17), &RECIPE, 32, 32).unwrap();
        assert_eq!((input.padded, input.image), ([32, 64], [17, 40]));
        for (at, value) in input.values.iter().enumerate() {
            let (y, x) = (at / 64 % 32, at % 64);
            assert_eq!(*value, if y < 17 && x < 40 { 10.0 } else { 0.0 }, "{y}, {x}");
        }
        assert_eq!(input.to_picture([0.0, 0.0, 40.0, 17.0]), [0.0, 0.0, 40.0, 17.0]);
    }

    #[test]
    fn large_pictures_are_scaled_down_and_boxes_up_again() {
        let input = Input::full(&grey(1280, 40), &RECIPE, 16, 16).unwrap();
        assert_eq!((input.padded, input.image), ([32, 640], [20, 640]));
        assert_eq!(input.to_picture([320.0, 10.0, 640.0, 20.0]), [640.0, 20.0, 1280.0, 40.0]);
        // Much longer than high: a row is left.
        assert_eq!(Input::full(&grey(20, 100), &RECIPE, 16, 32).unwrap().padded, [112, 32]);
        assert_eq!(Input::full(&grey(60_000, 16), &RECIPE, 16, 16).unwrap().image, [1, 640]);
    }

    #[test]
    fn the_own_input_sees_the_middle() {
        // Scaled to 512 x 256; the cut is from 144 to 368 and from 16 to 240.
        let input = Input::own(&grey(1024, 512), &RECIPE).unwrap();
        assert_eq!(input.to_picture([0.0, 0.0, 224.0, 224.0]), [288.0, 32.0, 736.0, 480.0]);
        assert_eq!(input.visible([0.0, 0.0, 300.0, 512.0]), Some([288.0, 32.0, 300.0, 480.0]));
        assert_eq!(input.visible([0.0, 0.0, 288.0, 512.0]), None);
    }
}
