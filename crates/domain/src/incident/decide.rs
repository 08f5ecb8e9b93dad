//! What may happen to an incident, and what follows: commands in, events or a refusal out.

use super::assess::assess;
use super::refusal::Refusal;
use super::{
    AffectedSystem, ClockRecord, Closing, Decision, Description, Document, DutyMet, Entry, EntryKind, EntrySignature,
    Event, FactAnswer, FactValue, GlassRequest, HoldRecord, Incident, Opening, Participant, PeopleCount, SheetFilling,
    Standing, Task, Ticket, Waiver, answered, glass, participants, sealed, sheets,
};
use super::{DisposalProposal, KeepRule, LegalHold, LegalMatter, Statement, Vote, keeping, playbook, votes};
use crate::actor::{Actor, Section};
use crate::form::{Filling, Party, Signature, SignatureAsk};
use crate::ids::{AccountId, EntryId, ReportId, TaskId};
use crate::pack::{ClauseId, DecisionId, FormPart, ObligationId, Pack, PackId, PlaybookId, Sheet, SheetId, TagId};
use crate::report::FileAdded;
use crate::text::Note;
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
    /// Let somebody take part who has no role here.
    AddParticipant(Participant),
    /// End somebody's part in it.
    RemoveParticipant(AccountId, Note),
    /// Sign an entry of a sheet.
    SignEntry(Box<EntrySignature>),
    /// Hold it to the rules as they read now: what an officer's next step would bring about anyway. The laws are those that
    /// bind its unit now and governed the day of its first report.
    Reassess(Vec<PackId>),
    /// Keep somebody from learning of it.
    Exclude(AccountId),
    /// Somebody without a role here asks to look into it.
    AskGlass(GlassRequest),
    /// A second person agrees to such a request, or does not.
    AnswerGlass(EntryId, bool),
}

impl Command {
    /// Whether it says what the incident is, who leads it, or that its clocks stand still: for those whose office it is,
    /// not for everybody who takes part.
    pub const fn directs(&self) -> bool {
        matches!(self, Self::Describe(_) | Self::GiveLead(..) | Self::PlaceHold(_) | Self::LiftHold(..))
    }
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
    if events.iter().any(sealed::is_personnel)
        && let Some(event) = sealed::reviewed(&after, given.pack)
    {
        after.apply(&event, given.actor, given.now);
        events.push(event);
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
        events.extend(answered::met_by_itself(&after, given));
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
        Command::FillSheet(ref filling) if sealed_after_closing(incident, given.pack.sheet(&filling.sheet)) => {}
        Command::StrikeEntry(entry, _) if sealed_after_closing(incident, sheet_of(incident, entry, given.pack)) => {}
        Command::SignEntry(ref s) if sealed_after_closing(incident, sheet_of(incident, s.entry, given.pack)) => {}
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
        Command::MeetDuty(met) => answered::meet(incident, met, given),
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
        Command::WaiveDuty(waiver) => answered::waive(incident, waiver, given),
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
        Command::OpenTicket(ticket) => answered::open_ticket(incident, ticket, given),
        Command::AddParticipant(participant) => participants::add(incident, participant, given),
        Command::RemoveParticipant(account, reason) => participants::remove(incident, account, reason, given),
        Command::SignEntry(signature) => sealed::sign(incident, signature, given),
        Command::Reassess(laws) => Ok(bind(incident, laws)),
        Command::Exclude(account) if incident.excluded.iter().any(|known| known.what == account) => Ok(Vec::new()),
        Command::Exclude(account) => one(Event::Excluded { account }),
        Command::AskGlass(request) => glass::ask(incident, request, given),
        Command::AnswerGlass(request, agreed) => glass::answer(incident, request, agreed, given),
    }
}

/// Human resources may act years later on its own sheets as well.
fn sealed_after_closing(incident: &Incident, sheet: Option<&Sheet>) -> bool {
    incident.standing == Standing::Closed && sheet.is_some_and(|sheet| sheet.section == Section::Personnel)
}

fn sheet_of<'a>(incident: &Incident, entry: EntryId, pack: &'a Pack) -> Option<&'a Sheet> {
    pack.sheet(&incident.sheets.iter().find(|e| e.id == entry)?.sheet)
}

/// Laws that bind beside those known so far. One that binds already stays bound, whatever the unit's list says later.
fn bind(incident: &Incident, laws: Vec<PackId>) -> Vec<Event> {
    let known = incident.opening.as_ref().map(|opening| opening.laws.as_slice()).unwrap_or_default();
    let laws: Vec<PackId> = laws.into_iter().filter(|law| !known.contains(law)).collect();
    if laws.is_empty() { Vec::new() } else { vec![Event::LawsBound { laws }] }
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
