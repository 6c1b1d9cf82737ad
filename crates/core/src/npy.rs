//! Arrays as `.npy` files, float32 in C order, for whoever goes on with numpy (version 1.0 of its format).

/// What the file's head is filled up to a multiple of.
const ALIGNED: usize = 64;

/// The file's bytes. Fails if there are not as many values as the shape says.
pub fn bytes(shape: &[usize], values: &[f32]) -> std::io::Result<Vec<u8>> {
    if shape.iter().product::<usize>() != values.len() {
        let words = format!("{} values do not fill the shape {shape:?}", values.len());
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, words));
    }
    // A tuple of one has a comma, too.
    let sides: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let mut head = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", sides.trim_end());
    const BEFORE: usize = 10;
    while !(BEFORE + head.len() + 1).is_multiple_of(ALIGNED) {
        head.push(' ');
    }
    head.push('\n');
    let length = u16::try_from(head.len()).map_err(std::io::Error::other)?;
    let mut bytes = [b"\x93NUMPY\x01\x00", &length.to_le_bytes()[..], head.as_bytes()].concat();
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    Ok(bytes)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn other_readers_find_shape_and_values() {
        let values: Vec<f32> = (0..24).map(|at| at as f32 * -0.37).collect();
        for shape in [vec![24], vec![4, 6], vec![2, 3, 4], vec![1, 24, 1, 1]] {
            let bytes = bytes(&shape, &values).unwrap();
            assert_eq!((bytes.len() - 4 * values.len()) % ALIGNED, 0, "the values begin where numpy wants them");
            let file = npyz::NpyFile::new(&bytes[..]).unwrap();
            assert_eq!(file.shape(), shape.iter().map(|side| *side as u64).collect::<Vec<_>>());
            assert_eq!(file.order(), npyz::Order::C);
            assert_eq!(file.into_vec::<f32>().unwrap(), values);
        }
        assert!(bytes(&[5, 5], &values).is_err());
    }
}
