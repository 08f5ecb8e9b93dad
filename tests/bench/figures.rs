//! Figures as they are measured, with their targets: a table for people and JSON for comparisons.

use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// Times of many requests.
#[derive(Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// From the times of every request.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time below which `percent` of the requests stayed, in milliseconds.
    pub fn at(&self, percent: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let place = ((percent / 100.0) * last as f64).round() as usize;
        self.0.get(place.min(last)).map_or(f64::NAN, |t| t.as_secs_f64() * 1e3)
    }
}

/// One line of the table.
struct Line {
    what: String,
    value: f64,
    unit: &'static str,
    target: String,
    met: Option<bool>,
}

/// Everything measured, in order.
pub struct Figures(Vec<Line>);

impl Figures {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// A figure that stands for itself.
    pub fn note(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.add(what.into(), value, unit, String::new(), None);
    }

    /// A figure that should not be larger.
    pub fn at_most(&mut self, what: impl Into<String>, value: f64, unit: &'static str, limit: f64) {
        self.add(what.into(), value, unit, format!("≤ {limit}"), Some(value <= limit));
    }

    /// A figure that should not be smaller.
    pub fn at_least(&mut self, what: impl Into<String>, value: f64, unit: &'static str, limit: f64) {
        self.add(what.into(), value, unit, format!("≥ {limit}"), Some(value >= limit));
    }

    fn add(&mut self, what: String, value: f64, unit: &'static str, target: String, met: Option<bool>) {
        let mark = met.map_or("", |met| if met { "met" } else { "MISSED" });
        println!("{what:<64} {value:>12.3} {unit:<10} {target:<12} {mark}");
        self.0.push(Line { what, value, unit, target, met });
    }

    /// The table, once more in one piece.
    pub fn print(&self) {
        println!("\n| measure | value | target | |\n|---|---|---|---|");
        for line in &self.0 {
            let mark = line.met.map_or("", |met| if met { "met" } else { "missed" });
            println!("| {} | {:.3} {} | {} | {mark} |", line.what, line.value, line.unit, line.target);
        }
    }

    /// The same as JSON.
    pub fn write(&self, to: &Path) -> std::io::Result<()> {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let lines: Vec<_> = self
            .0
            .iter()
            .map(|l| json!({ "what": l.what, "value": l.value, "unit": l.unit, "target": l.target, "met": l.met }))
            .collect();
        std::fs::write(to, json!({ "load_after": load.trim(), "figures": lines }).to_string())
    }
}
