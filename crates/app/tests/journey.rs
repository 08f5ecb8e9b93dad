//! The main job by its rules: a report, the duties that the policy attaches, the form, its signatures, the closing.

#[path = "journey/reassess.rs"]
mod reassess;

use domain::actor::{Actor, Section};
use domain::form::{Filling, Party, Signature};
use domain::incident::{ClockRecord, Closing, Command, Decision, DutyMet, Proof, Refusal, WaitsFor, waits_for};
use domain::pack::{BoxId, DecisionId, FormPart, Language, Moment, ObligationId, PackId, TileId};
use domain::permission::{Action, Viewer};
use domain::reference::ReportReference;
use domain::report::{Channel, GoingOn, Reporter, SetAside, SetAsideReason, Submission};
use domain::text::{Line, Narrative, Note, Prose};
use domain::time::{Instant, When};
use ground::{World, world};
use std::collections::BTreeMap;
use tocsin_app::Trouble;
use tocsin_app::changing::digest_of;
use tocsin_app::incidents::Filter;
use tocsin_app::submit_report::{Filing, Receipt};
use tocsin_app::words::words_of;

fn submission(world: &World) -> Submission {
    Submission {
        reference: ReportReference::from_random([0; 8]),
        pack: PackId::parse("us-mo/dmh-2016").expect("a name"),
        unit: world.unit,
        handling_unit: world.unit,
        channel: Channel::Web,
        language: Language::English,
        happened: vec![TileId::parse("lost-or-stolen").expect("a name")],
        going_on: Some(GoingOn::No),
        place: Line::parse("Staff parking lot").ok(),
        words: Narrative::parse("Laptop with tag RVB-44721 taken from my car.").ok(),
        when: When::Unknown,
        when_typed: None,
        noticed: When::Unknown,
        systems: Vec::new(),
        affected: None,
        lost: Vec::new(),
        done: None,
        done_by_staff: None,
        done_by_others: None,
        answers: Vec::new(),
        files: Vec::new(),
        recipient_involved: false,
        sent_early: false,
        shielded: false,
        times: vec![],
    }
}

fn filing(submission: Submission) -> Filing {
    let reporter = Reporter { name: Line::parse("Sam Sample").ok(), ..Reporter::default() };
    Filing {
        submission,
        reporter: Some(reporter),
        by: Actor::Reporter,
        draft: None,
        idempotency_key: None,
        chosen: None,
    }
}

async fn filed(world: &World) -> Receipt {
    world.app.submit_report(filing(submission(world))).await.expect("a receipt")
}

async fn accepted(world: &World, officer: &Viewer) -> String {
    let receipt = filed(world).await;
    let reference = receipt.reference.to_string();
    let (may, row) =
        world.app.allow_on_report(officer, &reference, Action::Triage, Section::Report).await.expect("allowed");
    world.app.accept(&may, &row).await.expect("accepted").reference.to_string()
}

fn box_id(id: &str) -> BoxId {
    BoxId::parse(id).expect("a box")
}

fn fill(part: FormPart, boxes: &[(&str, &str)]) -> Command {
    let boxes = boxes.iter().map(|(id, text)| (box_id(id), Some(Prose::parse(text).expect("text")))).collect();
    Command::FillForm(Filling { part, boxes, not_applicable: Default::default() })
}

/// The same day in every box that is written and needed.
fn written(form: &domain::pack::Form, part: FormPart) -> BTreeMap<BoxId, Option<Prose<20_000>>> {
    let needed =
        form.part(part).filter(|b| (b.required_to_complete || b.required_to_sign) && form.signs(&b.id).is_none());
    needed.map(|b| (b.id.clone(), Some(Prose::parse("2026-11-20").expect("text")))).collect()
}

fn sign(party: Party, digest: &str) -> Command {
    Command::SignForm(Signature {
        party,
        name: Line::parse("A. Ortiz").expect("a name"),
        capacity: Line::parse("Local Security Officer").expect("a capacity"),
        form: 1,
        digest: Line::parse(digest).expect("a digest"),
        proof: Line::parse("password").expect("a proof"),
    })
}

#[tokio::test]
async fn accepting_a_report_starts_the_duties_of_the_2016_regulation() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let receipt = filed(&world).await;
    let reference = receipt.reference.to_string();
    let (may, row) =
        world.app.allow_on_report(&officer, &reference, Action::Triage, Section::Report).await.expect("allowed");
    let accepted = world.app.accept(&may, &row).await.expect("accepted");
    assert_eq!(accepted.reference.to_string(), "DMH-2026-0001");

    let form = accepted.duties.iter().find(|d| d.rule.as_str() == "O47").expect("the form is owed");
    // Reported Friday, November 20, 2026: thirty calendar days later is Sunday, December 20 (Q5, DMH16-4.a).
    assert_eq!(form.due.day, Some(jiff::civil::date(2026, 12, 20)));
    assert!(form.due.arithmetic.as_str().contains("30 calendar days"), "{}", form.due.arithmetic);
    for rule in ["O43", "O44"] {
        assert!(accepted.duties.iter().any(|d| d.rule.as_str() == rule), "{rule} is owed");
    }
    // The fixture has no chief security officer, so telling them is still to be done (O44); nobody is told by chance.
    let (_, row) = world
        .app
        .allow_on_incident(&officer, &accepted.reference.to_string(), Action::Read, Section::Officer)
        .await
        .expect("allowed");
    let state = world.app.whole_incident(&row).await.expect("whole").state;
    assert!(state.duties[&ObligationId::parse("O44").expect("an id")].met.is_none());
    let (inbox, _) = world.app.inbox(&officer, None, 50).await.expect("an inbox");
    assert!(inbox.is_empty(), "an accepted report leaves the inbox");
}

#[tokio::test]
async fn telling_the_chief_is_met_by_filing_when_there_is_a_chief_who_reads_the_inbox() {
    let world = world().await;
    let head = world.app.directory().one_level_up(world.unit);
    let profile = tocsin_app::directory::Profile {
        name: "Chief Sample".to_owned(),
        email: "chief@dmh.example.gov".to_owned(),
        phone: None,
    };
    let role = domain::permission::Role::ChiefOfficer;
    world.app.add_person(world.tenant, &profile, None, &[(head, role)]).await.expect("a chief");
    let officer = world.officer(Some(&[world.unit]));
    let reference = accepted(&world, &officer).await;
    let (_, row) =
        world.app.allow_on_incident(&officer, &reference, Action::Read, Section::Officer).await.expect("allowed");
    let state = world.app.whole_incident(&row).await.expect("whole").state;
    let met = state.duties[&ObligationId::parse("O44").expect("an id")].met.as_ref().expect("met at filing");
    assert_eq!((met.what.by, met.what.at.micros()), (Proof::Delivered, ground::NOW));
}

#[tokio::test]
async fn an_accepted_report_goes_back_to_the_inbox_when_it_is_undone_and_its_number_is_not_used_again() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let receipt = filed(&world).await;
    let reference = receipt.reference.to_string();
    let (may, row) =
        world.app.allow_on_report(&officer, &reference, Action::Triage, Section::Report).await.expect("allowed");
    let first = world.app.accept(&may, &row).await.expect("accepted").reference.to_string();
    world.app.undo_decision(&may, &row).await.expect("undone");

    let (inbox, _) = world.app.inbox(&officer, None, 50).await.expect("an inbox");
    assert_eq!(inbox.iter().map(|l| l.reference.as_str()).collect::<Vec<_>>(), [reference.as_str()]);
    let second = world.app.accept(&may, &row).await.expect("accepted again").reference.to_string();
    assert_eq!((first.as_str(), second.as_str()), ("DMH-2026-0001", "DMH-2026-0002"));
}

#[tokio::test]
async fn a_decided_report_is_not_decided_twice() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let receipt = filed(&world).await;
    let reference = receipt.reference.to_string();
    let (may, row) =
        world.app.allow_on_report(&officer, &reference, Action::Triage, Section::Report).await.expect("allowed");
    let why = SetAside { reason: SetAsideReason::Harmless, note: None, rule: None, confirmed_as: None };
    world.app.set_aside(&officer, &may, &row, why).await.expect("set aside");
    let again = world.app.accept(&may, &row).await;
    assert!(matches!(again, Err(Trouble::Report(domain::report::Refusal::AlreadyDecided))), "{again:?}");
}

#[tokio::test]
async fn the_same_key_gives_the_same_receipt_and_one_report() {
    let world = world().await;
    let keyed = Filing { idempotency_key: Some("phone-7".to_owned()), ..filing(submission(&world)) };
    let first = world.app.submit_report(keyed.clone()).await.expect("a receipt");
    let second = world.app.submit_report(keyed.clone()).await.expect("the same receipt");
    assert_eq!(first, second);
    let officer = world.officer(None);
    assert_eq!(world.app.inbox(&officer, None, 50).await.expect("an inbox").0.len(), 1);

    let mut other = keyed;
    other.submission.words = Narrative::parse("Something else.").ok();
    assert!(matches!(world.app.submit_report(other).await, Err(Trouble::KeyReused)));
}

#[tokio::test]
async fn when_the_officer_is_involved_the_report_goes_one_level_up_and_the_officer_sees_nothing() {
    let world = world().await;
    let mut said = submission(&world);
    said.recipient_involved = true;
    let receipt = world.app.submit_report(filing(said)).await.expect("a receipt");
    let local = world.officer(Some(&[world.unit]));
    assert!(world.app.inbox(&local, None, 50).await.expect("an inbox").0.is_empty());
    let looked =
        world.app.allow_on_report(&local, &receipt.reference.to_string(), Action::Triage, Section::Report).await;
    assert!(matches!(looked, Err(Trouble::NotFound)));
    let chief = world.officer(None);
    assert_eq!(world.app.inbox(&chief, None, 50).await.expect("an inbox").0.len(), 1);
}

#[tokio::test]
async fn the_form_is_signed_when_its_boxes_are_filled_and_closes_its_duty() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let reference = accepted(&world, &officer).await;
    let (may, row) =
        world.app.allow_on_incident(&officer, &reference, Action::Work, Section::Officer).await.expect("allowed");

    let early = world.app.act(&may, &row, None, |_, _| Ok(sign(Party::OfficerCompleted, &"0".repeat(64)))).await;
    assert!(matches!(early, Err(Trouble::Incident(Refusal::BoxesEmpty(_)))), "{early:?}");

    let state = world.app.act(&may, &row, None, |_, pack| {
        let form = &pack.forms[0];
        let unsigned = [(box_id("X"), Note::parse("left before it was typed").expect("a note"))];
        let filling = Filling {
            part: FormPart::Reporter,
            boxes: written(form, FormPart::Reporter),
            not_applicable: unsigned.into(),
        };
        Ok(Command::FillForm(filling))
    });
    state.await.expect("the reporter's part");
    let filled = world
        .app
        .act(&may, &row, None, |_, pack| {
            let boxes = written(&pack.forms[0], FormPart::Officer);
            // The facility is the incident's: no hand writes it.
            Ok(Command::SettleForm(Filling { part: FormPart::Officer, boxes, not_applicable: Default::default() }))
        })
        .await
        .expect("the officer's part");
    world.app.act(&may, &row, None, |_, _| Ok(sign(Party::OfficerReceived, &"0".repeat(64)))).await.expect("receipt");
    let bare = world.app.act(&may, &row, None, |_, _| Ok(sign(Party::OfficerCompleted, &"0".repeat(64)))).await;
    assert!(
        matches!(bare, Err(Trouble::Incident(Refusal::CompletionHeld(_)))),
        "no papers, and no word of it: {bare:?}"
    );
    let words = Note::parse("no separate documentation").expect("a note");
    world.app.state_no_papers(&may, &row, &words).await.expect("stated");
    assert!(filled.duties[&ObligationId::parse("O47").expect("an id")].met.is_none());

    let signed = world
        .app
        .act(&may, &row, None, |incident, pack| {
            let digest = digest_of(&incident.form.covered(&pack.forms[0], Party::OfficerCompleted))?;
            Ok(sign(Party::OfficerCompleted, &digest))
        })
        .await
        .expect("signed");
    let met = signed.duties[&ObligationId::parse("O47").expect("an id")].met.as_ref().expect("the duty is met");
    assert_eq!(met.what.by, Proof::Signed);

    let change = world.app.act(&may, &row, None, |_, _| Ok(fill(FormPart::Officer, &[("XI", "changed")]))).await;
    assert!(matches!(change, Err(Trouble::Incident(Refusal::Signed))), "{change:?}");
    let reason = || Note::parse("the serial number was wrong").expect("a note");
    world.app.act(&may, &row, None, |_, _| Ok(Command::AmendForm(reason()))).await.expect("an amendment");
    let amended =
        world.app.act(&may, &row, None, |_, _| Ok(fill(FormPart::Officer, &[("XI", "changed")]))).await.expect("open");
    assert_eq!((amended.form.number, amended.form.originals.len()), (2, 1));
    assert_eq!(amended.form.originals[0].signatures.len(), 2, "the signed form stays as it was");
}

#[tokio::test]
async fn human_resources_words_reach_human_resources_alone() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let reference = accepted(&world, &officer).await;
    let hr = world.viewer_as(domain::permission::Role::HumanResources, None);
    let (may, row) =
        world.app.allow_on_incident(&hr, &reference, Action::Work, Section::Personnel).await.expect("allowed");
    world
        .app
        .act(&may, &row, None, |_, _| Ok(fill(FormPart::Hr, &[("XV", "Punitive: secretword"), ("XVI", "2026-11-20")])))
        .await
        .expect("filled");

    let (read, row) =
        world.app.allow_on_incident(&officer, &reference, Action::Read, Section::Officer).await.expect("allowed");
    let seen = world.app.read_incident(&officer, &read, &row).await.expect("read");
    assert!(!seen.form.boxes.contains_key(&box_id("XV")));
    assert_eq!(seen.version, world.app.whole_incident(&row).await.expect("whole").state.version);
    let denied = world.app.allow_on_incident(&officer, &reference, Action::Read, Section::Personnel).await;
    assert!(matches!(denied, Err(Trouble::NotFound)));

    let filter = Filter { words: "secretword".to_owned(), ..Filter::default() };
    assert!(world.app.list_incidents(&officer, &filter, None, 50).await.expect("a list").0.is_empty());
    let filter = Filter { words: "laptop".to_owned(), ..Filter::default() };
    assert_eq!(world.app.list_incidents(&officer, &filter, None, 50).await.expect("a list").0.len(), 1);
}

#[tokio::test]
async fn closing_names_what_is_missing_and_reopening_needs_a_reason() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let reference = accepted(&world, &officer).await;
    let (may, row) =
        world.app.allow_on_incident(&officer, &reference, Action::Close, Section::Officer).await.expect("allowed");
    let close = || Command::Close(Box::new(Closing { statements: Vec::new(), note: None }));
    let refused = world.app.act(&may, &row, None, |_, _| Ok(close())).await;
    let Err(Trouble::Incident(Refusal::NotReady(missing))) = refused else { panic!("closed too early: {refused:?}") };
    assert!(missing.iter().all(|m| !m.clauses.is_empty() && !m.says.is_empty()), "{missing:?}");

    // Answering for one duty can start another: the ticket starts the inquiry, which has findings of its own.
    let (mut missing, mut closed) = (missing, None);
    for _ in 0..6 {
        for line in &missing {
            let words = || Note::parse("recorded with the help desk, ticket 88213").expect("a note");
            let command = match (&line.duty, &line.decision) {
                (Some(rule), _) => {
                    let at = Instant::from_micros(ground::NOW);
                    Command::MeetDuty(DutyMet { rule: rule.clone(), by: Proof::Recorded, at, words: Some(words()) })
                }
                (None, Some(decision)) => Command::Decide(Box::new(Decision {
                    id: world.app.draw(),
                    asked: Some(decision.clone()),
                    question: Line::parse(&line.says).expect("a line"),
                    outcome: Line::parse("no breach").expect("a line"),
                    reason: words(),
                    supersedes: None,
                })),
                (None, None) => continue,
            };
            world.app.act(&may, &row, None, |_, _| Ok(command.clone())).await.expect("answered for");
        }
        match world.app.act(&may, &row, None, |_, _| Ok(close())).await {
            Err(Trouble::Incident(Refusal::NotReady(left))) => missing = left,
            Ok(state) => {
                closed = Some(state);
                break;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    let closed = closed.expect("everything is answered for");
    assert_eq!(closed.standing, domain::incident::Standing::Closed);
    let note = || Note::parse("a second laptop was found").expect("a note");
    let reopened = world.app.act(&may, &row, None, |_, _| Ok(Command::Reopen(note()))).await.expect("reopened");
    assert_eq!(reopened.standing, domain::incident::Standing::Open);
}

#[tokio::test]
async fn replaying_an_incident_gives_the_row_that_lists_show() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let reference = accepted(&world, &officer).await;
    let (_, row) =
        world.app.allow_on_incident(&officer, &reference, Action::Read, Section::Officer).await.expect("allowed");
    let whole = world.app.whole_incident(&row).await.expect("whole");
    let listing = whole.state.listing(&world.app.zone_of(world.tenant)).expect("a line");
    assert_eq!(listing.version, row.version);
    assert_eq!(listing.next_due, row.next_due);
    assert_eq!(listing.reference.to_string(), row.reference);
    let (lines, _) = world.app.list_incidents(&officer, &Filter::default(), None, 50).await.expect("a list");
    assert_eq!(lines[0].summary, listing.summary);
    assert!(words_of(&lines[0].summary.title).contains("laptop"));
}

#[tokio::test]
async fn a_question_that_the_policy_puts_waits_on_home_until_it_is_decided() {
    let world = world().await;
    let officer = world.officer(Some(&[world.unit]));
    let reference = accepted(&world, &officer).await;
    let (may, row) =
        world.app.allow_on_incident(&officer, &reference, Action::Work, Section::Officer).await.expect("allowed");
    let waits = async || {
        let at_hand = world.app.at_hand(&officer, 8).await.expect("at hand");
        let pack = |state| world.app.pack_of_incident(state).expect("a policy");
        let asked = at_hand.waiting.iter().flat_map(|(_, state)| waits_for(state, pack(state)));
        asked
            .filter_map(|waits| match waits {
                WaitsFor::Decision { asked } => Some(asked.id.to_string()),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert!(waits().await.is_empty());
    let now = When::Exact { at: world.app.now() };
    let believed = || Command::RecordMoment(ClockRecord::seen(Moment::BreachBelieved, now.clone()));
    world.app.act(&may, &row, None, |_, _| Ok(believed())).await.expect("recorded");
    assert_eq!(waits().await, ["breach-determination"]);
    let decision = || {
        Command::Decide(Box::new(Decision {
            id: world.app.draw(),
            asked: Some(DecisionId::parse("breach-determination").expect("an id")),
            question: Line::parse("Was there a breach of sensitive information?").expect("a line"),
            outcome: Line::parse("no breach").expect("a line"),
            reason: Note::parse("the disk was encrypted, and the key was not with it").expect("a note"),
            supersedes: None,
        }))
    };
    world.app.act(&may, &row, None, |_, _| Ok(decision())).await.expect("decided");
    assert!(waits().await.is_empty());
}
