//! Shape bias: of pictures with the shape of one category and the texture of another, how often the shape decides (Geirhos et al., 2019).

use serde::{Deserialize, Serialize};

use super::categories::Category;
use super::observers::Answer;
use crate::statistics::wilson::wilson;

/// How often shape and texture decided.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ShapeBias {
    /// Pictures on which shape and texture are in conflict.
    pub images: usize,
    /// Answers that name the shape.
    pub shape: usize,
    /// Answers that name the texture.
    pub texture: usize,
    /// `shape / (shape + texture)`; answers that name neither do not count.
    pub value: f64,
    /// Wilson's interval of it at 95 %.
    pub interval: [f64; 2],
}

/// The category of the texture in a picture's name: `cat7-elephant1.png` shows a cat's shape with an elephant's texture. None for other names.
pub fn texture(image: &str) -> Option<Category> {
    let name = image.rsplit('_').next()?;
    let stem = name.split('.').next()?;
    let (_, texture) = stem.rsplit_once('-')?;
    Category::find(texture.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// The shape bias of answers to pictures, by their names. None if no answer names a shape or a texture that are in conflict.
pub fn shape_bias<'a>(answers: impl IntoIterator<Item = (&'a str, Answer)>) -> Option<ShapeBias> {
    let (mut images, mut shape, mut with_texture) = (0, 0, 0);
    for (image, answer) in answers {
        let Some(texture) = texture(image).filter(|texture| *texture != answer.category) else { continue };
        images += 1;
        shape += usize::from(answer.is_right());
        with_texture += usize::from(answer.response == Some(texture));
    }
    let decided = shape + with_texture;
    (decided > 0).then(|| ShapeBias {
        images,
        shape,
        texture: with_texture,
        value: shape as f64 / decided as f64,
        interval: wilson(shape, decided),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_conflicts_count_and_only_answers_that_name_either() {
        assert_eq!(texture("0001_cue_s01_0_cat_00_cat7-elephant1.png"), Some(Category::Elephant));
        assert_eq!(texture("airplane1-bicycle2.png"), Some(Category::Bicycle));
        assert_eq!(texture("cat7.png"), None);
        assert_eq!(texture("n02951358_5952.JPEG"), None);
        let cat = |response| Answer { category: Category::Cat, response };
        let found = shape_bias([
            ("cat7-elephant1.png", cat(Some(Category::Cat))),
            ("cat7-elephant2.png", cat(Some(Category::Elephant))),
            ("cat7-elephant3.png", cat(Some(Category::Cat))),
            ("cat7-elephant4.png", cat(Some(Category::Oven))),
            ("cat7-elephant5.png", cat(None)),
            ("cat7-cat1.png", cat(Some(Category::Cat))),
            ("cat7.png", cat(Some(Category::Cat))),
        ])
        .unwrap();
        assert_eq!((found.images, found.shape, found.texture), (5, 2, 1));
        assert!((found.value - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(shape_bias([("cat7-cat1.png", cat(None))]), None);
    }
}
