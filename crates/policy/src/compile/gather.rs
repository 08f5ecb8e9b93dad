//! All items of a pack in one place, whichever file each stands in, with every id entered once.

use super::desk::{Desk, Kind};
use crate::spanned::Spanned;
use crate::{
    Problem,
    text::{self, Piece, Word},
};

/// An item and the file it stands in.
pub(crate) struct At<T> {
    pub file: usize,
    pub item: T,
}

type One<T> = Option<At<Spanned<T>>>;

#[derive(Default)]
pub(crate) struct Paper {
    pub head: One<text::Head>,
    pub edition: One<text::Edition>,
    pub source: One<text::SourceDocument>,
    pub identity: One<text::Identity>,
    pub phone_first: One<text::PhoneFirst>,
    pub ticket: One<text::Ticket>,
    pub state_notices: One<text::StateNotices>,
    pub loss: One<text::Loss>,
    pub loss_questions: Vec<At<text::Question>>,
    pub retention: One<text::Retention>,
    pub yearly_round: One<text::YearlyRound>,
    pub routine_review: One<text::RoutineReview>,
    pub clauses: Vec<At<text::Clause>>,
    pub notes: Vec<At<text::Interpretation>>,
    pub roles: Vec<At<text::Role>>,
    pub routes: Vec<At<text::Route>>,
    pub notices: Vec<At<text::Notice>>,
    pub workforce: Vec<At<text::Workforce>>,
    pub systems: Vec<At<text::Labelled>>,
    pub tiles: Vec<At<text::Tile>>,
    pub categories: Vec<At<text::Category>>,
    pub questions: Vec<At<text::Question>>,
    /// Question, then the clauses that ask for it, for questions taken from an included file.
    pub question_clauses: Vec<At<(Word, Vec<Word>)>>,
    /// The pack's own first, so that it is found first.
    pub advice: Vec<At<text::Advice>>,
    pub particulars: Vec<At<text::Particular>>,
    pub definition: One<text::Definition>,
    pub facts: Vec<At<text::Fact>>,
    pub discovery: One<text::Discovery>,
    pub regimes: Vec<At<text::Regime>>,
    pub obligations: Vec<At<text::Obligation>>,
    pub decisions: Vec<At<text::Decision>>,
    pub closing: Vec<At<text::Closing>>,
    pub sheets: Vec<At<text::Sheet>>,
    pub playbooks: Vec<At<text::Playbook>>,
    pub set_aside: One<text::SetAside>,
    pub forms: Vec<At<text::Form>>,
    pub locals: Vec<At<text::Local>>,
    pub missing: Vec<At<text::Missing>>,
    pub enactment: One<text::Enactment>,
    pub tags: Vec<At<text::Tag>>,
    pub no_incident: Vec<At<text::NoIncident>>,
    pub participants: One<text::Participants>,
    pub readiness: One<text::Readiness>,
    pub plan: One<text::Plan>,
}

pub(crate) fn gather(desk: &mut Desk, included: Vec<(usize, Piece)>, own: Vec<(usize, Piece)>) -> Paper {
    let mut paper = Paper::default();
    let shared: Vec<usize> = included.iter().map(|(file, _)| *file).collect();
    for (file, piece) in included {
        paper.add(&mut Adding { desk, file, included: true, shared: &[] }, piece);
    }
    // Advice is taken in order, so what the pack says itself has to stand before what it includes.
    let general = std::mem::take(&mut paper.advice);
    for (file, piece) in own {
        paper.add(&mut Adding { desk, file, included: false, shared: &shared }, piece);
    }
    paper.advice.extend(general);
    paper
}

struct Adding<'d> {
    desk: &'d mut Desk,
    file: usize,
    included: bool,
    /// Included files whose tables the pack may replace by its own.
    shared: &'d [usize],
}

impl Adding<'_> {
    fn one<T>(&mut self, slot: &mut One<T>, table: &str, found: Option<Spanned<T>>) {
        let Some(item) = found else { return };
        if slot.as_ref().is_some_and(|earlier| !self.shared.contains(&earlier.file)) {
            let says = format!("The table [{table}] stands twice in this pack.");
            self.desk.report(Problem::TableTwice, self.file, item.span(), says, "Keep one of them.");
            return;
        }
        *slot = Some(At { file: self.file, item });
    }

    /// Adds items; an item of the pack takes the place of an included one with the same id.
    fn all<T>(&mut self, kind: Kind, list: &mut Vec<At<T>>, items: Vec<T>, id: fn(&T) -> &Word) {
        for item in items {
            let word = id(&item);
            let name = word.get_ref().clone();
            match self.desk.define(kind, &name, word.span(), self.file, self.included) {
                None => {}
                Some(false) => list.push(At { file: self.file, item }),
                Some(true) => {
                    if let Some(earlier) = list.iter_mut().find(|e| *id(&e.item).get_ref() == name) {
                        *earlier = At { file: self.file, item };
                    }
                }
            }
        }
    }
}

impl Paper {
    fn add(&mut self, to: &mut Adding, piece: Piece) {
        to.one(&mut self.head, "pack", piece.pack);
        to.one(&mut self.edition, "edition", piece.edition);
        to.one(&mut self.source, "source", piece.source);
        to.one(&mut self.identity, "identity", piece.identity);
        to.one(&mut self.set_aside, "set_aside", piece.set_aside);
        to.one(&mut self.phone_first, "phone_first", piece.phone_first);
        to.one(&mut self.ticket, "ticket", piece.ticket);
        to.one(&mut self.state_notices, "state_notices", piece.state_notices);
        to.one(&mut self.loss, "loss", piece.loss);
        to.one(&mut self.retention, "retention", piece.retention);
        to.one(&mut self.yearly_round, "yearly_round", piece.yearly_round);
        to.one(&mut self.routine_review, "routine_review", piece.routine_review);
        to.all(Kind::Clause, &mut self.clauses, piece.clause, |i| &i.id);
        to.all(Kind::Note, &mut self.notes, piece.interpretation, |i| &i.id);
        to.all(Kind::Role, &mut self.roles, piece.role, |i| &i.id);
        to.all(Kind::Route, &mut self.routes, piece.route, |i| &i.id);
        to.all(Kind::Notice, &mut self.notices, piece.notice, |i| &i.id);
        to.all(Kind::Workforce, &mut self.workforce, piece.workforce, |i| &i.id);
        to.all(Kind::System, &mut self.systems, piece.system, |i| &i.id);
        to.all(Kind::Tile, &mut self.tiles, piece.tile, |i| &i.id);
        to.all(Kind::Category, &mut self.categories, piece.category, |i| &i.id);
        to.all(Kind::Question, &mut self.questions, piece.question, |i| &i.id);
        to.all(Kind::Fact, &mut self.facts, piece.fact, |i| &i.id);
        to.one(&mut self.definition, "definition", piece.definition);
        to.one(&mut self.discovery, "discovery", piece.discovery);
        to.all(Kind::Regime, &mut self.regimes, piece.regime, |i| &i.id);
        to.all(Kind::Obligation, &mut self.obligations, piece.obligation, |i| &i.id);
        to.all(Kind::Decision, &mut self.decisions, piece.decision, |i| &i.id);
        to.all(Kind::Closing, &mut self.closing, piece.closing, |i| &i.id);
        to.all(Kind::Playbook, &mut self.playbooks, piece.playbook, |i| &i.id);
        let (file, included) = (to.file, to.included);
        for form in &piece.form {
            for form_box in &form.boxes {
                let name = format!("{}/{}", form.id.get_ref(), form_box.id.get_ref());
                to.desk.define(Kind::FormBox, &name, form_box.id.span(), file, included);
            }
        }
        to.all(Kind::Form, &mut self.forms, piece.form, |i| &i.id);
        to.all(Kind::Sheet, &mut self.sheets, piece.sheet, |i| &i.id);
        to.all(Kind::NoIncident, &mut self.no_incident, piece.no_incident, |i| &i.id);
        to.one(&mut self.participants, "participants", piece.participants);
        to.one(&mut self.readiness, "readiness", piece.readiness);
        to.one(&mut self.plan, "plan", piece.plan);
        to.all(Kind::Local, &mut self.locals, piece.local, |i| &i.id);
        to.all(Kind::Missing, &mut self.missing, piece.missing, |i| &i.id);
        to.one(&mut self.enactment, "enactment", piece.enactment);
        to.all(Kind::Tag, &mut self.tags, piece.tag, |i| &i.id);
        self.question_clauses.extend(piece.question_clauses.into_iter().map(|item| At { file, item }));
        self.loss_questions.extend(piece.loss_question.into_iter().map(|item| At { file, item }));
        self.particulars.extend(piece.particular.into_iter().map(|item| At { file, item }));
        self.advice.extend(piece.advice.into_iter().map(|item| At { file, item }));
    }
}
