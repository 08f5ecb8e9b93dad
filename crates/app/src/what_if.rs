//! What a change of facts would do to the duties of an incident, before anybody writes it: the same rules on a copy.

use crate::changing::{digest_of, within};
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::incident::{Command, Given, Incident, Outlook, outlook};
use domain::pack::Pack;
use domain::permission::Allowed;
use store::IncidentRow;

/// What was foreseen.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// What would become of the duties.
    pub outlook: Outlook,
    /// The incident as it stands.
    pub incident: Incident,
    /// The same outlook in a few letters: when it differs at the moment of writing, something came in between.
    pub mark: String,
}

impl App {
    /// What the commands of a plan would do to the duties of an incident. Nothing is written. One statement of the store.
    pub async fn what_if(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        plan: impl Fn(&Incident, &Pack, &[&Pack]) -> Result<Vec<Command>, Trouble> + Send + Sync,
    ) -> Result<Foreseen, Trouble> {
        if may.stream() != Some(row.id.into()) || may.tenant() != row.tenant {
            return Err(Trouble::NotFound);
        }
        // Duties hang on the whole incident, also on parts that this person does not read; of those, nothing is told.
        let incident = self.whole_incident(row).await?.state;
        let pack = self.pack_of_incident(&incident)?;
        let laws = self.laws_of_incident(&incident);
        let given = Given { actor: Actor::Account(may.by()), now: self.now(), pack, laws: &laws };
        let outlook = outlook(&incident, within(may, plan(&incident, pack, &laws)?)?, given)?;
        let mark = digest_of(&outlook)?.chars().take(16).collect();
        Ok(Foreseen { outlook, incident, mark })
    }
}
