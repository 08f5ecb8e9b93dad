//! The private calendar feed: deadlines as iCalendar to-dos (RFC 5545), with references and clauses and no fact of any
//! case. Whoever holds the address reads it, so an address that leads nowhere looks like one that never was.

use app::calendar::Deadline;
use app::{App, Trouble};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::time::Instant;

use crate::screens::apology::{Apology, answer};

/// What apologies take for the address: the real one is a key, and stands on no page.
const PLACE: &str = "/duties.ics";

/// `/duties.ics/{secret}`
pub async fn feed(State(app): State<App>, Path(secret): Path<String>) -> Response {
    match app.deadlines(&secret).await {
        Ok(deadlines) => {
            let mut found = calendar(&deadlines, &app.settings().public_address, app.now()).into_response();
            let headers = found.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
            let file = HeaderValue::from_static("inline; filename=\"duties.ics\"");
            headers.insert(header::CONTENT_DISPOSITION, file);
            found
        }
        Err(Trouble::NotFound | Trouble::TooMany(_)) => answer(PLACE, &Apology::NotFound),
        Err(trouble) => {
            // The address is the key: it stands in no line of the log.
            tracing::error!(%trouble, "a calendar was not answered");
            answer(PLACE, &Apology::Fault { id: String::new() })
        }
    }
}

/// The whole calendar. Depends on nothing but its arguments.
pub fn calendar(deadlines: &[Deadline], address: &str, now: Instant) -> String {
    let host = address.split("://").nth(1).unwrap_or(address).split(['/', ':']).next().unwrap_or_default();
    let mut out = String::new();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tocsin//Duties//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Duties",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ] {
        fold(&mut out, line);
    }
    for deadline in deadlines {
        fold(&mut out, "BEGIN:VTODO");
        fold(&mut out, &format!("UID:{}@{host}", deadline.uid));
        fold(&mut out, &format!("DTSTAMP:{}", utc(now)));
        // A to-do is due after it begins; one that was due as its clock started has no beginning.
        if let Some(since) = deadline.since.filter(|since| *since < deadline.due) {
            fold(&mut out, &format!("DTSTART:{}", utc(since)));
        }
        fold(&mut out, &format!("DUE:{}", utc(deadline.due)));
        fold(&mut out, &format!("SUMMARY:{}", text(&format!("{} – {}", deadline.reference, deadline.clause))));
        fold(&mut out, &format!("URL:{address}/incidents/{}", deadline.reference));
        fold(&mut out, "STATUS:NEEDS-ACTION");
        fold(&mut out, "CLASS:PRIVATE");
        fold(&mut out, "END:VTODO");
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

fn utc(at: Instant) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A value of the type TEXT (3.3.11).
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A content line, folded so that no line is longer than 75 octets and no letter is cut (3.1).
fn fold(out: &mut String, line: &str) {
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadline(clause: &str, since: i64, due: i64) -> Deadline {
        let at = |seconds| Instant::from_micros(1_792_000_000_000_000).plus_seconds(seconds);
        Deadline {
            uid: "5f2a".to_owned(),
            reference: "DMH-2026-0147".to_owned(),
            clause: clause.to_owned(),
            due: at(due),
            since: Some(at(since)),
        }
    }

    #[test]
    fn a_calendar_is_written_as_the_standard_wants_it() {
        let now = Instant::from_micros(1_792_000_000_000_000);
        let long =
            "Regulation; part one, section 8.350, and whatever else is named in a citation of great length (4)(a)";
        let all = [deadline("DOR 8.350 (4)(a)", 0, 86_400), deadline(long, 5, 5)];
        let told = calendar(&all, "https://tocsin.example.gov", now);
        assert!(told.ends_with("END:VCALENDAR\r\n") && told.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(told.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{told}");
        let unfolded = told.replace("\r\n ", "");
        let begins = unfolded.matches("BEGIN:VTODO").count();
        assert_eq!((begins, unfolded.matches("END:VTODO").count(), unfolded.matches("DTSTART").count()), (2, 2, 1));
        for line in [
            "UID:5f2a@tocsin.example.gov\r\n",
            "DTSTAMP:20261014T174640Z\r\n",
            "DUE:20261015T174640Z\r\n",
            "SUMMARY:DMH-2026-0147 – DOR 8.350 (4)(a)\r\n",
            "part one\\, section",
            "Regulation\\; part",
        ] {
            assert!(unfolded.contains(line), "{line} in {unfolded}");
        }
    }
}
