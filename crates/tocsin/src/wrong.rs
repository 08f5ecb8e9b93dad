//! What a command says when it cannot go on: what is wrong, and what to do about it.

use std::process::ExitCode;

/// A reason to stop, in words for whoever typed the command.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

impl Wrong {
    /// From finished words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

macro_rules! wraps {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Wrong {
            fn from(error: $error) -> Self { Self(error.to_string()) }
        }
    )+};
}
wraps!(app::Trouble, store::Fault, std::io::Error, serde_json::Error, toml::de::Error);

/// Prints it and gives the exit code of failure.
pub fn tell(wrong: &Wrong) -> ExitCode {
    eprintln!("tocsin: {wrong}");
    ExitCode::FAILURE
}
