//! A case as `tocsin export case` writes it without an option.

use crate::site::Site;
use app::export_case::{Exported, Origin, Wanted, export_case};
use domain::actor::Section;
use std::fs::File;
use std::io::Read;

/// An exported case.
pub struct Archive(zip::ZipArchive<File>);

impl Archive {
    /// A member's bytes.
    pub fn bytes(&mut self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// A member's text.
    pub fn text(&mut self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }
}

/// Exports a case once its entries are in the log.
pub async fn exported(site: &Site, reference: &str) -> Archive {
    let keyring = site.app.keyring();
    let settings = site.app.settings();
    let packs = site.app.packs();
    let origin =
        Origin { store: site.app.store(), keyring: &keyring, files: &settings.files, log: &settings.log_origin, packs };
    let sections = [Section::Report, Section::Reporter, Section::Officer, Section::Evidence];
    std::fs::create_dir_all(&settings.files).unwrap();
    let out = settings.files.join("case.zip");
    for _ in 0..600 {
        site.app.seal_log().await.unwrap();
        let wanted = Wanted { reference, sections: &sections, now: site.app.now() };
        if let Exported::Done { .. } = export_case(&origin, &wanted, &out).await.unwrap() {
            return Archive(zip::ZipArchive::new(File::open(&out).unwrap()).unwrap());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the log was not sealed in 30 seconds")
}
