//! The part of a picture that is seen when it is enlarged. Places are shares of the picture's side, from its left and top.

/// The largest enlargement.
pub const MOST: f64 = 8.0;

/// The part that is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// How much it is enlarged, from 1 up.
    pub zoom: f64,
    /// Its corner at the left and top.
    pub corner: [f64; 2],
}

impl Window {
    /// The whole picture.
    pub const WHOLE: Self = Self { zoom: 1.0, corner: [0.0; 2] };

    /// The place in the picture of a place in the window, in shares of the window's side.
    pub fn place(self, inside: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| (self.corner[axis] + inside[axis] / self.zoom).clamp(0.0, 1.0))
    }

    /// Where in the window a place of the picture is; outside of 0 to 1 it is not seen.
    pub fn inside(self, place: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| (place[axis] - self.corner[axis]) * self.zoom)
    }

    /// Enlarged by a factor, with a place of the picture staying where it is.
    pub fn enlarged(self, factor: f64, place: [f64; 2]) -> Self {
        let zoom = (self.zoom * factor).clamp(1.0, MOST);
        let inside = self.inside(place);
        Self { zoom, corner: [0, 1].map(|axis| place[axis] - inside[axis] / zoom) }.bounded()
    }

    /// Moved by shares of the window's side, as a hand moves what lies under it.
    pub fn moved(self, by: [f64; 2]) -> Self {
        Self { corner: [0, 1].map(|axis| self.corner[axis] - by[axis] / self.zoom), ..self }.bounded()
    }

    /// Moved as little as needed for a place to be seen.
    pub fn showing(self, place: [f64; 2]) -> Self {
        let side = 1.0 / self.zoom;
        Self { corner: [0, 1].map(|axis| self.corner[axis].clamp(place[axis] - side, place[axis])), ..self }.bounded()
    }

    fn bounded(self) -> Self {
        let last = 1.0 - 1.0 / self.zoom;
        Self { corner: self.corner.map(|corner| corner.clamp(0.0, last)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stays_under_the_pointer() {
        let place = [0.3, 0.8];
        let window = Window::WHOLE.enlarged(2.0, place).enlarged(1.5, place);
        assert!((window.zoom - 3.0).abs() < 1e-12);
        assert!(window.inside(place).iter().zip(place).all(|(inside, place)| (inside - place).abs() < 1e-12));
        assert!(window.place(window.inside(place)).iter().zip(place).all(|(back, place)| (back - place).abs() < 1e-12));
    }

    #[test]
    fn nothing_beyond_the_picture_is_seen() {
        let window = Window::WHOLE.enlarged(4.0, [0.5, 0.5]).moved([9.0, -9.0]);
        assert_eq!(window.corner, [0.0, 0.75]);
        assert_eq!(window.enlarged(0.01, [0.1, 0.1]), Window::WHOLE);
        assert_eq!(Window::WHOLE.enlarged(100.0, [0.0, 0.0]).zoom, MOST);
        assert_eq!(window.showing([1.0, 0.0]).corner, [0.75, 0.0]);
    }
}
