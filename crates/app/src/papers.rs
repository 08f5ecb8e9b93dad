//! Papers that anyone may take along from the public pages: a unit's poster, its blank forms, a reporter's receipt.
//!
//! Nothing is recorded here, and nothing that records waits for it. Few papers are made at a time; those that are the
//! same for everybody are kept once made, so that asking again and again costs nothing. Whoever comes while the press
//! is busy is told so, and has the page itself to print.

use crate::directory::{Agency, Unit};
use crate::plain_form::{blank_plain_form, has_adopted_paper};
use crate::{App, Trouble};
use documents::{Job, Numbering, PosterView, ReceiptView, blank};
use domain::ids::UnitId;
use domain::pack::{Advice, Facts, Language, Pack};
use domain::time::{Instant, Zone};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

mod questions;

/// Papers made at the same time for the public; officers' documents are jobs and wait for none of these.
const SEATS: usize = 2;
/// How long somebody waits for a seat.
const PATIENCE: Duration = Duration::from_secs(4);
/// Papers kept, and the bytes they may take together.
const KEPT: usize = 64;
const KEPT_BYTES: usize = 8 * 1024 * 1024;
/// Characters of one answer on a receipt. The record holds all of them; a paper of a thousand pages helps nobody.
const MOST_CHARACTERS: usize = 20_000;

/// A finished paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    /// Its file name.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// Why there is no paper.
#[derive(Debug, thiserror::Error)]
pub enum NoPaper {
    /// Others are being made; ask again in a few seconds.
    #[error("the press is busy")]
    Busy,
    /// Something else.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// What stands on a receipt, in finished words of one language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceiptWords {
    /// The language.
    pub language: Language,
    /// "R-7KQ4-M2XD".
    pub reference: String,
    /// The reference as it is read aloud.
    pub spelling: String,
    /// The agency.
    pub agency: String,
    /// When it was received.
    pub received_at: Instant,
    /// The same, said in full.
    pub received: String,
    /// The office that reads it first.
    pub who_has_it: String,
    /// What happens next, one sentence each.
    pub next_steps: Vec<String>,
    /// The private link.
    pub status_link: String,
    /// The last day of the link, said in full.
    pub link_works_until: String,
    /// The number to call.
    pub phone: String,
    /// Question and answer.
    pub answers: Vec<(String, String)>,
}

/// Seats, and papers that were made before. The whole job is the key: what would be printed differently is another
/// paper, so nothing kept can be out of date.
pub(crate) struct Press {
    seats: Semaphore,
    kept: Mutex<VecDeque<(Vec<u8>, Vec<u8>)>>,
}

impl Default for Press {
    fn default() -> Self {
        Self { seats: Semaphore::new(SEATS), kept: Mutex::default() }
    }
}

impl Press {
    fn find(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(other, _)| other == key)?;
        let found = kept.remove(at)?;
        let bytes = found.1.clone();
        kept.push_back(found);
        Some(bytes)
    }

    fn keep(&self, key: Vec<u8>, bytes: Vec<u8>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((key, bytes));
        let size = |kept: &VecDeque<(Vec<u8>, Vec<u8>)>| kept.iter().map(|(k, b)| k.len() + b.len()).sum::<usize>();
        while kept.len() > KEPT || size(&kept) > KEPT_BYTES {
            kept.pop_front();
        }
    }
}

impl App {
    /// The poster of a unit, in English and Spanish.
    pub async fn poster(&self, unit: UnitId) -> Result<Paper, NoPaper> {
        let directory = self.directory();
        let (unit, agency) = place(&directory, unit)?;
        let now = self.now();
        let pack = self.pack_for_report(unit.id, now)?;
        let link = self.start_page(unit);
        let advice = general_advice(pack);
        let line = |language| advice.iter().flat_map(|a| &a.lines).map(move |l| l.text(language).to_owned());
        let view = PosterView {
            agency: agency.profile.name.en.clone(),
            unit: unit.profile.name.en.clone(),
            phone: number(unit, agency, pack),
            short_url: link.split_once("://").map_or(link.as_str(), |(_, short)| short).to_owned(),
            advice: line(Language::English).take(4).collect(),
            advice_spanish: line(Language::Spanish).take(4).collect(),
            imprint: format!("{}. Printed {}.", pack.title, now.in_zone(&agency.profile.zone).strftime("%b %-d, %Y")),
            issued_at: day_of(now, &agency.profile.zone),
            link,
        };
        let name = format!("poster-{}.pdf", unit.code);
        self.shared_paper(name, &Job::Poster { view: Box::new(view) }).await
    }

    /// The public report as a form for pen, in one language.
    pub async fn blank_report(&self, unit: UnitId, language: Language) -> Result<Paper, NoPaper> {
        let directory = self.directory();
        let (unit, agency) = place(&directory, unit)?;
        let now = self.now();
        let pack = self.pack_for_report(unit.id, now)?;
        let to = self.routing(pack, unit.id, &Facts::default(), now, None).to.role;
        let hand_in = format!("{}, {}", to.text(language), number(unit, agency, pack));
        let view = questions::blank_view(pack, agency, unit, language, hand_in, self.start_page(unit));
        let view = documents::BlankReportView { issued_at: day_of(now, &agency.profile.zone), ..view };
        let name = match language {
            Language::English => format!("paper-form-{}.pdf", unit.code),
            Language::Spanish => format!("formulario-{}.pdf", unit.code),
        };
        self.shared_paper(name, &Job::BlankReport { view: Box::new(view) }).await
    }

    /// The editions of the incident form that a unit has use for: those of the policy it works under, newest first.
    pub fn incident_form_editions(&self, unit: UnitId) -> Vec<String> {
        let Ok(pack) = self.pack_for_report(unit, self.now()) else { return Vec::new() };
        let same = self.editions_of(unit).all().iter().filter(|p| p.series == pack.series && !p.forms.is_empty());
        let mut editions: Vec<String> = same.map(|p| p.edition.name.clone()).collect();
        editions.sort_by(|a, b| b.cmp(a));
        editions
    }

    /// The empty Report of Security Incident of one edition, naming the unit.
    pub async fn blank_incident_form(&self, unit: UnitId, edition: &str) -> Result<Paper, NoPaper> {
        if !self.incident_form_editions(unit).iter().any(|known| known == edition) {
            return Err(Trouble::NotFound.into());
        }
        let directory = self.directory();
        let (unit, _) = place(&directory, unit)?;
        let pack = self.pack_for_report(unit.id, self.now())?;
        let editions = self.editions_of(unit.id);
        let own = editions.all().iter().filter(|p| p.series == pack.series && p.edition.name == edition);
        if let Some(form) = own.filter_map(|p| p.forms.first()).find(|form| !has_adopted_paper(form)) {
            let form_id = format!("{}-{}-{edition}", unit.code, form.id);
            let day = day_of(self.now(), &pack.zone);
            let view = blank_plain_form(form, &unit.profile.name.en, &form_id, &self.start_page(unit), day);
            let name = format!("{}-{edition}-{}.pdf", form.id, unit.code);
            return self.shared_paper(name, &Job::PlainForm { view: Box::new(view) }).await;
        }
        let form_id = format!("{}-RSI-{edition}", unit.code);
        let facility = &unit.profile.name.en;
        let printed = crate::issue_form::edition_named(edition);
        let view = blank(printed, Numbering::AsAdopted, facility, &form_id, &self.start_page(unit));
        let name = format!("report-of-security-incident-{edition}-{}.pdf", unit.code);
        self.shared_paper(name, &Job::ReportOfSecurityIncident { edition: printed, view: Box::new(view) }).await
    }

    /// A reporter's receipt. It is made for this one reader and kept nowhere.
    pub async fn receipt_paper(&self, words: ReceiptWords) -> Result<Paper, NoPaper> {
        let name = format!("{}.pdf", words.reference);
        let clipped = clipped_mark(words.language);
        let answer = |(question, answer): (String, String)| documents::Answer {
            question,
            answer: match answer.char_indices().nth(MOST_CHARACTERS) {
                Some((end, _)) => format!("{} {clipped}", &answer[..end]),
                None => answer,
            },
        };
        let view = ReceiptView {
            language: printed(words.language),
            reference: words.reference,
            spelling: words.spelling,
            agency: words.agency,
            received_at: words.received_at,
            received: words.received,
            who_has_it: words.who_has_it,
            first_answer: String::new(),
            next_steps: words.next_steps,
            status_link: words.status_link,
            link_works_until: words.link_works_until,
            phone: words.phone,
            answers: words.answers.into_iter().map(answer).collect(),
        };
        let _seat = self.seat().await?;
        let bytes = self.typesetter().typeset(Job::Receipt { view: Box::new(view) }).await?;
        Ok(Paper { name, bytes })
    }

    async fn shared_paper(&self, name: String, job: &Job) -> Result<Paper, NoPaper> {
        let key = serde_json::to_vec(job).map_err(|e| Trouble::fault("writing a print job", e))?;
        if let Some(bytes) = self.press().find(&key) {
            return Ok(Paper { name, bytes });
        }
        let _seat = self.seat().await?;
        // Whoever had the seat before may have made the same.
        if let Some(bytes) = self.press().find(&key) {
            return Ok(Paper { name, bytes });
        }
        let bytes = self.typesetter().typeset(job.clone()).await?;
        self.press().keep(key, bytes.clone());
        Ok(Paper { name, bytes })
    }

    async fn seat(&self) -> Result<tokio::sync::SemaphorePermit<'_>, NoPaper> {
        match tokio::time::timeout(PATIENCE, self.press().seats.acquire()).await {
            Ok(Ok(seat)) => Ok(seat),
            Ok(Err(_)) | Err(_) => Err(NoPaper::Busy),
        }
    }

    /// The address on a unit's poster.
    fn start_page(&self, unit: &Unit) -> String {
        format!("{}/r/{}", self.settings().public_address, unit.code)
    }
}

fn place(directory: &crate::directory::Directory, unit: UnitId) -> Result<(&Unit, &Agency), Trouble> {
    let unit = directory.unit(unit).ok_or(Trouble::NotFound)?;
    let agency = directory.agency(unit.tenant).ok_or(Trouble::NotFound)?;
    Ok((unit, agency))
}

/// The number that a policy wants called, or the unit's, or the agency's.
fn number(unit: &Unit, agency: &Agency, pack: &Pack) -> String {
    let first = pack.phone_first.as_ref().map(|first| &first.number);
    first.or(unit.profile.phone.as_ref()).unwrap_or(&agency.profile.phone).clone()
}

/// What fits whatever has happened: written for something that is still going on, where the pack has it.
fn general_advice(pack: &Pack) -> Option<&Advice> {
    let any = || pack.advice.iter().filter(|advice| advice.tiles.is_empty());
    any().find(|advice| advice.going_on).or_else(|| any().next())
}

/// The first moment of a day, so that a paper asked for twice on a day is the same paper.
fn day_of(now: Instant, zone: &Zone) -> Instant {
    now.in_zone(zone).start_of_day().map_or(now, |day| Instant::from_timestamp(day.timestamp()))
}

const fn printed(language: Language) -> documents::Language {
    match language {
        Language::English => documents::Language::English,
        Language::Spanish => documents::Language::Spanish,
    }
}

const fn clipped_mark(language: Language) -> &'static str {
    match language {
        Language::English => "[This paper stops here. Your report holds every word.]",
        Language::Spanish => "[Esta hoja termina aquí. Su informe conserva cada palabra.]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_press_keeps_the_latest_papers_and_no_more_than_it_may() {
        let press = Press::default();
        for n in 0..=KEPT {
            press.keep(vec![u8::try_from(n).unwrap()], vec![1]);
            // What is asked for stays.
            assert!(press.find(&[0]).is_some());
        }
        assert!(press.find(&[1]).is_none(), "the one nobody asked for made room");
        press.keep(b"large".to_vec(), vec![0; KEPT_BYTES - 5]);
        assert!(press.find(b"large").is_some() && press.find(&[0]).is_none());
        press.keep(b"too large".to_vec(), vec![0; KEPT_BYTES + 1]);
        assert!(press.find(b"too large").is_none());
    }
}
