//! Sheets that human resources alone read, and those whom such a sheet names: what of an incident they see, how they
//! sign, and nothing else.

use crate::changing::digest_of;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::{EntryId, UnitId};
use domain::incident::{Command, EntrySignature, Incident, SheetEntry, sheets_asked};
use domain::pack::{FormPart, Pack, Sheet, SheetId};
use domain::permission::{Action, Allowed, Object, Viewer, decide};
use domain::text::Line;
use store::IncidentRow;

/// What human resources see of an incident beside their part of its form.
#[derive(Clone, Debug)]
pub struct PersonnelFile {
    /// The proof.
    pub may: Allowed,
    /// The incident's row.
    pub row: IncidentRow,
    /// The unit.
    pub unit: UnitId,
    /// What they may see: their own sheets' entries.
    pub incident: Incident,
    /// What was handed to them, with the sheet that says so.
    pub handed: Vec<(Sheet, SheetEntry)>,
    /// Their sheets that are asked for, in the order of the policy.
    pub sheets: Vec<Sheet>,
    /// Whether the form has a part of theirs.
    pub form: bool,
}

impl App {
    /// The proof for an action on a sheet. On a sheet that human resources alone read, those whom it names may act too.
    pub(crate) async fn allow_on_sheet(
        &self,
        viewer: &Viewer,
        reference: &str,
        sheet: &Sheet,
        action: Action,
    ) -> Result<(Allowed, IncidentRow), Trouble> {
        if sheet.section != Section::Personnel {
            return self.allow_on_incident(viewer, reference, action, sheet.section).await;
        }
        let (may, row, _) = self.sealed_sheet(viewer, reference, &sheet.id, action).await?;
        Ok((may, row))
    }

    /// The entries of a sheet that human resources alone read: for them, once the incident is theirs to see, and for
    /// people whom the record names, those that name them. Two statements of the store.
    pub async fn sealed_sheet(
        &self,
        viewer: &Viewer,
        reference: &str,
        sheet: &SheetId,
        action: Action,
    ) -> Result<(Allowed, IncidentRow, Incident), Trouble> {
        let (row, excluded, whole) = self.whole_for(viewer, reference).await?;
        let pack = self.pack_of_incident(&whole)?;
        let sheet = pack.sheet(sheet).filter(|s| s.section == Section::Personnel).ok_or(Trouble::NotFound)?;
        let (stream, tenant, unit) = (row.id.into(), row.tenant, row.unit);
        let case = Object::Case { stream, tenant, unit, excluded, invited: false };
        if let Ok(may) = decide(viewer, action, case, sheet.section) {
            if !whole.open_to_personnel(pack) {
                return Err(Trouble::NotFound);
            }
            let seen = whole.only(sheet.section, |_| true);
            return Ok((may, row, seen));
        }
        let naming = || [&sheet.or_named, &sheet.also_read_by].into_iter().flatten();
        let names = |entry: &SheetEntry| {
            let own = (&sheet.id, Some(entry.id));
            entry.sheet == sheet.id
                && entry.struck.is_none()
                && naming().any(|on| whole.named_for(on, own, viewer.account, &pack.zone, viewer.now))
        };
        let seen = whole.only(sheet.section, names);
        if seen.sheets.is_empty() {
            return Err(Trouble::NotFound);
        }
        let may = decide(viewer, action, Object::Named { stream, tenant, excluded }, sheet.section)?;
        Ok((may, row, seen))
    }

    /// What human resources see of an incident beside their part of its form.
    pub async fn personnel_file(&self, viewer: &Viewer, reference: &str) -> Result<PersonnelFile, Trouble> {
        let (row, excluded, whole) = self.whole_for(viewer, reference).await?;
        let (stream, tenant, unit) = (row.id.into(), row.tenant, row.unit);
        let case = Object::Case { stream, tenant, unit, excluded, invited: false };
        let may = decide(viewer, Action::Read, case, Section::Personnel)?;
        let pack = self.pack_of_incident(&whole)?;
        if !whole.open_to_personnel(pack) {
            return Err(Trouble::NotFound);
        }
        let handed = pack.sheets.iter().filter(|sheet| sheet.refers.is_some()).flat_map(|sheet| {
            let so = whole.entries(&sheet.id).filter(|e| e.finished(sheet) && sheet.refers.iter().all(|c| e.holds(c)));
            so.map(|entry| (sheet.clone(), entry.clone()))
        });
        let theirs = sheets_asked(&whole, pack).into_iter().filter(|sheet| sheet.section == Section::Personnel);
        let form = pack.forms.first().is_some_and(|form| form.part(FormPart::Hr).next().is_some());
        Ok(PersonnelFile {
            handed: handed.collect(),
            sheets: theirs.cloned().collect(),
            incident: whole.only(Section::Personnel, |_| true),
            form,
            unit,
            may,
            row,
        })
    }

    /// The whole of an incident, for deciding what of it may be seen; whether the viewer is kept from it.
    async fn whole_for(&self, viewer: &Viewer, reference: &str) -> Result<(IncidentRow, bool, Incident), Trouble> {
        let found = self.store().incident_for(viewer.tenant, reference, viewer.account).await?;
        let (row, excluded) = found.ok_or(Trouble::NotFound)?;
        let whole = self.whole_incident(&row).await?.state;
        Ok((row, excluded, whole))
    }

    /// Whether the policy has somebody in one of the viewer's roles sign this entry, or names the viewer for it;
    /// otherwise who signs it.
    pub fn may_sign(
        &self,
        viewer: &Viewer,
        row: &IncidentRow,
        incident: &Incident,
        pack: &Pack,
        (sheet, entry): (&Sheet, EntryId),
    ) -> Result<(), Trouble> {
        let roles: Vec<_> = sheet.signed_by.iter().filter_map(|id| pack.role(id)).collect();
        let own = (&sheet.id, Some(entry));
        let named = sheet.or_named.as_ref();
        if roles.iter().any(|role| viewer.holds_for(role.capacity, row.unit))
            || named.is_some_and(|on| incident.named_for(on, own, viewer.account, &pack.zone, viewer.now))
        {
            return Ok(());
        }
        let by: Vec<&str> = roles.iter().map(|role| role.title.en.as_str()).collect();
        Err(Trouble::Refused(format!("“{}” is signed by: {}. Nobody else can.", sheet.title, by.join(", "))))
    }

    /// Signs an entry. The signature covers the digest of what its fields hold.
    pub async fn sign_entry(
        &self,
        viewer: &Viewer,
        reference: &str,
        sheet: &Sheet,
        entry: EntryId,
        (name, proof): (Line<200>, Line<60>),
    ) -> Result<(), Trouble> {
        let (may, row) = self.allow_on_sheet(viewer, reference, sheet, Action::Sign).await?;
        self.act(&may, &row, None, |incident, pack| {
            let sheet = pack.sheet(&sheet.id).ok_or(Trouble::NotFound)?;
            let held = incident.entries(&sheet.id).find(|e| e.id == entry).ok_or(Trouble::NotFound)?;
            self.may_sign(viewer, &row, incident, pack, (sheet, entry))?;
            let digest = Line::parse(&digest_of(&held.values)?).map_err(|e| Trouble::fault("writing a digest", e))?;
            let role = sheet.signed_by.iter().find_map(|id| pack.role(id));
            let title: String = role.map_or("", |role| role.title.en.as_str()).chars().take(120).collect();
            Ok(Command::SignEntry(Box::new(EntrySignature {
                entry,
                section: sheet.section,
                name: name.clone(),
                capacity: Line::parse(&title).unwrap_or_else(|_| Line::dash()),
                digest,
                proof: proof.clone(),
            })))
        })
        .await
        .map(|_| ())
    }
}
