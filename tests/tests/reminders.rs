//! Reminders: a report that nobody opens is passed on, and a digest says how much waits; each once, whatever happens.

use rusqlite::Connection;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor, Row};
use tocsin_stories::mail_server::{Authority, MailServer, wait};
use tocsin_stories::{Installation, Serving, postgres};

const OFFICER: &str = "local-officer.rvb@dmh.example.gov";
const HELP_DESK: &str = "help-desk@dmh.example.gov";
const CHIEF: &str = "chief-officer@dmh.example.gov";
const FACTS: [&str; 3] = ["Quixby", "Zephyrine", "Brightwater"];

fn serve(installation: &Installation, url: &str, authority: &Authority) -> Serving {
    let file = authority.file().display().to_string();
    installation.serve_with(&["--smtp-url", url, "--mail-ca-file", &file, "--mail-from", "tocsin@example.gov"])
}

async fn filed(serving: &Serving) -> String {
    let body = json!({
        "unit": "RVB",
        "words": "Quixby left the Zephyrine chart on the bus.",
        "reporter": { "name": "Jordan Brightwater", "phone": "573-555-0199" },
    });
    let request = reqwest::Client::new().post(format!("{}/api/v1/reports", serving.address)).json(&body);
    let told: Value = request.send().await.expect("answered").json().await.expect("JSON");
    told["reference"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
}

/// Changes rows while no server runs.
async fn alter(installation: &Installation, sql: &str) {
    match &installation.database {
        None => {
            let db = Connection::open(installation.file()).expect("opens");
            db.execute(sql, []).expect("altered");
        }
        Some(url) => {
            let sql = sql.replace("randomblob(16)", "gen_random_uuid()");
            postgres::connect(url).await.execute(AssertSqlSafe(sql)).await.expect("altered");
        }
    }
}

/// When the waiting jobs of a kind are due, in microseconds.
async fn due(installation: &Installation, kind: &str) -> Vec<i64> {
    let sql = format!("select due_at from job where kind = '{kind}' and state = 0 order by due_at");
    match &installation.database {
        None => {
            let db = Connection::open(installation.file()).expect("opens");
            let mut statement = db.prepare(&sql).expect("asked");
            let rows = statement.query_map([], |row| row.get(0)).expect("asked");
            rows.collect::<Result<_, _>>().expect("read")
        }
        Some(url) => {
            let mut db = postgres::connect(url).await;
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut db).await.expect("read");
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// Lets the jobs of a kind be due now, each twice: as if a worker had died after its work and before saying so.
async fn let_come_twice(installation: &Installation, kind: &str) {
    let twice = "insert into job (id, kind, body, key, state, due_at, attempt, token, note)
                 select randomblob(16), kind, body, null, 0, 1, 0, 0, '' from job";
    alter(installation, &format!("{twice} where kind = '{kind}'")).await;
    alter(installation, &format!("update job set due_at = 1 where kind = '{kind}'")).await;
}

/// Waits until no job of a kind is due any more.
async fn until_done(installation: &Installation, kind: &str) {
    for _ in 0..240 {
        if due(installation, kind).await.iter().all(|at| *at > 1) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    panic!("{kind} was not done in a minute")
}

fn subjects(server: &MailServer, to: &str, what: &str) -> usize {
    let subject = |message: &&String| message.lines().any(|line| line.starts_with("Subject: ") && line.contains(what));
    server.messages_to(to).iter().filter(subject).count()
}

async fn until_subject(server: &MailServer, to: &str, what: &str) {
    wait(&format!("{what:?} to {to}"), || (subjects(server, to, what) > 0).then_some(())).await;
}

async fn an_unopened_report_is_passed_on(installation: Installation) {
    let authority = Authority::new();
    let server = MailServer::start(&authority, &[]);
    installation.demo().end();
    // The samples of the demonstration wait too: they are not what this story is about.
    alter(&installation, "delete from job where kind in ('pass_on', 'send_digest')").await;
    let url = server.url().await;

    let serving = serve(&installation, &url, &authority);
    let before = server_now();
    filed(&serving).await;
    let decided = filed(&serving).await;
    wait("the officer to be told", || (subjects(&server, OFFICER, "New report waiting") >= 2).then_some(())).await;
    let demo: Value =
        serde_json::from_slice(&std::fs::read(installation.data().join("demo.json")).expect("read")).expect("JSON");
    let accept = reqwest::Client::new()
        .post(format!("{}/api/v1/reports/{decided}/accept", serving.address))
        .bearer_auth(demo["api_token"].as_str().expect("a token"));
    let accepted = accept.send().await.expect("answered");
    assert!(accepted.status().is_success(), "{accepted:?}");
    serving.end();
    let watched = due(&installation, "pass_on").await;
    assert_eq!(watched.len(), 2);
    for at in watched {
        assert!((890..1_000).contains(&((at - before) / 1_000_000)), "about fifteen minutes later: {at}");
    }

    // Fifteen minutes later: the accepted one is left alone, the other goes to those who stand in, once.
    let_come_twice(&installation, "pass_on").await;
    let serving = serve(&installation, &url, &authority);
    until_subject(&server, HELP_DESK, "not opened for 15 minutes - Riverbend Center").await;
    until_subject(&server, CHIEF, "not opened for 15 minutes - Riverbend Center").await;
    until_done(&installation, "pass_on").await;
    serving.end();
    for who in [HELP_DESK, CHIEF] {
        assert_eq!(subjects(&server, who, "not opened"), 1, "{who}");
        let all = server.messages_to(who);
        let told = all.iter().find(|message| message.contains("not opened")).expect("told");
        assert!(told.contains("Told before you: Local security officer"), "{told}");
    }
    assert_eq!(subjects(&server, OFFICER, "not opened"), 0, "who was told first is not told again");
    assert!(due(&installation, "pass_on").await.is_empty(), "nobody is left to tell");

    // Nothing comes of it a second time, also after a new start.
    let serving = serve(&installation, &url, &authority);
    filed(&serving).await;
    wait("the officer to be told again", || (subjects(&server, OFFICER, "New report waiting") >= 3).then_some(()))
        .await;
    serving.end();
    assert_eq!(subjects(&server, HELP_DESK, "not opened"), 1);
    no_facts(&server);
}

fn no_facts(server: &MailServer) {
    for message in server.all("message") {
        for fact in FACTS {
            assert!(!message["text"].as_str().expect("text").contains(fact), "{fact} in {message}");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the story compares with what the server's own clock wrote")]
fn server_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_micros()).expect("in range")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unopened_report_is_passed_on_through_a_mail_server() {
    an_unopened_report_is_passed_on(Installation::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unopened_report_in_postgres_is_passed_on_through_a_mail_server() {
    an_unopened_report_is_passed_on(Installation::postgres().await).await;
}

async fn a_digest_says_how_much_waits(installation: Installation) {
    const DIGEST: &str = "What waits for you today";
    let authority = Authority::new();
    let server = MailServer::start(&authority, &[]);
    installation.demo().end();
    alter(&installation, "delete from job where kind in ('pass_on', 'send_digest')").await;
    let url = server.url().await;
    let serving = serve(&installation, &url, &authority);
    filed(&serving).await;
    until_subject(&server, OFFICER, "New report waiting").await;
    serving.end();
    assert_eq!(due(&installation, "send_digest").await.len(), 5, "the next of each agency is planned, once");

    let_come_twice(&installation, "send_digest").await;
    let serving = serve(&installation, &url, &authority);
    until_subject(&server, OFFICER, DIGEST).await;
    until_subject(&server, CHIEF, DIGEST).await;
    until_done(&installation, "send_digest").await;
    serving.end();
    // The same hour is planned again, because it still lies ahead, and comes again: nobody hears twice.
    let serving = serve(&installation, &url, &authority);
    until_done(&installation, "send_digest").await;
    serving.end();
    let_come_twice(&installation, "send_digest").await;
    let serving = serve(&installation, &url, &authority);
    until_done(&installation, "send_digest").await;
    serving.end();
    for who in [OFFICER, CHIEF] {
        assert_eq!(subjects(&server, who, DIGEST), 1, "{who}");
    }
    let all = server.messages_to(OFFICER);
    let digest = all.iter().find(|message| message.contains(DIGEST)).expect("sent");
    assert!(digest.contains("wait for a decision") || digest.contains("waits for a decision"), "{digest}");
    for who in ["auditor@dmh.example.gov", "communications@dmh.example.gov", "administrator@dmh.example.gov"] {
        assert_eq!(subjects(&server, who, DIGEST), 0, "nothing waits for {who}");
    }
    no_facts(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_goes_through_a_mail_server() {
    a_digest_says_how_much_waits(Installation::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_from_postgres_goes_through_a_mail_server() {
    a_digest_says_how_much_waits(Installation::postgres().await).await;
}
