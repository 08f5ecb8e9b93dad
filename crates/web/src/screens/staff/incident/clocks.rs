//! What starts and stops clocks: moments with whose knowledge they were and what shows them, requests for silence, and
//! duties that somebody with authority lets go.

use app::{App, Trouble};
use axum::extract::{Path, State};
use domain::actor::Section;
use domain::ids::EntryId;
use domain::incident::{ClockRecord, Command, HoldRecord, Waiver, moments_that_count};
use domain::obligation::HoldForm;
use domain::pack::{Moment, ObligationId, Pack, RegimeId};
use domain::permission::Action;
use domain::time::{Instant, When};
use jiff::civil::Date;

use super::foresee::{Change, foresee};
use super::view::clocks::{moment_name, moment_words};
use super::{Case, Place, again};
use crate::{
    screens::{
        frame::Problem,
        staff::{
            desk::{Staff, go},
            sorry::{Answer, refusal},
        },
    },
    times,
    typed::{Typed, problem},
};

fn when(app: &App, staff: &Staff, typed: &Typed, field: &str) -> Result<When, Problem> {
    let missing = "Write when, as well as you know: “yesterday 3pm” will do.";
    match typed.get(field) {
        "" => Err(problem(field, missing)),
        text => times::read(text, staff.now(), &staff.zone(app)).map_err(|e| problem(field, &e.to_string())),
    }
}

/// Records a moment that starts clocks, or tells one otherwise. Sends `moment`, `moment-when` (“unknown” takes it back),
/// `moment-who`, `moment-evidence`, `moment-reason`.
pub async fn moment(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let case = Case::find(&app, &staff, &reference).await?;
    case.allow(&staff, Action::Work, Section::Officer)?;
    let pack = app.pack_of_incident(&case.incident)?;
    let laws = app.laws_of_incident(&case.incident);
    let packs: Vec<&Pack> = std::iter::once(pack).chain(laws).collect();
    let read = || -> Result<ClockRecord, Problem> {
        let wanted = typed.get("moment");
        let known = moments_that_count(&packs).into_iter().find(|m| moment_name(*m) == wanted);
        let moment = known.filter(|m| !m.seen_by_the_product());
        let moment = moment.ok_or_else(|| problem("moment", "Choose what happened."))?;
        let record = ClockRecord {
            moment,
            when: when(&app, &staff, &typed, "moment-when")?,
            who: typed.line("moment-who")?,
            evidence: typed.prose("moment-evidence")?,
            reason: typed.prose("moment-reason")?,
        };
        let told = domain::incident::facts(&case.incident).has(moment);
        if told && record.reason.is_none() {
            let words = "This was told before. Write why it is told otherwise now: the record keeps the reason.";
            return Err(problem("moment-reason", words));
        }
        if moment == Moment::ImputedFromAgent && record.who.is_none() {
            return Err(problem("moment-who", "Write which agent knew: their knowledge counts as your own."));
        }
        Ok(record)
    };
    let record = match read() {
        Ok(record) => record,
        Err(wrong) => return again(&app, &staff, &reference, "moment", typed, vec![wrong]).await,
    };
    let place = Place { section: "moments", form: "moment", field: "moment-when", done: "moment" };
    let says = match &record.when {
        When::Unknown => format!("{}: taken back; it is not known when.", moment_words(record.moment)),
        when => {
            format!("{}: {}.", moment_words(record.moment), times::when(when, staff.now(), &staff.zone(&app)).words)
        }
    };
    let change = Change { path: "moments".into(), place, says, always: true, seen: None };
    foresee(&app, &staff, &reference, change, typed, move |_, _, _| Ok(vec![Command::RecordMoment(record.clone())]))
        .await
}

/// An official asked for silence. Sends `regime` (several), `official`, `agency`, `hold-form` (`oral` or `written`),
/// `stated`, `hold-until`, `ground`.
pub async fn place_hold(State(app): State<App>, Path(reference): Path<String>, staff: Staff, typed: Typed) -> Answer {
    let id: EntryId = app.draw();
    let read =
        || -> Result<HoldRecord, Problem> {
            let regimes: Vec<RegimeId> = typed.all("regime").filter_map(|id| RegimeId::parse(id).ok()).collect();
            if regimes.is_empty() {
                return Err(problem("regime", "Choose what the request names. It pauses that and nothing else."));
            }
            Ok(HoldRecord {
                id,
                regimes,
                official: typed.needed_line("official", "Write who asked: name and office.")?,
                agency: typed.needed_line("agency", "Write for which agency they asked.")?,
                form: match typed.get("hold-form") {
                    "written" => HoldForm::Written,
                    "oral" => HoldForm::Oral,
                    _ => return Err(problem("hold-form", "Say whether it came in writing or by word of mouth.")),
                },
                stated: match when(&app, &staff, &typed, "stated")? {
                    When::Unknown => return Err(problem("stated", "Write at least the day: the time runs from it.")),
                    known => known,
                },
                until: until(&app, &staff, &typed)?,
                evidence: Some(typed.needed_prose(
                    "ground",
                    "Write on what ground, and where the paper is or who took the call down.",
                )?),
            })
        };
    let hold = match read() {
        Ok(hold) => hold,
        Err(wrong) => return again(&app, &staff, &reference, "hold", typed, vec![wrong]).await,
    };
    let names: Vec<&str> = hold.regimes.iter().map(RegimeId::as_str).collect();
    let says =
        format!("{}, {}, asks for silence. The request names: {}.", hold.official, hold.agency, names.join(", "));
    let place = Place { section: "holds", form: "hold", field: "official", done: "held" };
    let change = Change { path: "holds".into(), place, says, always: true, seen: None };
    foresee(&app, &staff, &reference, change, typed, move |_, _, _| {
        Ok(vec![Command::PlaceHold(Box::new(hold.clone()))])
    })
    .await
}

/// The last day of a request lies ahead: a day without a year that has just passed is next year's.
fn until(app: &App, staff: &Staff, typed: &Typed) -> Result<Option<Date>, Problem> {
    let text = typed.get("hold-until");
    if text.is_empty() {
        return Ok(None);
    }
    let zone = staff.zone(app);
    let day = times::read_day(text, staff.now(), &zone).map_err(|e| problem("hold-until", &e.to_string()))?;
    let with_year =
        text.split(|c: char| !c.is_ascii_digit()).any(|part| part.len() == 4) || text.matches('/').count() > 1;
    let ahead = if day < staff.now().day_in(&zone) && !with_year {
        jiff::Span::new().try_years(1).ok().and_then(|year| day.checked_add(year).ok()).unwrap_or(day)
    } else {
        day
    };
    Ok(Some(ahead))
}

/// A request for silence was taken back. Sends `lift-on-{id}` and `lift-reason-{id}`.
pub async fn lift_hold(
    State(app): State<App>,
    Path((reference, hold)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let hold: EntryId = hold.parse().map_err(|_| Trouble::NotFound)?;
    let (form, on, reason) = (format!("lift-{hold}"), format!("lift-on-{hold}"), format!("lift-reason-{hold}"));
    let zone = staff.zone(&app);
    let read = || -> Result<_, Problem> {
        let day = match typed.get(&on) {
            "" => staff.now().day_in(&zone),
            text => times::read_day(text, staff.now(), &zone).map_err(|e| problem(&on, &e.to_string()))?,
        };
        Ok((day, typed.needed_prose(&reason, "Write how you know: who took it back, and how.")?))
    };
    let (day, why) = match read() {
        Ok(read) => read,
        Err(wrong) => return again(&app, &staff, &reference, &form, typed, vec![wrong]).await,
    };
    let place = Place { section: "holds", form: &form, field: &reason, done: "lifted" };
    let says = format!("The request for silence was taken back on {}.", times::day(day));
    let change = Change { path: format!("holds/{hold}/lift"), place, says, always: true, seen: None };
    foresee(&app, &staff, &reference, change, typed.clone(), move |_, _, _| {
        Ok(vec![Command::LiftHold(hold, day, why.clone())])
    })
    .await
}

/// Lets a duty go, by authority. Sends `authority-{rule}`, `waive-reason-{rule}`, `waived-at-{rule}`.
pub async fn waive(
    State(app): State<App>,
    Path((reference, rule)): Path<(String, String)>,
    staff: Staff,
    typed: Typed,
) -> Answer {
    let rule = ObligationId::parse(&rule).map_err(|_| Trouble::NotFound)?;
    let viewer = &staff.who.viewer;
    let (may, row) = app.allow_on_incident(viewer, &reference, Action::Waive, Section::Officer).await?;
    let form = format!("waive-{rule}");
    let (authority, reason, at) =
        (format!("authority-{rule}"), format!("waive-reason-{rule}"), format!("waived-at-{rule}"));
    let read = || -> Result<Waiver, Problem> {
        Ok(Waiver {
            rule: rule.clone(),
            authority: typed.needed_line(&authority, "Write by what authority: a clause, an order, a decision.")?,
            reason: typed
                .needed_prose(&reason, "Write why it is let go: this stands on the record beside the duty.")?,
            at: decided_at(&app, &staff, &typed, &at)?,
        })
    };
    let waiver = match read() {
        Ok(waiver) => waiver,
        Err(wrong) => return again(&app, &staff, &reference, &form, typed, vec![wrong]).await,
    };
    match app.waive_duty(&may, &row, &waiver).await {
        Ok(_) => Ok(go(&format!("/incidents/{}?done=waived#duties", row.reference))),
        Err(trouble) => {
            let words = refusal(trouble)?;
            again(&app, &staff, &reference, &form, typed, vec![problem(&reason, &words)]).await
        }
    }
}

fn decided_at(app: &App, staff: &Staff, typed: &Typed, field: &str) -> Result<Instant, Problem> {
    if typed.get(field).is_empty() {
        return Ok(staff.now());
    }
    match when(app, staff, typed, field)? {
        When::Exact { at } | When::About { at } => Ok(at),
        When::Day { on } => Ok(staff.zone(app).end_of_day(on).min(staff.now())),
        When::Unknown => Err(problem(field, "Write when this was decided.")),
    }
}
