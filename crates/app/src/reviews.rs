//! Reviews of an agency: yearly rounds of summaries, whom their trends are told to, and routine looks.

use crate::register::Roles;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::organisation::register::{Change, Register};
use domain::organisation::reviews::{Looked, RoundOpened, RoundTold, Summary};
use domain::pack::Pack;
use domain::permission::{Action, Allowed, Object};

impl App {
    /// Opens a round, where the policy leaves that to the officer of the whole agency.
    pub async fn open_round(&self, may: &Allowed, new: &RoundOpened) -> Result<(), Trouble> {
        self.review(may, |register, pack| {
            let rule = pack.yearly_round.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.open_round(new.clone(), rule)?)
        })
        .await
    }

    /// Takes in a unit's summary.
    pub async fn send_summary(&self, may: &Allowed, new: &Summary) -> Result<(), Trouble> {
        if !matches!(may.object(), Object::Unit { unit, .. } if *unit == new.unit) {
            return Err(Trouble::NotFound);
        }
        self.review(may, |register, pack| {
            let rule = pack.yearly_round.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.send_summary(new.clone(), rule)?)
        })
        .await
    }

    /// Records whom the trends of a round were told to.
    pub async fn tell_round(&self, may: &Allowed, new: &RoundTold) -> Result<(), Trouble> {
        self.review(may, |register, pack| {
            let rule = pack.yearly_round.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.tell_round(new.clone(), rule)?)
        })
        .await
    }

    /// Records a unit's routine look.
    pub async fn record_look(&self, may: &Allowed, new: &Looked) -> Result<(), Trouble> {
        if !matches!(may.object(), Object::Unit { unit, .. } if *unit == new.unit) {
            return Err(Trouble::NotFound);
        }
        self.review(may, |register, pack| {
            let rule = pack.routine_review.as_ref().ok_or(Trouble::NotFound)?;
            Ok(register.look(new.clone(), rule)?)
        })
        .await
    }

    async fn review(
        &self,
        may: &Allowed,
        decided: impl Fn(&Register, &Pack) -> Result<Vec<Change>, Trouble> + Send + Sync,
    ) -> Result<(), Trouble> {
        if may.action() != Action::Organise {
            return Err(Trouble::NotFound);
        }
        let (tenant, by) = (may.tenant(), Actor::Account(may.by()));
        self.change_register(tenant, by, |standing, agency| {
            let head = standing.directory.head_of(tenant).ok_or(Trouble::NotFound)?;
            let pack = self.pack_for_report(head, standing.now)?;
            Ok((decided(&agency.register, pack)?, Roles::new()))
        })
        .await
    }
}
