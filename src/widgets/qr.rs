//! A text as a QR code, drawn on this device.

use qrcodegen::{QrCode, QrCodeEcc};

/// The empty modules around a code (ISO 18004).
const QUIET: i32 = 4;

/// A text's code as SVG with a name for those who hear it, dark on white in any colour scheme, as readers of codes want it. `None` for a text that is too
/// long for any code (2,953 bytes).
pub fn qr(text: &str, name: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for row in 0..code.size() {
        // Runs of dark modules, so that no hairline shows between them.
        let mut column = 0;
        while column < code.size() {
            let start = column;
            while column < code.size() && code.get_module(column, row) {
                column += 1;
            }
            if column > start {
                path += &format!("M{} {}h{}v1h-{}z", start + QUIET, row + QUIET, column - start, column - start);
            }
            column += 1;
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{name}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}
