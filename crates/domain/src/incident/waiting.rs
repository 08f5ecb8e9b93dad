//! What an incident waits for from others than those who work it: a colleague, a signature, human resources, a decider.

use super::{Incident, Standing, facts, tally};
use crate::form::Party;
use crate::ids::AccountId;
use crate::pack::{Decision, Pack};
use crate::time::Instant;

/// One thing that somebody else has to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WaitsFor<'a> {
    /// The lead was given to somebody who has not touched the incident since.
    Takeover {
        /// That person.
        by: AccountId,
        /// When it was given.
        since: Instant,
    },
    /// The person who reported was asked for their signature, or the officer has signed; they have not.
    ReporterSignature {
        /// When they were asked, or when the officer signed first.
        since: Instant,
    },
    /// Human resources has not finished its part of the completed form, or its review of what was handed to it.
    Personnel {
        /// When the officer completed the form, or handed it over.
        since: Instant,
    },
    /// A question that the policy puts and nobody has decided.
    Decision {
        /// The question, with those who decide it.
        asked: &'a Decision,
    },
}

/// Everything that an incident waits for from others, in the order of the list above. An imported record waits for
/// nothing, and of a closed incident only human resources can still owe something (DMH04-FORM-XV).
pub fn waits_for<'a>(incident: &Incident, pack: &'a Pack) -> Vec<WaitsFor<'a>> {
    let imported = incident.opening.as_ref().is_none_or(|opening| opening.imported.is_some());
    if imported || incident.standing == Standing::Withdrawn {
        return Vec::new();
    }
    let signed = |party: Party| incident.form.signed_by(party).map(|(_, at)| *at);
    let completed = signed(Party::OfficerCompleted);
    let personnel = incident.waits_for_personnel(pack).map(|since| WaitsFor::Personnel { since });
    if incident.standing == Standing::Closed {
        return personnel.into_iter().collect();
    }
    let takeover = incident.takeover.map(|(by, since)| WaitsFor::Takeover { by, since });
    let officer = [signed(Party::OfficerReceived), completed].into_iter().flatten().min();
    let asked = incident.signature_ask.as_ref().map(|asked| asked.at);
    let reporter = asked
        .or(officer)
        .filter(|_| signed(Party::Reporter).is_none())
        .map(|since| WaitsFor::ReporterSignature { since });
    let known = facts(incident);
    let put = pack.decisions.iter().filter(|d| known.has(d.trigger.on) && known.satisfy(&d.trigger.when));
    let open = put.filter(|d| tally(incident, d).outcome.is_none());
    let decisions = open.map(|asked| WaitsFor::Decision { asked });
    takeover.into_iter().chain(reporter).chain(personnel).chain(decisions).collect()
}
