//! Files on their way out: always as a download, never shown in the browser, whatever they claim to be.

use app::App;
use app::files::FileReader;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::desk::Staff;
use super::sorry::Answer;

/// `/files/{reference}/{file}`
pub async fn download(State(app): State<App>, Path((reference, file)): Path<(String, String)>, staff: Staff) -> Answer {
    let file = file.parse().map_err(|_| app::Trouble::NotFound)?;
    let copy = app.take_copy(&staff.who.viewer, &reference, file).await?;
    Ok(send(copy.reader, copy.issued))
}

fn send(reader: FileReader, issued: bool) -> Response {
    let kind = if issued { "application/pdf" } else { "application/octet-stream" };
    let name = disposition(&reader.name);
    let size = reader.size;
    // A fault in the middle ends the connection, so that half a file is never taken for the whole.
    let bytes = futures::stream::try_unfold(reader, |mut reader| async move {
        match reader.next().await {
            Ok(Some(bytes)) => Ok(Some((bytes, reader))),
            Ok(None) => Ok(None),
            Err(trouble) => {
                tracing::error!(%trouble, "a file could not be read to its end");
                Err(std::io::Error::other("the stored file is not as it was recorded"))
            }
        }
    });
    let mut answer = Body::from_stream(bytes).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    answer
}

/// RFC 6266: a plain name for old programs and the whole name, percent-encoded, for the rest.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_".contains(c) { c } else { '_' }).collect();
    let whole: String = name
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let said = disposition("a\"; x=\"b\r\nñ/..\\c.exe");
        assert!(said.is_ascii() && said.matches('"').count() == 2 && !said.contains(['\r', '\n', '/', '\\']), "{said}");
    }
}
