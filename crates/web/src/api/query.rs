//! Queries of the interface: every parameter known, each once, each within its limits.

use super::problem::Problem;
use crate::query::pairs;

/// The parameters of a request.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query that may hold only these names.
    pub fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let once = "Each query parameter may come once and is UTF-8.";
        let pairs = pairs(query).ok_or_else(|| Problem::unreadable(once))?;
        match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some(_) => Err(Problem::not_possible(format!("The query parameters here are: {}.", known.join(", ")))),
            None => Ok(Self(pairs)),
        }
    }

    /// The value of a parameter as it came.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A whole number between two bounds.
    pub fn number(&self, name: &str, low: i64, high: i64) -> Result<Option<i64>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let wrong = || Problem::not_possible(format!("{name}: a whole number from {low} to {high}."));
        let number: i64 = text.parse().map_err(|_| wrong())?;
        if (low..=high).contains(&number) { Ok(Some(number)) } else { Err(wrong()) }
    }

    /// Text of at most so many characters.
    pub fn text(&self, name: &str, most: usize) -> Result<Option<&str>, Problem> {
        match self.get(name) {
            Some(text) if text.chars().count() > most => {
                Err(Problem::not_possible(format!("{name}: at most {most} characters.")))
            }
            other => Ok(other),
        }
    }
}
