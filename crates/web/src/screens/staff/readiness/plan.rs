//! The plan of one unit: to read and print, to write section by section, to hand in, and to approve.

use app::plans::Shelf;
use app::{App, Trouble};
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::ids::UnitId;
use domain::organisation::plan::{Area, Content, Limit, Party, Standing};
use domain::pack::{ChoiceId, Named, PlanRules};
use domain::text::Line;
use serde::Deserialize;

use super::{mended, plans};
use crate::{
    screens::{
        frame::{Choice, Problem},
        staff::{
            desk::{Desk, Flash, Staff, desks, go, page as shown},
            sorry::Answer,
        },
    },
    typed::{Typed, problem},
};

/// Rows that are offered beyond those that are filled, and rows that are read.
const SPARE: usize = 2;
const ROWS: usize = 30;

/// `/readiness/plans/{code}`
#[derive(Debug, Template)]
#[template(path = "readiness/plan.html")]
pub struct PlanPage {
    /// The desk.
    pub desk: Desk,
    /// Its address.
    pub address: String,
    /// On time, late, overdue.
    pub time: String,
    /// Versions, the latest first: number and how it stands.
    pub versions: Vec<(u32, String)>,
    /// What the latest says: section, then lines.
    pub says: Vec<(String, Vec<String>)>,
    /// Whether this person writes it now.
    pub writes: bool,
    /// The button that begins: “Save the draft” or “Save as a new version”.
    pub saves: &'static str,
    /// Whether this person decides about it now.
    pub decides: bool,
    /// Rows of the scope.
    pub scope: Vec<AreaRow>,
    /// Goals and priorities: field, words, what is typed.
    pub goals: Vec<(String, String, String)>,
    /// The same of priorities.
    pub priorities: Vec<(String, String, String)>,
    /// Rows of parties.
    pub parties: Vec<PartyRow>,
    /// Rows of limits: names and values.
    pub limits: Vec<[(String, String); 3]>,
    /// The statement that there are none.
    pub no_limits: bool,
    /// What was typed.
    pub typed: Typed,
}

desks!(PlanPage);

/// A row of the scope.
#[derive(Debug, Clone)]
pub struct AreaRow {
    /// Counts rows, from 1.
    pub n: usize,
    /// The beginning of its fields' names.
    pub name: String,
    /// Kinds of areas.
    pub kinds: Vec<Choice>,
    /// Which area.
    pub area: String,
    /// Who answers for it.
    pub person: String,
}

/// A row of parties.
#[derive(Debug, Clone)]
pub struct PartyRow {
    /// Counts rows, from 1.
    pub n: usize,
    /// The beginning of its fields' names.
    pub name: String,
    /// Which party.
    pub party: String,
    /// Who.
    pub person: String,
    /// Kinds of incident.
    pub kinds: Vec<Choice>,
    /// Parts.
    pub parts: Vec<Choice>,
}

/// The query after a change.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// The page. One statement of the store: plans are in memory.
pub async fn page(State(app): State<App>, Path(code): Path<String>, Query(done): Query<Done>, staff: Staff) -> Answer {
    let (shelf, unit) = find(&app, &staff, &code)?;
    let content = shelf.plans.latest(unit).map(|version| version.content.clone()).unwrap_or_default();
    let mut page = view(&app, &staff, &shelf, unit, Typed::new(pairs(&content)));
    page.desk.flash = match done.done.as_str() {
        "saved" => Flash::says("Saved. It is not handed in yet."),
        "submitted" => Flash::says("Handed in for approval."),
        "approved" => Flash::says("Approved. This version is frozen; a change is a new version."),
        "returned" => Flash::says("Sent back with your reason."),
        _ => None,
    };
    Ok(shown(&page))
}

fn find<'a>(app: &'a App, staff: &Staff, code: &str) -> Result<(Shelf<'a>, UnitId), Trouble> {
    let shelf = app.plans(&staff.who.viewer)?;
    let unit = shelf.units.iter().find(|unit| unit.code.eq_ignore_ascii_case(code)).map(|unit| unit.id);
    Ok((shelf, unit.ok_or(Trouble::NotFound)?))
}

/// A plan as the form has it.
fn pairs(content: &Content) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: String, value: &str| pairs.push((name, value.to_owned()));
    for (n, area) in content.scope.iter().enumerate() {
        put(format!("scope.{n}.kind"), area.kind.as_str());
        put(format!("scope.{n}.name"), area.name.as_str());
        put(format!("scope.{n}.person"), area.person.as_ref().map_or("", Line::as_str));
    }
    for (section, said) in [("goals", &content.goals), ("priorities", &content.priorities)] {
        for (id, words) in said {
            put(format!("{section}.{id}"), words.as_str());
        }
    }
    for (n, party) in content.parties.iter().enumerate() {
        put(format!("parties.{n}.party"), party.party.as_str());
        put(format!("parties.{n}.person"), party.person.as_str());
        party.kinds.iter().for_each(|kind| put(format!("parties.{n}.kind"), kind.as_str()));
        party.parts.iter().for_each(|part| put(format!("parties.{n}.part"), part.as_str()));
    }
    for (n, limit) in content.limits.iter().enumerate() {
        put(format!("limits.{n}.what"), limit.what.as_str());
        put(format!("limits.{n}.effect"), limit.effect.as_ref().map_or("", Line::as_str));
        put(format!("limits.{n}.remedy"), limit.remedy.as_ref().map_or("", Line::as_str));
    }
    if content.no_limits {
        put("limits.none".to_owned(), "1");
    }
    pairs
}

fn view(app: &App, staff: &Staff, shelf: &Shelf<'_>, unit: UnitId, typed: Typed) -> PlanPage {
    let viewer = &staff.who.viewer;
    let known = shelf.units.iter().find(|known| known.id == unit);
    let (name, code) = known.map(|u| (u.profile.name.en.clone(), u.code.clone())).unwrap_or_default();
    let latest = shelf.plans.latest(unit);
    let standing = latest.map(|version| &version.standing);
    let submitted = standing == Some(&Standing::Submitted);
    let draft = matches!(standing, None | Some(Standing::Draft | Standing::Returned(_)));
    let mut versions: Vec<(u32, String)> = shelf
        .plans
        .versions
        .iter()
        .filter(|version| version.unit == unit)
        .map(|version| (version.number, plans::standing(app, staff, &version.standing)))
        .collect();
    versions.reverse();
    let rules = shelf.rules;
    let said = |list: &[Named], section: &str| -> Vec<(String, String, String)> {
        let row = |named: &Named| {
            let field = format!("{section}.{}", named.id);
            let value = typed.raw(&field).unwrap_or_default().to_owned();
            (field, named.says.clone(), value)
        };
        list.iter().map(row).collect()
    };
    let rows = |section: &str, fields: &[&str]| -> usize {
        let filled = |n: &usize| fields.iter().any(|field| !typed.get(&format!("{section}.{n}.{field}")).is_empty());
        ((0..ROWS).rfind(|n| filled(n)).map_or(0, |last| last + 1) + SPARE).min(ROWS)
    };
    let choices = |list: &[(&ChoiceId, &str)], field: &str| -> Vec<Choice> {
        list.iter().map(|(id, says)| Choice::new(id.as_str(), *says).chosen_if(typed.has(field, id.as_str()))).collect()
    };
    let named =
        |list: &[Named]| -> Vec<(ChoiceId, String)> { list.iter().map(|n| (n.id.clone(), n.says.clone())).collect() };
    let of = |list: &[(ChoiceId, String)], field: &str| {
        let list: Vec<(&ChoiceId, &str)> = list.iter().map(|(id, says)| (id, says.as_str())).collect();
        choices(&list, field)
    };
    let areas = named(&rules.areas);
    let kinds: Vec<(ChoiceId, String)> = rules.kinds.iter().map(|kind| (kind.id.clone(), kind.says.clone())).collect();
    let parts: Vec<(ChoiceId, String)> = rules.parts.iter().map(|part| (part.id.clone(), part.says.clone())).collect();
    let get = |field: String| typed.raw(&field).unwrap_or_default().to_owned();
    PlanPage {
        desk: staff
            .desk(app, format!("{}, {name}", rules.title))
            .under("/readiness", "Readiness")
            .under("/readiness/plans", "Incident plans"),
        address: format!("/readiness/plans/{code}"),
        time: plans::on_time(shelf.timeliness(unit, staff.now())),
        versions,
        says: latest.map(|version| read_out(&version.content, rules)).unwrap_or_default(),
        writes: !submitted && app.writes_plan(viewer, shelf, unit),
        saves: if draft { "Save the draft" } else { "Save as a new version" },
        decides: submitted && app.approves_plans(viewer, shelf),
        scope: (0..rows("scope", &["name", "person"]))
            .map(|n| AreaRow {
                n: n + 1,
                name: format!("scope.{n}"),
                kinds: of(&areas, &format!("scope.{n}.kind")),
                area: get(format!("scope.{n}.name")),
                person: get(format!("scope.{n}.person")),
            })
            .collect(),
        goals: said(&rules.goals, "goals"),
        priorities: said(&rules.priorities, "priorities"),
        parties: (0..rows("parties", &["party", "person"]))
            .map(|n| PartyRow {
                n: n + 1,
                name: format!("parties.{n}"),
                party: get(format!("parties.{n}.party")),
                person: get(format!("parties.{n}.person")),
                kinds: of(&kinds, &format!("parties.{n}.kind")),
                parts: of(&parts, &format!("parties.{n}.part")),
            })
            .collect(),
        limits: (0..rows("limits", &["what", "effect", "remedy"]))
            .map(|n| {
                ["what", "effect", "remedy"].map(|field| {
                    let name = format!("limits.{n}.{field}");
                    let value = get(name.clone());
                    (name, value)
                })
            })
            .collect(),
        no_limits: typed.get("limits.none") == "1",
        typed,
    }
}

/// A plan as it reads: every goal and priority of the policy stands in it, whether or not the unit has said something.
fn read_out(content: &Content, rules: &PlanRules) -> Vec<(String, Vec<String>)> {
    let list = |list: &[Named], said: &std::collections::BTreeMap<ChoiceId, domain::text::Note>| -> Vec<String> {
        (1..)
            .zip(list)
            .map(|(n, named)| {
                let words = said.get(&named.id).map_or_else(|| "nothing written yet".to_owned(), ToString::to_string);
                format!("{n}. {}: {words}", named.says)
            })
            .collect()
    };
    let area = |area: &Area| {
        let person = area.person.as_ref().map_or("nobody named", Line::as_str);
        format!("{}: {}, {person}", PlanRules::said(&rules.areas, &area.kind), area.name)
    };
    let party = |party: &Party| {
        let kinds = rules.kinds.iter().filter(|kind| party.kinds.contains(&kind.id)).map(|kind| kind.says.as_str());
        let kinds: Vec<&str> = kinds.collect();
        let parts = rules.parts.iter().filter(|part| party.parts.contains(&part.id)).map(|part| part.says.as_str());
        let parts: Vec<&str> = parts.collect();
        format!("{}: {}. {}. {}", party.party, party.person, kinds.join(", "), parts.join(", "))
    };
    let limit = |limit: &Limit| {
        let more = [&limit.effect, &limit.remedy];
        let more: Vec<&str> = more.into_iter().flatten().map(Line::as_str).collect();
        if more.is_empty() { limit.what.to_string() } else { format!("{}: {}", limit.what, more.join("; ")) }
    };
    let limits = if content.no_limits && content.limits.is_empty() {
        vec!["None identified".to_owned()]
    } else {
        content.limits.iter().map(limit).collect()
    };
    vec![
        ("Scope".to_owned(), content.scope.iter().map(area).collect()),
        ("Goals".to_owned(), list(&rules.goals, &content.goals)),
        ("Priorities".to_owned(), list(&rules.priorities, &content.priorities)),
        ("Roles".to_owned(), content.parties.iter().map(party).collect()),
        ("Constraints".to_owned(), limits),
    ]
}

/// Reads what was typed.
fn read(rules: &PlanRules, typed: &Typed) -> Result<Content, Vec<Problem>> {
    let mut wrong = Vec::new();
    let mut content = Content::default();
    let mut section = |read: Result<(), Problem>| wrong.extend(read.err());
    section(scope(rules, typed, &mut content));
    section(parties(rules, typed, &mut content));
    section(limits(typed, &mut content));
    for (name, list) in [("goals", &rules.goals), ("priorities", &rules.priorities)] {
        for named in list {
            match typed.prose(&format!("{name}.{}", named.id)) {
                Ok(None) => {}
                Ok(Some(words)) if name == "goals" => drop(content.goals.insert(named.id.clone(), words)),
                Ok(Some(words)) => drop(content.priorities.insert(named.id.clone(), words)),
                Err(problem) => wrong.push(problem),
            }
        }
    }
    content.no_limits = typed.get("limits.none") == "1";
    if wrong.is_empty() { Ok(content) } else { Err(wrong) }
}

fn chosen(list: impl Iterator<Item = ChoiceId>, typed: &Typed, field: &str) -> Vec<ChoiceId> {
    list.filter(|id| typed.has(field, id.as_str())).collect()
}

fn scope(rules: &PlanRules, typed: &Typed, content: &mut Content) -> Result<(), Problem> {
    for n in 0..ROWS {
        let name: Option<Line<200>> = typed.line(&format!("scope.{n}.name"))?;
        let person: Option<Line<120>> = typed.line(&format!("scope.{n}.person"))?;
        let kind = chosen(rules.areas.iter().map(|area| area.id.clone()), typed, &format!("scope.{n}.kind")).pop();
        match (name, kind) {
            (None, _) if person.is_none() => {}
            (Some(name), Some(kind)) => content.scope.push(Area { kind, name, person }),
            _ => return Err(problem("scope", &format!("Scope, row {}: choose the kind of area and name it.", n + 1))),
        }
    }
    Ok(())
}

fn parties(rules: &PlanRules, typed: &Typed, content: &mut Content) -> Result<(), Problem> {
    for n in 0..ROWS {
        let party: Option<Line<200>> = typed.line(&format!("parties.{n}.party"))?;
        let person: Option<Line<120>> = typed.line(&format!("parties.{n}.person"))?;
        let kinds = chosen(rules.kinds.iter().map(|kind| kind.id.clone()), typed, &format!("parties.{n}.kind"));
        let parts = chosen(rules.parts.iter().map(|part| part.id.clone()), typed, &format!("parties.{n}.part"));
        match (party, person) {
            (None, None) => {}
            (Some(party), Some(person)) => content.parties.push(Party { party, person, kinds, parts }),
            _ => return Err(problem("parties", &format!("Roles, row {}: write the party and the person.", n + 1))),
        }
    }
    Ok(())
}

fn limits(typed: &Typed, content: &mut Content) -> Result<(), Problem> {
    for n in 0..ROWS {
        let what: Option<Line<300>> = typed.line(&format!("limits.{n}.what"))?;
        let effect: Option<Line<300>> = typed.line(&format!("limits.{n}.effect"))?;
        let remedy: Option<Line<300>> = typed.line(&format!("limits.{n}.remedy"))?;
        match what {
            Some(what) => content.limits.push(Limit { what, effect, remedy }),
            None if effect.is_none() && remedy.is_none() => {}
            None => return Err(problem("limits", &format!("Constraints, row {}: write what the limit is.", n + 1))),
        }
    }
    Ok(())
}

/// Saves the plan, and hands it in where that is asked for. Sends `then` (`save` or `submit`), `scope.…`, `goals.…`,
/// `priorities.…`, `parties.…`, `limits.…`.
pub async fn write(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (shelf, unit) = find(&app, &staff, &code)?;
    let viewer = &staff.who.viewer;
    let again = |typed: Typed, wrong: Vec<Problem>| -> Answer {
        let (shelf, unit) = find(&app, &staff, &code)?;
        let page = view(&app, &staff, &shelf, unit, typed);
        let desk = page.desk.clone().mend(wrong);
        Ok(shown(&PlanPage { desk, ..page }))
    };
    let content = match read(shelf.rules, &typed) {
        Ok(content) => content,
        Err(wrong) => return again(typed, wrong),
    };
    let mut done = "saved";
    let mut changed = app.write_plan(viewer, unit, &content).await;
    if changed.is_ok() && typed.get("then") == "submit" {
        done = "submitted";
        changed = app.submit_plan(viewer, unit).await;
    }
    match changed.map_err(mended) {
        Ok(()) => Ok(go(&format!("/readiness/plans/{code}?done={done}"))),
        Err(Ok(wrong)) => again(typed, wrong),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}

/// Approves the plan or sends it back. Sends `then` (`approve` or `return`), `why`.
pub async fn decide(State(app): State<App>, Path(code): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let (shelf, unit) = find(&app, &staff, &code)?;
    let again = |wrong: Vec<Problem>| -> Answer {
        let content = shelf.plans.latest(unit).map(|version| version.content.clone()).unwrap_or_default();
        let page = view(&app, &staff, &shelf, unit, Typed::new(pairs(&content)));
        let desk = page.desk.clone().mend(wrong);
        Ok(shown(&PlanPage { desk, ..page }))
    };
    let back = typed.get("then") == "return";
    let why = if back {
        match typed.needed_prose("why", "Write what has to change.") {
            Ok(why) => Some(why),
            Err(wrong) => return again(vec![wrong]),
        }
    } else {
        None
    };
    let done = if back { "returned" } else { "approved" };
    match app.decide_plan(&staff.who.viewer, unit, why.as_ref()).await.map_err(mended) {
        Ok(()) => Ok(go(&format!("/readiness/plans/{code}?done={done}"))),
        Err(Ok(wrong)) => again(wrong),
        Err(Err(trouble)) => Err(Trouble::into(trouble)),
    }
}
