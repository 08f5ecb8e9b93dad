//! Statistics from kept counts: what a page of numbers shows, without ever counting incidents.

use crate::places::place_name;
use crate::{App, Trouble, rollups};
use domain::actor::Section;
use domain::ids::TenantId;
use domain::permission::{Action, Viewer};
use std::collections::BTreeMap;
use store::RollupRow;

/// The years for which anything can have been counted.
const YEARS: (i16, i16) = (1900, 9999);

/// A value with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// As it is filtered by.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Incidents.
    pub incidents: i64,
    /// People affected, as far as counted.
    pub people: i64,
}

/// Numbers over the incidents that a viewer may see counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Whether they are about the whole agency. Kinds, locations and places are counted for the whole agency only, so
    /// somebody who sees some units gets units and years.
    pub whole_agency: bool,
    /// Incidents.
    pub incidents: i64,
    /// People affected.
    pub people: i64,
    /// By kind, most first, but for the kinds that stand on axes. An incident of two kinds counts under both.
    pub kinds: Vec<Counted>,
    /// By where the information was, likewise.
    pub locations: Vec<Counted>,
    /// By state or territory.
    pub places: Vec<Counted>,
    /// By unit.
    pub units: Vec<Counted>,
    /// By civil year of opening, earliest first, whatever year was asked for.
    pub years: Vec<Counted>,
    /// By class of the systems affected; an incident with several of one class counts under it once.
    pub systems: Vec<Counted>,
    /// By the fields that the agency's policies want counted.
    pub sheets: Vec<ByField>,
    /// By kind on each of a policy's axes, where it sorts incidents on several.
    pub axes: Vec<ByField>,
    /// Amounts that the agency's policies want added up, for those who see the whole agency.
    pub sums: Vec<Added>,
}

/// What the amounts in one field come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// What it asks, with the sheet it stands on.
    pub label: String,
    /// The sum, in hundredths.
    pub amount: i64,
    /// Incidents that have one.
    pub incidents: i64,
}

/// Numbers by the choices of one field of a policy's sheets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByField {
    /// `sheet.field`, as in addresses.
    pub name: String,
    /// What it asks.
    pub label: String,
    /// Its choices. An incident with several counts under each.
    pub counted: Vec<Counted>,
}

impl App {
    /// The kept counts as they stand for somebody: what must not be learned of is not counted either. One statement of
    /// the store, one more, and two for each incident that is kept from them.
    pub(crate) async fn counts_for(
        &self,
        viewer: &Viewer,
        tenant: TenantId,
        (from, to): (i16, i16),
    ) -> Result<Vec<RollupRow>, Trouble> {
        let mut rows = self.store().rollups(tenant, from, to).await?;
        let zone = self.zone_of(tenant);
        for stream in self.store().excluded_from(viewer.account).await? {
            let Some(row) = self.store().incident(tenant, stream.into()).await? else { continue };
            let incident = self.whole_incident(&row).await?.state;
            let Some(listing) = incident.listing(&zone) else { continue };
            let mut counted = rollups::difference(tenant, None, &listing);
            counted.extend(rollups::duties(tenant, &incident, &zone));
            rows = rollups::more(counted, rows);
        }
        rows.retain(|row| (from..=to).contains(&row.year));
        Ok(rows)
    }

    /// Numbers, of one civil year or of all.
    pub async fn statistics(&self, viewer: &Viewer, year: Option<i16>) -> Result<Statistics, Trouble> {
        let may = self.allow_in_agency(viewer, Action::Statistics, Section::Report)?;
        let scope = viewer.scope(Action::Statistics, Section::Report);
        let units: Option<Vec<String>> = scope.map(|units| units.iter().map(ToString::to_string).collect());
        let rows = self.counts_for(viewer, may.tenant(), YEARS).await?;
        let mine = |row: &&RollupRow| match &units {
            None => true,
            Some(units) => row.dimension == "unit" && units.contains(&row.value),
        };
        let rows: Vec<&RollupRow> = rows.iter().filter(mine).collect();
        let whole = if units.is_none() { "all" } else { "unit" };
        let asked = || rows.iter().copied().filter(move |row| year.is_none_or(|year| row.year == year));
        let of = |dimension: &str| self.counted(asked().filter(|row| row.dimension == dimension));
        let years = rows.iter().copied().filter(|row| row.dimension == whole);
        let mut years = sums(years.map(|row| (row.year.to_string(), row)));
        years.sort_by(|a, b| a.value.cmp(&b.value));
        let all = asked().filter(|row| row.dimension == whole);
        let mut kinds = of("kind");
        let axes = self.by_axis(viewer, &kinds);
        // An incident would count twice in one list of all axes: that list keeps what is on none.
        kinds.retain(|kind| !axes.iter().any(|axis| axis.counted.contains(kind)));
        let sums = self.added(viewer, |dimension| sums_of(asked().filter(|row| row.dimension == dimension)));
        Ok(Statistics {
            axes,
            sums,
            whole_agency: units.is_none(),
            incidents: all.clone().map(|row| row.incidents).sum(),
            people: all.map(|row| row.people).sum(),
            kinds,
            locations: of("location"),
            places: of("place"),
            units: of("unit"),
            years,
            systems: of(&crate::rollups::sheet_dimension(domain::incident::Mark::SYSTEM)),
            sheets: self.by_field(viewer, |dimension| sums_of(asked().filter(|row| row.dimension == dimension))),
        })
    }

    /// The same kinds, axis by axis, for policies that sort incidents on more than one: each incident counts once on each.
    fn by_axis(&self, viewer: &Viewer, kinds: &[Counted]) -> Vec<ByField> {
        let directory = self.directory();
        let series = directory.agency(viewer.tenant).map(|a| a.profile.policies.clone()).unwrap_or_default();
        let packs = self.packs().all().iter().filter(|pack| series.contains(&pack.series));
        let mut axes: Vec<ByField> = Vec::new();
        for pack in packs.filter(|pack| pack.axes().len() > 1) {
            for axis in pack.axes() {
                let on_axis =
                    |one: &&Counted| pack.categories.iter().any(|c| c.axis == axis && c.id.as_str() == one.value);
                let counted: Vec<Counted> = kinds.iter().filter(on_axis).cloned().collect();
                if !counted.is_empty() && axes.iter().all(|known| known.label != axis) {
                    axes.push(ByField { name: format!("kind-{axis}"), label: axis.to_owned(), counted });
                }
            }
        }
        axes
    }

    /// The fields that policies of the viewer's agency want counted, each once even when editions share it.
    fn by_field(&self, viewer: &Viewer, of: impl Fn(&str) -> Vec<Counted>) -> Vec<ByField> {
        let directory = self.directory();
        let series = directory.agency(viewer.tenant).map(|a| a.profile.policies.clone()).unwrap_or_default();
        let packs = self.packs().all().iter().filter(|pack| series.contains(&pack.series));
        let mut fields: Vec<ByField> = Vec::new();
        for (sheet, field) in packs.flat_map(|p| &p.sheets).flat_map(|s| s.fields.iter().map(move |f| (s, f))) {
            let name = format!("{}.{}", sheet.id, field.id);
            if !field.counts || fields.iter().any(|f| f.name == name) {
                continue;
            }
            let mut counted = of(&crate::rollups::sheet_dimension(&name));
            for one in &mut counted {
                let says = domain::pack::ChoiceId::parse(&one.value).ok();
                one.label = says.and_then(|id| field.choice(&id)).unwrap_or(&one.value).to_owned();
            }
            counted.sort_by(|a, b| b.incidents.cmp(&a.incidents).then_with(|| a.label.cmp(&b.label)));
            let label =
                if sheet.fields.len() == 1 { sheet.title.clone() } else { format!("{}: {}", sheet.title, field.label) };
            fields.push(ByField { name, label, counted });
        }
        fields.retain(|field| !field.counted.is_empty());
        fields
    }

    /// The amounts that policies of the viewer's agency want added up.
    fn added(&self, viewer: &Viewer, of: impl Fn(&str) -> Vec<Counted>) -> Vec<Added> {
        let directory = self.directory();
        let series = directory.agency(viewer.tenant).map(|a| a.profile.policies.clone()).unwrap_or_default();
        let packs = self.packs().all().iter().filter(|pack| series.contains(&pack.series));
        let mut names: Vec<String> = Vec::new();
        let mut added = Vec::new();
        for (sheet, field) in packs.flat_map(|p| &p.sheets).flat_map(|s| s.fields.iter().map(move |f| (s, f))) {
            let name = format!("{}.{}", sheet.id, field.id);
            if !field.sums || names.contains(&name) {
                continue;
            }
            if let Some(sum) = of(&crate::rollups::sum_dimension(&name)).first() {
                let label = format!("{}: {}", sheet.title, field.label);
                added.push(Added { label, amount: sum.people, incidents: sum.incidents });
            }
            names.push(name);
        }
        added
    }

    fn counted<'a>(&self, rows: impl Iterator<Item = &'a RollupRow>) -> Vec<Counted> {
        let rows: Vec<_> = rows.collect();
        let dimension = rows.first().map_or("", |row| row.dimension.as_str());
        let mut counted = sums(rows.iter().map(|row| (row.value.clone(), *row)));
        for one in &mut counted {
            one.label = self.label(dimension, &one.value);
        }
        counted.sort_by(|a, b| b.incidents.cmp(&a.incidents).then_with(|| a.label.cmp(&b.label)));
        counted
    }

    fn label(&self, dimension: &str, value: &str) -> String {
        match dimension {
            "kind" => self.kind_label(value),
            "sheet:system" => {
                let classes = self.packs().all().iter().flat_map(|pack| &pack.systems);
                let class = classes.into_iter().find(|class| class.id.as_str() == value);
                class.map_or_else(|| value.to_owned(), |class| class.label.en.clone())
            }
            "place" => place_name(value).unwrap_or(value).to_owned(),
            "unit" => {
                let directory = self.directory();
                let unit = value.parse().ok().and_then(|id| directory.unit(id));
                unit.map_or_else(|| "a former unit".to_owned(), |unit| unit.profile.name.en.clone())
            }
            _ => value.to_owned(),
        }
    }

    /// A kind as people read it: a policy's category by its name, another source's kind in its own words.
    pub fn kind_label(&self, kind: &str) -> String {
        let categories = self.packs().all().iter().flat_map(|pack| &pack.categories);
        let category = categories.into_iter().find(|category| category.id.as_str() == kind);
        category.map_or_else(|| kind.to_owned(), |category| category.label.en.clone())
    }
}

fn sums_of<'a>(rows: impl Iterator<Item = &'a RollupRow>) -> Vec<Counted> {
    sums(rows.map(|row| (row.value.clone(), row)))
}

fn sums<'a>(rows: impl Iterator<Item = (String, &'a RollupRow)>) -> Vec<Counted> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (value, row) in rows {
        let sum = sums.entry(value).or_default();
        sum.0 += row.incidents;
        sum.1 += row.people;
    }
    let counted =
        |(value, (incidents, people)): (String, (i64, i64))| Counted { label: value.clone(), value, incidents, people };
    sums.into_iter().map(counted).filter(|c| c.incidents != 0 || c.people != 0).collect()
}

/// Counts as a table that is safe to open in a spreadsheet.
pub fn csv(what: &str, counted: &[Counted]) -> Vec<u8> {
    let head = [what, "incidents", "people affected"].map(str::to_owned);
    let rows = counted.iter().map(|c| [c.label.clone(), c.incidents.to_string(), c.people.to_string()]);
    documents::csv::table(head, rows, documents::csv::Mark::Utf8)
}
