//! Taking a file out of the product: decided by what the file is, and written down before the first byte leaves.

use crate::files::FileReader;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::FileId;
use domain::incident::DocumentKind;
use domain::permission::{Action, Allowed, Object, Reading, Viewer, decide};

/// A file on its way out.
pub struct Copy {
    /// Its bytes.
    pub reader: FileReader,
    /// Whether the product made it; everything else is evidence and may be anything.
    pub issued: bool,
}

impl App {
    /// A file of a report or an incident for somebody who may take it. Evidence, an issued form and the personnel copy
    /// each have their own readers; what is not theirs is not there.
    pub async fn take_copy(&self, viewer: &Viewer, reference: &str, file: FileId) -> Result<Copy, Trouble> {
        let (may, issued) = if reference.starts_with("R-") {
            let section = Section::Evidence;
            (self.allow_on_report(viewer, reference, Action::Export, section).await?.0, false)
        } else {
            self.allow_on_file(viewer, reference, file).await?
        };
        let stream = may.stream().ok_or(Trouble::NotFound)?;
        let reader = self.read_file(&Reading::by_the_product(stream, may.tenant()), file).await?;
        self.note_copy(&may, &reader.name).await?;
        Ok(Copy { reader, issued })
    }

    async fn allow_on_file(&self, viewer: &Viewer, reference: &str, file: FileId) -> Result<(Allowed, bool), Trouble> {
        let found = self.store().incident_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let object =
            Object::Case { stream: row.id.into(), tenant: row.tenant, unit: row.unit, excluded, invited: false };
        let incident = self.whole_incident(&row).await?.state;
        let document = incident.documents.iter().find(|d| d.what.file.id == file).map(|d| d.what.kind);
        let section = match document {
            Some(DocumentKind::PersonnelCopy) => Section::Personnel,
            Some(DocumentKind::SecurityIncidentReport | DocumentKind::Brief) => {
                // The paper names whoever reported and lists the evidence.
                for part in [Section::Reporter, Section::Evidence] {
                    decide(viewer, Action::Read, object.clone(), part)?;
                }
                Section::Officer
            }
            None => Section::Evidence,
        };
        Ok((decide(viewer, Action::Export, object, section)?, document.is_some()))
    }
}
