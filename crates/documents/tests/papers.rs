//! Receipt, poster, paper report form and brief, read back with other people's readers.
mod reader;

use domain::time::Instant;
use reader::Pdf;
use tocsin_documents::{
    Answer, BlankReportView, BriefView, Duty, Edition, Fact, Job, Language, Numbering, PosterView, Question,
    ReceiptView, Space, blank, blank_report, incident_brief, poster, receipt, render,
};

const HOSTILE: &str = "#read(\"x\") $ ] @cite <script>alert(1)</script> a\u{202E}b";
const SHOWN: &str = "#read(\"x\") $ ] @cite <script>alert(1)</script> a⟦U+202E⟧b";

fn at() -> Instant {
    Instant::from_micros(1_791_900_600_000_000)
}

fn reporters_receipt(language: Language) -> ReceiptView {
    ReceiptView {
        language,
        reference: "R-7KQ4-M2XD".into(),
        spelling: "R, seven, K as in Kilo, Q as in Quebec, four, M as in Mike, two, X as in X-ray, D as in Delta"
            .into(),
        agency: "Missouri Department of Mental Health".into(),
        received_at: at(),
        received: "Tue, Oct 13, 2026, 9:10 a.m. CDT".into(),
        who_has_it: "Local Security Officer, Riverbend Center".into(),
        first_answer: "today, by 1:10 p.m. CDT".into(),
        next_steps: vec![
            "The officer reads your report and may ask you something.".into(),
            "You will see every step here.".into(),
        ],
        status_link: "https://tocsin.example.gov/report/status/k7vq2m4x9w3bznch5pdyt8raegfsj6uk".into(),
        link_works_until: "Wed, Oct 13, 2027".into(),
        phone: "573-555-0188".into(),
        answers: vec![
            Answer {
                question: "What happened?".into(),
                answer: "My laptop was stolen from the car.\n\nThe bag stayed.".into(),
            },
            Answer { question: "When?".into(), answer: "Monday, about three in the afternoon".into() },
            Answer { question: "Is it still going on?".into(), answer: String::new() },
            Answer { question: "Anything else?".into(), answer: HOSTILE.into() },
        ],
    }
}

#[test]
fn the_receipt_holds_reference_spelling_and_every_answer_in_both_languages() {
    for (language, tag, title, heading, none) in [
        (Language::English, "en", "Receipt for report R-7KQ4-M2XD", "Your answers", "No answer"),
        (Language::Spanish, "es", "Comprobante del informe R-7KQ4-M2XD", "Sus respuestas", "Sin respuesta"),
    ] {
        let view = reporters_receipt(language);
        let pdf = Pdf::new(receipt(&view).expect("made"));
        pdf.keep(&format!("receipt-{tag}"));
        pdf.is_tagged_and_sound(title);
        pdf.speaks(tag);
        let text = pdf.text();
        for words in [
            &view.reference,
            &view.spelling,
            &view.received,
            &view.who_has_it,
            "stolen from the car",
            SHOWN,
            heading,
            none,
        ] {
            assert!(text.contains(words), "{words:?} is missing in\n{text}");
        }
        assert!(text.replace(' ', "").contains(&view.status_link), "{text}");
        assert_eq!(text.matches(none).count(), 1, "{text}");
    }
}

#[test]
fn a_long_answer_runs_over_pages_and_none_of_it_is_cut() {
    let mut view = reporters_receipt(Language::English);
    view.answers[0].answer = (1..=3_000).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
    let pdf = Pdf::new(receipt(&view).expect("made"));
    let text = pdf.text();
    assert!(pdf.pages() > 3);
    let printed: Vec<&str> = text.split_whitespace().filter(|w| w.starts_with("word")).collect();
    assert_eq!(printed.join(" "), view.answers[0].answer);
}

fn wall() -> PosterView {
    PosterView {
        agency: "Missouri Department of Mental Health".into(),
        unit: "Riverbend Center".into(),
        phone: "573-555-0188".into(),
        short_url: "tocsin.example.gov/r/RIVER".into(),
        link: "https://tocsin.example.gov/r/RIVER".into(),
        advice: vec![
            "Leave the device as it is and do not try to repair it.".into(),
            "Note the time and what you saw.".into(),
        ],
        advice_spanish: vec![
            "Deje el aparato como está y no intente repararlo.".into(),
            "Anote la hora y lo que vio.".into(),
        ],
        imprint: "Poster for Riverbend Center, follows DOR 8.350 (2016), printed Oct 2026".into(),
        issued_at: at(),
    }
}

#[test]
fn the_poster_is_one_page_in_two_languages_with_number_and_address() {
    let mut crowded = wall();
    let long = "Very long advice that somebody wrote without thinking of paper. ".repeat(20);
    crowded.advice = vec![long.clone(); 9];
    crowded.advice_spanish = vec![long; 9];
    crowded.unit = HOSTILE.repeat(5);
    for (name, view) in [("poster", wall()), ("poster-crowded", crowded)] {
        let pdf = Pdf::new(poster(&view).expect("made"));
        pdf.keep(name);
        pdf.is_tagged_and_sound("Report a security incident");
        pdf.speaks("en");
        assert_eq!(pdf.pages(), 1);
        let text = pdf.text();
        for words in
            ["Something wrong? Tell us.", "¿Algo anda mal? Avísenos.", "573-555-0188", "tocsin.example.gov/r/RIVER"]
        {
            assert!(text.contains(words), "{words:?} is missing in\n{text}");
        }
        assert!(pdf.objects().contains("/Lang (es)"), "the Spanish half says that it is Spanish");
    }
}

fn paper(language: Language) -> BlankReportView {
    let spanish = language == Language::Spanish;
    let say = |english: &str, spanish_words: &str| if spanish { spanish_words.to_owned() } else { english.to_owned() };
    BlankReportView {
        language,
        agency: "Missouri Department of Mental Health".into(),
        unit: String::new(),
        title: say("Report a security incident", "Informe de un incidente de seguridad"),
        introduction: vec![say(
            "You may leave your name out. Do not write passwords here.",
            "Puede omitir su nombre. No escriba contraseñas aquí.",
        )],
        questions: vec![
            Question {
                question: say("What happened?", "¿Qué pasó?"),
                hint: say("In your own words.", "Con sus propias palabras."),
                space: Space::Lines { lines: 6 },
            },
            Question {
                question: say("What kind of event is it?", "¿Qué tipo de suceso es?"),
                hint: String::new(),
                space: Space::AnyOf {
                    choices: (1..=6)
                        .map(|n| format!("{} {n}", say("Lost paper or device, kind", "Papel o aparato perdido, tipo")))
                        .collect(),
                },
            },
            Question {
                question: say("Is it still going on?", "¿Sigue ocurriendo?"),
                hint: String::new(),
                space: Space::OneOf {
                    choices: vec![say("Yes", "Sí"), "No".into(), say("I don't know", "No sé"), SHOWN.into()],
                },
            },
            Question {
                question: say("How can we reach you?", "¿Cómo le contactamos?"),
                hint: String::new(),
                space: Space::Lines { lines: 0 },
            },
            Question {
                question: say("Anything else?", "¿Algo más?"),
                hint: String::new(),
                space: Space::Lines { lines: 255 },
            },
        ],
        hand_in: say("the Local Security Officer, room 104, or 573-555-0188", "la oficina 104, o al 573-555-0188"),
        link: "https://tocsin.example.gov/report/dmh".into(),
        imprint: "Form REPORT-DMH-2016, follows DOR 8.350 (2016)".into(),
        issued_at: at(),
    }
}

#[test]
fn the_paper_report_asks_every_question_in_order_in_both_languages() {
    for (language, tag) in [(Language::English, "en"), (Language::Spanish, "es")] {
        let view = paper(language);
        let pdf = Pdf::new(blank_report(&view).expect("made"));
        pdf.keep(&format!("paper-{tag}"));
        pdf.is_tagged_and_sound(&view.title);
        pdf.speaks(tag);
        let text = pdf.text();
        let mut from = 0;
        for (n, question) in view.questions.iter().enumerate() {
            let asked = format!("{}. {}", n + 1, question.question);
            from += text[from..].find(&asked).unwrap_or_else(|| panic!("{asked:?} is missing or late in\n{text}"));
            if let Space::OneOf { choices } | Space::AnyOf { choices } = &question.space {
                for choice in choices {
                    assert!(text[from..].contains(choice.as_str()), "{choice:?} is missing in\n{text}");
                }
            }
        }
        assert!(text.contains(&view.hand_in), "{text}");
    }
}

fn brief() -> BriefView {
    BriefView {
        reference: "DMH-2026-0147".into(),
        title: "Stolen laptop with cached records".into(),
        organisation: "Missouri Department of Mental Health · Riverbend Center".into(),
        banner: "TLP:AMBER".into(),
        state: "Investigation, day 8".into(),
        next_step: "Privacy officer decides on breach by Fri, Oct 23 (R. Moss)".into(),
        summary: "A laptop with cached records of up to 312 people was taken from a car on Oct 12. The disk is encrypted; the \
                  wipe was acknowledged the next morning. No logon after the theft is known."
            .into(),
        facts: vec![
            Fact { label: "People affected".into(), value: "up to 312, not yet confirmed".into() },
            Fact { label: "Data".into(), value: "names, diagnoses, medication lists".into() },
            Fact { label: "Police".into(), value: "report 26-555-0101, Springfield".into() },
        ],
        duties: vec![
            Duty { duty: "Report of Security Incident form".into(), due: "Thu, Nov 12, 2026".into(), state: "open".into(), cite: "DMH16-4.a".into() },
            Duty { duty: "Tell the chief security officer".into(), due: "Tue, Oct 13, 2026".into(), state: "done Oct 13".into(), cite: "DMH16-3.a-cso".into() },
        ],
        timeline: vec![
            Fact { label: "Oct 13, 9:40 a.m. CDT".into(), value: "Wipe acknowledged by the device".into() },
            Fact { label: "Oct 13, 9:10 a.m. CDT".into(), value: "Report received".into() },
        ],
        prepared_by: "Ana Ortiz, Local Security Officer".into(),
        as_of: "As of Tue, Oct 20, 2026, 8:00 a.m. CDT".into(),
        link: "https://tocsin.example.gov/incidents/DMH-2026-0147".into(),
        issued_at: at(),
    }
}

#[test]
fn the_brief_is_one_page_however_much_there_is_to_say() {
    let mut crowded = brief();
    let long = "Wide words in a long line that nobody will read between two doors. ".repeat(40);
    for text in [
        &mut crowded.title,
        &mut crowded.summary,
        &mut crowded.state,
        &mut crowded.next_step,
        &mut crowded.organisation,
    ] {
        *text = long.clone();
    }
    crowded.facts = vec![Fact { label: "W".repeat(90), value: long.clone() }; 30];
    crowded.timeline = vec![Fact { label: long.clone(), value: "W".repeat(500) }; 11];
    crowded.duties = vec![Duty { duty: long.clone(), due: long.clone(), state: long.clone(), cite: long.clone() }; 9];
    for (name, view) in [("brief", brief()), ("brief-crowded", crowded)] {
        let pdf = Pdf::new(incident_brief(&view).expect("made"));
        pdf.keep(name);
        pdf.is_tagged_and_sound("Incident brief DMH-2026-0147");
        pdf.speaks("en");
        assert_eq!(pdf.pages(), 1, "{name}");
        let text = pdf.text();
        assert!(text.contains("TLP:AMBER") && text.contains("DMH-2026-0147"), "{text}");
        let left_out: &[usize] = if name == "brief" { &[] } else { &[30 - 6, 9 - 8, 11 - 6] };
        assert_eq!(text.matches("more in the record").count(), left_out.len(), "{text}");
        for n in left_out {
            assert!(text.contains(&format!("and {n} more in the record")), "{text}");
        }
    }
}

#[test]
fn a_job_survives_its_json_and_renders_the_same_bytes_twice() {
    let jobs = [
        Job::ReportOfSecurityIncident {
            edition: Edition::Dmh2004,
            view: Box::new(blank(
                Edition::Dmh2004,
                Numbering::Corrected,
                "",
                "BLANK-8350",
                "https://tocsin.example.gov/f/blank",
            )),
        },
        Job::Receipt { view: Box::new(reporters_receipt(Language::Spanish)) },
        Job::Poster { view: Box::new(wall()) },
        Job::BlankReport { view: Box::new(paper(Language::English)) },
        Job::IncidentBrief { view: Box::new(brief()) },
    ];
    for job in jobs {
        let json = serde_json::to_string(&job).expect("to JSON");
        let back: Job = serde_json::from_str(&json).expect("from JSON");
        assert_eq!(back, job);
        assert_eq!(render(back).expect("made"), render(job).expect("made"));
    }
}
