//! What may happen to an incident, and what follows: commands in, events or a refusal out.

use super::assess::assess;
use super::refusal::Refusal;
use super::{
    AffectedSystem, ClockRecord, Closing, Decision, Description, Document, DutyMet, Entry, EntryKind, Event,
    FactAnswer, FactValue, GlassRequest, HoldRecord, Incident, Opening, Participant, PeopleCount, Proof, SheetFilling,
    Standing, Task, Ticket, Waiver, glass, participants, sheets,
};
use super::{DisposalProposal, KeepRule, LegalHold, LegalMatter, Statement, Vote, keeping, playbook, votes};
use crate::actor::Actor;
use crate::form::{Filling, Party, Signature, SignatureAsk};
use crate::ids::{AccountId, EntryId, ReportId, TaskId};
use crate::pack::{
    ClauseId, DecisionId, Evidence, FormPart, Moment, ObligationId, Pack, PlaybookId, RoleId, SheetId, TagId,
};
use crate::report::FileAdded;
use crate::text::{Line, Note};
use crate::time::{Instant, When};
use jiff::civil::Date;

/// What somebody wants to do with an incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Open it.
    Open(Box<Opening>),
    /// Add a report.
    AddReport(ReportId),
    /// Take a report out again.
    RemoveReport(ReportId),
    /// Withdraw it: accepted by mistake.
    Withdraw,
    /// Change describing facts.
    Describe(Description),
    /// Give it to an officer.
    GiveLead(AccountId, Option<Note>),
    /// Add an entry to the timeline.
    Note(Box<Entry>),
    /// Set a task.
    SetTask(Task),
    /// A task is done.
    FinishTask(TaskId, Option<Note>),
    /// A task is not done after all.
    ReopenTask(TaskId),
    /// A system is affected.
    AffectSystem(AffectedSystem),
    /// Count the people affected.
    CountPeople(PeopleCount),
    /// Answer questions of the pack.
    Answer(Vec<FactAnswer>),
    /// Record a moment that starts clocks. To tell it otherwise than before takes a reason.
    RecordMoment(ClockRecord),
    /// An official asked for silence.
    PlaceHold(Box<HoldRecord>),
    /// A request for silence was taken back on that day.
    LiftHold(EntryId, Date, Note),
    /// Answer for a duty.
    MeetDuty(DutyMet),
    /// Decide a question.
    Decide(Box<Decision>),
    /// Note that a document was issued.
    IssueDocument(Document),
    /// Add a file.
    AddFile(FileAdded),
    /// Fill boxes of the form.
    FillForm(Filling),
    /// Write what the product knows by itself into boxes of the form, so that a signature covers it.
    SettleForm(Filling),
    /// Sign the form.
    SignForm(Signature),
    /// Ask the person who reported to sign their part by a link.
    AskReporterToSign(SignatureAsk),
    /// End that request.
    EndSignatureAsk,
    /// Open a signed form for an amendment.
    AmendForm(Note),
    /// Close it.
    Close(Box<Closing>),
    /// Open it again.
    Reopen(Note),
    /// Fill fields of a sheet.
    FillSheet(SheetFilling),
    /// Take an entry of a sheet back.
    StrikeEntry(EntryId, Note),
    /// Let a duty go, by authority.
    WaiveDuty(Box<Waiver>),
    /// Mark it with a legal basis of its policy, or take the mark off.
    Tag(TagId, bool),
    /// Vote on a question of the policy.
    Vote(Box<Vote>),
    /// Write the text that deciders agree to.
    WriteStatement(Box<Statement>),
    /// Start a playbook of the library.
    StartPlaybook(PlaybookId),
    /// Take a task out of this incident.
    RemoveTask(TaskId, Note),
    /// A legal matter arose.
    OpenMatter(Box<LegalMatter>),
    /// A legal matter was settled on that day, in that way.
    SettleMatter(EntryId, Date, Note),
    /// Keep everything, whatever any date says.
    PlaceLegalHold(Box<LegalHold>),
    /// Lift a legal hold.
    LiftLegalHold(EntryId, Note),
    /// Propose to dispose of the record, under these rules of keeping.
    ProposeDisposal(Box<DisposalProposal>, Vec<KeepRule>),
    /// Turn such a proposal down.
    DeclineDisposal(Note),
    /// Carry it out.
    Dispose(Vec<KeepRule>),
    /// Put the help ticket on record.
    OpenTicket(Ticket),
    /// Whoever the ticket went to has taken it.
    AcknowledgeTicket(Instant, Note),
    /// Let somebody take part who has no role here.
    AddParticipant(Participant),
    /// End somebody's part in it.
    RemoveParticipant(AccountId, Note),
    /// Keep somebody from learning of it.
    Exclude(AccountId),
    /// Somebody without a role here asks to look into it.
    AskGlass(GlassRequest),
    /// A second person agrees to such a request, or does not.
    AnswerGlass(EntryId, bool),
}

/// The circumstances of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub now: Instant,
    /// The policy edition that governs the incident.
    pub pack: &'a Pack,
    /// The laws that bind beside it, in the editions pinned when the incident was opened.
    pub laws: &'a [&'a Pack],
}

/// Something that stands between an incident and its closing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// What is missing, for officers.
    pub says: String,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseId>,
    /// The duty, when it is one.
    pub duty: Option<ObligationId>,
    /// The decision, when it is one.
    pub decision: Option<DecisionId>,
    /// The sheet, and the entry that is unfinished, when it is one.
    pub sheet: Option<(SheetId, Option<EntryId>)>,
}

/// Decides a command: the events that follow from it, duties included, or why not.
pub fn decide(incident: &Incident, command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    // What a report suggests is only suggested; what an officer says of its kinds counts.
    let sorts = matches!(&command, Command::Describe(_));
    let mut events = act(incident, command, given)?;
    let mut after = incident.clone();
    for event in &events {
        after.apply(event, given.actor, given.now);
    }
    if sorts && after.standing == Standing::Open {
        let made = sheets::made_by_kind(&after, given);
        for event in &made {
            after.apply(event, given.actor, given.now);
        }
        events.extend(made);
    }
    if after.standing == Standing::Open && after.opening.as_ref().is_some_and(|o| o.imported.is_none()) {
        let duties = assess(&after, given.pack, given.laws);
        for event in &duties {
            after.apply(event, Actor::System, given.now);
        }
        events.extend(duties);
        events.extend(met_by_itself(&after, given));
        events.extend(playbook::by_themselves(&after, given.pack));
    }
    Ok(events)
}

/// An entry of data that went out carries the legal bases that the incident is marked with; other entries carry none.
fn travelling(incident: &Incident, mut entry: Box<Entry>) -> Box<Entry> {
    entry.tags = if entry.kind == EntryKind::Disclosure { incident.tags.clone() } else { Vec::new() };
    entry
}

/// What is so already is no event.
fn mark(incident: &Incident, tag: TagId, on: bool, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let known = std::iter::once(&given.pack).chain(given.laws).any(|pack| pack.tag(&tag).is_some());
    match incident.tags.contains(&tag) {
        carried if carried == on => Ok(Vec::new()),
        false if !known => Err(Refusal::NoSuchTag(tag)),
        _ => one(Event::Tagged { tag, on }),
    }
}

fn act(incident: &Incident, command: Command, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Open(opening) => {
            return if incident.opening.is_some() { Err(Refusal::AlreadyOpen) } else { Ok(open(opening)) };
        }
        Command::Reopen(reason) => {
            return match incident.standing {
                Standing::Closed => one(Event::Reopened { reason }),
                Standing::Open => Err(Refusal::NotClosed),
                Standing::Withdrawn => Err(Refusal::Withdrawn),
            };
        }
        // Human resources may act years later; its part of the form stays open (DMH04-FORM-XV).
        Command::FillForm(ref filling) if filling.part == FormPart::Hr && incident.standing == Standing::Closed => {}
        Command::SignForm(ref s) if s.party == Party::HumanResources && incident.standing == Standing::Closed => {}
        // Issuing a copy changes nothing about a closed incident.
        Command::IssueDocument(_) if incident.standing == Standing::Closed => {}
        // Who may know, and who may look, is settled whether work goes on or not.
        Command::Exclude(_) | Command::AskGlass(_) | Command::AnswerGlass(..)
            if incident.standing == Standing::Closed => {}
        // Matters arise and records are kept long after the work is done.
        Command::OpenMatter(_)
        | Command::SettleMatter(..)
        | Command::PlaceLegalHold(_)
        | Command::LiftLegalHold(..)
        | Command::ProposeDisposal(..)
        | Command::DeclineDisposal(_)
        | Command::Dispose(_)
            if incident.standing == Standing::Closed => {}
        _ => working(incident)?,
    }
    match command {
        Command::Open(_) | Command::Reopen(_) => Ok(Vec::new()),
        Command::AddReport(report) => one(Event::ReportAdded { report }),
        Command::RemoveReport(report) => one(Event::ReportRemoved { report }),
        Command::Withdraw => withdraw(incident),
        Command::Describe(description) => describe(incident, description, given),
        Command::GiveLead(to, note) => one(Event::LeadGiven { to, note }),
        Command::Note(entry) => {
            past(&entry.happened, given).and_then(|()| one(Event::Noted(travelling(incident, entry))))
        }
        Command::SetTask(task) => one(Event::TaskSet(task)),
        Command::FinishTask(task, note) => {
            standing_task(incident, task).and_then(|()| one(Event::TaskDone { task, note }))
        }
        Command::ReopenTask(task) => known_task(incident, task).and_then(|()| one(Event::TaskReopened { task })),
        Command::AffectSystem(system) => one(Event::SystemAffected(system)),
        Command::CountPeople(count) => count_people(count, given),
        Command::Answer(answers) => Ok(answers.into_iter().map(Event::FactAnswered).collect()),
        Command::RecordMoment(record) => record_moment(incident, record, given),
        Command::PlaceHold(hold) => place_hold(hold, given),
        Command::LiftHold(hold, on, reason) => lift_hold(incident, hold, on, reason, given),
        Command::MeetDuty(met) => meet(incident, met, given),
        Command::Decide(decision) => votes::record(incident, decision, given),
        Command::IssueDocument(document) => one(Event::DocumentIssued(document)),
        Command::AddFile(file) => one(Event::FileAdded(file)),
        Command::Tag(tag, on) => mark(incident, tag, on, given),
        Command::FillForm(filling) => super::paper::fill(incident, filling, false, given),
        Command::SettleForm(filling) => super::paper::fill(incident, filling, true, given),
        Command::SignForm(signature) => super::paper::sign(incident, signature, given),
        Command::AskReporterToSign(ask) => super::paper::ask_to_sign(incident, ask, given),
        Command::EndSignatureAsk if incident.signature_ask.is_none() => Ok(Vec::new()),
        Command::EndSignatureAsk => one(Event::SignatureAskEnded),
        Command::AmendForm(reason) => {
            if incident.form.signatures.is_empty() {
                Err(Refusal::NothingToAmend)
            } else {
                one(Event::FormAmended { reason })
            }
        }
        Command::Close(closing) => super::closing::close(incident, closing, given),
        Command::FillSheet(filling) => sheets::fill(incident, filling, given),
        Command::StrikeEntry(entry, reason) => sheets::strike(incident, entry, reason),
        Command::WaiveDuty(waiver) => waive(incident, waiver, given),
        Command::Vote(vote) => votes::vote(incident, vote, given),
        Command::WriteStatement(text) => votes::write_statement(incident, text, given),
        Command::StartPlaybook(id) => playbook::start(incident, &id, given),
        Command::RemoveTask(task, reason) => playbook::remove(incident, task, reason),
        Command::OpenMatter(matter) => keeping::open_matter(incident, matter, given),
        Command::SettleMatter(matter, on, how) => keeping::settle_matter(incident, matter, on, how, given),
        Command::PlaceLegalHold(hold) => one(Event::LegalHoldPlaced(hold)),
        Command::LiftLegalHold(hold, reason) => keeping::lift(incident, hold, reason, given),
        Command::ProposeDisposal(proposal, rules) => keeping::propose(incident, proposal, &rules, given),
        Command::DeclineDisposal(reason) => keeping::decline(incident, reason),
        Command::Dispose(rules) => keeping::dispose(incident, &rules, given),
        Command::OpenTicket(ticket) => open_ticket(incident, ticket, given),
        Command::AcknowledgeTicket(at, words) => acknowledge(incident, at, words, given),
        Command::AddParticipant(participant) => participants::add(incident, participant, given),
        Command::RemoveParticipant(account, reason) => participants::remove(incident, account, reason, given),
        Command::Exclude(account) if incident.excluded.iter().any(|known| known.what == account) => Ok(Vec::new()),
        Command::Exclude(account) => one(Event::Excluded { account }),
        Command::AskGlass(request) => glass::ask(incident, request, given),
        Command::AnswerGlass(request, agreed) => glass::answer(incident, request, agreed, given),
    }
}

fn one(event: Event) -> Result<Vec<Event>, Refusal> {
    Ok(vec![event])
}

/// A record of another system tells what is long over: it is closed as it comes in, and owes nothing here.
fn open(opening: Box<Opening>) -> Vec<Event> {
    let note = opening.imported.as_ref().map(|record| format!("Closed on import: a past record of {}.", record.source));
    let closed =
        note.map(|note| Event::Closed(Box::new(Closing { statements: Vec::new(), note: Note::parse(&note).ok() })));
    std::iter::once(Event::Opened(opening)).chain(closed).collect()
}

const fn working(incident: &Incident) -> Result<(), Refusal> {
    match (&incident.opening, incident.standing) {
        (None, _) => Err(Refusal::NotOpened),
        (_, Standing::Closed) => Err(Refusal::Closed),
        (_, Standing::Withdrawn) => Err(Refusal::Withdrawn),
        (_, Standing::Open) => Ok(()),
    }
}

/// Only an incident on which nobody has worked can be withdrawn: afterwards the record must show how it ended.
fn withdraw(incident: &Incident) -> Result<Vec<Event>, Refusal> {
    // What came with the report is nobody's work.
    let untouched = incident.timeline.iter().all(|entry| Some(entry.at) == incident.opened_at)
        && incident.tasks.is_empty()
        && incident.decisions.is_empty()
        && incident.form.boxes.is_empty()
        && incident.files.is_empty()
        && incident.reports.len() <= 1;
    if untouched { one(Event::Withdrawn) } else { Err(Refusal::WorkBegun) }
}

/// A kind that is added makes the same facts true as one that the report brought along; an answer that was given stays.
fn describe(incident: &Incident, description: Description, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if description.discovered_at.is_some_and(|at| at > given.now) {
        return Err(Refusal::InTheFuture);
    }
    if let Some(occurred) = &description.occurred {
        past(occurred, given)?;
    }
    let before = incident.opening.as_ref().map(|o| o.categories.as_slice()).unwrap_or_default();
    let added = description.categories.iter().flatten().filter(|id| !before.contains(id));
    let mut sets: Vec<_> = added.filter_map(|id| given.pack.category(id)).flat_map(|c| &c.sets).collect();
    sets.dedup();
    let reason = description.reason.clone();
    let answer = |fact: &crate::pack::FactId| {
        Event::FactAnswered(FactAnswer { fact: fact.clone(), answer: FactValue::Yes, reason: reason.clone() })
    };
    let facts: Vec<Event> = sets.into_iter().filter(|fact| !incident.answers.contains_key(*fact)).map(answer).collect();
    Ok(std::iter::once(Event::Described(description)).chain(facts).collect())
}

pub(super) fn past(when: &When, given: Given<'_>) -> Result<(), Refusal> {
    let future = match when {
        When::Exact { at } | When::About { at } => *at > given.now,
        When::Day { on } => *on > given.now.timestamp().to_zoned(given.pack.zone.time_zone().clone()).date(),
        When::Unknown => false,
    };
    if future { Err(Refusal::InTheFuture) } else { Ok(()) }
}

fn count_people(count: PeopleCount, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if count.low.is_some_and(|low| low > count.people) || count.high.is_some_and(|high| high < count.people) {
        return Err(Refusal::CountContradicts);
    }
    if let Some(on) = count.as_of {
        past(&When::Day { on }, given)?;
    }
    one(Event::PeopleCounted(count))
}

/// What starts clocks is never changed without a word why: nobody moves a discovery in silence.
fn record_moment(incident: &Incident, record: ClockRecord, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    past(&record.when, given)?;
    votes::may_record(incident, record.moment, given.pack)?;
    match incident.moments.get(&record.moment) {
        Some(known) if known.when == record.when && known.who == record.who && known.evidence == record.evidence => {
            Ok(Vec::new())
        }
        Some(_) if record.reason.is_none() => Err(Refusal::WordsNeeded),
        _ => one(Event::MomentRecorded(record)),
    }
}

fn place_hold(hold: Box<HoldRecord>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    past(&hold.stated, given)?;
    if hold.stated == When::Unknown {
        return Err(Refusal::WordsNeeded);
    }
    let known = |id| given.laws.iter().chain([&given.pack]).any(|pack| pack.regime(id).is_some());
    if hold.regimes.is_empty() {
        return Err(Refusal::NoSuchRegime("nothing".to_owned()));
    }
    match hold.regimes.iter().find(|id| !known(id)) {
        Some(unknown) => Err(Refusal::NoSuchRegime(unknown.to_string())),
        None => one(Event::HoldPlaced(hold)),
    }
}

fn lift_hold(
    incident: &Incident,
    hold: EntryId,
    on: Date,
    reason: Note,
    given: Given<'_>,
) -> Result<Vec<Event>, Refusal> {
    past(&When::Day { on }, given)?;
    if incident.holds.iter().any(|(placed, lifted)| placed.id == hold && lifted.is_none()) {
        one(Event::HoldLifted { hold, on, reason })
    } else {
        Err(Refusal::NoSuchHold)
    }
}

fn standing_task(incident: &Incident, task: TaskId) -> Result<(), Refusal> {
    let stands = incident.tasks.get(&task).is_some_and(|state| state.removed.is_none());
    if stands { Ok(()) } else { Err(Refusal::NoSuchTask) }
}

fn known_task(incident: &Incident, task: TaskId) -> Result<(), Refusal> {
    if incident.tasks.contains_key(&task) { Ok(()) } else { Err(Refusal::NoSuchTask) }
}

fn meet(incident: &Incident, met: DutyMet, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let open = incident.duties.get(&met.rule).is_some_and(|state| state.met.is_none());
    if !open {
        return Err(Refusal::NoSuchDuty(met.rule));
    }
    if met.at > given.now {
        return Err(Refusal::InTheFuture);
    }
    if met.by == Proof::Waived {
        return Err(Refusal::AuthorityNeeded);
    }
    let by_hand = matches!(met.by, Proof::Recorded | Proof::Called | Proof::NotApplicable);
    if by_hand && met.words.is_none() {
        return Err(Refusal::WordsNeeded);
    }
    let ticket = given.pack.ticket.as_ref().is_some_and(|ticket| ticket.meets == met.rule);
    let opens_ticket = ticket && matches!(met.by, Proof::Recorded | Proof::Called);
    let when = When::Exact { at: met.at };
    let number = met.words.as_ref().and_then(|words| Line::parse(words.as_str()).ok());
    let named = given.pack.ticket.as_ref().zip(number).filter(|_| opens_ticket && incident.ticket.is_none());
    let recorded = named.and_then(|(wanted, number)| {
        let by = wanted.opened_by.first()?.clone();
        Some(Event::TicketOpened(Ticket { number, category: Line::parse(&wanted.category).ok()?, at: met.at, by }))
    });
    let mut events: Vec<Event> = recorded.into_iter().chain([Event::DutyMet(met)]).collect();
    if opens_ticket && !incident.moments.contains_key(&Moment::TicketOpened) {
        events.push(Event::MomentRecorded(ClockRecord::seen(Moment::TicketOpened, when)));
    }
    Ok(events)
}

fn waive(incident: &Incident, waiver: Box<Waiver>, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    if incident.duties.get(&waiver.rule).is_none_or(|state| state.met.is_some()) {
        return Err(Refusal::NoSuchDuty(waiver.rule));
    }
    if waiver.at > given.now { Err(Refusal::InTheFuture) } else { one(Event::DutyWaived(waiver)) }
}

/// The number of the ticket is the hand-over: from its moment on the case is with whoever the category goes to.
fn open_ticket(incident: &Incident, ticket: Ticket, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let wanted = given.pack.ticket.as_ref().ok_or(Refusal::NoTicket)?;
    if incident.ticket.is_some() {
        return Err(Refusal::TicketOnRecord);
    }
    if ticket.category.as_str() != wanted.category {
        return Err(Refusal::OtherCategory(wanted.category.clone()));
    }
    if !wanted.opened_by.contains(&ticket.by) {
        return Err(Refusal::NoTicket);
    }
    let when = When::Exact { at: ticket.at };
    past(&when, given)?;
    let mut events = Vec::new();
    let open = incident.duties.get(&wanted.meets).is_some_and(|state| state.met.is_none());
    if open {
        let words = Note::parse(ticket.number.as_str()).ok();
        events.push(Event::DutyMet(DutyMet { rule: wanted.meets.clone(), by: Proof::Recorded, at: ticket.at, words }));
    }
    if !incident.moments.contains_key(&Moment::TicketOpened) {
        events.push(Event::MomentRecorded(ClockRecord::seen(Moment::TicketOpened, when)));
    }
    events.insert(0, Event::TicketOpened(ticket));
    Ok(events)
}

fn acknowledge(incident: &Incident, at: Instant, words: Note, given: Given<'_>) -> Result<Vec<Event>, Refusal> {
    let ticket = incident.ticket.as_ref().ok_or(Refusal::NoTicket)?;
    if incident.acknowledged.is_some() {
        return Ok(Vec::new());
    }
    past(&When::Exact { at }, given)?;
    if at < ticket.what.at {
        return Err(Refusal::BeforeTheTicket);
    }
    one(Event::TicketAcknowledged { at, words })
}

/// Duties whose proof the product itself holds are answered for by it: a box or signature of the form, or a report
/// that lay in the right person's inbox from the moment it was filed.
fn met_by_itself(incident: &Incident, given: Given<'_>) -> Vec<Event> {
    let opening = incident.opening.as_ref();
    let delivered = |role: &RoleId| opening.filter(|o| o.told.contains(role)).and_then(|o| o.reported_at);
    let form = given.pack.forms.first();
    let shown = |evidence: &Evidence| match evidence {
        Evidence::Signature { in_box, .. } => {
            let party = form.and_then(|form| form.signs(in_box))?;
            incident.form.signed_by(party).map(|(_, at)| *at)
        }
        Evidence::Attached { .. } => incident.files.first().map(|file| file.at),
        Evidence::Filled { in_box, .. } => {
            let filled = incident.form.boxes.contains_key(in_box) || incident.form.not_applicable.contains_key(in_box);
            filled.then_some(given.now)
        }
        Evidence::Delivery { to, or_to, .. } => std::iter::once(to).chain(or_to).find_map(delivered),
        Evidence::Decided { decision } => {
            let asked = given.pack.decisions.iter().find(|d| d.id == *decision);
            asked.and_then(|asked| Some(votes::tally(incident, asked).outcome?.at))
        }
        _ => None,
    };
    let open = incident.duties.values().filter(|state| state.met.is_none());
    open.filter_map(|state| {
        let rule = given.pack.obligations.iter().find(|rule| rule.id == state.duty.rule)?;
        let at = rule.evidence.iter().map(shown).collect::<Option<Vec<_>>>()?.into_iter().max()?;
        let has = |kind: fn(&Evidence) -> bool| rule.evidence.iter().any(kind);
        let by = if has(|e| matches!(e, Evidence::Delivery { .. })) {
            Proof::Delivered
        } else if has(|e| matches!(e, Evidence::Decided { .. })) {
            Proof::Decided
        } else if matches!(rule.evidence.first(), Some(Evidence::Attached { .. })) {
            Proof::Recorded
        } else {
            Proof::Signed
        };
        Some(Event::DutyMet(DutyMet { rule: rule.id.clone(), by, at, words: None }))
    })
    .chain(
        sheets::answered_for(incident, given)
            .into_iter()
            .map(|(rule, at)| Event::DutyMet(DutyMet { rule, by: Proof::Recorded, at, words: None })),
    )
    .collect()
}
