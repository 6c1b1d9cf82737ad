//! Arrays as `.npy` files, float32 in C order, for whoever goes on with numpy.

use npyz::WriterBuilder;

/// The file's bytes. Fails if there are not as many values as the shape says.
pub fn bytes(shape: &[usize], values: &[f32]) -> std::io::Result<Vec<u8>> {
    let shape: Vec<u64> = shape.iter().map(|side| *side as u64).collect();
    let mut bytes = Vec::new();
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd()?;
    writer.extend(values.iter().copied())?;
    writer.finish()?;
    Ok(bytes)
}
