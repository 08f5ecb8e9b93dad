//! The page of statistics: what was counted, one sentence on each finding, a chart, and the same as a table.

use app::App;
use app::statistics::{Added, Counted, Statistics, csv as as_csv};
use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};

use crate::chart::{Bars, Value, share};
use crate::query::{address, pairs, value};
use crate::screens::apology::{Apology, answer};
use crate::screens::frame::Choice;
use crate::screens::incidents::export::csv;
use crate::screens::staff::desk::{Desk, Staff, desks, page as shown};
use crate::screens::staff::sorry::Answer;
use crate::typed::thousands;

/// Bars of one chart; the table has the rest.
const BARS: usize = 12;

/// `/stats`
#[derive(Debug, Template)]
#[template(path = "stats/show.html")]
pub struct Show {
    /// The desk.
    pub desk: Desk,
    /// “2,554 incidents, 197,222,632 people affected”
    pub total: String,
    /// What the numbers are of: “2018”, “all years”.
    pub period: String,
    /// Years to choose from.
    pub years: Vec<Choice>,
    /// Amounts that were added up: of what, and “1,250.50 over 2 of 3 incidents”.
    pub sums: Vec<(String, String)>,
    /// The charts.
    pub figures: Vec<Figure>,
    /// Why there is nothing, or less than others see; or empty.
    pub note: String,
}

desks!(Show);

/// A chart with its table.
#[derive(Debug, Clone)]
pub struct Figure {
    /// “By kind”
    pub heading: String,
    /// One sentence on what it shows.
    pub finding: String,
    /// The drawing.
    pub chart: Bars,
    /// What the first column is called.
    pub of: String,
    /// Every row.
    pub rows: Vec<Line>,
    /// “The chart shows the first 12 of 53.”, or empty.
    pub cut: String,
    /// The table as a file.
    pub csv: String,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is of.
    pub label: String,
    /// The list of its incidents.
    pub href: String,
    /// How many.
    pub incidents: String,
    /// Their share of all.
    pub share: String,
    /// People affected.
    pub people: String,
}

/// What is counted: name in addresses, heading, column, and the counts.
struct Table<'a> {
    name: String,
    heading: String,
    of: String,
    counted: &'a [Counted],
}

/// Every table, the policy's own fields last.
fn tables(statistics: &Statistics) -> Vec<Table<'_>> {
    let fixed: [(&str, &str, &str, &[Counted]); 6] = [
        ("kind", "By kind", "Kind", &statistics.kinds),
        ("location", "By where the information was", "Location", &statistics.locations),
        ("place", "By state or territory", "State or territory", &statistics.places),
        ("unit", "By unit", "Unit", &statistics.units),
        ("year", "By year", "Year", &statistics.years),
        ("system", "By class of system", "Class", &statistics.systems),
    ];
    let fixed = fixed.into_iter().map(|(name, heading, of, counted)| Table {
        name: name.to_owned(),
        heading: heading.to_owned(),
        of: of.to_owned(),
        counted,
    });
    let own = statistics.sheets.iter().map(|field| Table {
        name: field.name.clone(),
        heading: field.label.clone(),
        of: "Answer".to_owned(),
        counted: &field.counted,
    });
    let axes = statistics.axes.iter().map(|axis| Table {
        name: axis.name.clone(),
        heading: format!("By {}", axis.label),
        of: capital(&axis.label),
        counted: &axis.counted,
    });
    fixed.chain(axes).chain(own).collect()
}

/// The year of an address: `None` for all years, refused when it is no year.
fn asked_year(pairs: &[(String, String)]) -> Result<Option<i16>, ()> {
    match value(pairs, "year") {
        "" => Ok(None),
        year => year.parse().map(Some).map_err(|_| ()),
    }
}

/// The page. Two statements of the store: session and kept counts.
pub async fn page(State(app): State<App>, RawQuery(query): RawQuery, staff: Staff) -> Answer {
    let year = pairs(query.as_deref()).and_then(|pairs| asked_year(&pairs).ok());
    let Some(year) = year else { return Ok(answer("/stats", &Apology::Unreadable)) };
    let statistics = app.statistics(&staff.who.viewer, year).await?;
    let figures = tables(&statistics).iter().filter_map(|table| figure(&app, table, &statistics, year)).collect();
    let years = std::iter::once(Choice::new("", "all years").chosen_if(year.is_none()));
    let known = statistics.years.iter().rev();
    let years = years.chain(known.map(|y| {
        Choice::new(&y.value, y.label.clone()).chosen_if(year.is_some_and(|asked| asked.to_string() == y.value))
    }));
    let note = if statistics.incidents == 0 {
        "Nothing is counted here yet."
    } else if !statistics.whole_agency {
        "You see the numbers of your own units. Kinds, locations and places are counted for the whole agency."
    } else {
        ""
    };
    Ok(shown(&Show {
        desk: staff.desk(&app, "Statistics"),
        total: format!("{}, {} people affected", incidents(statistics.incidents), thousands(statistics.people)),
        period: year.map_or_else(|| "all years".to_owned(), |year| year.to_string()),
        years: years.collect(),
        sums: statistics.sums.iter().map(|sum| added(sum, statistics.incidents)).collect(),
        figures,
        note: note.to_owned(),
    }))
}

/// `/stats.csv?of=kind&year=2018`: one table of the page.
pub async fn table(State(app): State<App>, RawQuery(query): RawQuery, staff: Staff) -> Answer {
    let unreadable = || Ok(answer("/stats.csv", &Apology::Unreadable));
    let Some(pairs) = pairs(query.as_deref()) else { return unreadable() };
    let Ok(year) = asked_year(&pairs) else { return unreadable() };
    let statistics = app.statistics(&staff.who.viewer, year).await?;
    let tables = tables(&statistics);
    let Some(table) = tables.iter().find(|table| table.name == value(&pairs, "of")) else { return unreadable() };
    let bytes = as_csv(&table.of, table.counted);
    Ok(csv(&format!("incidents-by-{}.csv", table.name), Body::from(bytes)))
}

fn figure(app: &App, table: &Table<'_>, statistics: &Statistics, year: Option<i16>) -> Option<Figure> {
    let counted = table.counted;
    let most = counted.iter().max_by_key(|one| one.incidents)?;
    // Years are counted over all of them whatever year is asked for.
    let whole = if table.name == "year" { counted.iter().map(|c| c.incidents).sum() } else { statistics.incidents };
    let finding = match table.name.as_str() {
        "year" => format!("Most were opened in {}: {}.", most.label, thousands(most.incidents)),
        _ => format!(
            "{} leads with {} of {} ({}).",
            most.label,
            thousands(most.incidents),
            incidents(whole),
            share(most.incidents, whole)
        ),
    };
    let drawn: Vec<&Counted> = match table.name.as_str() {
        "year" => counted.iter().rev().take(BARS).rev().collect(),
        _ => counted.iter().take(BARS).collect(),
    };
    let values: Vec<Value> = drawn.iter().map(|c| Value { label: c.label.clone(), amount: c.incidents }).collect();
    let asked = year.map(|year| year.to_string()).unwrap_or_default();
    let cut = match counted.len() {
        all if all > BARS => format!("The chart shows {BARS} of {all}; the table has all of them."),
        _ => String::new(),
    };
    Some(Figure {
        chart: Bars::new(table.name.replace('.', "-"), format!("{}: bar chart. {finding}", table.heading), &values),
        heading: table.heading.clone(),
        finding,
        of: table.of.clone(),
        rows: counted.iter().map(|one| line(app, table, one, whole, &asked)).collect(),
        cut,
        csv: address("/stats.csv", &[("of", &table.name), ("year", &asked)]),
    })
}

fn line(app: &App, table: &Table<'_>, one: &Counted, whole: i64, year: &str) -> Line {
    let directory = app.directory();
    // Lists name a unit by its code.
    let code = one.value.parse().ok().and_then(|id| directory.unit(id)).map_or("", |unit| unit.code.as_str());
    let href = match table.name.as_str() {
        "unit" if code.is_empty() => String::new(),
        "unit" => address("/incidents", &[("unit", code), ("year", year)]),
        "year" => address("/incidents", &[("year", &one.value)]),
        // Lists are not narrowed by what stands on sheets.
        own if own.contains('.') || own == "system" => String::new(),
        axis if axis.starts_with("kind-") => address("/incidents", &[("kind", &one.value), ("year", year)]),
        name => address("/incidents", &[(name, &one.value), ("year", year)]),
    };
    Line {
        label: one.label.clone(),
        href,
        incidents: thousands(one.incidents),
        share: share(one.incidents, whole),
        people: thousands(one.people),
    }
}

/// What amounts come to, and how many incidents have none.
fn added(sum: &Added, all: i64) -> (String, String) {
    let amount = app::sheets::amount(u64::try_from(sum.amount).unwrap_or(0));
    (sum.label.clone(), format!("{amount} over {} of {}", thousands(sum.incidents), incidents(all)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn incidents(number: i64) -> String {
    if number == 1 { "1 incident".to_owned() } else { format!("{} incidents", thousands(number)) }
}
