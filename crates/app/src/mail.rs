//! Mail: short, without incident facts, one link, sent through an outbox that never loses and rarely repeats.

use crate::{App, MailRoute, Trouble};
use domain::ids::{MailId, TenantId};
use domain::pack::Language;
use domain::time::Instant;
use journal::BoxPurpose;
use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
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

/// Messages taken from the outbox at once, and for how long.
const CLAIMED: u32 = 8;
const LEASE_SECONDS: u32 = 120;
/// Attempts before a message is left for a person.
const ATTEMPTS: u32 = 10;

impl App {
    /// A message for the outbox. Its Message-ID is drawn here and stays the same for every attempt.
    pub fn letter(&self, tenant: TenantId, letter: &Letter, now: Instant) -> Result<NewMail, Trouble> {
        let id: MailId = self.draw();
        let host = self.settings().log_origin.split('/').next().unwrap_or("tocsin.invalid").to_owned();
        let sealed = self.seal_box(BoxPurpose::Mail, None, id.bytes(), letter)?;
        Ok(NewMail { id, tenant, message_id: format!("{id}@{host}"), statutory: false, sealed, send_at: now })
    }

    /// Sends what waits in the outbox; says how many messages it tried.
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
        let count = claimed.len();
        for mail in claimed {
            if let Err(trouble) = self.send(&mail).await {
                tracing::error!(%trouble, "mail could not be handled");
            }
        }
        count
    }

    async fn send(&self, mail: &ClaimedMail) -> Result<(), Trouble> {
        let mark = match self.hand_over(mail).await {
            Ok(Some(queue_id)) => MailMark::Accepted(queue_id),
            // The claim had lapsed: somebody else has the message.
            Ok(None) => return Ok(()),
            Err(refusal) if refusal.for_good || mail.attempt >= ATTEMPTS => MailMark::Failed(refusal.words),
            Err(refusal) => {
                let wait = 30i64.saturating_mul(2i64.saturating_pow(mail.attempt.min(8)));
                MailMark::Retry(self.now().plus_seconds(wait), refusal.words)
            }
        };
        self.store().mark_mail(mail.id, mail.token, mark).await?;
        Ok(())
    }

    async fn hand_over(&self, mail: &ClaimedMail) -> Result<Option<String>, NotSent> {
        let letter: Letter = self
            .open_box(BoxPurpose::Mail, None, mail.id.bytes(), &mail.sealed)
            .map_err(|e| NotSent { for_good: true, words: e.to_string() })?;
        let MailRoute::Smtp { url, from } = &self.settings().mail else {
            // The demonstration mailbox is the outbox itself, read at /demo/mail.
            return Ok(Some("demonstration mailbox".to_owned()));
        };
        let message = compose(&letter, from, &mail.message_id)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|e| NotSent { for_good: false, words: e.to_string() })?
            .timeout(Some(std::time::Duration::from_secs(30)))
            .build();
        // Committed before the message ends, so that a crash from here on is known as "perhaps sent".
        let ours = self
            .store()
            .mark_mail(mail.id, mail.token, MailMark::Submitting)
            .await
            .map_err(|e| NotSent { for_good: false, words: e.to_string() })?;
        if !ours {
            return Ok(None);
        }
        match transport.send(message).await {
            Ok(answer) => Ok(Some(answer.message().collect::<Vec<_>>().join(" "))),
            Err(cause) => Err(NotSent { for_good: cause.is_permanent(), words: cause.to_string() }),
        }
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

struct NotSent {
    for_good: bool,
    words: String,
}

fn compose(letter: &Letter, from: &str, message_id: &str) -> Result<Message, NotSent> {
    // The typed builder refuses line breaks in addresses and encodes them in subjects.
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|e| NotSent { for_good: true, words: e.to_string() });
    Message::builder()
        .from(mailbox(from)?)
        .to(mailbox(&letter.to)?)
        .subject(letter.subject.clone())
        .message_id(Some(format!("<{message_id}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.words.clone())
        .map_err(|e| NotSent { for_good: true, words: e.to_string() })
}
