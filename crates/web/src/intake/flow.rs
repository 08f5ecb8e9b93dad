//! The order of the questions: which come for these answers, what follows what, and where the safe steps stand.

use super::own;
use app::draft::Draft;
use domain::pack::{Advice, Pack, Question, QuestionKind};

/// A stop on the way through a report.
#[derive(Clone, Copy, Debug)]
pub enum Stop<'p> {
    /// A question of the pack.
    Question(&'p Question),
    /// “Do this now”.
    DoNow,
}

/// The page of the safe steps.
pub const DO_NOW: &str = "do-now";
/// The page that sends early.
pub const SEND: &str = "send";
/// The page of all answers.
pub const CHECK: &str = "check";
/// The page that says how to come back.
pub const SAVED: &str = "saved";
/// The page that deletes a draft.
pub const REMOVE: &str = "remove";
/// The receipt.
pub const RECEIVED: &str = "received";
/// The question whose answer decides about haste.
pub const GOING_ON: &str = "now";

impl<'p> Stop<'p> {
    /// The last part of its address.
    pub fn name(&self) -> &'p str {
        match self {
            Self::Question(question) => question.id.as_str(),
            Self::DoNow => DO_NOW,
        }
    }
}

/// The stops for the answers given so far. A question keeps its place whatever is answered; only those that belong to
/// some tiles come and go with them.
pub fn stops<'p>(pack: &'p Pack, draft: &Draft) -> Vec<Stop<'p>> {
    let lost = opens_loss(pack, draft);
    let mut stops = Vec::new();
    let tiles = chosen(pack, draft);
    let asked =
        |q: &&Question| own::asked(q, &tiles) && (q.kind != QuestionKind::Loss || (lost && pack.loss.is_some()));
    for question in pack.questions.iter().filter(asked) {
        stops.push(Stop::Question(question));
        if question.id.as_str() == GOING_ON {
            stops.push(Stop::DoNow);
        }
    }
    stops
}

/// The stop of that name, also when the present answers lead past it: a link to it may be old.
pub fn stop<'p>(pack: &'p Pack, name: &str) -> Option<Stop<'p>> {
    if name == DO_NOW {
        return Some(Stop::DoNow);
    }
    pack.questions.iter().find(|q| q.id.as_str() == name).map(Stop::Question)
}

/// The stop before or after one, by name; `None` at either end.
pub fn beside<'p>(stops: &[Stop<'p>], name: &str, forward: bool) -> Option<Stop<'p>> {
    let at = stops.iter().position(|stop| stop.name() == name)?;
    let to = if forward { at.checked_add(1)? } else { at.checked_sub(1)? };
    stops.get(to).copied()
}

/// Where a question is counted, from 1, and how many there are; the safe steps are not counted.
pub fn count(stops: &[Stop<'_>], name: &str) -> (u8, u8) {
    let questions: Vec<_> = stops.iter().filter(|stop| matches!(stop, Stop::Question(_))).collect();
    let at = questions.iter().position(|stop| stop.name() == name).map_or(0, |at| at + 1);
    (u8::try_from(at).unwrap_or(0), u8::try_from(questions.len()).unwrap_or(u8::MAX))
}

/// Tiles that were chosen, as they were sent.
pub fn chosen<'d>(pack: &Pack, draft: &'d Draft) -> Vec<&'d str> {
    let tiles = pack.questions.iter().filter(|q| q.kind == QuestionKind::Tiles);
    tiles
        .flat_map(|q| draft.fields(q.id.as_str()))
        .filter(|(name, _)| name == "what")
        .map(|(_, v)| v.as_str())
        .collect()
}

/// The choices of a question that tiles have chosen beforehand.
pub fn marked<'p>(question: &'p Question, chosen: &[&str]) -> Vec<&'p str> {
    let brought = |item: &&domain::pack::Item| item.marked_by.iter().any(|tile| chosen.contains(&tile.as_str()));
    question.choices.iter().filter(brought).map(|item| item.id.as_str()).collect()
}

fn opens_loss(pack: &Pack, draft: &Draft) -> bool {
    let chosen = chosen(pack, draft);
    pack.tiles.iter().any(|tile| tile.opens_loss && chosen.contains(&tile.id.as_str()))
}

/// Whether the reporter said that it is still going on; not being sure counts as yes.
pub fn going_on(draft: &Draft) -> bool {
    draft.fields(GOING_ON).iter().any(|(name, value)| name == "now" && (value == "yes" || value == "unsure"))
}

/// Whether enough is known to send now: it is going on, or there are words.
pub fn may_send_now(pack: &Pack, draft: &Draft) -> bool {
    let words = pack.questions.iter().filter(|q| q.kind == QuestionKind::LongText);
    let said = |q: &Question| draft.fields(q.id.as_str()).iter().any(|(_, value)| !value.trim().is_empty());
    draft.fields(GOING_ON).iter().any(|(_, value)| value == "yes") || words.into_iter().any(said)
}

/// The safe steps that fit best: those for a chosen tile before those for any.
pub fn advice<'p>(pack: &'p Pack, draft: &Draft) -> Option<&'p Advice> {
    let (going_on, chosen) = (going_on(draft), chosen(pack, draft));
    let fits = |advice: &&Advice| advice.tiles.iter().any(|tile| chosen.contains(&tile.as_str()));
    let of = |going: bool| pack.advice.iter().filter(move |advice| advice.going_on == going);
    of(going_on)
        .find(fits)
        .or_else(|| of(going_on).find(|advice| advice.tiles.is_empty()))
        .or_else(|| of(false).find(fits))
        .or_else(|| of(false).find(|advice| advice.tiles.is_empty()))
}
