//! Handing one message to a mail server: encrypted and verified, and knowing at each step whether it may have arrived.

use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// Until the server is ready for the message, and from its last byte to the answer: together less than the claim of a
/// message lasts, so that nobody else begins meanwhile.
const UNTIL_READY: Duration = Duration::from_secs(30);
const UNTIL_ANSWERED: Duration = Duration::from_secs(60);
const UNTIL_PARTED: Duration = Duration::from_secs(2);
/// The most of a server's answer that is kept.
const KEPT: usize = 300;

/// The server that takes our mail, as configured.
#[derive(Clone)]
pub struct MailServer {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    authorities: Vec<Certificate>,
    sender: Mailbox,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encryption {
    /// TLS from the first byte (RFC 8314).
    FromTheStart,
    /// STARTTLS (RFC 3207), without which nothing is said.
    Upgraded,
    /// None: the message does not leave this machine.
    WithinThisMachine,
}

/// What is wrong with the configuration of a mail server.
#[derive(Debug, thiserror::Error)]
pub enum NoMailServer {
    /// Not an address of a server.
    #[error("the mail server's address must look like smtps://user:password@host:port or smtp://host:port")]
    Address,
    /// Mail would leave in plain text.
    #[error("mail may leave unencrypted only to a server on this machine; take tls={0} out of its address")]
    Unencrypted(String),
    /// The sender is no address.
    #[error("the sender {sender:?} is no mail address ({cause}); name one with --mail-from")]
    Sender {
        /// What was given.
        sender: String,
        /// Why it is none.
        cause: String,
    },
    /// No certificate in the file.
    #[error("the file of certificate authorities holds no certificate in PEM form")]
    Authorities,
}

/// What became of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HandedOver {
    /// The server took it, and said so.
    Accepted(String),
    /// It did not take it now; nothing arrived.
    NotNow(String),
    /// It never will; nothing arrived.
    Never(String),
    /// The whole message left and no answer came.
    InDoubt(String),
    /// The claim had lapsed before anything was handed over.
    Lapsed,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({self})")
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.encryption {
            Encryption::FromTheStart => "encrypted from the start",
            Encryption::Upgraded => "encrypted by STARTTLS or not at all",
            Encryption::WithinThisMachine => "unencrypted within this machine",
        };
        write!(f, "{}:{} as {}, {how}", self.host, self.port, self.sender.email)?;
        if !self.authorities.is_empty() {
            write!(f, ", verified by the configured authorities")?;
        }
        Ok(())
    }
}

impl MailServer {
    /// Reads an address: `smtps://` is TLS from the start, `smtp://` is STARTTLS and never less. `tls=none` is for a
    /// server on this machine. With `authorities` (PEM) only certificates that these vouch for are accepted; without,
    /// those that the system trusts.
    pub fn parse(url: &str, sender: &str, authorities: Option<&[u8]>) -> Result<Self, NoMailServer> {
        let url = Url::parse(url).map_err(|_| NoMailServer::Address)?;
        let host = url.host_str().ok_or(NoMailServer::Address)?.trim_matches(['[', ']']).to_owned();
        let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (encryption, usual_port) = match (url.scheme(), asked.as_deref()) {
            ("smtps", None | Some("required")) => (Encryption::FromTheStart, 465),
            ("smtp", None | Some("required")) => (Encryption::Upgraded, 587),
            ("smtp", Some("none")) if on_this_machine(&host) => (Encryption::WithinThisMachine, 25),
            ("smtp" | "smtps", Some(other)) => return Err(NoMailServer::Unencrypted(other.to_owned())),
            _ => return Err(NoMailServer::Address),
        };
        let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = url.password().map(|password| Credentials::new(plain(url.username()), plain(password)));
        let sender = sender.parse().map_err(|e: lettre::address::AddressError| NoMailServer::Sender {
            sender: sender.to_owned(),
            cause: e.to_string(),
        })?;
        let authorities = match authorities {
            None => Vec::new(),
            Some(pem) => vec![read_authorities(pem)?],
        };
        Ok(Self { port: url.port().unwrap_or(usual_port), host, encryption, credentials, authorities, sender })
    }

    /// The sender, as it stands in the From line.
    pub const fn sender(&self) -> &Mailbox {
        &self.sender
    }

    /// Whether nothing leaves this machine unencrypted.
    pub fn is_encrypted(&self) -> bool {
        self.encryption != Encryption::WithinThisMachine
    }

    /// Hands a message over. `begin` is called when the server is ready for it and before it is sent: it notes durably
    /// that from here on the message may arrive, or says that it is not ours to send any more.
    pub async fn hand_over(&self, message: &Message, begin: impl AsyncFnOnce() -> bool) -> HandedOver {
        let mut connection = match timeout(UNTIL_READY, self.ready(message.envelope())).await {
            Err(_) => return HandedOver::NotNow(format!("{}:{} did not answer in time", self.host, self.port)),
            Ok(Err(not_sent)) => return not_sent,
            Ok(Ok(connection)) => connection,
        };
        if !begin().await {
            return HandedOver::Lapsed;
        }
        let outcome = match timeout(UNTIL_READY, connection.command(Data)).await {
            Err(_) => HandedOver::NotNow(self.at("it was silent before the message", "no answer in time")),
            Ok(Err(error)) => self.refused("before the message", &error),
            Ok(Ok(_)) => match timeout(UNTIL_ANSWERED, connection.message(&message.formatted())).await {
                Ok(Ok(answer)) => HandedOver::Accepted(words(&answer)),
                Ok(Err(error)) if error.status().is_some() => self.refused("after the message", &error),
                // From the last byte to the answer the server may have taken it: RFC 5321, 4.5.3.2.6 and 6.1.
                Ok(Err(error)) => HandedOver::InDoubt(self.at("the connection broke before the answer", &error)),
                Err(_) => HandedOver::InDoubt(self.at("no answer came", "waited a minute")),
            },
        };
        let _ = timeout(UNTIL_PARTED, connection.abort()).await;
        outcome
    }

    /// A connection on which sender and recipient are accepted.
    async fn ready(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, HandedOver> {
        let server = (self.host.as_str(), self.port);
        let hello = ClientId::default();
        let at_once = if self.encryption == Encryption::FromTheStart { Some(self.tls()?) } else { None };
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(UNTIL_READY), &hello, at_once, None)
            .await
            .map_err(|error| self.later("when connecting", &error))?;
        if self.encryption == Encryption::Upgraded {
            connection.starttls(self.tls()?, &hello).await.map_err(|error| self.later("at STARTTLS", &error))?;
        }
        if let Some(credentials) = &self.credentials {
            let signed_in = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            signed_in.map_err(|error| self.later("when signing in", &error))?;
        }
        let wide =
            envelope.from().into_iter().chain(envelope.to()).any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        if wide && !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(HandedOver::Never(self.at("it takes no address outside ASCII", "no SMTPUTF8")));
        }
        let parameters = if wide { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
        let from: Option<Address> = envelope.from().cloned();
        // Whom it refuses as a sender it refuses for every message: that is for the operator, and the message waits.
        let named = connection.command(Mail::new(from, parameters)).await;
        named.map_err(|error| self.later("when naming the sender", &error))?;
        for to in envelope.to() {
            let named = connection.command(Rcpt::new(to.clone(), Vec::new())).await;
            named.map_err(|error| self.refused("when naming the recipient", &error))?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, HandedOver> {
        let mut builder = TlsParameters::builder(self.host.clone());
        if !self.authorities.is_empty() {
            builder = builder.certificate_store(CertificateStore::None);
        }
        for authority in &self.authorities {
            builder = builder.add_root_certificate(authority.clone());
        }
        builder.build_rustls().map_err(|error| self.later("when preparing encryption", &error))
    }

    /// A refusal whose number says whether it may change.
    fn refused(&self, step: &str, error: &Error) -> HandedOver {
        if error.is_permanent() { HandedOver::Never(self.at(step, error)) } else { self.later(step, error) }
    }

    fn later(&self, step: &str, error: &Error) -> HandedOver {
        HandedOver::NotNow(self.at(step, error))
    }

    fn at(&self, step: &str, cause: impl fmt::Display) -> String {
        inert(&format!("{}:{}, {step}: {cause}", self.host, self.port))
    }
}

fn on_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn read_authorities(pem: &[u8]) -> Result<Certificate, NoMailServer> {
    let any = pem.windows(27).any(|at| at == b"-----BEGIN CERTIFICATE-----");
    if !any {
        return Err(NoMailServer::Authorities);
    }
    Certificate::from_pem(pem).map_err(|_| NoMailServer::Authorities)
}

fn words(answer: &Response) -> String {
    inert(&format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" ")))
}

/// A server's words as they may be kept and shown: short, one line, without anybody's address.
fn inert(words: &str) -> String {
    let word = |word: &str| if word.contains('@') { "<address>".to_owned() } else { word.to_owned() };
    let line: Vec<String> =
        words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).map(word).collect();
    line.join(" ").chars().take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Result<MailServer, String> {
        MailServer::parse(url, "Tocsin <tocsin@example.gov>", None).map_err(|e| e.to_string())
    }

    #[test]
    fn an_address_says_how_mail_is_encrypted() {
        for (url, told) in [
            ("smtps://mail.example.gov", "mail.example.gov:465 as tocsin@example.gov, encrypted from the start"),
            (
                "smtp://mail.example.gov",
                "mail.example.gov:587 as tocsin@example.gov, encrypted by STARTTLS or not at all",
            ),
            (
                "smtp://mail.example.gov:25?tls=required",
                "mail.example.gov:25 as tocsin@example.gov, encrypted by STARTTLS or not at all",
            ),
            ("smtp://localhost?tls=none", "localhost:25 as tocsin@example.gov, unencrypted within this machine"),
            ("smtp://[::1]:2525?tls=none", "::1:2525 as tocsin@example.gov, unencrypted within this machine"),
        ] {
            assert_eq!(server(url).expect(url).to_string(), told, "{url}");
        }
    }

    #[test]
    fn mail_never_leaves_in_plain_text() {
        for url in [
            "smtp://mail.example.gov?tls=none",
            "smtp://mail.example.gov?tls=opportunistic",
            "smtp://localhost?tls=opportunistic",
            "smtps://mail.example.gov?tls=none",
            "smtp://localhost.example.org?tls=none",
        ] {
            assert!(server(url).expect_err(url).contains("unencrypted"), "{url}");
        }
        for url in ["mail.example.gov", "https://mail.example.gov", "smtp:", ""] {
            assert!(server(url).expect_err(url).contains("must look like"), "{url}");
        }
    }

    #[test]
    fn a_password_is_decoded_and_never_shown() {
        let server = server("smtps://post:p%40ss@mail.example.gov").expect("an address");
        assert_eq!(server.credentials, Some(Credentials::new("post".to_owned(), "p@ss".to_owned())));
        assert!(!format!("{server:?} {server}").contains("ss@"), "{server:?}");
    }

    #[test]
    fn a_sender_and_authorities_are_what_they_should_be() {
        let url = "smtps://mail.example.gov";
        let sender = MailServer::parse(url, "nobody", None).expect_err("no address").to_string();
        assert!(sender.contains("--mail-from"), "{sender}");
        for pem in ["", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "a key"] {
            let wrong = MailServer::parse(url, "t@example.gov", Some(pem.as_bytes())).expect_err(pem);
            assert!(matches!(wrong, NoMailServer::Authorities), "{wrong}");
        }
    }

    #[test]
    fn a_server_cannot_put_addresses_or_lines_into_our_rows() {
        let kept = inert("550 5.1.1\r\n<sam.lee@example.org>: no\u{0}such box\tSam");
        assert_eq!(kept, "550 5.1.1 <address> no such box Sam");
        assert_eq!(inert(&"x".repeat(1_000)).len(), KEPT);
    }
}
