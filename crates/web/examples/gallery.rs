//! Serves every public page with invented content, so that people can look at it: `cargo run -p tocsin-web --example gallery`.

use std::{
    sync::Arc,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    extract::OriginalUri,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use qrcode::{EcLevel, QrCode, render::svg};
use tocsin_web::{
    assets,
    screens::{
        apology::{self, Apology},
        frame::{Choice, Frame, Phone},
        public::{Step, about::*, advice::*, answers::*, doors::*, mend::Mend, questions::*, receipt::*, status::*},
        show,
    },
    security,
    serve::{Limits, serve},
    words::Language,
};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let counter = AtomicU32::new(0x7f2a);
    let ids: security::RequestIds = Arc::new(move || format!("{:04X}", counter.fetch_add(1, Ordering::Relaxed)));
    let router = Router::new().route(assets::ROUTE, get(assets::serve)).fallback(page);
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}/gallery", listener.local_addr()?);
    serve(listener, security::protect(router, ids), Limits::default(), async {
        let _ = tokio::signal::ctrl_c().await;
    })
    .await;
    Ok(())
}

const PAGES: [&str; 34] = [
    "choose",
    "start",
    "start-call",
    "unknown",
    "phone",
    "saved",
    "resume",
    "resume-wrong",
    "what",
    "what-wrong",
    "now",
    "advice",
    "send-now",
    "where",
    "words",
    "words-wrong",
    "when",
    "when-wrong",
    "affected",
    "lost",
    "done",
    "you",
    "you-wrong",
    "check",
    "received",
    "status",
    "status-new",
    "lookup",
    "lookup-wrong",
    "accessibility",
    "poster",
    "blank",
    "not-found",
    "down",
];

async fn page(OriginalUri(uri): OriginalUri) -> Response {
    let path = uri.path();
    let language = Language::of_path(path);
    let name = Language::English.path(path);
    let sample = Sample { language, path: name.clone() };
    sample
        .page(name.trim_start_matches("/gallery").trim_start_matches('/'))
        .unwrap_or_else(|| apology::answer(path, &Apology::NotFound))
}

struct Sample {
    language: Language,
    path: String,
}

impl Sample {
    fn page(&self, name: &str) -> Option<Response> {
        Some(match name {
            "" => index(),
            "choose" => show(StatusCode::OK, &self.choose()),
            "start" => show(StatusCode::OK, &self.start(false)),
            "start-call" => show(StatusCode::OK, &self.start(true)),
            "unknown" => show(StatusCode::NOT_FOUND, &self.unknown()),
            "phone" => show(
                StatusCode::OK,
                &ByPhone {
                    frame: self.frame("phone-title"),
                    unit: "Riverbend Center".into(),
                    phone: phone(self.language),
                    start: "/gallery/start".into(),
                },
            ),
            "saved" => show(StatusCode::OK, &self.saved()),
            "resume" => show(
                StatusCode::OK,
                &Resume { frame: self.frame("resume-title"), action: self.path.clone(), words: String::new() },
            ),
            "resume-wrong" => show(
                StatusCode::OK,
                &Resume {
                    frame: self.wrong("resume-title", &[("words", Mend::WordsUnknown)]),
                    action: self.path.clone(),
                    words: "mapel-river-stone-4821".into(),
                },
            ),
            "what" => {
                show(StatusCode::OK, &What { frame: self.question("what-title"), step: self.step(1), kinds: kinds() })
            }
            "what-wrong" => show(
                StatusCode::OK,
                &What {
                    frame: self.wrong("what-title", &[("what", Mend::WhatMissing)]),
                    step: self.step(1),
                    kinds: kinds().into_iter().map(|kind| kind.chosen_if(false)).collect(),
                },
            ),
            "now" => show(
                StatusCode::OK,
                &Now { frame: self.question("now-title"), step: self.step(2), answered: String::new() },
            ),
            "advice" => show(StatusCode::OK, &self.advice()),
            "send-now" => show(
                StatusCode::OK,
                &SendNow {
                    frame: self.question("send-now-title"),
                    step: self.step(0),
                    phone: String::new(),
                    words: String::new(),
                    sent_to: "the security officer on duty at Riverbend".into(),
                },
            ),
            "where" => show(
                StatusCode::OK,
                &Where {
                    frame: self.question("where-title"),
                    step: self.step(3),
                    units: choices(
                        &[("RVB", "Riverbend Center"), ("OAK", "Oak Grove Center"), ("elsewhere", "Somewhere else")],
                        0,
                    ),
                    elsewhere: String::new(),
                    place: "Building B, room 2".into(),
                },
            ),
            "words" => show(
                StatusCode::OK,
                &self.words(
                    self.question("words-title"),
                    "Laptop taken from my car while I was in the store.\nIt was locked.",
                ),
            ),
            "words-wrong" => show(
                StatusCode::OK,
                &self.words(
                    self.wrong(
                        "words-title",
                        &[
                            ("words", Mend::WordsMissing),
                            (
                                "files",
                                Mend::FileTooBig {
                                    name: "movie.mov".into(),
                                    size: "612 MB".into(),
                                    most: "500 MB".into(),
                                },
                            ),
                        ],
                    ),
                    "",
                ),
            ),
            "when" => show(StatusCode::OK, &self.when(self.question("when-title"), 1)),
            "when-wrong" => show(
                StatusCode::OK,
                &self.when(self.wrong("when-title", &[("day", Mend::future(|_| "Tue, Oct 13, 2026".into()))]), 3),
            ),
            "affected" => show(
                StatusCode::OK,
                &Affected {
                    frame: self.question("affected-title"),
                    step: self.step(6),
                    things: choices(
                        &[
                            ("people", "Information about people"),
                            ("device", "A computer, phone or drive"),
                            ("paper", "Paper"),
                            ("account", "An account or password"),
                            ("place", "A building, room or cabinet"),
                            ("unknown", "I don’t know"),
                        ],
                        1,
                    ),
                    people: choices(
                        &[
                            ("0", "Nobody"),
                            ("1", "1"),
                            ("2-10", "2–10"),
                            ("11-500", "11–500"),
                            ("501", "More"),
                            ("unknown", "I don’t know"),
                        ],
                        5,
                    ),
                    systems: String::new(),
                    unknown: Some(false),
                },
            ),
            "lost" => show(StatusCode::OK, &self.lost()),
            "done" => show(
                StatusCode::OK,
                &Done {
                    frame: self.question("done-title"),
                    step: self.step(7),
                    yours: "I changed my password.".into(),
                    staff: String::new(),
                    others: String::new(),
                    times: ["8:15 a.m.".into(), String::new(), String::new()],
                    unknown: Some(false),
                },
            ),
            "you" => show(StatusCode::OK, &self.you(self.question("you-title"))),
            "you-wrong" => show(
                StatusCode::OK,
                &self.you(self.wrong("you-title", &[("phone", Mend::Unreachable), ("email", Mend::EmailUnreadable)])),
            ),
            "check" => show(
                StatusCode::OK,
                &Check {
                    frame: self.question("check-title"),
                    action: self.path.clone(),
                    answers: answers("/gallery/what"),
                    sent_to: "security officer at Riverbend and the Office of Cyber Security".into(),
                    clause: "DMH DOR 8.350 §(3)a".into(),
                    once: "0193".into(),
                    recipients: vec![],
                    absent: String::new(),
                },
            ),
            "received" => show(StatusCode::OK, &self.received()),
            "status" => show(StatusCode::OK, &self.status(2)),
            "status-new" => show(StatusCode::OK, &self.status(0)),
            "lookup" => show(
                StatusCode::OK,
                &Lookup {
                    frame: self.frame("lookup-title"),
                    action: self.path.clone(),
                    reference: String::new(),
                    code: String::new(),
                },
            ),
            "lookup-wrong" => show(
                StatusCode::OK,
                &Lookup {
                    frame: self.wrong("lookup-title", &[("reference", Mend::ReferenceMistyped)]),
                    action: self.path.clone(),
                    reference: "R-7KQ4-M2XE".into(),
                    code: String::new(),
                },
            ),
            "accessibility" => show(
                StatusCode::OK,
                &Accessibility {
                    frame: self.frame("access-title"),
                    email: "access@example.gov".into(),
                    tested: "Tue, Oct 13, 2026".into(),
                },
            ),
            "poster" => show(
                StatusCode::OK,
                &Poster {
                    frame: self.frame("poster-title"),
                    unit: "Riverbend Center".into(),
                    address: "report.example.gov/r/RVB".into(),
                    qr: qr("https://report.example.gov/r/RVB"),
                    pdf: "/gallery/poster.pdf".into(),
                },
            ),
            "blank" => show(
                StatusCode::OK,
                &Blank {
                    frame: self.frame("blank-title"),
                    unit: "Riverbend Center".into(),
                    kinds: kinds(),
                    questions: answers("").into_iter().map(|row| Answer { answer: String::new(), ..row }).collect(),
                    send_to: "the switchboard at Riverbend".into(),
                    pdf: "/gallery/blank.pdf".into(),
                },
            ),
            "not-found" => apology::answer(&self.language.path("/x"), &Apology::NotFound),
            "down" => {
                apology::answer(&self.language.path("/x"), &Apology::Unavailable { phone: Some(phone(self.language)) })
            }
            "fault" => apology::answer(&self.language.path("/x"), &Apology::Fault { id: "7F2A".into() }),
            _ => return None,
        })
    }

    fn frame(&self, title: &str) -> Frame {
        Frame {
            state: "State of Missouri".into(),
            organisation: "Department of Mental Health".into(),
            help: Some(phone(self.language)),
            ..Frame::new(self.language, &self.path, self.language.say(title))
        }
    }

    fn question(&self, title: &str) -> Frame {
        Frame { holds_answers: true, ..self.frame(title) }
    }

    fn wrong(&self, title: &str, problems: &[(&str, Mend)]) -> Frame {
        Frame {
            problems: problems.iter().map(|(field, mend)| mend.at(field, self.language)).collect(),
            ..self.frame(title)
        }
    }

    fn step(&self, number: u8) -> Step {
        Step {
            number,
            total: 8,
            action: self.path.clone(),
            back: true,
            send_now: number >= 4,
            to_check: number == 3,
            ..Step::default()
        }
    }

    fn choose(&self) -> Choose {
        Choose { frame: Frame { organisation: String::new(), ..self.frame("choose-title") }, organisations: doors() }
    }

    fn start(&self, call_first: bool) -> Start {
        Start {
            frame: self.frame("start-title"),
            unit: "Riverbend Center".into(),
            change: "/gallery/choose".into(),
            action: "/gallery/start".into(),
            by_phone: "/gallery/phone".into(),
            call_first,
            clause: "MoDOT provision 3".into(),
            resume: "/gallery/resume".into(),
        }
    }

    fn unknown(&self) -> UnknownUnit {
        UnknownUnit {
            frame: self.frame("unknown-title"),
            code: "RVX".into(),
            action: "/r".into(),
            organisations: doors(),
        }
    }

    fn saved(&self) -> Saved {
        let link = "https://report.example.gov/report/d/9F3kT0xQm2LwVb7RzY1c".to_owned();
        Saved {
            remove: self.path.clone(),
            frame: self.frame("saved-title"),
            qr: qr(&link),
            link,
            spoken: "maple-river-stone-4821".into(),
            kept_until: "Tue, Oct 20, 2026, 9:10 a.m. CDT".into(),
        }
    }

    fn advice(&self) -> Advice {
        let lines = [
            "Leave the computer ON.",
            "Turn off Wi-Fi or pull the network cable.",
            "Don’t delete, don’t click, don’t log in again.",
            "Take a photo of the screen.",
            "Tell the person next to you not to use it.",
        ];
        Advice {
            frame: self.question("advice-title"),
            step: Step { send_now: true, ..self.step(0) },
            lines: lines.map(str::to_owned).to_vec(),
            source: "DMH DOR 8.350 §(4)a".into(),
            camera: true,
            followed: false,
        }
    }

    fn words(&self, frame: Frame, words: &str) -> OwnWords {
        let files = vec![File {
            id: "f1".into(),
            name: "parking-lot.jpg".into(),
            size: "2.4 MB".into(),
            state: "Received and sealed".into(),
        }];
        OwnWords {
            frame,
            step: self.step(4),
            words: words.into(),
            files,
            limits: "Up to 20 files, 500 MB each.".into(),
            largest: 500_000_000,
            mistake: true,
        }
    }

    fn when(&self, frame: Frame, chosen: usize) -> When {
        let quick = [
            ("now", "when-now"),
            ("today", "when-earlier-today"),
            ("yesterday", "when-yesterday"),
            ("date", "when-other"),
            ("unknown", "when-unknown"),
        ];
        let quick = quick
            .iter()
            .enumerate()
            .map(|(at, (value, key))| Choice::new(value, self.language.say(key)).chosen_if(at == chosen))
            .collect();
        let (day, month, year) = if chosen == 3 { ("25", "12", "2027") } else { ("", "", "") };
        When {
            frame,
            step: self.step(5),
            quick,
            month: month.into(),
            day: day.into(),
            year: year.into(),
            time: String::new(),
            today: "Tue, Oct 13, 2026 (CDT)".into(),
            noticed: vec![Choice::new("same", "At that moment"), Choice::new("later", "Later")],
            noticed_date: Default::default(),
        }
    }

    fn lost(&self) -> Lost {
        let item = Item {
            number: 1,
            kinds: choices(
                &[
                    ("laptop", "Laptop"),
                    ("phone", "Phone"),
                    ("usb", "USB drive"),
                    ("paper", "Paper"),
                    ("badge", "Badge or key"),
                    ("other", "Other"),
                ],
                0,
            ),
            fields: vec![
                Field {
                    name: "item-1-q-tag".into(),
                    label: "Tag or serial number".into(),
                    text: "DMH-44721".into(),
                    ..Field::default()
                },
                Field {
                    name: "item-1-q-locked".into(),
                    label: "Was it locked with a password or a key?".into(),
                    choices: choices(&[("yes", "Yes"), ("no", "No"), ("unsure", "Not sure")], 0),
                    ..Field::default()
                },
            ],
            holds: choices(&[("names", "Names"), ("health", "Health"), ("ssn", "SSN"), ("unknown", "I don’t know")], 0),
        };
        Lost {
            frame: self.question("lost-title"),
            step: self.step(6),
            items: vec![item.clone(), Item { number: 2, ..item }],
            says: "We will pass this on to the people who have to know.".into(),
        }
    }

    fn you(&self, frame: Frame) -> You {
        You {
            work: String::new(),
            says: "We need your name.".into(),
            frame,
            step: self.step(8),
            kinds: choices(
                &[
                    ("employee", "Employee"),
                    ("contractor", "Contractor"),
                    ("volunteer", "Volunteer"),
                    ("trainee", "Trainee"),
                ],
                0,
            ),
            name: "Sam Lee".into(),
            phone: String::new(),
            email: "sam.lee.example".into(),
            may_be_blank: true,
            may_hide: true,
            hide: false,
            conflict: false,
            known: false,
        }
    }

    fn received(&self) -> Received {
        let link = "https://report.example.gov/s/9F3kT0xQm2LwVb7RzY1c".to_owned();
        Received {
            frame: self.frame("received-title"),
            who: "Local Security Officer, Riverbend Center".into(),
            zone: domain::time::Zone::named("America/Chicago").expect("a zone that exists"),
            reference: "R-7KQ4-M2XD".into(),
            spoken: "R, 7, K, Q, 4, M, 2, X, D".into(),
            at: "Tue, Oct 13, 2026, 9:10 a.m. CDT".into(),
            at_machine: "2026-10-13T09:10:00-05:00".into(),
            next: vec![
                "The on-duty officer reads it within 15 minutes (target).".into(),
                "They may call you at 573-555-0188.".into(),
                "You can follow it here.".into(),
            ],
            qr: qr(&link),
            link,
            code: "maple-river-stone-4821".into(),
            until_then: vec!["Don’t use the old password anywhere.".into()],
            pdf: "/gallery/received.pdf".into(),
            answers: answers(""),
        }
    }

    fn status(&self, messages: usize) -> Status {
        let say = |key: &str| self.language.say(key);
        let stage = |name: &str, meaning: &str, at: &str, reached| Stage {
            name: say(name),
            meaning: say(meaning),
            at: at.into(),
            reached,
        };
        let stages = vec![
            stage("stage-received", "stage-received-meaning", "Tue, Oct 13, 2026, 9:10 a.m. CDT", Reached::Done),
            stage(
                "stage-looking",
                "stage-looking-meaning",
                "Tue, Oct 13, 2026, 9:16 a.m. CDT",
                if messages > 0 { Reached::Done } else { Reached::Now },
            ),
            stage(
                "stage-question",
                "stage-question-meaning",
                "",
                if messages > 0 { Reached::Now } else { Reached::Ahead },
            ),
            stage("stage-finished", "stage-finished-meaning", "", Reached::Ahead),
        ];
        let letters = [
            Letter {
                yours: false,
                from: "Security office".into(),
                at: "Tue, Oct 13, 9:20 a.m. CDT".into(),
                words: "Was the laptop turned on when it was taken?".into(),
                about: String::new(),
                lang: "en".into(),
            },
            Letter {
                yours: true,
                from: "You".into(),
                at: "Tue, Oct 13, 9:31 a.m. CDT".into(),
                words: "No. It was shut down\nand in its bag.".into(),
                about: String::new(),
                lang: "en".into(),
            },
        ];
        Status {
            frame: self.frame("status-title"),
            reference: "R-7KQ4-M2XD".into(),
            spoken: "R, 7, K, Q, 4, M, 2, X, D".into(),
            stages,
            question: if messages > 0 { "Which store was it?".into() } else { String::new() },
            messages: letters[..messages].to_vec(),
            files: vec![],
            action: self.path.clone(),
            abouts: choices(&[("", "Something new, or an answer to us"), ("done", "What has been done so far")], 0),
            open: vec!["What has been done so far".into()],
            message: String::new(),
            limits: "Up to 20 files, 500 MB each.".into(),
            largest: 500_000_000,
            just_done: if messages > 0 { "Your message was sent.".into() } else { String::new() },
            cancel: "/gallery/not-found".into(),
        }
    }
}

fn index() -> Response {
    let links: String = PAGES
        .iter()
        .map(|name| format!("<li><a href=/gallery/{name}>{name}</a> · <a href=/es/gallery/{name}>es</a>\n"))
        .collect();
    Html(format!("<!doctype html><html lang=en><title>Gallery</title><h1>Gallery</h1><ul>{links}</ul>")).into_response()
}

fn phone(language: Language) -> Phone {
    let hours = match language {
        Language::English => "24 hours",
        Language::Spanish => "Las 24 horas",
    };
    Phone { shown: "573-555-0142".into(), dial: "+1-573-555-0142".into(), hours: hours.into() }
}

fn doors() -> Vec<Door> {
    [
        ("Department of Health and Senior Services", "DHSS"),
        ("Department of Mental Health", "DMH"),
        ("Department of Transportation", "MoDOT"),
        ("Division of Technology Services", "Utah"),
    ]
    .map(|(name, hint)| Door { name: name.into(), href: "/gallery/start".into(), hint: hint.into() })
    .to_vec()
}

fn kinds() -> Vec<Choice> {
    let labels = [
        "Something was lost or stolen",
        "Information went to the wrong person",
        "Someone got in, or used access they shouldn’t have",
        "Strange email, message or call",
        "Virus, ransom note, odd computer",
        "A password or code got out",
        "A system is down or blocked",
        "Data or a system was changed",
        "Door, room or cabinet forced or open",
        "Something else / I’m not sure",
    ];
    labels.iter().enumerate().map(|(at, label)| Choice::new(&at.to_string(), *label).chosen_if(at == 0)).collect()
}

fn choices(list: &[(&str, &str)], chosen: usize) -> Vec<Choice> {
    list.iter().enumerate().map(|(at, (value, label))| Choice::new(value, *label).chosen_if(at == chosen)).collect()
}

fn answers(change: &str) -> Vec<Answer> {
    [
        ("what", "What happened", "Lost or stolen"),
        ("now", "Still going on", "No"),
        ("place", "Where", "Riverbend, B2"),
        ("words", "Your words", "“Laptop taken from my car…”, 1 photo"),
        ("when", "When", "Mon, Oct 12, afternoon"),
        ("things", "Affected", "1 laptop"),
        ("done", "Done so far", ""),
        ("you", "You", "Sam Lee, 573-555-0188"),
    ]
    .map(|(id, question, answer)| Answer {
        id: id.into(),
        question: question.into(),
        answer: answer.into(),
        change: change.into(),
    })
    .to_vec()
}

fn qr(text: &str) -> String {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .map(|code| code.render::<svg::Color>().quiet_zone(false).build())
        .unwrap_or_default()
        .split_once("<svg")
        .map(|(_, rest)| format!("<svg{rest}"))
        .unwrap_or_default()
}
