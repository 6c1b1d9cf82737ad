//! What a sweep is given: the picture or the pack, and the network.

use crate::backend;
use crate::backend::fastest;
use crate::open::file_name;
use std::path::Path;
use std::rc::Rc;
use sweetspot_core::error::Result;
use sweetspot_engine::model::Model;
use sweetspot_engine::own;
use sweetspot_engine::picture::Opened;
use sweetspot_engine::stored::Folder;
use sweetspot_engine::sweep::given::Answers;
use sweetspot_engine::sweep::given::Given;
use sweetspot_packs::open::Pack;
use sweetspot_protocol::Picture;
use sweetspot_train::files::read;

/// What a runner is given of a picture of the user's own and of a pack.
pub fn given(own: Option<&Picture>, pack: Option<&Path>, answers: Answers) -> Result<Given> {
    let pack = pack.map(Pack::open).transpose()?.map(Rc::new);
    Ok(Given { own: own.map(opened).transpose()?, pack, answers, batch: backend::BATCH, ..Given::default() })
}

/// The network: a shipped one, or of a weights file.
pub async fn open(assets: &Folder, weights: Option<&Path>, model: &str, wanted: Option<&str>) -> Result<Model> {
    let device = fastest();
    match weights {
        Some(path) => Ok(own::open(assets, &file_name(path), read(path)?, wanted, &device).await?.0),
        None => Model::load(assets, model, &device, &|_, _| ()).await,
    }
}

/// A picture, decoded.
pub fn opened(picture: &Picture) -> Result<Rc<Opened>> {
    Ok(Rc::new(Opened::new(picture.clone())?))
}
