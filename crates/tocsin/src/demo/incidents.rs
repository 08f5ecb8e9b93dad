//! Sample incidents of the demonstration: reports that an invented officer has accepted and begun to work on.

use super::{PASSWORD, samples};
use crate::wrong::Wrong;
use app::App;
use app::sign_in::{Password, SessionNote};
use domain::actor::Section;
use domain::incident::{Command, Confidence, Entry, EntryKind, PeopleCount, Stage, Task};
use domain::pack::Language;
use domain::permission::Action;
use domain::report::GoingOn;
use domain::text::{Line, Narrative};
use domain::time::When;

struct Sample {
    unit: &'static str,
    officer: &'static str,
    tile: usize,
    place: &'static str,
    words: &'static str,
    reporter: &'static str,
    notes: &'static [&'static str],
    tasks: &'static [&'static str],
    people: Option<u64>,
}

const SAMPLES: [Sample; 5] = [
    Sample {
        unit: "PIN",
        officer: "local-officer.pin@dmh.example.gov",
        tile: 0,
        place: "Home visit, Elm Street",
        words: "My work tablet was in the bag that was taken from the porch. It shows the day's visit list.",
        reporter: "Dana Sample",
        notes: &[
            "Called Dana Sample back at 573-555-0188. The tablet was locked; the screen shows no names while locked.",
            "Device management answered: last seen at 14:02, wipe sent, not yet confirmed.",
        ],
        tasks: &[
            "Ask device management whether the wipe was confirmed",
            "Get the police report number from Dana Sample",
        ],
        people: Some(14),
    },
    Sample {
        unit: "PIN",
        officer: "local-officer.pin@dmh.example.gov",
        tile: 1,
        place: "Nurses' station",
        words: "An appointment list went to the wrong fax number. The person who got it called us.",
        reporter: "Chris Sample",
        notes: &["The recipient at 573-555-0177 says the pages were shredded unread, and will write that down."],
        tasks: &["File the recipient's letter"],
        people: Some(31),
    },
    Sample {
        unit: "SENR",
        officer: "local-officer.senr@dhss.example.gov",
        tile: 3,
        place: "Third floor",
        words: "I typed my password into a page that looked like ours. The address was wrong, I saw it too late.",
        reporter: "Alex Sample",
        notes: &[
            "Password reset and sessions ended at 10:20. Sign-in log shows one attempt from 198.51.100.23, refused.",
        ],
        tasks: &["Look for the same message in other mailboxes"],
        people: None,
    },
    Sample {
        unit: "BRDG",
        officer: "local-officer.brdg@modot.example.gov",
        tile: 8,
        place: "Plan archive",
        words: "Two rolls of bridge plans are missing from the archive. The sign-out sheet has no entry.",
        reporter: "Morgan Sample",
        notes: &["Archive closed and sheet copied. Last seen on Monday by the night watch."],
        tasks: &["Ask the contractor whether the rolls were lent out"],
        people: None,
    },
    Sample {
        unit: "TAXC",
        officer: "local-officer.taxc@dts.example.gov",
        tile: 6,
        place: "Filing portal",
        words: "The portal shows other people's receipts after signing in. I saw two that are not mine.",
        reporter: "Robin Sample",
        notes: &["Portal taken offline at 09:12 by the operations desk. Cache of the front page suspected."],
        tasks: &["Count whose receipts were shown, and to whom"],
        people: Some(620),
    },
];

/// Files, accepts and begins each of the samples, as its officer would.
pub async fn open(app: &App) -> Result<(), Wrong> {
    for sample in &SAMPLES {
        let Sample { unit, tile, place, words, reporter, .. } = sample;
        let filed =
            samples::file(app, unit, *tile, GoingOn::NotSure, place, words, Language::English, reporter).await?;
        if let Some(report) = filed {
            work(app, sample, &report).await?;
        }
    }
    Ok(())
}

async fn work(app: &App, sample: &Sample, report: &str) -> Result<(), Wrong> {
    let text = |e: domain::text::TextError| Wrong::new(e.to_string());
    let note = SessionNote { browser: "the demonstration's preparation".into(), address: "127.0.0.1".into() };
    let secret = app.sign_in(sample.officer, Password::typed(PASSWORD.to_owned()), &note).await?;
    let secret = secret.session().ok_or_else(|| Wrong::new("the demonstration asks for more than a password"))?.0;
    let Some(who) = app.signed_in(&secret).await? else { return Ok(()) };
    let (may, row) = app.allow_on_report(&who.viewer, report, Action::Triage, Section::Report).await?;
    let reference = app.accept(&may, &row).await?.reference.to_string();
    let (may, row) = app.allow_on_incident(&who.viewer, &reference, Action::Work, Section::Officer).await?;
    let mut commands = Vec::new();
    for words in sample.notes {
        commands.push(Command::Note(Box::new(Entry {
            id: app.draw(),
            kind: EntryKind::Note,
            happened: When::Exact { at: app.now() },
            words: Narrative::parse(words).map_err(text)?,
            observables: Vec::new(),
            corrects: None,
            tags: Vec::new(),
            doer: None,
        })));
    }
    for title in sample.tasks {
        let title = Line::parse(title).map_err(text)?;
        let (id, owner) = (app.draw(), Some(who.viewer.account));
        commands.push(Command::SetTask(Task {
            id,
            title,
            stage: Stage::Investigate,
            owner,
            due: None,
            clauses: vec![],
        }));
    }
    if let Some(people) = sample.people {
        commands.push(Command::CountPeople(PeopleCount {
            people,
            confidence: Confidence::Estimated,
            residence: None,
            information: None,
            measure: domain::pack::Measure::Affected,
            low: None,
            high: None,
            as_of: None,
        }));
    }
    for command in commands {
        app.act(&may, &row, None, |_, _| Ok(command.clone())).await?;
    }
    app.sign_out(&secret).await?;
    Ok(())
}
