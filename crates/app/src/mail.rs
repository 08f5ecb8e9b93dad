//! Mail: short, without incident facts, one link, sent through an outbox that never loses and rarely repeats.

use crate::smtp::HandedOver;
use crate::{App, MailRoute, Trouble};
use domain::ids::{MailId, StreamId, TenantId};
use domain::pack::Language;
use domain::time::Instant;
use journal::BoxPurpose;
use lettre::Message;
use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use store::{ClaimedMail, MailMark, MailRow, MailState, NewMail};

/// A message as it is sealed in the outbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Letter {
    /// One recipient: a list would tell each about the others.
    pub to: String,
    /// The subject. Never a name, never a fact of a case.
    pub subject: String,
    /// The words, in plain text.
    pub words: String,
    /// The language they are in.
    pub language: Language,
}

/// A message with the case it is about, as it lies in the outbox.
#[derive(Serialize, Deserialize)]
struct Envelope {
    #[serde(flatten)]
    letter: Letter,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<StreamId>,
}

/// Messages taken from the outbox at once, and for how long.
const CLAIMED: u32 = 8;
const LEASE_SECONDS: u32 = 120;
/// Attempts before a message is left for a person: about five days, as mail servers themselves hold out.
const ATTEMPTS: u32 = 130;
/// How long a message that may have arrived waits before it goes out once more.
const DOUBT_SECONDS: i64 = 600;

impl App {
    /// A message for the outbox. Its Message-ID is drawn here and stays the same for every attempt.
    pub fn letter(&self, tenant: TenantId, letter: &Letter, now: Instant) -> Result<NewMail, Trouble> {
        self.sealed_letter(tenant, letter, None, now)
    }

    /// The same for a message about one case: it is not handed over to anybody who must not learn of that case by then.
    pub(crate) fn letter_about(
        &self,
        tenant: TenantId,
        letter: &Letter,
        case: StreamId,
        now: Instant,
    ) -> Result<NewMail, Trouble> {
        self.sealed_letter(tenant, letter, Some(case), now)
    }

    fn sealed_letter(
        &self,
        tenant: TenantId,
        letter: &Letter,
        about: Option<StreamId>,
        now: Instant,
    ) -> Result<NewMail, Trouble> {
        let id: MailId = self.draw();
        let host = self.settings().log_origin.split('/').next().unwrap_or("tocsin.invalid").to_owned();
        let sealed = self.seal_box(BoxPurpose::Mail, None, id.bytes(), &Envelope { letter: letter.clone(), about })?;
        Ok(NewMail { id, tenant, message_id: format!("{id}@{host}"), statutory: false, sealed, send_at: now })
    }

    /// Sends what waits in the outbox; says how many messages it tried. One that a server keeps waiting holds up none of
    /// the others.
    pub async fn send_mail(&self) -> usize {
        if matches!(self.settings().mail, MailRoute::None) {
            return 0;
        }
        let claimed = match self.store().claim_mail(CLAIMED, LEASE_SECONDS).await {
            Ok(claimed) => claimed,
            Err(fault) => {
                tracing::error!(%fault, "no mail could be claimed");
                return 0;
            }
        };
        let sent = claimed.iter().map(async |mail| {
            if let Err(trouble) = self.send(mail).await {
                tracing::error!(mail = %mail.id, %trouble, "mail could not be handled");
            }
        });
        futures::future::join_all(sent).await.len()
    }

    async fn send(&self, mail: &ClaimedMail) -> Result<(), Trouble> {
        let mark = match self.hand_over(mail).await {
            HandedOver::Lapsed => return Ok(()),
            HandedOver::Accepted(answer) if mail.doubts > 0 => {
                MailMark::Accepted(format!("{answer} (an earlier copy with the same Message-ID may have arrived)"))
            }
            HandedOver::Accepted(answer) => MailMark::Accepted(answer),
            HandedOver::NotNow(words) if mail.attempt < ATTEMPTS => {
                tracing::warn!(mail = %mail.id, attempt = mail.attempt, words, "a message was not taken yet");
                MailMark::Retry(self.now().plus_seconds(self.pause_after(mail.attempt)), words)
            }
            HandedOver::NotNow(words) | HandedOver::Never(words) => {
                tracing::error!(mail = %mail.id, attempt = mail.attempt, words, "a message was given up");
                MailMark::Failed(words)
            }
            HandedOver::InDoubt(words) => {
                tracing::warn!(mail = %mail.id, attempt = mail.attempt, words, "a message may have arrived or not");
                MailMark::InDoubt(self.now().plus_seconds(DOUBT_SECONDS), words)
            }
        };
        self.store().mark_mail(mail.id, mail.token, mark).await?;
        Ok(())
    }

    /// Seconds until the next attempt: doubling up to an hour, and up to a quarter more, so that a server that comes
    /// back is not asked for everything at once.
    fn pause_after(&self, attempt: u32) -> i64 {
        let pause = 15i64.saturating_mul(2i64.saturating_pow(attempt.saturating_sub(1).min(16))).min(3_600);
        let [chance] = self.secret::<1>();
        pause + pause * i64::from(chance) / 1_024
    }

    /// Whether somebody has been kept, since a message was written, from the case that it is about.
    async fn kept_from_recipient(&self, letter: &Letter, about: Option<StreamId>) -> Result<bool, Trouble> {
        let Some(case) = about else { return Ok(false) };
        let out = self.store().exclusions(case).await?;
        let directory = self.directory();
        let addresses = out.into_iter().filter_map(|id| directory.person(id)).map(|person| &person.profile.email);
        Ok(addresses.into_iter().any(|address| address.eq_ignore_ascii_case(&letter.to)))
    }

    async fn hand_over(&self, mail: &ClaimedMail) -> HandedOver {
        let Envelope { letter, about } = match self.open_box(BoxPurpose::Mail, None, mail.id.bytes(), &mail.sealed) {
            Ok(envelope) => envelope,
            Err(trouble) => return HandedOver::Never(trouble.to_string()),
        };
        match self.kept_from_recipient(&letter, about).await {
            Ok(false) => {}
            // Said to nobody: a message in trouble would tell that there was one.
            Ok(true) => return HandedOver::Accepted("not sent: whom it was for must not learn of it now".to_owned()),
            Err(trouble) => return HandedOver::NotNow(trouble.to_string()),
        }
        let MailRoute::Smtp(server) = &self.settings().mail else {
            // The demonstration mailbox is the outbox itself, read at /demo/mail.
            return HandedOver::Accepted("demonstration mailbox".to_owned());
        };
        let message = match compose(&letter, server.sender(), &mail.message_id, self.now()) {
            Ok(message) => message,
            Err(words) => return HandedOver::Never(words),
        };
        // Committed before the message leaves, so that a crash from here on is known as "perhaps sent".
        let begin = async || match self.store().mark_mail(mail.id, mail.token, MailMark::Submitting).await {
            Ok(ours) => ours,
            Err(fault) => {
                tracing::error!(mail = %mail.id, %fault, "a message was not handed over: the store does not answer");
                false
            }
        };
        server.hand_over(&message, begin).await
    }

    /// Messages that a person should know of, the oldest first, without their contents.
    pub async fn mail_in_trouble(&self, limit: u32) -> Result<Vec<MailInTrouble>, Trouble> {
        let rows = self.store().troubled_mail(limit).await?;
        let told = |row: MailRow| MailInTrouble {
            tenant: row.tenant,
            state: row.state,
            attempt: row.attempt,
            answer: row.answer,
            at: row.at,
        };
        Ok(rows.into_iter().map(told).collect())
    }

    /// The mail of the demonstration mailbox, newest first; `None` unless mail goes there.
    pub async fn demonstration_mail(&self, limit: u32) -> Result<Option<Vec<(Posted, Letter)>>, Trouble> {
        if !matches!(self.settings().mail, MailRoute::DemonstrationMailbox) {
            return Ok(None);
        }
        let rows = self.store().list_mail(None, limit).await?;
        let open = |row: MailRow| {
            let letter = self.open_box(BoxPurpose::Mail, None, row.id.bytes(), &row.sealed)?;
            Ok((Posted { at: row.at, accepted: row.state == MailState::Accepted }, letter))
        };
        rows.into_iter().map(open).collect::<Result<_, Trouble>>().map(Some)
    }
}

/// Where a message of the demonstration mailbox stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Posted {
    /// When it was written.
    pub at: Instant,
    /// Whether it has left the outbox.
    pub accepted: bool,
}

/// A message that has not arrived, or perhaps not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MailInTrouble {
    /// The agency that sends it.
    pub tenant: TenantId,
    /// Pending: it is tried again. Failed: it was given up. In doubt: it may have arrived.
    pub state: MailState,
    /// Attempts so far.
    pub attempt: u32,
    /// What the server or the connection to it said last, without addresses.
    pub answer: String,
    /// When it was written.
    pub at: Instant,
}

/// Says by which program a message was written, so that no vacation notice answers it (RFC 3834).
const AUTOMATIC: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
const LANGUAGE: HeaderName = HeaderName::new_from_ascii_str("Content-Language");

/// The message as it goes out; words why not otherwise.
fn compose(letter: &Letter, sender: &Mailbox, message_id: &str, now: Instant) -> Result<Message, String> {
    // The typed builder refuses line breaks in addresses; a subject is made one line here.
    let to: Mailbox =
        letter.to.parse().map_err(|e: AddressError| format!("the recipient's address cannot be used: {e}"))?;
    let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let language = match letter.language {
        Language::English => "en",
        Language::Spanish => "es",
    };
    Message::builder()
        .from(sender.clone())
        .to(to)
        .subject(subject)
        .date(now.timestamp().into())
        .message_id(Some(format!("<{message_id}>")))
        .raw_header(HeaderValue::new(AUTOMATIC, "auto-generated".to_owned()))
        .raw_header(HeaderValue::new(LANGUAGE, language.to_owned()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.words.clone())
        .map_err(|e| format!("the message cannot be written: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(to: &str, subject: &str, words: &str) -> Result<String, String> {
        let letter =
            Letter { to: to.into(), subject: subject.into(), words: words.into(), language: Language::Spanish };
        let sender = "Tocsin <tocsin@example.gov>".parse().expect("an address");
        let message = compose(&letter, &sender, "7@example.gov", Instant::from_micros(1_792_000_000_000_000))?;
        Ok(String::from_utf8(message.formatted()).expect("text"))
    }

    fn headers(message: &str) -> Vec<&str> {
        let (head, _) = message.split_once("\r\n\r\n").expect("a head and a body");
        head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).collect()
    }

    #[test]
    fn a_message_says_who_when_and_that_no_person_wrote_it() {
        let message =
            composed("sam@example.org", "Sobre su informe", "Hay algo nuevo en su página.\n").expect("composed");
        for line in [
            "From: Tocsin <tocsin@example.gov>",
            "To: sam@example.org",
            "Subject: Sobre su informe",
            "Message-ID: <7@example.gov>",
            "Auto-Submitted: auto-generated",
            "Content-Language: es",
            "Date: Wed, 14 Oct 2026 17:46:40 +0000",
        ] {
            assert!(headers(&message).contains(&line), "{line} in {message}");
        }
        assert!(message.is_ascii(), "any server takes it: {message}");
    }

    #[test]
    fn nobody_can_write_a_header_or_another_recipient() {
        for subject in [
            "New\r\nBcc: eve@example.net",
            "New\nBcc: eve@example.net",
            "New\rBcc: eve@example.net",
            "ü\r\nBcc: eve@example.net",
        ] {
            let message = composed("sam@example.org", subject, "words").expect("composed");
            assert!(!headers(&message).iter().any(|line| line.starts_with("Bcc")), "{message}");
        }
        for to in [
            "sam@example.org\r\nBcc: eve@example.net",
            "sam@example.org, eve@example.net",
            "sam@example.org>\r\nRCPT TO:<eve@example.net",
        ] {
            composed(to, "New", "words").expect_err(to);
        }
        let message =
            composed("sam@example.org", "New", "words\r\n.\r\nMAIL FROM:<eve@example.net>").expect("composed");
        assert_eq!(
            headers(&message).len(),
            headers(&composed("sam@example.org", "New", "words").expect("composed")).len()
        );
    }
}
