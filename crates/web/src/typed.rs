//! What somebody typed into a form, kept whole so that a page can show it again, and read field by field at the door.

use axum::{
    Form,
    extract::{FromRequest, Request},
    response::Response,
};
use domain::text::{Line, Prose, TextError};

use crate::screens::{
    apology::{self, Apology},
    frame::Problem,
};

/// The fields of a posted form, in the order of the page. A name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// From names and values.
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The value of a field; empty when it did not come.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The value of a field as it was typed, when it came at all.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a field has this value among its values.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|v| v == value)
    }

    /// All fields.
    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// Nothing came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A line that may be left out.
    pub fn line<const N: usize>(&self, name: &str) -> Result<Option<Line<N>>, Problem> {
        optional(Line::parse(self.get(name)), name)
    }

    /// Several lines that may be left out.
    pub fn prose<const N: usize>(&self, name: &str) -> Result<Option<Prose<N>>, Problem> {
        optional(Prose::parse(self.raw(name).unwrap_or_default()), name)
    }

    /// A line that is needed; `missing` says what to write.
    pub fn needed_line<const N: usize>(&self, name: &str, missing: &str) -> Result<Line<N>, Problem> {
        self.line(name)?.ok_or_else(|| problem(name, missing))
    }

    /// Several lines that are needed; `missing` says what to write.
    pub fn needed_prose<const N: usize>(&self, name: &str, missing: &str) -> Result<Prose<N>, Problem> {
        self.prose(name)?.ok_or_else(|| problem(name, missing))
    }
}

fn optional<T>(parsed: Result<T, TextError>, name: &str) -> Result<Option<T>, Problem> {
    match parsed {
        Ok(text) => Ok(Some(text)),
        Err(TextError::Empty) => Ok(None),
        Err(TextError::TooLong { length, limit }) => Err(problem(
            name,
            &format!(
                "This is {} characters long. At most {} fit here. Shorten it, or attach it as a file.",
                thousands(length),
                thousands(limit)
            ),
        )),
    }
}

/// One thing to mend.
pub fn problem(field: &str, words: &str) -> Problem {
    Problem { field: field.to_owned(), words: words.to_owned() }
}

/// “12,345”
pub fn thousands(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let path = request.uri().path().to_owned();
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
                Err(apology::answer(&path, &Apology::TooLarge { most: "2 MB".to_owned() }))
            }
            Err(_) => Err(apology::answer(&path, &Apology::Unreadable)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_says_by_how_much() {
        let typed = Typed::new(vec![("words".into(), "x".repeat(8_412))]);
        let told = typed.prose::<8_000>("words").expect_err("too long").words;
        assert!(told.contains("8,412") && told.contains("8,000"), "{told}");
        assert_eq!(typed.line::<10>("nothing"), Ok(None));
    }
}
