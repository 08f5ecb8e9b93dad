//! The door where more than a password is asked: programs, recovery codes, passkeys, waits, and fresh proofs for what
//! cannot be taken back.

mod authenticator;

use std::sync::Arc;

use super::site::{DMH, PASSWORD, Site, text};
use app::Trouble;
use app::factors::{SignInRules, Wanted};
use app::sign_in::{Password, SessionNote};
use authenticator::Authenticator;
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::permission::Role;

/// The text between two marks.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let from = page.find(before).unwrap_or_else(|| panic!("no {before} in {page}")) + before.len();
    &page[from..from + page[from..].find(after).expect("an end")]
}

/// What the browser holds of a sign-in: in the last form of its page.
fn way(page: &str) -> String {
    between(&page[page.rfind("name=\"way\"").expect("a step")..], "value=\"", "\"").to_owned()
}

fn cookie(answer: &Response) -> String {
    let line = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

/// What somebody has in their pocket.
struct Pocket {
    secret: Vec<u8>,
    codes: Vec<String>,
}

impl Site {
    async fn strict(passkeys: Wanted) -> Self {
        Self::chosen(&DMH, Arc::new(ground::NoTypesetter), |settings| app::Settings {
            public_address: "http://localhost:8420".into(),
            sign_in: SignInRules { second_factor: Wanted::Required, passkeys },
            ..settings
        })
        .await
    }

    /// What the password leads to, which is never a session.
    async fn password(&self, login: &str) -> String {
        let body = [("login", login), ("password", PASSWORD), ("next", "/home"), ("kept.words", "half a page")];
        let answer = self.ask("POST", "/sign-in", "", &body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(!answer.headers().contains_key(header::SET_COOKIE));
        text(answer).await
    }

    async fn step(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let answer = self.ask("POST", path, "", fields).await;
        let held = if answer.headers().contains_key(header::SET_COOKIE) { cookie(&answer) } else { String::new() };
        (answer.status(), held, text(answer).await)
    }

    fn digits(&self, pocket: &Pocket) -> String {
        let seconds = u64::try_from(self.app.now().micros() / 1_000_000).unwrap();
        totp_rs::Builder::new().with_secret(pocket.secret.as_slice()).build().unwrap().generate(seconds).to_string()
    }

    /// Sets a program up on the way in.
    async fn enrol(&self, login: &str) -> (String, Pocket) {
        let page = self.password(login).await;
        assert!(page.contains("Set up a second step") && page.contains("<svg class=\"qr\""), "{page}");
        let typed = between(&page, "id=\"secret\">", "<").replace(' ', "");
        let secret = data_encoding::BASE32_NOPAD.decode(typed.as_bytes()).unwrap();
        let mut pocket = Pocket { secret, codes: Vec::new() };
        let digits = self.digits(&pocket);
        let (status, held, page) =
            self.step("/sign-in/program", &[("way", &way(&page)), ("code", &digits), ("next", "/home")]).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        pocket.codes = page.split("<li><code>").skip(1).map(|c| c.split('<').next().unwrap().to_owned()).collect();
        assert_eq!(pocket.codes.len(), 10);
        // The code that set it up is used; the next one is another.
        self.later(30);
        (held, pocket)
    }

    async fn mails(&self) -> usize {
        self.app.store().list_mail(Some(self.tenant), 100).await.unwrap().len()
    }

    async fn options(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> (String, serde_json::Value) {
        let answer = self.ask("POST", path, cookie, fields).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let told: serde_json::Value = serde_json::from_str(&text(answer).await).unwrap();
        (told["way"].as_str().unwrap().to_owned(), told["options"].clone())
    }

    /// Signs in with a passkey; the status, and what the browser holds.
    async fn by_passkey(&self, key: &mut Authenticator) -> (StatusCode, String) {
        let (way, options) = self.options("/sign-in/passkey/begin", "", &[]).await;
        let credential = key.prove(&options);
        let (status, held, _) = self.step("/sign-in/passkey", &[("way", &way), ("credential", &credential)]).await;
        (status, held)
    }
}

#[tokio::test]
async fn a_password_leads_to_a_program_whose_codes_work_once_and_ten_on_paper() {
    let site = Site::strict(Wanted::Offered).await;
    site.person("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let page = site.password("ortiz@example.gov").await;
    let began = way(&page);
    for name in ["tocsin", "__Host-tocsin"] {
        let nobody = site.ask("GET", "/home", &format!("{name}={began}"), &[]).await;
        assert_eq!(nobody.status(), StatusCode::SEE_OTHER, "what is begun is no session");
    }
    for (code, words) in
        [("", "Write the six digits"), ("12 34", "Write the six digits"), ("000000", "That code is not right")]
    {
        let (status, held, page) = site.step("/sign-in/program", &[("way", &began), ("code", code)]).await;
        assert_eq!((status, held.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""), "{code:?}");
        assert!(page.contains(words) && page.contains("<svg class=\"qr\""), "{code:?}: {page}");
    }
    let (status, ..) = site.step("/sign-in/code", &[("way", &began), ("code", "000000")]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "a step that is not its turn");

    let (officer, pocket) = site.enrol("ortiz@example.gov").await;
    assert!(site.get("/home", &officer).await.contains("Home"));
    assert_eq!(site.mails().await, 1, "they are told");

    let page = site.password("ortiz@example.gov").await;
    assert!(page.contains("The six digits that your program shows now"), "{page}");
    let (began, digits) = (way(&page), site.digits(&pocket));
    let carried = [("way", began.as_str()), ("code", &digits), ("next", "/home"), ("kept.words", "half a page")];
    let (status, held, page) = site.step("/sign-in/code", &carried).await;
    assert!(status == StatusCode::OK && !held.is_empty() && page.contains("half a page"), "what was typed is kept");
    let (status, held, _) = site.step("/sign-in/code", &carried).await;
    assert_eq!((status, held.as_str()), (StatusCode::UNAUTHORIZED, ""), "a sign-in ends once");
    let again = way(&site.password("ortiz@example.gov").await);
    let (status, held, page) = site.step("/sign-in/code", &[("way", &again), ("code", &digits)]).await;
    assert_eq!((status, held.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""));
    assert!(page.contains("used before"), "a code works once: {page}");

    let paper = &pocket.codes[3];
    let (status, held, _) = site.step("/sign-in/code", &[("way", &again), ("code", &paper.to_uppercase())]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(site.get("/me/factors", &held).await.contains("9 are left"));
    assert_eq!(site.mails().await, 2, "they are told of that too");
    let again = way(&site.password("ortiz@example.gov").await);
    let (status, ..) = site.step("/sign-in/code", &[("way", &again), ("code", paper)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "and each code on paper works once");

    site.later(15 * 60);
    let (status, ..) = site.step("/sign-in/code", &[("way", &again), ("code", &site.digits(&pocket))]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "a step waits a quarter of an hour");
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_asked_again_for_that_one_act_in_that_session() {
    let site = Site::strict(Wanted::Offered).await;
    site.person("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    site.person("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    let (officer, _) = site.enrol("ortiz@example.gov").await;
    let (admin, pocket) = site.enrol("diaz@example.gov").await;
    let people = site.get("/admin/people?words=ortiz", &admin).await;
    let ortiz = format!("/admin/people/{}", between(&people, "href=\"/admin/people/", "\""));
    assert!(site.get(&ortiz, &admin).await.contains("Besides the password: a program that shows codes, 10 recovery"));
    let reset = format!("{ortiz}/factors/reset");
    let reason = "Lost the telephone; called back on the number we have.";
    let asked = text(site.ask("POST", &reset, &admin, &[("reason", reason)]).await).await;
    assert!(asked.contains("Is it you, K. Diaz?") && asked.contains("kept.reason"), "{asked}");
    assert!(site.get("/home", &officer).await.contains("Home"), "nothing has happened");

    let digits = site.digits(&pocket);
    let proof = |code| [("kept.reason", reason), ("act", reset.as_str()), ("proof.code", code)];
    for wrong in ["", "000000"] {
        let answer = site.ask("POST", &reset, &admin, &proof(wrong)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let to = site.post(&reset, &admin, &proof(&digits)).await;
    assert_eq!(to, format!("{ortiz}?done=reset"));
    assert_eq!(site.ask("GET", "/home", &officer, &[]).await.status(), StatusCode::SEE_OTHER, "signed out");
    assert!(site.password("ortiz@example.gov").await.contains("Set up a second step"), "and set up anew");
    let journal = site.get("/admin/journal", &admin).await;
    assert!(journal.contains(reason) && journal.contains("K. Diaz set up a program"), "{journal}");

    // The proof was for that act: another one asks, and a second session of the same person asks too.
    let disable = format!("{ortiz}/disable");
    let asked = text(site.ask("POST", &disable, &admin, &[("sure", "yes")]).await).await;
    assert!(asked.contains("Is it you"), "{asked}");
    site.post(&reset, &admin, &[("reason", reason)]).await;
    site.later(30);
    let second = way(&site.password("diaz@example.gov").await);
    let (_, second, _) = site.step("/sign-in/code", &[("way", &second), ("code", &site.digits(&pocket))]).await;
    let asked = text(site.ask("POST", &reset, &second, &[("reason", reason)]).await).await;
    assert!(asked.contains("Is it you"), "{asked}");
    site.later(5 * 60);
    let asked = text(site.ask("POST", &reset, &admin, &[("reason", reason)]).await).await;
    assert!(asked.contains("Is it you"), "and it is good for five minutes: {asked}");

    // What they sign in with themselves is behind the same question; a changed password signs out everywhere else.
    let changed = [("kept.present", PASSWORD), ("kept.password", "five other unrelated words here")];
    let asked = text(site.ask("POST", "/me/factors/password", &admin, &[]).await).await;
    assert!(asked.contains("Is it you"));
    let digits = site.digits(&pocket);
    let body = [changed[0], changed[1], ("act", "/me/factors"), ("proof.code", digits.as_str())];
    assert_eq!(site.post("/me/factors/password", &admin, &body).await, "/me/factors?done=password");
    assert_eq!(site.ask("GET", "/home", &second, &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(site.get("/me/factors", &admin).await.contains("10 are left"));
    let only = between(&site.get("/me/factors", &admin).await, "/me/factors/", "/remove").to_owned();
    let only = only.rsplit('/').next().unwrap().to_owned();
    let answer = site.ask("POST", &format!("/me/factors/{only}/remove"), &admin, &[]).await;
    assert!(text(answer).await.contains("You need this to sign in"), "the last one stays");
}

#[tokio::test]
async fn waits_grow_for_known_and_unknown_names_alike_and_a_passkey_never_waits() {
    let site = Site::strict(Wanted::Required).await;
    site.person("P. Rao", "rao@example.gov", Role::HumanResources, site.head).await;
    let page = site.password("rao@example.gov").await;
    assert!(page.contains("<h1>Make a passkey</h1>") && page.contains("data-without-passkey"), "{page}");
    let mut key = Authenticator::new();
    let (began, options) = site.options("/sign-in/passkey/new", "", &[("way", &way(&page))]).await;
    let credential = key.make(&options);
    let fields = [("way", began.as_str()), ("credential", &credential), ("name", "work laptop")];
    let (status, held, page) = site.step("/sign-in/passkey/made", &fields).await;
    assert!(status == StatusCode::OK && page.matches("<li><code>").count() == 10, "{page}");
    assert!(site.get("/me/factors", &held).await.contains("work laptop"));

    // Known or not, in whatever case: the same answers.
    let note = SessionNote { browser: "a program".into(), address: "203.0.113.7".into() };
    let wrong = || Password::typed("not the password".into());
    let tell = |trouble: Trouble| match trouble {
        Trouble::TooMany(wait) => format!("wait {wait}"),
        other => other.to_string(),
    };
    let mut answers = Vec::new();
    for login in ["rao@example.gov", "nobody@example.gov"] {
        let mut heard = Vec::new();
        for attempt in 0..8 {
            let login = if attempt % 2 == 0 { login.to_owned() } else { format!(" {} ", login.to_uppercase()) };
            heard.push(tell(site.app.sign_in(&login, wrong(), &note).await.err().unwrap()));
        }
        answers.push(heard);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0][..6].iter().all(|words| words.contains("do not belong together")), "{answers:?}");
    assert_eq!(answers[0][6..], ["wait 2", "wait 2"], "a shut door counts nothing");
    let right = Password::typed(PASSWORD.into());
    assert!(matches!(site.app.sign_in("rao@example.gov", right, &note).await, Err(Trouble::TooMany(2))));
    let (status, held) = site.by_passkey(&mut key).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "a passkey never waits");
    assert!(site.get("/home", &held).await.contains("Home"));

    // Guesses at tokens count against their network, and what is asked there of a name is not a new allowance.
    for _ in 0..100 {
        let _ = site.app.program_from("tocsin_wrong", "198.51.100.1").await;
    }
    let _ = site.app.program_from("tocsin_wrong", "198.51.100.1").await;
    let shut = site.app.program_from("tocsin_wrong", "198.51.100.99").await;
    assert!(matches!(shut, Err(Trouble::TooMany(_))), "a network of one prefix counts together");
    assert!(site.app.program_from("tocsin_wrong", "192.0.2.1").await.unwrap().is_none());

    // After the wait a password is not enough, and no code from a program is taken beside a passkey.
    site.later(2);
    let page = site.password("rao@example.gov").await;
    assert!(page.contains("Your account has a passkey") && page.contains("Recovery code"), "{page}");
    let (status, held, _) = site.step("/sign-in/code", &[("way", &way(&page)), ("code", "123456")]).await;
    assert_eq!((status, held.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""));
}

#[tokio::test]
async fn an_answer_of_another_origin_party_moment_or_copy_is_no_passkey() {
    let site = Site::strict(Wanted::Required).await;
    site.person("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    let mut key = Authenticator::new();
    let began = way(&site.password("diaz@example.gov").await);
    let (_, options) = site.options("/sign-in/passkey/new", "", &[("way", &began)]).await;
    let _ = site.step("/sign-in/passkey/made", &[("way", &began), ("credential", "{}")]).await;
    for spoil in [
        |key: &mut Authenticator| key.origin = "http://localhost:8421".into(),
        |key: &mut Authenticator| key.origin = "http://evil.localhost:8420".into(),
        |key: &mut Authenticator| key.party = "example.org".into(),
        |key: &mut Authenticator| key.verifies = false,
    ] {
        let mut other = Authenticator::new();
        spoil(&mut other);
        let (_, options) = site.options("/sign-in/passkey/new", "", &[("way", &began)]).await;
        let made = other.make(&options);
        let (status, held, page) = site.step("/sign-in/passkey/made", &[("way", &began), ("credential", &made)]).await;
        assert_eq!((status, held.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""), "{page}");
    }
    let made = key.make(&options);
    let (status, ..) = site.step("/sign-in/passkey/made", &[("way", &began), ("credential", &made)]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "that challenge was answered before, wrongly");
    let (_, options) = site.options("/sign-in/passkey/new", "", &[("way", &began)]).await;
    let made = key.make(&options);
    let (status, admin, _) = site.step("/sign-in/passkey/made", &[("way", &began), ("credential", &made)]).await;
    assert_eq!(status, StatusCode::OK);
    let (status, ..) = site.step("/sign-in/passkey/made", &[("way", &began), ("credential", &made)]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "once");

    assert_eq!(site.by_passkey(&mut key).await.0, StatusCode::SEE_OTHER);
    let (way_in, options) = site.options("/sign-in/passkey/begin", "", &[]).await;
    let good = key.prove(&options);
    for nonsense in ["", "{}", "null", &"x".repeat(20_000)] {
        let (way_in, _) = site.options("/sign-in/passkey/begin", "", &[]).await;
        let (status, held, _) = site.step("/sign-in/passkey", &[("way", &way_in), ("credential", nonsense)]).await;
        assert_eq!((status, held.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, ""));
    }
    let (status, ..) = site.step("/sign-in/passkey", &[("way", &way_in), ("credential", &good)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, ..) = site.step("/sign-in/passkey", &[("way", &way_in), ("credential", &good)]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "a challenge is answered once");
    let (later, _) = site.options("/sign-in/passkey/begin", "", &[]).await;
    let (status, ..) = site.step("/sign-in/passkey", &[("way", &later), ("credential", &good)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "and that answer fits no other");
    for spoil in [
        |key: &mut Authenticator| key.counter = 0,
        |key: &mut Authenticator| (key.counter, key.verifies) = (50, false),
        |key: &mut Authenticator| (key.verifies, key.origin) = (true, "https://localhost:8420".into()),
    ] {
        spoil(&mut key);
        assert_eq!(site.by_passkey(&mut key).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    key.origin = "http://localhost:8420".into();
    let (late, options) = site.options("/sign-in/passkey/begin", "", &[]).await;
    let answer = key.prove(&options);
    site.later(5 * 60);
    let (status, ..) = site.step("/sign-in/passkey", &[("way", &late), ("credential", &answer)]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "a challenge lives five minutes");

    // A proof with it is for one act.
    site.person("N. Ruiz", "ruiz@example.gov", Role::HelpDesk, site.unit).await;
    let people = site.get("/admin/people?words=ruiz", &admin).await;
    let link = format!("/admin/people/{}/link", between(&people, "href=\"/admin/people/", "\""));
    let asked = text(site.ask("POST", &link, &admin, &[]).await).await;
    assert!(asked.contains("Use my passkey") && asked.contains("data-begin=\"/me/prove\""), "{asked}");
    let (other, options) = site.options("/me/prove", &admin, &[("act", "/admin/tokens")]).await;
    let proof = key.prove(&options);
    let body = [("act", link.as_str()), ("way", &other), ("credential", &proof)];
    assert_eq!(site.ask("POST", &link, &admin, &body).await.status(), StatusCode::NOT_FOUND);
    let (right, options) = site.options("/me/prove", &admin, &[("act", &link)]).await;
    let proof = key.prove(&options);
    let body = [("act", link.as_str()), ("way", &right), ("credential", &proof)];
    assert!(text(site.ask("POST", &link, &admin, &body).await).await.contains("/welcome/"));
}
