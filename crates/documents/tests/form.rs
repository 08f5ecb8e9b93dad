//! The Report of Security Incident, read back with other people's readers.
mod reader;

use domain::time::Instant;
use reader::Pdf;
use tocsin_documents::{
    Acts, Amends, Edition, FormView, Numbering, OfficerPart, PersonnelAction, PlainBox, PlainFormView, PlainPart,
    ReporterPart, Section, Signed, blank, plain_form, report_of_security_incident,
};

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

#[test]
fn the_corrected_numbering_prints_xiii_once() {
    let text = made(&FormView { numbering: Numbering::Corrected, ..filled() }).text();
    assert!(text.contains("XIII. Date Reported to HIPAA Privacy Officer:"), "{text}");
    assert_eq!(text.matches("XII:").count() + text.matches("XII.").count(), 1, "{text}");
}

#[test]
fn what_overflows_a_box_continues_on_a_named_page_and_nothing_is_cut() {
    let words: Vec<String> = (1..=600).map(|n| format!("word{n}")).collect();
    let mut view = filled();
    view.reporter.system_and_damage = words.join(" ");
    view.reporter.initial_action = "No break at all: ".to_owned() + &"ø".repeat(2_000);
    let pdf = made(&view);
    pdf.keep("form-overflow");
    pdf.is_tagged_and_sound("Report of Security Incident");
    let (first, second) = (pdf.page(1), pdf.page(2));
    assert!(first.contains("continued on page 2, box IV V."), "{first}");
    assert!(first.contains("continued on page 2, box VI VII."), "{first}");
    assert!(second.contains("Box IV, continued: System Compromised/Damage Caused"), "{second}");
    let printed: Vec<&str> =
        first.split_whitespace().chain(second.split_whitespace()).filter(|w| w.starts_with("word")).collect();
    assert_eq!(printed, words);
    assert_eq!(pdf.text().matches('ø').count(), 2_000);
}

#[test]
fn three_thousand_characters_of_damage_are_referred_to_in_box_iv() {
    let mut view = filled();
    view.reporter.system_and_damage = "Damage! ".repeat(375);
    let pdf = made(&view);
    assert!(pdf.page(1).contains("continued on page 2, box IV V."));
    assert_eq!(pdf.text().matches("Damage!").count(), 375);
}

#[test]
fn hostile_text_prints_as_it_was_typed() {
    let hostile =
        "#read(\"/etc/passwd\") $x^2$ ]#panic()[ @cite <script>alert(1)</script> \\#sys.inputs // /* ``` *a* _b_ = c";
    let unseen = "a\u{202E}gpj.exe b\u{0}c\u{1B}[2J d\u{200B}e \u{1F600} \u{E000} \u{FFFF}";
    let shown = "a⟦U+202E⟧gpj.exe b⟦U+0000⟧c⟦U+001B⟧[2J d⟦U+200B⟧e ⟦U+1F600⟧ ⟦U+E000⟧ ⟦U+FFFF⟧";
    let mut view = filled();
    view.facility = hostile.into();
    view.reporter.type_of_incident = hostile.into();
    view.reporter.system_and_damage = format!("{hostile} {unseen}");
    view.reporter.work_location = unseen.into();
    view.reporter.person_reporting = Some(signed(hostile, unseen));
    view.banner = hostile.into();
    view.reference = hostile.into();
    view.amends = Some(Amends { version: 1, date: hostile.into() });
    view.officer = Section::Blank;
    let pdf = made(&view);
    pdf.keep("form-hostile");
    pdf.is_tagged_and_sound("Report of Security Incident");
    let text = pdf.text().replace(' ', "");
    // II, IV, the facility continued, and the head of the continuation sheet; X is divided, margins hold a beginning.
    assert_eq!(text.matches(&hostile.replace(' ', "")).count(), 4, "{text}");
    assert!(text.matches(&shown.replace(' ', "")).count() >= 2, "{text}");
}

#[test]
fn ten_megabytes_are_printed_as_far_as_paper_makes_sense_and_the_rest_is_counted() {
    let mut view = filled();
    view.reporter.initial_action = "0123456789".repeat(1_000_000);
    let pdf = made(&view);
    pdf.is_tagged_and_sound("Report of Security Incident");
    let text = pdf.text();
    let unbroken = text.replace(' ', "");
    assert!(
        unbroken.matches("0123456789").count() >= tocsin_documents::inert::PRINTED_AT_MOST / 10 - pdf.pages(),
        "{}",
        pdf.pages()
    );
    let left = 10_000_000 - tocsin_documents::inert::PRINTED_AT_MOST;
    assert!(text.contains(&format!("Here {left} more characters follow")));
}

#[test]
fn equal_views_give_equal_bytes_and_another_view_does_not() {
    let other = FormView { facility: "Oak Grove Center".into(), ..filled() };
    assert_eq!(made(&filled()).bytes, made(&filled()).bytes);
    assert_ne!(made(&filled()).bytes, made(&other).bytes);
}

fn disciplined() -> Section<Vec<PersonnelAction>> {
    Section::Shown(vec![
        PersonnelAction { action: "Written plan of probation".into(), date: "Wed, Oct 28, 2026".into() },
        PersonnelAction { action: "Punitive: three days without pay".into(), date: "Mon, Nov 9, 2026".into() },
        PersonnelAction { action: "Probationary".into(), date: "Tue, Dec 1, 2026".into() },
    ])
}

#[test]
fn without_the_personnel_part_no_personnel_word_is_in_the_file() {
    for (personnel, said) in [(Section::Blank, 0), (Section::Withheld, 2)] {
        let text = made(&FormView { personnel, ..filled() }).text();
        assert_eq!(text.matches("kept by Human Resources").count(), said, "{text}");
        let after =
            text.split("XV. Personnel Action Taken (Punitive, Probationary or Written plan of Probation):").nth(1);
        let after = after.expect("box XV");
        for word in ["robation", "unitive", "Oct 28", "Dec 1", "pay"] {
            assert!(!after.contains(word), "{word} in {after}");
        }
    }
}

#[test]
fn several_personnel_actions_repeat_the_section_on_a_continuation_sheet() {
    let pdf = made(&FormView { personnel: disciplined(), ..filled() });
    pdf.keep("form-personnel");
    pdf.is_tagged_and_sound("Report of Security Incident");
    assert!(pdf.page(1).contains("Written plan of probation"), "{}", pdf.page(1));
    assert!(pdf.page(1).contains("1 of 3"), "{}", pdf.page(1));
    let second = pdf.page(2);
    assert_eq!(second.matches("SECTION BELOW FOR USE BY HUMAN RESOURCES").count(), 2, "{second}");
    assert!(second.contains("three days without pay") && second.contains("Tue, Dec 1, 2026"), "{second}");
}

#[test]
fn the_officers_part_can_be_kept_from_the_reporter() {
    let text = made(&FormView { officer: Section::Withheld, ..filled() }).text();
    assert!(!text.contains("E-3") && !text.contains("nothing found"), "{text}");
    assert_eq!(text.matches("kept by the Local Security Officer").count(), 5, "{text}");
}

#[test]
fn an_amended_form_says_what_it_replaces_and_an_exercise_says_so_on_every_page() {
    let mut view = filled();
    view.version = 2;
    view.amends = Some(Amends { version: 1, date: "Tue, Oct 13, 2026".into() });
    view.banner = "EXERCISE".into();
    view.reporter.remedy = "Remedy. ".repeat(300);
    let pdf = made(&view);
    pdf.keep("form-amended");
    assert!(pdf.page(1).contains("Amended form, replaces version 1 of Tue, Oct 13, 2026"), "{}", pdf.page(1));
    assert_eq!(pdf.pages(), 2);
    for page in 1..=2 {
        let text = pdf.page(page);
        assert!(text.contains("EXERCISE") && text.contains(&format!("Page {page} of 2")), "{text}");
        assert!(text.contains("Incident DMH-2026-0147 · Form F-0147-1 · Version 2"), "{text}");
    }
}

#[test]
fn signatures_print_who_in_which_role_when_and_over_what_or_a_line_to_sign_on() {
    let text = made(&filled()).text();
    let block = format!(
        "Ana Ortiz, Local Security Officer Signed electronically Tue, Oct 13, 2026, 9:10 a.m. CDT hash {}",
        "9f2c4be1".repeat(8)
    );
    assert_eq!(text.matches(&block).count(), 2, "{text}");
    let empty = blank(Edition::Dmh2016, Numbering::AsAdopted, "Riverbend Center", "BLANK-8350", "");
    let text = made(&empty).text();
    assert!(!text.contains("Signed electronically"), "{text}");
    assert_eq!(text.matches(": Signature ").count(), 3, "{text}");
    assert!(text.contains("Riverbend Center") && text.contains("Incident reference:"), "{text}");
}

#[test]
fn the_code_has_words_for_those_who_cannot_see_it() {
    assert!(made(&filled()).objects().contains("/Alt (QR code that opens form F-0147-1 of incident DMH-2026-0147"));
}

#[test]
fn a_form_without_an_adopted_paper_prints_its_boxes_in_order_and_nobody_elses() {
    let field = |label: &str, text: &str| PlainBox { label: label.into(), text: text.into(), ..PlainBox::default() };
    let sign = |signature| PlainBox { label: "3. Signature".into(), signs: true, signature, ..PlainBox::default() };
    let view = |filled: bool| PlainFormView {
        title: "Final report".into(),
        issuer: "Sample Department, 2026".into(),
        unit: "Bridge Division".into(),
        reference: if filled { "SMP-2026-0001".into() } else { String::new() },
        form_id: "SMP-2026-0001-final-report-1".into(),
        document_hash: if filled { "9f2c4be1".repeat(8) } else { String::new() },
        link: "https://tocsin.example.gov/incidents/SMP-2026-0001/form".into(),
        issued_at: Instant::from_micros(1_791_900_600_000_000),
        issued: if filled { "Tue, Oct 13, 2026, 9:10 a.m. CDT".into() } else { String::new() },
        amends: filled.then(|| Amends { version: 1, date: "Mon, Oct 12, 2026".into() }),
        parts: vec![
            PlainPart {
                heading: "The person who reports".into(),
                boxes: vec![field("1. What happened", if filled { "A server was encrypted." } else { "" })],
                below: vec!["Send to the Information Security Officer.".into()],
                ..PlainPart::default()
            },
            PlainPart {
                heading: "The officer".into(),
                boxes: vec![
                    field("2. Cause", &if filled { "orange ".repeat(900) } else { String::new() }),
                    sign(filled.then(|| signed("Ana Ortiz", "Information Security Officer"))),
                ],
                ..PlainPart::default()
            },
            PlainPart { heading: "Human resources".into(), withheld: filled, ..PlainPart::default() },
        ],
    };
    for filled in [true, false] {
        let pdf = Pdf::new(plain_form(&view(filled)).expect("made"));
        pdf.keep(&format!("plain-form-{filled}"));
        pdf.is_tagged_and_sound("Final report");
        let text = pdf.text();
        let mut from = 0;
        for label in [
            "Sample Department, 2026",
            "Final report",
            "Bridge Division",
            "1. What happened",
            "2. Cause",
            "3. Signature",
        ] {
            let at = text[from..].find(label).unwrap_or_else(|| panic!("{label:?} is missing or late in\n{text}"));
            from += at + label.len();
        }
        assert!(!text.contains("Missouri"), "{text}");
        assert_eq!(text.matches("orange").count(), if filled { 900 } else { 0 });
        assert_eq!(text.contains("Ana Ortiz, Information Security Officer"), filled, "{text}");
    }
}
