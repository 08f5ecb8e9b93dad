//! A report in one line: what the inbox shows and sorts by, as a function of the report.

use super::{GoingOn, Report, Why};
use crate::ids::{IncidentId, UnitId};
use crate::pack::{Language, RoleId, TileId};
use crate::reference::ReportReference;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Where a report stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has decided yet.
    Waiting,
    /// An officer asked the person who reported.
    Asked,
    /// Part of an incident.
    Accepted,
    /// No incident, with a reason.
    SetAside,
}

/// Something about a report that makes waiting harmful or that helps to judge it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// It is still going on.
    GoingOn,
    /// Information or equipment has left the building.
    LeftTheBuilding,
    /// Files came with it.
    Files,
    /// The person reported to is involved.
    RecipientInvolved,
    /// Written in Spanish.
    InSpanish,
    /// Sent early; more may follow.
    SentEarly,
    /// The reporter answered or added something that nobody has read.
    NewWords,
    /// The policy wants it read before others.
    Urgent,
    /// The unit is left out of the policy: it was sent of the reporter's own accord.
    Voluntary,
}

/// The line of a report: plain columns to sort and filter by, and a readable part that is sealed at rest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// The printed reference.
    pub reference: ReportReference,
    /// Where it happened.
    pub unit: UnitId,
    /// Whose officers handle it.
    pub handling_unit: UnitId,
    /// When it arrived.
    pub received_at: Instant,
    /// Where it stands.
    pub standing: Standing,
    /// Harm of waiting; higher is read first.
    pub urgency: i16,
    /// The incident it is part of.
    pub incident: Option<IncidentId>,
    /// The stream version that this line reflects.
    pub version: u32,
    /// The readable part.
    pub summary: SummaryOfReport,
}

/// The readable part of a report's line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SummaryOfReport {
    /// What happened, as chosen.
    pub happened: Vec<TileId>,
    /// First line of the reporter's own words.
    pub gist: String,
    /// Place inside the unit.
    pub place: String,
    /// Why it stands where it stands in the list.
    pub signals: Vec<Signal>,
    /// Language it was written in.
    pub language: Language,
    /// Who gets it, and why they.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_to: Option<(RoleId, Why)>,
}

impl Report {
    /// The line of this report; `None` before it was filed.
    pub fn listing(&self) -> Option<Listing> {
        let filed = self.filed.as_ref()?;
        let submission = &filed.submission;
        let signals = self.signals();
        Some(Listing {
            reference: submission.reference,
            unit: submission.unit,
            handling_unit: self.handling_unit.unwrap_or(submission.handling_unit),
            received_at: filed.at,
            standing: self.standing,
            urgency: urgency(&signals),
            incident: self.incident,
            version: self.version,
            summary: SummaryOfReport {
                happened: submission.happened.clone(),
                gist: submission.words.as_ref().map(|w| w.gist(140)).unwrap_or_default(),
                place: submission.place.as_ref().map(ToString::to_string).unwrap_or_default(),
                signals,
                language: submission.language,
                sent_to: self.routed.as_ref().and_then(|r| Some((r.to.clone()?, r.why))),
            },
        })
    }

    fn signals(&self) -> Vec<Signal> {
        let Some(filed) = &self.filed else { return Vec::new() };
        let submission = &filed.submission;
        let unread = |at: Instant| self.opened.is_none_or(|(_, opened)| at > opened);
        let new_words =
            self.messages.iter().any(|m| !m.asks && unread(m.at) && !matches!(m.by, crate::actor::Actor::Account(_)));
        let all = [
            (Signal::GoingOn, submission.going_on == Some(GoingOn::Yes)),
            (Signal::LeftTheBuilding, !submission.lost.is_empty()),
            (Signal::NewWords, new_words),
            (Signal::RecipientInvolved, submission.recipient_involved),
            (Signal::Files, !self.files.is_empty()),
            (Signal::SentEarly, submission.sent_early),
            (Signal::InSpanish, submission.language == Language::Spanish),
            (Signal::Urgent, self.routed.as_ref().is_some_and(|r| r.urgent)),
            (Signal::Voluntary, self.routed.as_ref().is_some_and(|r| r.voluntary.is_some())),
        ];
        all.into_iter().filter_map(|(signal, holds)| holds.then_some(signal)).collect()
    }
}

/// Weights of the signals that mean harm by waiting; the others only inform.
fn urgency(signals: &[Signal]) -> i16 {
    signals
        .iter()
        .map(|signal| match signal {
            Signal::GoingOn => 100,
            Signal::LeftTheBuilding => 40,
            Signal::NewWords => 5,
            Signal::Urgent => 60,
            Signal::Voluntary | Signal::Files | Signal::RecipientInvolved | Signal::InSpanish | Signal::SentEarly => 0,
        })
        .sum()
}
