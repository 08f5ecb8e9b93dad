//! Mail through a real server: encrypted or not at all, never lost, never twice in silence, and no fact of a case in it.

use rusqlite::Connection;
use serde_json::{Value, json};
use sqlx::Executor;
use std::collections::BTreeSet;
use tocsin_stories::mail_server::{Authority, MailServer, wait};
use tocsin_stories::{Installation, Serving, postgres};

/// What was reported, by whom, about whom: none of it may stand in a message.
const FACTS: [&str; 6] = ["Quixby", "Zephyrine", "chart", "Brightwater", "Ferncastle", "573-555-0199"];

async fn filed(serving: &Serving, email: &str, language: &str) -> String {
    let body = json!({
        "unit": "RVB",
        "words": "Quixby left the Zephyrine chart on the bus.",
        "affected": "Pat Ferncastle",
        "language": language,
        "reporter": { "name": "Jordan Brightwater", "phone": "573-555-0199", "email": email },
    });
    let request = reqwest::Client::new().post(format!("{}/api/v1/reports", serving.address)).json(&body);
    let answer = request.header("Idempotency-Key", email).send().await.expect("answered");
    let (status, told) = (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"));
    assert_eq!(status, 201, "{told}");
    told["reference"].as_str().expect("a reference").to_owned()
}

fn serve(installation: &Installation, url: &str, authority: &Authority) -> Serving {
    let file = authority.file().display().to_string();
    let sender = "Tocsin <tocsin@example.gov>";
    let address = "https://tocsin.example.gov";
    installation.serve_with(&[
        "--smtp-url",
        url,
        "--mail-ca-file",
        &file,
        "--mail-from",
        sender,
        "--public-address",
        address,
    ])
}

/// What doctor says of the outbox: state and words of each finding.
fn outbox(installation: &Installation) -> Vec<(String, String)> {
    let told = installation.run(&["doctor", "--json"]).json();
    let checks = told.as_array().expect("a list").iter().filter(|check| check["name"] == "outbox");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    checks.map(|check| (text(&check["state"]), text(&check["found"]))).collect()
}

/// Waits until doctor speaks of the outbox in these words.
async fn until_doctor_says(installation: &Installation, words: &str) -> String {
    let said = || outbox(installation).into_iter().map(|(_, found)| found).find(|found| found.contains(words));
    wait(&format!("doctor to say {words:?}"), said).await
}

/// Lets what waits be due now.
async fn hurry(installation: &Installation) {
    let statement = "update mail set due_at = 1 where due_at is not null";
    match &installation.database {
        None => {
            let db = Connection::open(installation.file()).expect("opens");
            db.execute(statement, []).expect("hurried");
        }
        Some(url) => {
            postgres::connect(url).await.execute(statement).await.expect("hurried");
        }
    }
}

/// The readable form of a message: quoted-printable taken apart, so that nothing hides in it.
fn readable(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, after @ ..] = rest {
        let coded = (*first == b'=').then(|| after.get(..2)).flatten();
        let decoded = coded.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn header<'a>(message: &'a str, name: &str) -> &'a str {
    let line = message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {message}"))
}

async fn mail_reaches_people(installation: Installation) {
    let authority = Authority::new();
    let server = MailServer::start(&authority, &[]);
    installation.demo().end();
    let serving = serve(&installation, &server.url().await, &authority);

    let reference = filed(&serving, "sam@example.org", "en").await;
    let spanish = filed(&serving, "ana@example.org", "es").await;
    for email in ["later@example.org", "never@example.org", "gone@example.org"] {
        filed(&serving, email, "en").await;
    }

    let receipt = server.until_messages_to("sam@example.org", 1).await.remove(0);
    assert_eq!(header(&receipt, "Subject"), format!("We have your report {reference}"));
    assert_eq!(header(&receipt, "From"), "Tocsin <tocsin@example.gov>");
    assert!(readable(&receipt).contains("https://tocsin.example.gov/s/"), "the private link: {receipt}");
    let receipt = server.until_messages_to("ana@example.org", 1).await.remove(0);
    assert_eq!(header(&receipt, "Subject"), format!("Tenemos su informe {spanish}"));
    assert!(readable(&receipt).contains("Vea qué sigue"), "{receipt}");
    let officers = "local-officer.rvb@dmh.example.gov";
    let told = server.until_messages_to(officers, 5).await;
    assert!(told.iter().all(|message| header(message, "Subject").starts_with("New report waiting")), "{told:?}");

    // Put off once, then taken; refused for good is told, without the address; the broken connection is in doubt.
    assert_eq!(server.until_messages_to("later@example.org", 1).await.len(), 1);
    let asked = |who: &str| server.all("recipient").iter().filter(|it| it["address"] == who).count();
    assert_eq!((asked("later@example.org"), asked("never@example.org")), (2, 1));
    let refused = until_doctor_says(&installation, "will not be tried again").await;
    assert!(
        refused.contains("1 message ") && refused.contains("550") && refused.contains("<address> no such box"),
        "{refused}"
    );
    let doubtful = until_doctor_says(&installation, "may have arrived or not").await;
    assert!(doubtful.contains("1 message ") && doubtful.contains("broke before the answer"), "{doubtful}");
    serving.end();
    let first = server.messages_to("gone@example.org");
    assert_eq!(first.len(), 1, "what may have arrived is not sent again at once");

    hurry(&installation).await;
    let serving = serve(&installation, &server.url().await, &authority);
    let both = server.until_messages_to("gone@example.org", 2).await;
    assert_eq!(header(&both[0], "Message-ID"), header(&both[1], "Message-ID"), "a copy is known as one");
    let settled = || outbox(&installation).iter().all(|(_, found)| !found.contains("may have")).then_some(());
    wait("nothing to be in doubt", settled).await;
    serving.end();

    let all = server.all("message");
    assert!(all.iter().all(|message| message["secure"] == true), "nothing in plain text");
    assert!(server.all("sender").iter().all(|it| it["secure"] == true), "not even an address");
    let mut ids = BTreeSet::new();
    for message in &all {
        let text = readable(message["text"].as_str().expect("text"));
        for fact in FACTS {
            assert!(!text.contains(fact), "{fact} in {text}");
        }
        assert_eq!(message["to"].as_array().map(Vec::len), Some(1), "nobody learns of another recipient");
        ids.insert((header(&text, "Message-ID").to_owned(), message["to"].to_string()));
    }
    assert_eq!(ids.len(), all.len() - 1, "only the one in doubt came twice");
    assert!(server.messages_to("never@example.org").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_reaches_people_through_a_mail_server() {
    mail_reaches_people(Installation::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_from_postgres_reaches_people_through_a_mail_server() {
    mail_reaches_people(Installation::postgres().await).await;
}

async fn a_server_that_cannot_prove_itself_gets_nothing(installation: Installation) {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let stranger = MailServer::start(&theirs, &[]);
    let plain = MailServer::start(&ours, &["--no-tls"]);
    installation.demo().end();

    let serving = serve(&installation, &stranger.url().await, &ours);
    filed(&serving, "sam@example.org", "en").await;
    let said = until_doctor_says(&installation, "could not be handed over yet").await;
    assert!(said.contains("certificate"), "{said}");
    serving.end();

    hurry(&installation).await;
    let serving = serve(&installation, &plain.url().await, &ours);
    let said = until_doctor_says(&installation, "STARTTLS").await;
    assert!(said.contains("could not be handed over yet"), "{said}");
    serving.end();
    for server in [&stranger, &plain] {
        assert!(!server.all("connection").is_empty(), "it was tried");
        assert!(server.all("sender").is_empty() && server.all("message").is_empty(), "and told nothing");
    }

    // Nothing was lost meanwhile.
    hurry(&installation).await;
    let honest = MailServer::start(&ours, &[]);
    let serving = serve(&installation, &honest.url().await, &ours);
    honest.until_messages_to("sam@example.org", 1).await;
    serving.end();
    assert_eq!(honest.messages_to("sam@example.org").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unproved_mail_server_gets_nothing() {
    a_server_that_cannot_prove_itself_gets_nothing(Installation::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unproved_mail_server_gets_nothing_from_postgres() {
    a_server_that_cannot_prove_itself_gets_nothing(Installation::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_a_header_into_what_goes_to_a_mail_server() {
    let authority = Authority::new();
    let server = MailServer::start(&authority, &[]);
    let installation = Installation::embedded();
    installation.demo().end();
    let serving = serve(&installation, &server.url().await, &authority);
    for email in [
        "sam@example.org\r\nBcc: eve@example.net",
        "sam@example.org>\r\nRCPT TO:<eve@example.net",
        "sam@example.org,eve@example.net",
    ] {
        let body = json!({ "unit": "RVB", "words": "The door stood open.", "reporter": { "name": "Sam\r\nBcc: eve@example.net", "phone": "573-555-0199", "email": email } });
        let answer =
            reqwest::Client::new().post(format!("{}/api/v1/reports", serving.address)).json(&body).send().await;
        let status = answer.expect("answered").status().as_u16();
        assert!((400..500).contains(&status) || status == 201, "{email:?}: {status}");
    }
    filed(&serving, "last@example.org", "en").await;
    server.until_messages_to("last@example.org", 1).await;
    serving.end();
    let known: Vec<Value> = server.all("recipient");
    assert!(!known.is_empty());
    assert!(known.iter().all(|it| !it["address"].as_str().is_some_and(|a| a.contains("eve"))), "{known:?}");
    for message in server.all("message") {
        let text = message["text"].as_str().expect("text");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
    }
}

#[test]
fn mail_is_refused_a_way_in_plain_text() {
    let installation = Installation::embedded();
    for (url, words) in [("smtp://mail.example.gov?tls=none", "unencrypted"), ("mail.example.gov", "must look like")] {
        let told = installation.run(&["doctor", "--smtp-url", url]);
        assert_eq!(told.code, 1, "{told:?}");
        assert!(told.err.contains(words), "{}", told.err);
    }
}
