//! Turns the client's errors into faults that are safe to log, and tells which of them another try may mend.

use store::Fault;

/// What the database said, without the detail line in which it quotes values.
#[derive(Debug)]
pub struct Told(String);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Told {}

/// Keeps message, code and constraint of an error, and drops the rest.
pub fn told(error: &sqlx::Error) -> Told {
    Told(match error {
        sqlx::Error::Database(said) => {
            let code = said.code().unwrap_or_default();
            let constraint = said.constraint().map(|name| format!(", {name}")).unwrap_or_default();
            format!("{} ({code}{constraint})", said.message())
        }
        other => other.to_string(),
    })
}

/// Says what was being done when something broke.
pub trait Doing<T> {
    /// The result as an answer of the port.
    fn doing(self, doing: &'static str) -> Result<T, Fault>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, Fault> {
        self.map_err(|error| Fault::new(doing, told(&error)))
    }
}

/// Whether the server ended the transaction for the sake of another one: nothing was written, and trying again helps.
pub fn may_try_again(error: &sqlx::Error) -> bool {
    const SERIALIZATION_FAILURE: &str = "40001";
    const DEADLOCK_DETECTED: &str = "40P01";
    let sqlx::Error::Database(said) = error else { return false };
    said.code().is_some_and(|code| code == SERIALIZATION_FAILURE || code == DEADLOCK_DETECTED)
}

/// The unique constraint that an error says was hit.
pub fn unique_constraint(error: &sqlx::Error) -> Option<&str> {
    let sqlx::Error::Database(said) = error else { return None };
    if said.is_unique_violation() { said.constraint() } else { None }
}
