//! Items that people read: roles, routes, tiles, categories, questions, advice, forms.

use super::{
    desk::{Desk, Kind},
    gather::{At, Paper},
    phrase::{self, Lexicon},
};
use crate::{
    Problem,
    text::{self, Choice, Labelled, Required, Word},
};
use domain::pack::*;
use std::ops::Range;

pub(super) fn roles(desk: &mut Desk, paper: &Paper) -> Vec<Role> {
    paper.roles.iter().filter_map(|at| role(desk, at)).collect()
}

fn role(desk: &mut Desk, at: &At<text::Role>) -> Option<Role> {
    let (file, r) = (at.file, &at.item);
    let reach = if r.phone.is_some() || r.mail.is_some() {
        let clauses = desk.clauses(&r.reach_clauses, r.id.span(), file);
        Some(Reach { phone: r.phone.clone(), mail: r.mail.clone(), clauses })
    } else {
        None
    };
    desk.fits::<120>(r.title.get_ref().en.as_deref().unwrap_or("–"), r.title.span(), file);
    Some(Role {
        id: desk.name(&r.id, file)?,
        title: desk.both(&r.title, file),
        capacity: r.capacity,
        level: r.level,
        reach,
        falls_back_to: r.falls_back_to.as_ref().and_then(|w| desk.refer(Kind::Role, w, file)),
        always_staffed: r.always_staffed,
        office: r
            .office
            .as_ref()
            .map(|o| Office { designator_required: o.designator == text::Designator::Required, each: o.each.clone() }),
        clauses: desk.clauses(&r.clauses, r.id.span(), file),
    })
}

pub(super) fn routes(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<Route> {
    let route = |at: &At<text::Route>| {
        let (file, r) = (at.file, &at.item);
        let mut offers = Vec::new();
        for offer in &r.offers {
            let says = desk.both(&offer.says, file);
            offers.extend(desk.refer(Kind::Role, &offer.to, file).map(|to| Offer { to, says }));
        }
        Some(Route {
            id: desk.name(&r.id, file)?,
            when: phrase::conditions(desk, &r.when, lexicon, file),
            to: desk.refer(Kind::Role, &r.to, file)?,
            says: desk.both(&r.says, file),
            offers,
            clauses: desk.clauses(&r.clauses, r.id.span(), file),
            notes: desk.refer_all(Kind::Note, &r.notes, file),
        })
    };
    paper.routes.iter().filter_map(route).collect()
}

pub(super) fn notices(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Vec<Notice> {
    let notice = |at: &At<text::Notice>| {
        let (file, n) = (at.file, &at.item);
        Some(Notice {
            id: desk.name(&n.id, file)?,
            on: n.on,
            when: phrase::conditions(desk, &n.when, lexicon, file),
            to: desk.refer(Kind::Role, &n.to, file)?,
            says: desk.both(&n.says, file),
            meets: desk.refer(Kind::Obligation, &n.meets, file)?,
            urgent: n.urgent,
            clauses: desk.clauses(&n.clauses, n.id.span(), file),
        })
    };
    paper.notices.iter().filter_map(notice).collect()
}

pub(super) fn ticket(desk: &mut Desk, paper: &Paper) -> Option<Ticket> {
    let at = paper.ticket.as_ref()?;
    let (file, t) = (at.file, at.item.get_ref());
    Some(Ticket {
        category: t.category.clone(),
        opened_by: desk.refer_all(Kind::Role, &t.opened_by, file),
        goes_to: desk.refer(Kind::Role, &t.goes_to, file)?,
        meets: desk.refer(Kind::Obligation, &t.meets, file)?,
        taken: t.taken.as_ref().and_then(|taken| super::other_sheets::taken(desk, paper, taken, file)),
        clauses: desk.clauses(&t.clauses, at.item.span(), file),
    })
}

pub(super) fn state_notices(desk: &mut Desk, paper: &Paper) -> Option<StateNotices> {
    let at = paper.state_notices.as_ref()?;
    let (file, n) = (at.file, at.item.get_ref());
    // The names of a scale stand in one place: with the scale itself, where the policy has one.
    let levels: Vec<Words> = match &paper.readiness {
        Some(scale) => {
            if !n.levels.is_empty() {
                let says = "The levels stand here and in [readiness].";
                let help = "Take `levels` out here: notices use the scale.";
                desk.report(Problem::WrongShape, file, at.item.span(), says, help);
            }
            let both = scale.item.get_ref().levels.iter().map(|level| desk.both(&level.name, scale.file));
            both.collect()
        }
        None => n.levels.iter().map(|level| desk.both(level, file)).collect(),
    };
    Some(StateNotices {
        source: desk.refer(Kind::Role, &n.source, file)?,
        levels,
        exact: n.exact,
        channels: n.channels,
        clauses: desk.clauses(&n.clauses, at.item.span(), file),
    })
}

pub(super) fn workforce(desk: &mut Desk, paper: &Paper) -> Vec<WorkforceKind> {
    let kind = |at: &At<text::Workforce>| {
        let (file, k) = (at.file, &at.item);
        let id = desk.name(&k.id, file)?;
        let label = desk.both(&k.label, file);
        Some(WorkforceKind { id, label, external: k.external, clauses: desk.clauses(&k.clauses, k.id.span(), file) })
    };
    paper.workforce.iter().filter_map(kind).collect()
}

pub(super) fn phone_first(desk: &mut Desk, paper: &Paper) -> Option<PhoneFirst> {
    let at = paper.phone_first.as_ref()?;
    let (file, p) = (at.file, at.item.get_ref());
    Some(PhoneFirst {
        number: p.number.clone(),
        role: desk.refer(Kind::Role, &p.role, file)?,
        label: desk.both(&p.label, file),
        says: desk.both(&p.says, file),
        meets: desk.refer(Kind::Obligation, &p.meets, file)?,
        clauses: desk.clauses(&p.clauses, at.item.span(), file),
        notes: desk.refer_all(Kind::Note, &p.notes, file),
    })
}

pub(super) fn identity(desk: &mut Desk, paper: &Paper) -> Option<Identity> {
    let at = paper.identity.as_ref()?;
    let (file, i) = (at.file, at.item.get_ref());
    Some(Identity {
        anonymous: i.anonymous,
        can_be_shielded: i.can_be_shielded,
        says: desk.both(&i.says, file),
        clauses: desk.refer_all(Kind::Clause, &i.clauses, file),
        notes: desk.refer_all(Kind::Note, &i.notes, file),
    })
}

/// Items of an id, a label and the clauses behind it.
pub(super) fn labelled<T, I: TryFrom<String>>(
    desk: &mut Desk,
    list: &[At<Labelled>],
    make: fn(I, Words, Vec<ClauseId>) -> T,
) -> Vec<T> {
    let one = |at: &At<Labelled>| {
        let (file, item) = (at.file, &at.item);
        let id = desk.name(&item.id, file)?;
        let label = desk.both(&item.label, file);
        Some(make(id, label, desk.clauses(&item.clauses, item.id.span(), file)))
    };
    list.iter().filter_map(one).collect()
}

fn choices(desk: &mut Desk, list: &[Choice], file: usize) -> Vec<Item> {
    let mut seen: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for choice in list {
        if seen.contains(&choice.id.get_ref().as_str()) {
            let says = format!("The choice {} stands twice.", choice.id.get_ref());
            desk.report(Problem::DuplicateId, file, choice.id.span(), says, "Give this one an id of its own.");
        }
        seen.push(choice.id.get_ref());
        let marked_by = desk.refer_all(Kind::Tile, &choice.marked_by, file);
        items.extend(desk.name(&choice.id, file).map(|id| Item {
            id,
            label: desk.both(&choice.label, file),
            marked_by,
        }));
    }
    items
}

pub(super) fn tiles(desk: &mut Desk, paper: &Paper) -> Vec<Tile> {
    for category in &paper.categories {
        desk.refer_all::<TileId>(Kind::Tile, &category.item.tiles, category.file);
    }
    let tile = |at: &At<text::Tile>| {
        let (file, t) = (at.file, &at.item);
        let mut suggests: Vec<CategoryId> = desk.refer_all(Kind::Category, &t.suggests, file);
        for category in &paper.categories {
            let points_here = category.item.tiles.iter().any(|w| w.get_ref() == t.id.get_ref());
            if points_here && let Some(id) = desk.name(&category.item.id, category.file) {
                suggests.push(id);
            }
        }
        Some(Tile {
            id: desk.name(&t.id, file)?,
            label: desk.both(&t.label, file),
            suggests,
            sets: desk.refer_all(Kind::Fact, &t.sets, file),
            opens_loss: t.opens_loss,
        })
    };
    paper.tiles.iter().filter_map(tile).collect()
}

pub(super) fn categories(desk: &mut Desk, paper: &Paper) -> Vec<Category> {
    let category = |at: &At<text::Category>| {
        let (file, c) = (at.file, &at.item);
        Some(Category {
            id: desk.name(&c.id, file)?,
            label: desk.both(&c.label, file),
            axis: c.axis.clone().unwrap_or_else(|| "type".to_owned()),
            sets: desk.refer_all(Kind::Fact, &c.sets, file),
            clauses: desk.clauses(&c.clauses, c.id.span(), file),
        })
    };
    paper.categories.iter().filter_map(category).collect()
}

pub(super) fn questions(desk: &mut Desk, paper: &Paper) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for At { file, item } in &paper.questions {
        let Some(question) = question(desk, *file, item) else { continue };
        let before: Option<QuestionId> = item.after.as_ref().and_then(|w| desk.refer(Kind::Question, w, *file));
        let place = before.and_then(|id| questions.iter().position(|q| q.id == id)).map_or(questions.len(), |p| p + 1);
        questions.insert(place, question);
    }
    for At { file, item: (word, clauses) } in &paper.question_clauses {
        let id: Option<QuestionId> = desk.refer(Kind::Question, word, *file);
        let behind: Vec<ClauseId> = desk.refer_all(Kind::Clause, clauses, *file);
        if let Some(question) = questions.iter_mut().find(|q| Some(&q.id) == id.as_ref()) {
            question.clauses.extend(behind);
        }
    }
    questions
}

fn question(desk: &mut Desk, file: usize, q: &text::Question) -> Option<Question> {
    Some(Question {
        id: desk.name(&q.id, file)?,
        kind: q.kind,
        title: desk.both(&q.title, file),
        hint: q.hint.as_ref().map(|hint| desk.both(hint, file)),
        required: q.required,
        choices: choices(desk, &q.choices, file),
        records: q.records.as_ref().and_then(|w| desk.refer(Kind::Fact, w, file)),
        or_unknown: q.or_unknown,
        words_with: q.words_with.iter().filter_map(|w| choice_of(desk, q, w, file)).collect(),
        tiles: desk.refer_all(Kind::Tile, &q.tiles, file),
        clauses: desk.refer_all(Kind::Clause, &q.clauses, file),
    })
}

fn choice_of(desk: &mut Desk, q: &text::Question, word: &Word, file: usize) -> Option<ChoiceId> {
    if q.choices.iter().any(|choice| choice.id.get_ref() == word.get_ref()) {
        return desk.name(word, file);
    }
    let says = format!("This question has no choice {}.", word.get_ref());
    desk.report(Problem::UnknownReference, file, word.span(), says, "Name a choice of this question, or add it.");
    None
}

pub(super) fn particulars(desk: &mut Desk, paper: &Paper) -> Vec<Particular> {
    let particular = |at: &At<text::Particular>| {
        let (file, p) = (at.file, &at.item);
        if p.questions.is_empty() {
            let help = "Name a question of the public report: questions = [\"words\"].";
            desk.report(Problem::WrongShape, file, p.id.span(), "No question gives this particular.", help);
        }
        Some(Particular {
            id: desk.name(&p.id, file)?,
            title: desk.both(&p.title, file),
            questions: desk.refer_all(Kind::Question, &p.questions, file),
            clauses: desk.clauses(&p.clauses, p.id.span(), file),
        })
    };
    paper.particulars.iter().filter_map(particular).collect()
}

pub(super) fn definition(desk: &mut Desk, paper: &Paper, lexicon: &Lexicon) -> Option<Definition> {
    let at = paper.definition.as_ref()?;
    let (file, d) = (at.file, at.item.get_ref());
    if d.asks.is_empty() || d.any_of.iter().any(Vec::is_empty) || d.any_of.is_empty() {
        let help = "Write asks = [\"a-fact\"] and any_of = [[\"a-fact is yes\"]].";
        let says = "A definition asks for facts, and each group of answers that makes an incident names some.";
        desk.report(Problem::WrongShape, file, at.item.span(), says, help);
    }
    Some(Definition {
        asks: desk.refer_all(Kind::Fact, &d.asks, file),
        any_of: d.any_of.iter().map(|group| phrase::conditions(desk, group, lexicon, file)).collect(),
        clauses: desk.clauses(&d.clauses, at.item.span(), file),
        notes: desk.refer_all(Kind::Note, &d.notes, file),
    })
}

pub(super) fn loss(desk: &mut Desk, paper: &Paper) -> Option<Loss> {
    let at = paper.loss.as_ref()?;
    let (file, l) = (at.file, at.item.get_ref());
    let mut questions: Vec<Question> = l.question.iter().filter_map(|q| question(desk, file, q)).collect();
    for At { file, item } in &paper.loss_questions {
        let place = item.after.as_ref().and_then(|w| questions.iter().position(|q| q.id.as_str() == w.get_ref()));
        if let (Some(word), None) = (&item.after, place) {
            let says = format!("No question about a loss is called {}.", word.get_ref());
            desk.report(
                Problem::UnknownReference,
                *file,
                word.span(),
                says,
                "Name one of [[loss.question]], or leave `after` out.",
            );
        }
        if let Some(own) = question(desk, *file, item) {
            questions.insert(place.map_or(questions.len(), |p| p + 1), own);
        }
    }
    Some(Loss {
        sets: desk.refer(Kind::Fact, &l.sets, file)?,
        from: l.from,
        items: choices(desk, &l.items, file),
        contents: choices(desk, &l.contents, file),
        questions,
        says: desk.both(&l.says, file),
        clauses: desk.refer_all(Kind::Clause, &l.clauses, file),
    })
}

pub(super) fn advice(desk: &mut Desk, paper: &Paper) -> Vec<Advice> {
    let advice = |at: &At<text::Advice>| {
        let (file, a) = (at.file, &at.item);
        let lines: Vec<Words> = a.lines.get_ref().iter().map(|line| desk.both(line, file)).collect();
        if !(3..=5).contains(&lines.len()) {
            let says = format!("Advice is three to five lines, and this has {}.", lines.len());
            let help = "Say only what helps this minute, most urgent first.";
            desk.report(Problem::AdviceLength, file, a.lines.span(), says, help);
        }
        Advice { tiles: desk.refer_all(Kind::Tile, &a.tiles, file), going_on: a.going_on, lines }
    };
    paper.advice.iter().map(advice).collect()
}

pub(super) fn forms(desk: &mut Desk, paper: &Paper) -> Vec<Form> {
    let form = |at: &At<text::Form>| {
        let (file, f) = (at.file, &at.item);
        Some(Form {
            id: desk.name(&f.id, file)?,
            title: desk.both(&f.title, file),
            issuer: f.issuer.clone(),
            edition: f.edition.clone(),
            boxes: f.boxes.iter().filter_map(|b| form_box(desk, file, f.id.get_ref(), b)).collect(),
            send_line: desk.both(&f.send_line, file),
            send_to: desk.refer(Kind::Role, &f.send_to, file)?,
            attach_line: desk.both(&f.attach_line, file),
            meets: f.meets.as_ref().and_then(|w| desk.refer(Kind::Obligation, w, file)),
            clauses: desk.clauses(&f.clauses, f.id.span(), file),
            notes: desk.refer_all(Kind::Note, &f.notes, file),
        })
    };
    paper.forms.iter().filter_map(form).collect()
}

fn form_box(desk: &mut Desk, file: usize, form: &str, b: &text::FormBox) -> Option<FormBox> {
    let choices = b.choices.iter().filter_map(|c| {
        let (id, label) = (desk.name(&c.id, file)?, desk.both(&c.label, file));
        Some(BoxChoice { id, label, needs_words: c.needs_words, nothing: c.nothing })
    });
    let choices: Vec<BoxChoice> = choices.collect();
    if (b.kind == BoxKind::Choice) == choices.is_empty() {
        let help = "Give `[[form.box.choice]]` to boxes of the kind `choice`, and to no other.";
        desk.report(Problem::Unreadable, file, b.id.span(), "Choices and kind of this box disagree.", help);
    }
    Some(FormBox {
        id: desk.name(&b.id, file)?,
        numeral: b.numeral.clone(),
        label: desk.both(&b.label, file),
        part: b.part,
        kind: b.kind,
        limit: b.limit,
        required_to_sign: b.required == Required::ToSign,
        required_to_complete: b.required != Required::Never,
        or_reason: b.or_reason,
        reason_unless: b.reason_unless.as_ref().and_then(|w| desk.refer(Kind::Fact, w, file)),
        not_before: beside(desk, form, b.not_before.as_ref(), file),
        tells: b.tells,
        set_by: beside(desk, form, b.set_by.as_ref(), file),
        goes_with: beside(desk, form, b.goes_with.as_ref(), file),
        choices,
        help: b.help.clone(),
        clauses: desk.clauses(&b.clauses, b.id.span(), file),
    })
}

/// A reference to another box of the same form, by its id alone.
fn beside(desk: &mut Desk, form: &str, word: Option<&Word>, file: usize) -> Option<BoxId> {
    let word = word?;
    let name = format!("{form}/{}", word.get_ref());
    desk.refer_to::<String>(Kind::FormBox, &name, word.span(), file)?;
    BoxId::parse(word.get_ref()).ok()
}

/// A reference to a box of a form, written `form/box`.
pub(super) fn box_of(desk: &mut Desk, word: &Word, file: usize) -> Option<(FormId, BoxId)> {
    let place: Range<usize> = word.span();
    let Some((form, in_box)) = word.get_ref().rsplit_once('/') else {
        let says = format!("{:?} does not name a box of a form.", word.get_ref());
        desk.report(Problem::Unreadable, file, place, says, "Write form/box: report-of-security-incident/XIV.");
        return None;
    };
    desk.refer_to::<String>(Kind::FormBox, word.get_ref(), place, file)?;
    Some((FormId::parse(form).ok()?, BoxId::parse(in_box).ok()?))
}
