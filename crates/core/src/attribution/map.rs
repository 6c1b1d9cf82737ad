//! An attribution map as plain values.

/// The smallest and the largest of some values; (infinity, -infinity) of none.
pub fn ends(values: &[f32]) -> (f32, f32) {
    values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), v| (least.min(*v), most.max(*v)))
}

/// A map before its channels are reduced: [channels, height, width] values, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelMap {
    /// Channels: 3 for methods that give each colour a value, else 1.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// The values.
    pub values: Vec<f32>,
    /// Whether a negative value means "against the class".
    pub signed: bool,
    /// What the values should add up to, for methods that share a score out.
    pub total: Option<f32>,
}

impl ChannelMap {
    /// One value a pixel, as the methods' authors reduce channels: the sum of signed values, the maximum of unsigned ones.
    pub fn reduced(&self) -> Vec<f32> {
        let pixels = self.height * self.width;
        let channels = |pixel: usize| (0..self.channels).map(move |c| self.values[c * pixels + pixel]);
        match self.signed {
            true => (0..pixels).map(|p| channels(p).sum()).collect(),
            false => (0..pixels).map(|p| channels(p).fold(f32::NEG_INFINITY, f32::max)).collect(),
        }
    }
}
