//! The most useful thing to do next on an incident: one sentence and one button.

use domain::incident::{Incident, Standing};

use super::papers::FormLine;
use crate::screens::staff::duties::{DutyRow, Mark};

/// The most useful thing to do next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Next {
    /// The sentence.
    pub words: String,
    /// Where to do it.
    pub href: String,
    /// The button.
    pub label: String,
}

/// The most useful thing to do next. Depends on nothing but its arguments.
pub fn next(duties: &[DutyRow], incident: &Incident, form: Option<&FormLine>, address: &str) -> Next {
    let at = |words: String, href: String, label: &str| Next { words, href, label: label.to_owned() };
    if incident.standing != Standing::Open {
        return at("Nothing: the work on this incident has ended.".to_owned(), String::new(), "");
    }
    let urgent = duties.iter().filter(|d| d.open).find(|d| matches!(d.mark, Mark::Overdue | Mark::Soon));
    if let Some(duty) = urgent {
        let words = format!("{}. {}, owed by {}.", duty.title.trim_end_matches('.'), duty.says, lower(&duty.owed_by));
        return if duty.by_form {
            at(words, format!("{address}/form"), "Open the form")
        } else {
            at(words, format!("#duty-{}", duty.rule), "Record it")
        };
    }
    if incident.severity.is_none() {
        return at("Judge how bad this is.".to_owned(), "#describe".to_owned(), "Judge");
    }
    let dated = duties.iter().find(|d| d.open && d.mark == Mark::OnTrack);
    match (dated, form) {
        (Some(duty), _) if duty.by_form => at(
            format!("{}. {}.", duty.title.trim_end_matches('.'), duty.says),
            format!("{address}/form"),
            "Open the form",
        ),
        (Some(duty), _) => at(
            format!("{}. {}.", duty.title.trim_end_matches('.'), duty.says),
            format!("#duty-{}", duty.rule),
            "Record it",
        ),
        (None, _) if duties.iter().any(|d| d.open) => {
            at("Answer for the duties that have no date.".to_owned(), "#duties".to_owned(), "Look")
        }
        (None, _) => at("Every duty is answered for. Close it.".to_owned(), format!("{address}/close"), "Close…"),
    }
}

fn lower(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|c| c.to_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}
