//! The papers of an incident: where its form stands, the documents that were issued, the files that were added.

use domain::actor::Section;
use domain::pack::Pack;
use domain::permission::Action;
use domain::time::{Instant, Zone};

use super::super::form::personnel_marker;
use super::Sight;
use crate::{
    screens::staff::{
        home::actor,
        report::{File, file, size},
    },
    times::{self, Stamp},
};

/// The state of the form in one line.
#[derive(Debug, Clone, Default)]
pub struct FormLine {
    /// Its name.
    pub title: String,
    /// “9 of 14 boxes filled”
    pub filled: String,
    /// Boxes filled in percent.
    pub percent: u32,
    /// Who has signed.
    pub signed: Vec<String>,
    /// Where the personnel part stands; empty where the form has none.
    pub personnel: String,
}

/// An issued document.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    /// What it is.
    pub kind: &'static str,
    /// The file.
    pub file: File,
    /// Version of the incident it shows.
    pub version: u32,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
}

/// A file that was added.
#[derive(Debug, Clone)]
pub struct FileLine {
    /// The file.
    pub file: File,
    /// By whom.
    pub by: String,
    /// When.
    pub at: Stamp,
}

impl Sight<'_> {
    /// Where the form stands; nothing when the policy has none.
    pub(super) fn form(&self, pack: &Pack) -> Option<FormLine> {
        use domain::form::Party;
        use domain::pack::{BoxKind, FormPart};
        let form = pack.forms.first()?;
        let filled = &self.case.incident.form;
        // What the report alone knows is counted on the form's own page; here its reading would cost two statements.
        let links = app::form::linked(&self.case.incident, None, "–", pack);
        let wanted = || form.boxes.iter().filter(|b| b.part != FormPart::Hr && b.kind != BoxKind::Instruction);
        let done = wanted()
            .filter(|b| match form.signs(&b.id) {
                Some(party) => filled.signed_by(party).is_some() || filled.boxes.contains_key(&b.id),
                None => {
                    filled.boxes.contains_key(&b.id)
                        || filled.not_applicable.contains_key(&b.id)
                        || links.contains_key(&b.id)
                }
            })
            .count();
        let signed = Party::ALL.iter().filter(|p| **p != Party::HumanResources).filter_map(|p| {
            let (signature, at) = filled.signed_by(*p)?;
            let at = times::short(*at, self.staff.now(), &self.staff.zone(self.app)).words;
            Some(format!("{}, {}, {at}", signature.name, signature.capacity))
        });
        let all = wanted().count();
        Some(FormLine {
            title: form.title.en.clone(),
            filled: format!("{done} of {all} boxes filled"),
            percent: u32::try_from(done * 100 / all.max(1)).unwrap_or(0),
            signed: signed.collect(),
            personnel: personnel_marker(self.app, self.staff, &self.case.incident, form),
        })
    }

    /// Issued documents, the newest first.
    pub(super) fn documents(&self, exports: bool, now: Instant, zone: &Zone) -> Vec<DocumentRow> {
        use domain::incident::DocumentKind;
        let reference = &self.case.row.reference;
        // The paper names whoever reported and lists the evidence.
        let reads = |section| self.case.allow(self.staff, Action::Read, section).is_ok();
        let exports = exports && reads(Section::Reporter) && reads(Section::Evidence);
        let officers = self.case.incident.documents.iter().filter(|d| d.what.kind != DocumentKind::PersonnelCopy);
        let row = |d: &domain::incident::Recorded<domain::incident::Document>| DocumentRow {
            kind: match d.what.kind {
                DocumentKind::SecurityIncidentReport => "Report of Security Incident",
                DocumentKind::PersonnelCopy => "Copy for human resources",
                DocumentKind::Brief => "Brief",
            },
            file: file(&d.what.file, exports.then_some(reference)),
            version: d.what.of_version,
            by: actor(self.app, d.by),
            at: times::short(d.at, now, zone),
        };
        officers.rev().map(row).collect()
    }

    /// Files, the newest first; nothing for those who may not see evidence.
    pub(super) fn files(&self, now: Instant, zone: &Zone) -> Option<Vec<FileLine>> {
        self.case.allow(self.staff, Action::Read, Section::Evidence).ok()?;
        let copies = self.case.allow(self.staff, Action::Export, Section::Evidence).is_ok();
        let of = copies.then_some(&self.case.row.reference);
        let line = |f: &domain::incident::Recorded<domain::report::FileAdded>| FileLine {
            file: file(&f.what, of),
            by: actor(self.app, f.by),
            at: times::short(f.at, now, zone),
        };
        Some(self.case.incident.files.iter().rev().map(line).collect())
    }

    /// “Up to 20 at a time, 500 MB each.”
    pub(super) fn file_limits(&self) -> String {
        let chosen = self.app.settings();
        format!("Up to {} at a time, {} each.", chosen.files_per_report, size(chosen.file_limit))
    }
}
