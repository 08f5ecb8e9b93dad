//! A form with one file, read into memory whole: for files that are small by their nature, from people who are known.

use axum::{
    extract::{FromRequest, Multipart, Request},
    response::Response,
};

use crate::{
    screens::apology::{self, Apology},
    typed::Typed,
};

/// The most fields of such a form.
const MOST_FIELDS: usize = 40;

/// What was sent: the fields that were typed, and the file that was chosen.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// The fields.
    pub typed: Typed,
    /// Name and bytes of the file; `None` when none was chosen.
    pub file: Option<(String, Vec<u8>)>,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let path = request.uri().path().to_owned();
        let unreadable = || apology::answer(&path, &Apology::Unreadable);
        let most = if path == "/admin/packs" { "1 MB" } else { "4 MB" };
        let too_large = || apology::answer(&path, &Apology::TooLarge { most: most.to_owned() });
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| unreadable())?;
        let mut fields = Vec::new();
        let mut file = None;
        loop {
            let field = match parts.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return Ok(Self { typed: Typed::new(fields), file }),
                Err(wrong) if wrong.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large()),
                Err(_) => return Err(unreadable()),
            };
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                // An empty chooser sends a part without a name.
                Some(chosen) => {
                    let bytes = field.bytes().await.map_err(|_| too_large())?;
                    if !chosen.is_empty() && file.is_none() {
                        file = Some((chosen, bytes.to_vec()));
                    }
                }
                None if fields.len() < MOST_FIELDS => {
                    fields.push((name, field.text().await.map_err(|_| unreadable())?));
                }
                None => return Err(unreadable()),
            }
        }
    }
}
