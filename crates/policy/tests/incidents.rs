//! The shipped policy and the laws around it on one incident: what opens, what moves, what never closes by itself.

use domain::{
    actor::Actor,
    incident::{
        ClockRecord, Command, Confidence, DutyMet, Event, FactAnswer, FactValue, Given, HoldRecord, Incident, Opening,
        PeopleCount, Proof, Refusal, decide,
    },
    obligation::HoldForm,
    pack::{FactId, Measure, Moment, Pack, RegimeId},
    reference::IncidentReference,
    text::{Line, Note},
    time::{Instant, When},
};
use jiff::civil::{Date, date};
use std::{fs, path::Path, sync::LazyLock};
use tocsin_policy::{Source, compile_set};

fn read(folder: &Path, root: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of packs") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, root, into);
        } else {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            into.push(Source { path: name, text: fs::read_to_string(&path).expect("text") });
        }
    }
}

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    let mut sources = Vec::new();
    read(&root, &root, &mut sources);
    compile_set(&sources).expect("the shipped packs compile")
});

fn pack(id: &str) -> &'static Pack {
    PACKS.iter().find(|p| p.id.as_str() == id).expect("a shipped pack")
}

fn at(text: &str) -> Instant {
    Instant::from_timestamp(text.parse().expect("an instant"))
}

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// An incident of a mental health facility under the regulation, the HIPAA rule and the law of Missouri.
struct Case {
    incident: Incident,
    laws: Vec<&'static Pack>,
    now: Instant,
}

impl Case {
    fn discovered(on: &str) -> Case {
        let laws = vec![pack("us/hipaa-breach"), pack("us-mo/407-1500"), pack("us-ut/63a-19")];
        let mut case = Case { incident: Incident::empty(ID.parse().expect("an id")), laws, now: at(on) };
        let opening = Opening {
            reference: IncidentReference::new("DMH", 2026, 1),
            unit: ID.parse().expect("an id"),
            pack: pack("us-mo/dmh-2016").id.clone(),
            laws: case.laws.iter().map(|law| law.id.clone()).collect(),
            title: Line::parse("A laptop is gone").expect("a line"),
            categories: Vec::new(),
            report: None,
            reported_at: Some(at(on)),
            occurred: When::Unknown,
            discovered_at: at(on),
            facts: Vec::new(),
            told: Vec::new(),
            noticed: None,
            in_place_of: None,
            voluntary: None,
            lead: None,
            imported: None,
        };
        case.does(Command::Open(Box::new(opening)));
        case.now = at("2026-06-30T12:00:00Z");
        case
    }

    fn tries(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        let given = Given { actor: Actor::System, now: self.now, pack: pack("us-mo/dmh-2016"), laws: &self.laws };
        decide(&self.incident, command, given)
    }

    /// Carries it out; gives the duties that opened and those whose date moved.
    fn does(&mut self, command: Command) -> (Vec<String>, Vec<String>) {
        let events = self.tries(command).expect("carried out");
        let (mut opened, mut moved) = (Vec::new(), Vec::new());
        for event in &events {
            match event {
                Event::DutyOpened(duty) => opened.push(duty.rule.to_string()),
                Event::DutyMoved { rule, .. } => moved.push(rule.to_string()),
                _ => {}
            }
            self.incident.apply(event, Actor::System, self.now);
        }
        (opened, moved)
    }

    fn answers(&mut self, fact: &str) -> (Vec<String>, Vec<String>) {
        let fact = FactId::parse(fact).expect("a name");
        self.does(Command::Answer(vec![FactAnswer { fact, answer: FactValue::Yes, reason: None }]))
    }

    fn counts(&mut self, state: &str, people: u64, as_of: Date) -> (Vec<String>, Vec<String>) {
        self.does(Command::CountPeople(PeopleCount {
            people,
            confidence: Confidence::Estimated,
            residence: Some(Line::parse(state).expect("two letters")),
            information: None,
            measure: Measure::Affected,
            low: None,
            high: None,
            as_of: Some(as_of),
        }))
    }

    fn due(&self, rule: &str) -> Option<Date> {
        self.incident.duties.iter().find(|(id, _)| id.as_str() == rule).and_then(|(_, state)| state.duty.due.day)
    }
}

fn hold(regime: &str) -> Box<HoldRecord> {
    Box::new(HoldRecord {
        id: ID.parse().expect("an id"),
        regimes: vec![RegimeId::parse(regime).expect("a name")],
        official: Line::parse("Det. A. Sample").expect("a line"),
        agency: Line::parse("Sample County Sheriff").expect("a line"),
        form: HoldForm::Oral,
        stated: When::Day { on: date(2026, 4, 20) },
        until: None,
        evidence: None,
    })
}

#[test]
fn laws_open_their_duties_beside_the_policys_and_say_whose_they_are() {
    let mut case = Case::discovered("2026-03-02T15:00:00Z");
    let whose = |case: &Case, rule: &str| {
        let found = case.incident.duties.iter().find(|(id, _)| id.as_str() == rule);
        found.and_then(|(_, state)| state.duty.pack.as_ref().map(ToString::to_string))
    };
    assert_eq!(case.due("O47"), Some(date(2026, 4, 1)), "the regulation's form");
    assert_eq!(whose(&case, "O47"), None, "the governing policy");
    assert_eq!(case.answers("unsecured-phi-breached").0, ["HIPAA-IND"]);
    assert_eq!(case.answers("mo-data-accessed-and-acquired").0, ["MO-CONS"]);
    assert_eq!(whose(&case, "HIPAA-IND").as_deref(), Some("us/hipaa-breach"));
    assert_eq!(case.due("HIPAA-IND"), Some(date(2026, 5, 1)));
}

#[test]
fn a_duty_that_goes_with_another_has_its_date() {
    let case = Case::discovered("2026-03-02T15:00:00Z");
    assert_eq!(case.due("O65"), case.due("O47"));
}

#[test]
fn counts_open_duties_as_they_rise_and_close_none_as_they_fall() {
    let mut case = Case::discovered("2026-03-02T15:00:00Z");
    case.answers("unsecured-phi-breached");
    assert_eq!(case.counts("MO", 499, date(2026, 3, 5)).0, ["HIPAA-HHS-S"]);
    assert_eq!(case.counts("KS", 1, date(2026, 3, 9)).0, ["HIPAA-HHS-L"]);
    assert_eq!(case.counts("MO", 501, date(2026, 3, 20)).0, ["HIPAA-MEDIA"]);
    let standing = case.incident.duties.len();
    let (opened, _) = case.counts("MO", 12, date(2026, 4, 2));
    assert_eq!((opened.len(), case.incident.duties.len()), (0, standing));
    let media = case.incident.duties.iter().find(|(id, _)| id.as_str() == "HIPAA-MEDIA").expect("it stands").1;
    assert!(media.met.is_none());
    let says = media.duty.due.arithmetic.to_string();
    assert!(says.contains("The count fell to 12 on Thursday, April 2, 2026; the duty stands"), "{says}");
}

#[test]
fn a_hold_moves_the_regime_it_names_until_it_ends_or_is_taken_back() {
    let mut case = Case::discovered("2026-03-02T15:00:00Z");
    case.answers("unsecured-phi-breached");
    case.answers("ut-data-breach");
    case.counts("MO", 700, date(2026, 3, 5));
    let (opened, moved) = case.does(Command::PlaceHold(hold("hipaa")));
    assert_eq!((opened.len(), moved.len()), (0, 3), "{moved:?}");
    assert_eq!(case.due("HIPAA-IND"), Some(date(2026, 5, 20)));
    assert_eq!(case.due("UT-500"), Some(date(2026, 3, 7)), "five days, held by nobody");
    let lift = |reason: &str| {
        let reason = Note::parse(reason).expect("words");
        Command::LiftHold(ID.parse().expect("an id"), date(2026, 4, 25), reason)
    };
    case.does(lift("The detective called again"));
    assert_eq!(case.due("HIPAA-IND"), Some(date(2026, 5, 1)), "it ended before the limit");
    assert_eq!(case.tries(lift("once more")), Err(Refusal::NoSuchHold));
    assert!(matches!(case.tries(Command::PlaceHold(hold("nobody"))), Err(Refusal::NoSuchRegime(_))));
}

#[test]
fn discovery_is_moved_with_a_reason_and_never_in_silence() {
    let mut case = Case::discovered("2026-03-02T15:00:00Z");
    case.answers("unsecured-phi-breached");
    let told = |day: i8, reason: Option<&str>| {
        Command::RecordMoment(ClockRecord {
            moment: Moment::ImputedFromAgent,
            when: When::Day { on: date(2026, 2, day) },
            who: Some(Line::parse("Service provider").expect("a line")),
            evidence: None,
            reason: reason.map(|words| Note::parse(words).expect("words")),
        })
    };
    assert_eq!(case.does(told(20, None)).1, ["HIPAA-IND"]);
    assert_eq!(case.due("HIPAA-IND"), Some(date(2026, 4, 21)));
    assert_eq!(case.tries(told(25, None)), Err(Refusal::WordsNeeded));
    assert_eq!(case.does(told(25, Some("The ticket was of the 25th"))).1, ["HIPAA-IND"]);
    assert_eq!(case.due("HIPAA-IND"), Some(date(2026, 4, 26)));
    assert_eq!(case.tries(told(25, None)), Ok(vec![]), "told again, nothing happens");
}

#[test]
fn numbers_that_contradict_each_other_are_no_count() {
    let case = Case::discovered("2026-03-02T15:00:00Z");
    let count = PeopleCount {
        people: 5,
        confidence: Confidence::Estimated,
        residence: None,
        information: None,
        measure: Measure::Affected,
        low: Some(6),
        high: None,
        as_of: None,
    };
    assert_eq!(case.tries(Command::CountPeople(count)), Err(Refusal::CountContradicts));
}

#[test]
fn assessing_again_is_no_event_and_a_duty_answered_for_stays_answered() {
    let mut case = Case::discovered("2026-03-02T15:00:00Z");
    case.answers("unsecured-phi-breached");
    case.counts("MO", 700, date(2026, 3, 5));
    assert_eq!(case.tries(Command::Answer(Vec::new())), Ok(vec![]));
    let rule = case.incident.duties.keys().find(|id| id.as_str() == "HIPAA-MEDIA").expect("owed").clone();
    let words = Note::parse("Two newspapers and a radio station").ok();
    case.does(Command::MeetDuty(DutyMet { rule, by: Proof::Recorded, at: at("2026-04-28T15:00:00Z"), words }));
    let (_, moved) = case.counts("MO", 900, date(2026, 6, 1));
    assert!(!moved.contains(&"HIPAA-MEDIA".to_owned()));
}

#[test]
fn a_closing_is_held_up_by_the_duties_of_a_law() {
    use domain::incident::{Closing, missing_for_closing};
    let mut case = Case::discovered("2026-03-02T15:00:00Z");
    case.answers("unsecured-phi-breached");
    let missing =
        missing_for_closing(&case.incident, &Closing { statements: vec![], note: None }, pack("us-mo/dmh-2016"));
    assert!(missing.iter().any(|m| m.duty.as_ref().is_some_and(|id| id.as_str() == "HIPAA-IND")), "{missing:?}");
}
