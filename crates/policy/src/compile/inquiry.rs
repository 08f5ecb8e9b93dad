//! A policy's own reasons for which a report is no incident, and who always takes part in looking into one.

use super::{
    desk::{Desk, Kind},
    gather::{At, Paper},
};
use crate::text;
use domain::pack::{NoIncident, Participants};

pub(super) fn no_incident(desk: &mut Desk, paper: &Paper) -> Vec<NoIncident> {
    let rule = |at: &At<text::NoIncident>| {
        let (file, s) = (at.file, &at.item);
        desk.fits::<200>(&s.says, s.id.span(), file);
        Some(NoIncident {
            id: desk.name(&s.id, file)?,
            says: s.says.clone(),
            confirmed_by: desk.refer_all(Kind::Role, &s.confirmed_by, file),
            clauses: desk.clauses(&s.clauses, s.id.span(), file),
        })
    };
    paper.no_incident.iter().filter_map(rule).collect()
}

pub(super) fn participants(desk: &mut Desk, paper: &Paper) -> Option<Participants> {
    let at = paper.participants.as_ref()?;
    let (file, p) = (at.file, at.item.get_ref());
    Some(Participants {
        always: desk.refer_all(Kind::Role, &p.always, file),
        clauses: desk.clauses(&p.clauses, at.item.span(), file),
    })
}
