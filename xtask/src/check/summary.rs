//! What happened in each step, printed once more at the end, so that nobody has to scroll for the one line that matters.

use crate::run::Failure;
use std::time::Duration;

/// How a step ended.
pub enum Outcome {
    /// It ran and found nothing wrong.
    Passed,
    /// It ran and found something, or could not run although it should.
    Failed(Failure),
    /// It needs something outside this machine that did not answer; said plainly, and not a failure of the project.
    Unreachable(String),
}

impl From<Result<(), Failure>> for Outcome {
    fn from(result: Result<(), Failure>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Passed)
    }
}

/// The steps so far.
#[derive(Default)]
pub struct Summary {
    steps: Vec<(&'static str, Duration, Outcome)>,
}

impl Summary {
    /// Runs one step under a heading; says whether it passed.
    pub fn step(&mut self, name: &'static str, act: impl FnOnce() -> Outcome) -> bool {
        println!("\n=== {name}");
        #[expect(clippy::disallowed_methods, reason = "how long a check took on this machine is all this clock is for")]
        let start = std::time::Instant::now();
        let outcome = act();
        if let Outcome::Failed(why) = &outcome {
            println!("FAILED {name}: {why}");
        }
        let passed = matches!(outcome, Outcome::Passed);
        self.steps.push((name, start.elapsed(), outcome));
        passed
    }

    /// Prints the table; an error when any step failed.
    pub fn close(self) -> Result<(), Failure> {
        println!("\n=== summary");
        print!("{}", self.table());
        let count = |wanted: fn(&Outcome) -> bool| self.steps.iter().filter(|(_, _, outcome)| wanted(outcome)).count();
        let passed = count(|o| matches!(o, Outcome::Passed));
        let failed = count(|o| matches!(o, Outcome::Failed(_)));
        let unreachable = count(|o| matches!(o, Outcome::Unreachable(_)));
        println!("check: {passed} passed, {failed} failed, {unreachable} out of reach");
        if failed == 0 { Ok(()) } else { Err(format!("check: {failed} of {} steps failed", self.steps.len())) }
    }

    fn table(&self) -> String {
        let line = |(name, took, outcome): &(&str, Duration, Outcome)| {
            let (word, why) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(why) => ("FAILED", why.lines().next().unwrap_or_default()),
                Outcome::Unreachable(why) => ("unseen", why.as_str()),
            };
            format!("{word}  {:>5} s  {name}{}{why}\n", took.as_secs(), if why.is_empty() { "" } else { ": " })
        };
        self.steps.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_whole() {
        let mut summary = Summary::default();
        assert!(summary.step("one", || Outcome::Passed));
        assert!(!summary.step("two", || Outcome::Failed("broken".to_owned())));
        assert!(summary.table().contains("two: broken"));
        assert!(summary.close().is_err());
    }

    #[test]
    fn what_is_out_of_reach_is_said_and_does_not_pass() {
        let mut summary = Summary::default();
        assert!(!summary.step("advisories", || Outcome::Unreachable("no network".to_owned())));
        assert!(summary.table().starts_with("unseen"));
        assert!(summary.close().is_ok());
    }
}
