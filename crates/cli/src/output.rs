//! Where results go: standard output as JSON or a table, arrays as `.npy`, pictures as `.png`.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use sweetspot_train::files::{io, read, write};

use serde_json::Value;
use tabled::builder::Builder;
use tabled::settings::Style;

use sweetspot_core::error::{Error, Result};

/// What every verb is given.
pub struct Context {
    /// Whether to print JSON.
    pub json: bool,
    /// The folder of models and gallery.
    pub assets: PathBuf,
    /// Where results are printed.
    pub output: Output,
}

/// Where results are printed: standard output, or what collects them.
pub type Output = Rc<RefCell<dyn Write>>;

impl Context {
    /// Prints a result: the JSON value, or the rows under their heads.
    pub fn print(&self, value: &Value, heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<()> {
        let text = if self.json {
            value.to_string()
        } else {
            let mut table = Builder::default();
            table.push_record(heads.iter().copied());
            rows.into_iter().for_each(|row| table.push_record(row));
            table.build().with(Style::blank()).to_string()
        };
        // A reader that stops listening, such as `head`, is no failure.
        match writeln!(self.output.borrow_mut(), "{text}") {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(io("standard output", e)),
            _ => Ok(()),
        }
    }
}

/// Writes an array as `.npy`, float32, C order.
pub fn write_npy(path: &Path, shape: &[usize], values: &[f32]) -> Result<()> {
    write(path, &sweetspot_core::npy::bytes(shape, values).map_err(|e| io(path, e))?)
}

/// Reads a float array: its shape and its values row by row.
pub fn read_npy(path: &Path) -> Result<(Vec<usize>, Vec<f32>)> {
    let bytes = read(path)?;
    let unreadable =
        |e: &dyn std::fmt::Display| Error::Unreadable { what: path.display().to_string(), reason: format!("not a float .npy array ({e})") };
    let file = npyz::NpyFile::new(&bytes[..]).map_err(|e| unreadable(&e))?;
    let shape: Vec<usize> = file.shape().iter().map(|&n| n as usize).collect();
    // A header can promise more than the file holds; reading stops at its end, and nothing is reserved before.
    if shape.iter().try_fold(1usize, |all, &n| all.checked_mul(n)).is_none_or(|all| all > bytes.len()) {
        return Err(unreadable(&"its shape does not fit its length"));
    }
    if file.order() != npyz::Order::C {
        return Err(unreadable(&"its values are in Fortran order; save it in C order"));
    }
    let double = matches!(file.dtype(), npyz::DType::Plain(t) if t.size_field() == 8);
    let values = match double {
        true => file.into_vec::<f64>().map(|v| v.into_iter().map(|x| x as f32).collect()),
        false => file.into_vec::<f32>(),
    };
    Ok((shape, values.map_err(|e| unreadable(&e))?))
}

/// A share in percent with one decimal, for tables.
pub fn percent(share: f32) -> String {
    format!("{:.1} %", share * 100.0)
}
