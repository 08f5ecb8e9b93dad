//! Editions whose own date has passed or is near: shown until somebody says, on record, that the text was extended or is
//! in force all the same. Work goes on under them meanwhile.

use super::kept::Statement;
use crate::administration::{held, record::Event};
use crate::{App, Trouble};
use domain::ids::TenantId;
use domain::obligation::say_day;
use domain::pack::{ClauseId, Governing, ObligationId, Pack, PackId};
use domain::permission::Allowed;
use jiff::Unit;
use jiff::civil::Date;
use store::Change;

/// Days before a sunset on which it is first told, and on which it is told with more weight.
const FIRST: i32 = 90;
const SOON: i32 = 30;

/// A text whose standing somebody has to look into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watch {
    /// The edition.
    pub pack: PackId,
    /// Its title.
    pub title: String,
    /// The date.
    pub date: Date,
    /// Days until then; negative once it has passed.
    pub days: i32,
    /// Nothing has to be done this month.
    pub early: bool,
    /// What people are told.
    pub words: String,
    /// The duty that asks for it, where the pack has one.
    pub duty: Option<(ObligationId, String)>,
    /// The clauses that give the date.
    pub clauses: Vec<ClauseId>,
}

fn watch(pack: &Pack, date: Date, today: Date, words: String) -> Watch {
    let days = today.until((Unit::Day, date)).map_or(0, |span| span.get_days());
    let asks = |rule: &&domain::pack::ObligationRule| {
        rule.id.as_str() == "O64" || rule.clauses.iter().any(|clause| pack.edition.clauses.contains(clause))
    };
    let duty = pack.obligations.iter().find(asks).map(|rule| (rule.id.clone(), rule.title.clone()));
    let (id, title, clauses) = (pack.id.clone(), pack.title.clone(), pack.edition.clauses.clone());
    Watch { pack: id, title, date, days, early: days > SOON, words, duty, clauses }
}

fn sunset(pack: &Pack, statement: Option<&Statement>, today: Date) -> Option<Watch> {
    let date = match statement {
        None => pack.edition.sunset?,
        // Said to be in force without a date: nothing more to ask.
        Some(statement) => statement.until?,
    };
    let days = today.until((Unit::Day, date)).map_or(0, |span| span.get_days());
    let (title, day) = (&pack.title, say_day(date));
    let words = match days {
        days if days > FIRST => return None,
        1.. => format!(
            "{title} has a sunset date, {day}, in {days} {}. Ask its issuer whether it is extended.",
            if days == 1 { "day" } else { "days" }
        ),
        0 => format!("The sunset date of {title} is today, {day}. Ask its issuer whether it is extended."),
        _ => format!("The sunset date of {title}, {day}, has passed. Check with the issuer; work goes on under it."),
    };
    Some(watch(pack, date, today, words))
}

impl App {
    /// The editions that govern an agency today and whose own date has passed or is near, without an answer on record.
    pub fn watches(&self, tenant: TenantId) -> Vec<Watch> {
        let today = self.now().day_in(&self.zone_of(tenant));
        let directory = self.directory();
        let Some(agency) = directory.agency(tenant) else { return Vec::new() };
        let editions = self.packs().of(tenant);
        let series = self.series_of(tenant);
        let told = series.iter().filter_map(|series| {
            let governing = editions.governing(series, today);
            let pack = governing.pack()?;
            let statement = agency.kept.statements.get(&pack.id);
            let ended = match governing {
                Governing::Expired(_, last) => Some(last),
                _ => None,
            };
            match (ended, statement) {
                (Some(last), None) => Some(watch(pack, last, today, governing.warning()?)),
                _ => sunset(pack, statement, today),
            }
        });
        told.collect()
    }

    /// What was said about an edition.
    pub fn statement(&self, tenant: TenantId, pack: &PackId) -> Option<Statement> {
        self.directory().agency(tenant).and_then(|agency| agency.kept.statements.get(pack).cloned())
    }

    /// Says that an edition was extended to a day, or is in force all the same.
    pub async fn state_edition(
        &self,
        may: &Allowed,
        pack: &PackId,
        until: Option<Date>,
        says: &str,
    ) -> Result<(), Trouble> {
        let (tenant, by) = held(may)?;
        let says = says.trim();
        let refused = |words: &str| Err(Trouble::Refused(words.to_owned()));
        if says.is_empty() || says.chars().count() > 500 {
            return refused("Write what shows it, such as a letter and its date, in at most 500 characters.");
        }
        if until.is_some_and(|day| day < self.now().day_in(&self.zone_of(tenant))) {
            return refused("That day has passed. Write the day until which the text is extended.");
        }
        if !self.watches(tenant).iter().any(|watch| watch.pack == *pack) {
            return refused("Nobody has to say anything about this text now.");
        }
        self.keep(tenant, by, |kept, standing| {
            let statement = Statement { until, says: says.to_owned(), by: may.by(), at: standing.now };
            kept.statements.insert(pack.clone(), statement);
            let event = Event::EditionStated { pack: pack.clone(), until, says: says.to_owned() };
            Ok((Change::default(), vec![event]))
        })
        .await
    }
}
