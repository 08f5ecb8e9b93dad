//! The "Report of Security Incident": Missouri DMH's paper form, box for box, filled or blank.
//!
//! Boxes, order and printed labels are those of the form attached to DOR 8.350 in its 2004 and 2016 editions. Both
//! editions print box XII twice and have no XIII; see [`Numbering`].

use crate::engine::{Setting, Template, typeset};
use crate::{DocumentError, Language};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

/// Which edition's form is printed. The edition in force on the day of the first report governs a case for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// DOR 8.350 as effective September 1, 2004.
    Dmh2004,
    /// DOR 8.350 as amended effective June 23, 2016.
    Dmh2016,
}

/// What stands where the adopted form repeats XII and skips XIII.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbering {
    /// XII twice, no XIII: the form as adopted.
    #[default]
    AsAdopted,
    /// XII, then XIII.
    Corrected,
}

/// A part of the form that belongs to one office.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "part")]
pub enum Section<T> {
    /// Empty boxes, nothing said: nobody has filled them, or they will be filled by pen.
    #[default]
    Blank,
    /// The boxes say that the owning office keeps them, and nothing about their content.
    Withheld,
    /// The content, for readers who may see it.
    Shown(T),
}

/// A signature as it was given. All four are printed in the signature block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signed {
    /// The typed name.
    pub name: String,
    /// The role in which the person signed.
    pub role: String,
    /// The instant in words, with its zone: "Tue, Oct 13, 2026, 9:10 a.m. CDT".
    pub at: String,
    /// The digest of the content that was signed, in hex.
    pub document_hash: String,
}

/// What box I asks: which of the two kinds of act or omission the report is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Acts {
    /// (1) Unauthorized handling of information.
    pub unauthorized_handling: bool,
    /// (2) Interference with a system's operations.
    pub interference: bool,
}

/// Boxes I to X, the reporting person's part. Empty strings leave a box empty for pen.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReporterPart {
    /// I.
    pub acts: Acts,
    /// II.
    pub type_of_incident: String,
    /// III, with the zone where a time is known.
    pub date_and_time: String,
    /// IV.
    pub system_and_damage: String,
    /// V. The caller leaves it empty for readers who may not see the people involved.
    pub employees_involved: String,
    /// VI.
    pub initial_action: String,
    /// VII.
    pub remedy: String,
    /// VIII.
    pub remedy_date: String,
    /// IX.
    pub reported_to_officer: String,
    /// X; `None` prints the line to sign on.
    pub person_reporting: Option<Signed>,
    /// X, the work location as it was at signing.
    pub work_location: String,
}

/// Boxes XI to XIV, for the local security officer alone.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OfficerPart {
    /// XI.
    pub follow_up: String,
    /// The first XII, or why it does not apply.
    pub reported_to_superintendent: String,
    /// The second XII (XIII where corrected), or why it does not apply.
    pub reported_to_privacy_officer: String,
    /// XIV; `None` prints the line to sign on.
    pub signature: Option<Signed>,
    /// The line under XIV: which papers are attached, or that there are none.
    pub documentation: String,
}

/// Boxes XV and XVI, once for each action.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonnelAction {
    /// XV.
    pub action: String,
    /// XVI.
    pub date: String,
}

/// An earlier version that this form replaces.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amends {
    /// The version replaced.
    pub version: u32,
    /// The day it was signed, in words.
    pub date: String,
}

/// A form with everything on it already decided and worded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FormView {
    /// The incident: "DMH-2026-0147". Empty on a blank form.
    pub reference: String,
    /// This form's own id, by which a scanned page is filed.
    pub form_id: String,
    /// Version of this form, from 1. 0 on a blank form.
    pub version: u32,
    /// Digest of the content, in hex: what the signatures cover. Empty on a blank form.
    pub document_hash: String,
    /// What the QR code opens.
    pub link: String,
    /// Instant of issue, carried in the file. It is not printed; see `issued`.
    pub issued_at: Instant,
    /// The same in words, with its zone. Empty on a blank form.
    pub issued: String,
    /// XII twice, or corrected.
    #[serde(default)]
    pub numbering: Numbering,
    /// Set when this form replaces a signed one.
    pub amends: Option<Amends>,
    /// A label over the form on every page, such as "EXERCISE". Empty for none.
    #[serde(default)]
    pub banner: String,
    /// Facility name.
    pub facility: String,
    /// Head, officer use only: the signature of receipt.
    pub receipt: Option<Signed>,
    /// Head, officer use only: the received date.
    pub received_date: String,
    /// Boxes I to X.
    pub reporter: ReporterPart,
    /// Boxes XI to XIV.
    pub officer: Section<OfficerPart>,
    /// Boxes XV and XVI. More than one action repeats the section on a continuation sheet.
    pub personnel: Section<Vec<PersonnelAction>>,
}

/// The form as a PDF on letter paper: one page, and continuation sheets for what does not fit its box.
pub fn report_of_security_incident(view: &FormView, edition: Edition) -> Result<Vec<u8>, DocumentError> {
    let title = match view.reference.as_str() {
        "" => "Report of Security Incident".to_owned(),
        reference => format!("Report of Security Incident, {reference}"),
    };
    let setting = Setting {
        template: &TEMPLATE,
        title,
        language: Language::English,
        issued_at: view.issued_at,
        link: (!view.link.is_empty()).then_some(&view.link),
    };
    typeset(&setting, &Printed { form: view, edition: edition.facts() })
}

/// The empty form for pen, naming the facility where the caller knows it.
pub fn blank(edition: Edition, numbering: Numbering, facility: &str, form_id: &str, link: &str) -> FormView {
    FormView {
        reference: String::new(),
        form_id: form_id.to_owned(),
        version: 0,
        document_hash: String::new(),
        link: link.to_owned(),
        issued_at: edition.effective(),
        issued: String::new(),
        numbering,
        amends: None,
        banner: String::new(),
        facility: facility.to_owned(),
        receipt: None,
        received_date: String::new(),
        reporter: ReporterPart::default(),
        officer: Section::Blank,
        personnel: Section::Blank,
    }
}

const TEMPLATE: Template = Template { name: "form.typ", text: include_str!("../templates/form.typ") };

#[derive(Serialize)]
struct Printed<'a> {
    form: &'a FormView,
    edition: EditionFacts,
}

/// Where the editions' papers differ: the rule under the facility name, and how they are cited.
#[derive(Serialize)]
struct EditionFacts {
    rule_under_facility: bool,
    cite: &'static str,
    clauses: &'static str,
}

impl Edition {
    const fn facts(self) -> EditionFacts {
        match self {
            Self::Dmh2004 => EditionFacts {
                rule_under_facility: false,
                cite: "Form of DOR 8.350, effective Sept. 1, 2004",
                clauses: "DMH04-FORM-FACILITY to DMH04-FORM-XVI",
            },
            Self::Dmh2016 => EditionFacts {
                rule_under_facility: true,
                cite: "Form of DOR 8.350, amended effective June 23, 2016",
                clauses: "DMH16-FORM-FACILITY to DMH16-FORM-XVI",
            },
        }
    }

    /// Midnight UTC of the effective day: what a blank form carries as its date, so that its bytes never change.
    fn effective(self) -> Instant {
        let day = match self {
            Self::Dmh2004 => jiff::civil::date(2004, 9, 1),
            Self::Dmh2016 => jiff::civil::date(2016, 6, 23),
        };
        day.to_zoned(jiff::tz::TimeZone::UTC)
            .map_or_else(|_| Instant::from_micros(0), |midnight| Instant::from_timestamp(midnight.timestamp()))
    }
}
