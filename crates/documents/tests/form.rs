//! The Report of Security Incident, read back with other people's readers.
mod reader;

use tocsin_documents::{
    Acts, Amends, Edition, FormView, Numbering, OfficerPart, PersonnelAction, ReporterPart, Section, Signed, blank,
    report_of_security_incident,
};
use domain::time::Instant;
use reader::Pdf;

fn signed(name: &str, role: &str) -> Signed {
    Signed {
        name: name.into(),
        role: role.into(),
        at: "Tue, Oct 13, 2026, 9:10 a.m. CDT".into(),
        document_hash: "9f2c4be1".repeat(8),
    }
}

/// A laptop lost at an invented facility, filled and signed by everybody.
fn filled() -> FormView {
    FormView {
        reference: "DMH-2026-0147".into(),
        form_id: "F-0147-1".into(),
        version: 1,
        document_hash: "9f2c4be1".repeat(8),
        link: "https://tocsin.example.gov/f/F-0147-1".into(),
        issued_at: Instant::from_micros(1_791_900_600_000_000),
        issued: "Tue, Oct 13, 2026, 9:10 a.m. CDT".into(),
        numbering: Numbering::AsAdopted,
        amends: None,
        banner: String::new(),
        facility: "Riverbend Center".into(),
        receipt: Some(signed("Ana Ortiz", "Local Security Officer")),
        received_date: "Tue, Oct 13, 2026".into(),
        reporter: ReporterPart {
            acts: Acts { unauthorized_handling: true, interference: false },
            type_of_incident: "Loss of paper or electronic data: laptop stolen".into(),
            date_and_time: "Mon, Oct 12, 2026, about 3:00 p.m. CDT".into(),
            system_and_damage: "Laptop, tag DMH-44721, disk encrypted, switched off. Cached records of up to 312 people: \
                                names, diagnoses, medication lists. No logon after the theft is known.\nBag and charger \
                                were left behind; the window of the car was broken."
                .into(),
            employees_involved: "Sam Lee (reporter, owner of the device)".into(),
            initial_action: "Password reset at 9:25 a.m.; remote wipe sent at 9:31 a.m., acknowledged at 9:40 a.m. \
                             Police report 26-555-0101 taken by the Springfield Police Department."
                .into(),
            remedy: "Remote wipe confirmed by the management console; certificates of the device revoked. Cable locks \
                     handed out for the unit's eleven laptops."
                .into(),
            remedy_date: "Wed, Oct 14, 2026".into(),
            reported_to_officer: "Tue, Oct 13, 2026".into(),
            person_reporting: Some(signed("Sam Lee", "Case manager")),
            work_location: "Building 2, second floor".into(),
        },
        officer: Section::Shown(OfficerPart {
            follow_up: "Oct 13: interview with the reporter; console export kept as evidence E-3.\nOct 14: list of cached \
                        records taken from the file server's log; privacy officer has it.\nOct 20: bag examined, \
                        nothing found."
                .into(),
            reported_to_superintendent: "Tue, Oct 13, 2026".into(),
            reported_to_privacy_officer: "Tue, Oct 13, 2026".into(),
            signature: Some(signed("Ana Ortiz", "Local Security Officer")),
            documentation: "Attached: E-3 console export, E-4 photographs, notes of the interview.".into(),
        }),
        personnel: Section::Withheld,
    }
}

fn made(view: &FormView) -> Pdf {
    Pdf::new(report_of_security_incident(view, Edition::Dmh2016).expect("made"))
}

/// The printed labels in the order of the adopted form.
const LABELS: [&str; 19] = [
    "Missouri Department of Mental Health",
    "Facility Name",
    "I. Instructions:",
    "II. Type of Incident",
    "III. Date & Time of Incident",
    "IV. System Compromised/Damage Caused",
    "V. Employee(s) Involved:",
    "VI. Initial Action Taken:",
    "VII. Remedy Implemented:",
    "VIII. Remedy Date:",
    "IX. Date Reported to Local Security Officer:",
    "X. Person Reporting:",
    "XI. FOLLOW UP ACTION BY LSO:",
    "XII: Date Reported to Superintendent:",
    "XII. Date Reported to HIPAA Privacy Officer:",
    "XIV. Local Security Officer Signature:",
    "SECTION BELOW FOR USE BY HUMAN RESOURCES",
    "XV. Personnel Action Taken (Punitive, Probationary or Written plan of Probation):",
    "XVI. Date Personnel Action Taken:",
];

#[test]
fn both_editions_filled_and_blank_hold_every_label_in_order_with_xii_twice_and_no_xiii() {
    for edition in [Edition::Dmh2004, Edition::Dmh2016] {
        let empty = blank(edition, Numbering::AsAdopted, "", "BLANK-8350", "https://tocsin.example.gov/f/blank");
        for view in [filled(), empty] {
            let pdf = Pdf::new(report_of_security_incident(&view, edition).expect("made"));
            pdf.keep(&format!("form-{edition:?}-v{}", view.version));
            pdf.is_tagged_and_sound("Report of Security Incident");
            let text = pdf.text();
            let mut from = 0;
            for label in LABELS {
                let at = text[from..].find(label).unwrap_or_else(|| panic!("{label:?} is missing or late in\n{text}"));
                from += at + label.len();
            }
            assert!(!text.contains("XIII"), "{text}");
            assert_eq!(pdf.pages(), 1, "{text}");
        }
    }
}
