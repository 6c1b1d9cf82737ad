//! A tensor as it lies in a file.

use std::sync::Arc;

use half::{bf16, f16};

use crate::array::Array;

/// How a tensor's numbers are stored, lowest byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Double precision.
    F64,
    /// Single precision.
    F32,
    /// Half precision.
    F16,
    /// Brain floats: the upper half of single precision.
    BF16,
    /// Whole numbers of 64 bits.
    I64,
    /// Of 32 bits.
    I32,
    /// Of 16 bits.
    I16,
    /// Of 8 bits.
    I8,
    /// Of 8 bits without a sign.
    U8,
    /// 0 or 1, a byte each.
    Bool,
}

impl Number {
    /// Bytes of a number.
    pub fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::BF16 | Self::I16 => 2,
            Self::I8 | Self::U8 | Self::Bool => 1,
        }
    }
}

/// The most axes a tensor may have.
const MAX_AXES: usize = 8;

/// A tensor in a file: nothing is decoded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTensor<'a> {
    number: Number,
    shape: Vec<usize>,
    /// How many numbers further the next one along each axis is.
    strides: Vec<usize>,
    /// The file's bytes from the tensor's first number on.
    bytes: &'a [u8],
}

impl<'a> StoredTensor<'a> {
    /// A tensor that lies row by row and fills the bytes.
    pub fn rows(number: Number, shape: Vec<usize>, bytes: &'a [u8]) -> Result<Self, String> {
        let mut strides = vec![1_usize; shape.len()];
        for axis in (1..shape.len()).rev() {
            strides[axis - 1] = strides[axis].saturating_mul(shape[axis]);
        }
        Self::new(number, shape, strides, 0, bytes)
    }

    /// A tensor somewhere in a storage. Every number must lie inside it, and none may be used for more than one place.
    pub fn new(number: Number, shape: Vec<usize>, strides: Vec<usize>, offset: usize, storage: &'a [u8]) -> Result<Self, String> {
        let wrong = || format!("a tensor of shape {:?} does not fit its storage", &shape[..shape.len().min(MAX_AXES)]);
        if shape.len() > MAX_AXES || strides.len() != shape.len() {
            return Err(wrong());
        }
        let there = storage.len() / number.size();
        let count = shape.iter().try_fold(1_usize, |count, n| count.checked_mul(*n)).filter(|count| *count <= there);
        let last = shape.iter().zip(&strides).try_fold(offset, |at, (n, step)| at.checked_add(n.saturating_sub(1).checked_mul(*step)?));
        match (count, last) {
            (Some(0), _) => Ok(Self { number, shape, strides, bytes: &[] }),
            (Some(_), Some(last)) if last < there => Ok(Self { number, bytes: &storage[offset * number.size()..], shape, strides }),
            _ => Err(wrong()),
        }
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// One of several equal parts along the first axis.
    pub fn part(&self, index: usize, of: usize) -> Option<Self> {
        let rows = self.shape.first().filter(|rows| **rows > 0 && rows.is_multiple_of(of) && index < of)? / of;
        let bytes = &self.bytes[(index * rows * self.strides[0] * self.number.size()).min(self.bytes.len())..];
        let shape = [&[rows], &self.shape[1..]].concat();
        Some(Self { number: self.number, shape, strides: self.strides.clone(), bytes })
    }

    /// The numbers in single precision, row by row.
    pub fn array(&self) -> Array {
        let values = match self.number {
            Number::F64 => self.decode(|b| f64::from_le_bytes(b) as f32),
            Number::F32 => self.decode(f32::from_le_bytes),
            Number::F16 => self.decode(|b| f16::from_le_bytes(b).to_f32()),
            Number::BF16 => self.decode(|b| bf16::from_le_bytes(b).to_f32()),
            Number::I64 => self.decode(|b| i64::from_le_bytes(b) as f32),
            Number::I32 => self.decode(|b| i32::from_le_bytes(b) as f32),
            Number::I16 => self.decode(|b| f32::from(i16::from_le_bytes(b))),
            Number::I8 => self.decode(|b| f32::from(i8::from_le_bytes(b))),
            Number::U8 | Number::Bool => self.decode(|[b]| f32::from(b)),
        };
        Array { shape: self.shape.clone(), values }
    }

    fn decode<const N: usize>(&self, number: impl Fn([u8; N]) -> f32) -> Arc<[f32]> {
        let numbers = self.bytes.as_chunks::<N>().0;
        let count: usize = self.shape.iter().product();
        let mut next = 1;
        let in_rows = self.shape.iter().zip(&self.strides).rev().all(|(n, step)| {
            let fits = *n == 1 || *step == next;
            next *= n;
            fits
        });
        if in_rows {
            // Straight into the shared slice: a large tensor is never there twice.
            return numbers[..count].iter().map(|bytes| number(*bytes)).collect();
        }
        let place = |mut index: usize| {
            let mut at = 0;
            for (n, step) in self.shape.iter().zip(&self.strides).rev() {
                at += index % n * step;
                index /= n;
            }
            at
        };
        (0..count).map(|index| number(numbers[place(index)])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(values: impl IntoIterator<Item = u8>) -> Vec<u8> {
        values.into_iter().collect()
    }

    #[test]
    fn a_turned_tensor_is_read_row_by_row() {
        let data = bytes(0..7);
        // A 3 x 2 view of columns: value at (i, j) lies at 1 + i + 3 j.
        let stored = StoredTensor::new(Number::U8, vec![3, 2], vec![1, 3], 1, &data).unwrap();
        assert_eq!(stored.array().values.to_vec(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(stored.part(2, 3).unwrap().array().values.to_vec(), [3.0, 6.0]);
        assert!(stored.part(0, 2).is_none());
    }

    #[test]
    fn a_tensor_never_reaches_out_of_its_storage() {
        let data = bytes(0..8);
        let new = |shape: &[usize], strides: &[usize], offset| StoredTensor::new(Number::I16, shape.into(), strides.into(), offset, &data);
        assert!(new(&[4], &[1], 0).is_ok());
        assert!(new(&[4], &[1], 1).is_err());
        assert!(new(&[2], &[4], 0).is_err());
        assert!(new(&[1000], &[0], 0).is_err(), "one number for many places");
        assert!(new(&[usize::MAX, 2], &[1, 1], 0).is_err());
        assert!(new(&[2], &[usize::MAX], 3).is_err());
        assert!(new(&[1; 9], &[1; 9], 0).is_err());
        assert_eq!(new(&[0, 5], &[5, 1], 99).unwrap().array().values.len(), 0);
    }
}
