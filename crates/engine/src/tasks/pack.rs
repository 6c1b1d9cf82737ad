//! Packs: opened where they lie; pictures are read when they are asked for.

use std::io::{Read, Seek};
use std::rc::Rc;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::stimuli::Stimuli;
use crate::stored;
use sweetspot_core::alignment::observers::observers;
use sweetspot_core::error::Result;
use sweetspot_nn::job::Stop;
use sweetspot_packs::open::Pack;
use sweetspot_protocol::{OpenPack, PackReport};

impl Perform for OpenPack {
    async fn perform(&self, engine: &mut Engine, _: &Stop, sink: &Sink) -> Result<()> {
        let archive = stored::open(&self.name, &self.address).await?;
        let report = engine.open_pack(&self.name, archive)?;
        tell::<Self>(sink, Box::new(report));
        Ok(())
    }
}

impl Engine {
    /// Opens a pack in an archive, in place of the one before. Pictures are read when they are asked for.
    pub fn open_pack(&mut self, name: &str, archive: impl Read + Seek + 'static) -> Result<PackReport> {
        let pack = Rc::new(Pack::of_archive(name, archive)?);
        let (trials, said) = pack.trials()?;
        let (manifest, files) = (pack.manifest(), pack.absent());
        let people = observers(&trials);
        let report = PackReport {
            sha256: manifest.sha256.clone(),
            title: manifest.head.title.clone(),
            source: manifest.head.source.clone(),
            licence: manifest.head.licence.clone(),
            data_set: manifest.head.data_set.clone(),
            images: manifest.images.iter().map(|i| (i.name.clone(), i.category, Pack::condition(i).to_string())).collect(),
            observers: people.iter().map(|observer| (observer.name.clone(), observer.all().count())).collect(),
            trials: said,
            files,
        };
        self.recognition.decided.clear();
        self.recognition.pack = Some((pack.clone(), Stimuli::pack(pack)));
        Ok(report)
    }
}
