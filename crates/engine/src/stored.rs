//! Assets where they are stored: in a folder natively, under the page's own address in the browser.

use sweetspot_core::assets::{Assets, Local};
use sweetspot_core::error::{Error, Result};

/// Assets in a folder.
#[cfg(not(target_arch = "wasm32"))]
pub struct Folder(pub std::path::PathBuf);

#[cfg(not(target_arch = "wasm32"))]
impl Assets for Folder {
    fn read<'a>(&'a self, path: &'a str, _: &'a dyn Fn(u64, u64)) -> Local<'a, Result<Vec<u8>>> {
        let path = self.0.join(path);
        Box::pin(async move { std::fs::read(&path).map_err(|e| Error::Io { path: path.display().to_string(), reason: e.to_string() }) })
    }
}

/// Reads a whole file.
#[cfg(not(target_arch = "wasm32"))]
pub async fn fetch(path: &str, progress: &dyn Fn(u64, u64)) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).map_err(|e| Error::Io { path: path.into(), reason: e.to_string() })?;
    progress(bytes.len() as u64, bytes.len() as u64);
    Ok(bytes)
}

/// Opens a file, of which pieces are read when they are asked for.
#[cfg(not(target_arch = "wasm32"))]
pub async fn open(name: &str, path: &str) -> Result<impl std::io::Read + std::io::Seek + 'static> {
    let file = std::fs::File::open(path).map_err(|e| Error::Io { path: name.into(), reason: e.to_string() })?;
    Ok(std::io::BufReader::new(file))
}

/// Opens the file of an object URL, of which pieces are read when they are asked for.
#[cfg(target_arch = "wasm32")]
pub async fn open(name: &str, address: &str) -> Result<impl std::io::Read + std::io::Seek + 'static> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    let failed = |reason: String| Error::Io { path: name.into(), reason };
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let blob = async {
        let response: web_sys::Response = JsFuture::from(scope.fetch_with_str(address)).await?.unchecked_into();
        JsFuture::from(response.blob()?).await?.dyn_into::<web_sys::Blob>()
    };
    let blob = blob.await.map_err(|_| failed("the browser cannot read it".into()))?;
    crate::file::open(blob).map_err(|e| failed(e.to_string()))
}

/// Assets under an address.
#[cfg(target_arch = "wasm32")]
pub struct Address(pub String);

#[cfg(target_arch = "wasm32")]
impl Assets for Address {
    fn read<'a>(&'a self, path: &'a str, progress: &'a dyn Fn(u64, u64)) -> Local<'a, Result<Vec<u8>>> {
        let address = format!("{}{path}", self.0);
        Box::pin(async move { fetch(&address, progress).await })
    }
}

#[cfg(target_arch = "wasm32")]
const TOO_LARGE: &str = "the file has more than 512 MiB, the most that is read here";

/// Fetches an address piece by piece.
#[cfg(target_arch = "wasm32")]
pub async fn fetch(address: &str, progress: &dyn Fn(u64, u64)) -> Result<Vec<u8>> {
    use js_sys::{Reflect, Uint8Array};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    let failed =
        |reason: String| Error::Missing { what: address.to_string(), reason: format!("{reason}; check the connection and try again") };
    let said = |e: JsValue| failed(e.dyn_ref::<js_sys::Error>().map_or("the fetch failed".into(), |e| String::from(e.message())));
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let response: web_sys::Response = JsFuture::from(scope.fetch_with_str(address)).await.map_err(said)?.unchecked_into();
    if !response.ok() {
        return Err(failed(format!("the server answered {}", response.status())));
    }
    let header = |name: &str| response.headers().get(name).ok().flatten();
    // With compression on the way the length is that of the compressed bytes: no use.
    let total = if header("content-encoding").is_some() { None } else { header("content-length").and_then(|l| l.parse().ok()) };
    if total.is_some_and(|total: u64| total > sweetspot_nn::weights::MAX_FILE as u64) {
        return Err(Error::Io { path: address.into(), reason: TOO_LARGE.into() });
    }
    let body = response.body().ok_or_else(|| failed("the answer has no body".into()))?;
    let reader: web_sys::ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(total.unwrap_or(0).min(sweetspot_nn::weights::MAX_FILE as u64) as usize);
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(said)?;
        if Reflect::get(&piece, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            break;
        }
        let piece: Uint8Array = Reflect::get(&piece, &"value".into()).map_err(said)?.unchecked_into();
        if bytes.len() + piece.length() as usize > sweetspot_nn::weights::MAX_FILE {
            return Err(Error::Io { path: address.into(), reason: TOO_LARGE.into() });
        }
        bytes.extend_from_slice(&piece.to_vec());
        progress(bytes.len() as u64, total.unwrap_or(0));
    }
    match total {
        Some(total) if total != bytes.len() as u64 => Err(failed(format!("only {} of {total} bytes arrived", bytes.len()))),
        _ => Ok(bytes),
    }
}
