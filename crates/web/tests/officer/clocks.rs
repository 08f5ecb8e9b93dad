//! What starts and stops clocks, on the incident page: each change is foreseen before it is made, and nothing is on record
//! until it is confirmed.

use app::mail::Letter;
use axum::http::StatusCode;
use domain::permission::Role;
use journal::BoxPurpose;

use crate::site::{DMH, Office, Site, text};

pub const CASE: &str = "/incidents/DMH-2026-0001";

/// The Department of Mental Health under its own policy and the HIPAA rule.
pub const COVERED: Office<'static> = Office {
    series: &["us-mo/dmh", "us/hipaa-breach"],
    packs: &["common", "us-mo/dmh-2016", "us/hipaa-breach"],
    ..DMH
};

/// Tue, Oct 15, 2024, 9:00 a.m. CDT: long past, so that what is planned for it is due.
const LONG_AGO: i64 = 1_729_000_800_000_000;

pub async fn covered(office: &Office<'_>) -> (Site, String) {
    let site = Site::of(office).await;
    site.person("C. Vance", "vance@example.gov", Role::ChiefOfficer, site.head).await;
    let reference = site.report("malware", "A list of patients went to the wrong clinic.").await;
    let officer = site.staff("A. Ortiz", "ortiz@example.gov", Role::LocalOfficer, site.unit).await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    (site, officer)
}

/// The answer that makes HIPAA's duties owed.
pub const BREACHED: [(&str, &str); 2] = [("fact.unsecured-phi-breached", "yes"), ("confirmed", "1")];

/// Asks for the look ahead; it changes nothing.
async fn foresee(site: &Site, officer: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = site.ask("POST", path, officer, fields).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}: {:?}", answer.headers().get("location"));
    let page = text(answer).await;
    assert!(page.contains("Nothing is on record yet."), "{page}");
    page
}

/// Sends what the look ahead kept, as its button does.
async fn confirm(site: &Site, officer: &str, path: &str, fields: &[(&str, &str)], page: &str) -> String {
    let mark = page.split("name=\"expected\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark");
    let all = [fields, &[("confirmed", "1"), ("expected", mark)]].concat();
    site.post(path, officer, &all).await
}

async fn refused(site: &Site, officer: &str, path: &str, fields: &[(&str, &str)], says: &str) {
    let answer = site.ask("POST", path, officer, fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    let page = text(answer).await;
    assert!(page.contains(says) && page.contains("<title>Error: "), "{says}: {page}");
}

fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} in {page}"));
    page[from..].split("</section>").next().expect("a part")
}

#[tokio::test]
async fn a_moment_is_recorded_after_a_look_at_what_it_moves() {
    let (site, officer) = covered(&COVERED).await;
    site.post(&format!("{CASE}/facts"), &officer, &BREACHED).await;
    let page = site.get(CASE, &officer).await;
    assert!(page.contains("Sat, Dec 12, 2026"), "60 calendar days after October 13: {page}");
    let path = format!("{CASE}/moments");
    let agent = [
        ("moment", "imputed-from-agent"),
        ("moment-when", "10/1/2026"),
        ("moment-who", "Sample Hosting, our service provider"),
        ("moment-evidence", "Ticket 4411 of theirs"),
    ];
    let seen = foresee(&site, &officer, &path, &agent).await;
    let moves = part(&seen, "moves");
    assert!(moves.contains("Tell each affected person in writing"), "{seen}");
    assert!(moves.contains("by Sat, Dec 12, 2026") && moves.contains("by Mon, Nov 30, 2026"), "{seen}");
    assert!(!site.get(CASE, &officer).await.contains("Nov 30, 2026"), "nothing is written yet");

    let to = confirm(&site, &officer, &path, &agent, &seen).await;
    assert!(to.ends_with("?done=moment#moments"), "{to}");
    let page = site.get(CASE, &officer).await;
    let moments = part(&page, "moments");
    for words in
        ["An agent first knew of it", "Thu, Oct 1, 2026", "Sample Hosting", "Ticket 4411", "recorded by A. Ortiz"]
    {
        assert!(moments.contains(words), "{words}: {moments}");
    }
    let why = part(&page, "duty-HIPAA-IND");
    assert!(why.contains("when an agent first knew of it") && why.contains("Mon, Nov 30, 2026"), "{why}");

    // Told otherwise: with a reason, and the earlier word stays readable.
    let later = [("moment", "imputed-from-agent"), ("moment-when", "10/5/2026"), ("moment-who", "Sample Hosting")];
    refused(&site, &officer, &path, &later, "Write why it is told otherwise now").await;
    let later = [later.as_slice(), &[("moment-reason", "Their ticket was of the 5th")]].concat();
    let seen = foresee(&site, &officer, &path, &later).await;
    assert!(part(&seen, "moves").contains("by Fri, Dec 4, 2026"), "{seen}");
    confirm(&site, &officer, &path, &later, &seen).await;
    let page = site.get(CASE, &officer).await;
    assert!(
        part(&page, "moments").contains(
            "before: Thu, Oct 1, 2026, recorded by A. Ortiz; told otherwise because: Their ticket was of the 5th"
        ),
        "{page}"
    );

    // Taken back: the clock counts again from what the officers themselves knew.
    let never = [
        ("moment", "imputed-from-agent"),
        ("moment-when", "unknown"),
        ("moment-who", "Sample Hosting"),
        ("moment-reason", "They are no agent of ours: their contract says so"),
    ];
    let seen = foresee(&site, &officer, &path, &never).await;
    assert!(part(&seen, "moves").contains("by Sat, Dec 12, 2026"), "{seen}");
}

#[tokio::test]
async fn a_moment_that_cannot_be_is_refused_with_what_was_typed() {
    let (site, officer) = covered(&COVERED).await;
    let path = format!("{CASE}/moments");
    for (fields, says) in [
        (&[("moment", ""), ("moment-when", "today")][..], "Choose what happened."),
        (&[("moment", "report-received"), ("moment-when", "today"), ("moment-reason", "x")], "Choose what happened."),
        (&[("moment", "ransom-paid"), ("moment-when", "today")], "Choose what happened."),
        (&[("moment", "should-have-known")], "Write when"),
        (&[("moment", "should-have-known"), ("moment-when", "soonish")], "could not be read as a time"),
        (&[("moment", "should-have-known"), ("moment-when", "10/14/2026 9am")], "That lies in the future."),
        (&[("moment", "imputed-from-agent"), ("moment-when", "yesterday")], "Write which agent knew"),
        (&[("moment", "first-known"), ("moment-when", "yesterday")], "Write why it is told otherwise now"),
    ] {
        refused(&site, &officer, &path, fields, says).await;
    }
    let counsel = site.staff("L. Marsh", "marsh@example.gov", Role::Counsel, site.head).await;
    let answer = site.ask("POST", &path, &counsel, &[("moment", "first-known"), ("moment-when", "yesterday")]).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "who reads does not record");
}

#[tokio::test]
async fn what_was_foreseen_is_what_is_written_or_it_is_shown_again() {
    let (site, officer) = covered(&COVERED).await;
    let path = format!("{CASE}/moments");
    let agent = [("moment", "imputed-from-agent"), ("moment-when", "10/1/2026"), ("moment-who", "Sample Hosting")];
    let seen = foresee(&site, &officer, &path, &agent).await;
    assert!(seen.contains("No duty would start, move, or end to count."), "{seen}");
    // Somebody answers in between: the same moment would move a date now, and is shown again.
    site.post(&format!("{CASE}/facts"), &officer, &BREACHED).await;
    let mark = seen.split("name=\"expected\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark");
    let all = [agent.as_slice(), &[("confirmed", "1"), ("expected", mark)]].concat();
    let again = foresee(&site, &officer, &path, &all).await;
    assert!(again.contains("Somebody changed this incident while you were looking."), "{again}");
    assert!(part(&again, "moves").contains("by Mon, Nov 30, 2026"), "{again}");
    confirm(&site, &officer, &path, &agent, &again).await;
    assert!(site.get(CASE, &officer).await.contains("Mon, Nov 30, 2026"));

    // A count says which rules it spares, and keeps its range and its day.
    let path = format!("{CASE}/count");
    let more = [("measure", "unreachable"), ("people", "12"), ("low", "9"), ("high", "15"), ("as-of", "10/12/2026")];
    let seen = foresee(&site, &officer, &path, &more).await;
    let spared = part(&seen, "spared");
    assert!(spared.contains("Reach fewer than ten people in another way"), "{seen}");
    assert!(spared.contains("12 people in all places without a sufficient address"), "{seen}");
    assert!(!spared.contains("Stays open"), "it was never owed: {seen}");
    confirm(&site, &officer, &path, &more, &seen).await;
    let same = site.post(&path, &officer, &more).await;
    assert!(same.contains("done=counted"), "nothing comes of the same number, so nothing is in the way: {same}");
    let page = site.get(CASE, &officer).await;
    let rows = part(&page, "affected");
    assert!(rows.contains("People without a sufficient address") && rows.contains("12 (9 to 15), estimated"), "{rows}");
    assert!(rows.contains("Mon, Oct 12, 2026"), "{rows}");
    let insufficient = [("fact.contact-data-insufficient", "yes")];
    let seen = foresee(&site, &officer, &format!("{CASE}/facts"), &insufficient).await;
    assert!(part(&seen, "starts").contains("Post a substitute notice"), "{seen}");
}

#[tokio::test]
async fn a_count_shows_what_it_starts_by_state_range_and_day() {
    let (site, officer) = covered(&COVERED).await;
    site.post(&format!("{CASE}/facts"), &officer, &BREACHED).await;
    let path = format!("{CASE}/count");
    let page = site.get(CASE, &officer).await;
    let unknown = part(&page, "not-known");
    assert!(unknown.contains("File the breach of 500 or more with the Secretary"), "{unknown}");
    assert!(
        unknown.contains("how many people are affected") && unknown.contains("never reviewed by counsel"),
        "{unknown}"
    );

    let few = [("people", "499"), ("residence", "MO"), ("confirmed", "1")];
    site.post(&path, &officer, &few).await;
    let page = site.get(CASE, &officer).await;
    let spared = part(&page, "not-required");
    assert!(spared.contains("File the breach of 500 or more"), "{spared}");
    assert!(spared.contains("499 people in all places affected") && spared.contains("at least 500 needed"), "{spared}");

    let many = [("people", "1,050"), ("residence", "MO")];
    let seen = foresee(&site, &officer, &path, &many).await;
    let starts = part(&seen, "starts");
    for duty in ["File the breach of 500 or more with the Secretary", "Tell prominent media serving the state"] {
        assert!(starts.contains(duty), "{duty}: {seen}");
    }
    assert!(starts.contains("by Sat, Dec 12, 2026"), "{seen}");
    assert!(seen.contains("People affected: 1,050 living in MO, estimated."), "{seen}");
    confirm(&site, &officer, &path, &many, &seen).await;
    let fell = [("people", "300"), ("residence", "MO"), ("confirmed", "1")];
    site.post(&path, &officer, &fell).await;
    let page = site.get(CASE, &officer).await;
    assert!(page.contains("id=\"duty-HIPAA-MEDIA\""), "a count that falls closes nothing");
    for (fields, says) in [
        (&[("people", "many")][..], "Write how many people, in figures."),
        (&[("people", "5"), ("low", "6")], "The low end of a count is at most the number"),
        (&[("people", "5"), ("high", "some")], "Write this end of the range in figures"),
        (&[("people", "5"), ("residence", "M1")], "Write two letters"),
        (&[("people", "5"), ("as-of", "10/14/2026")], "That lies in the future."),
    ] {
        refused(&site, &officer, &path, fields, says).await;
    }
}

pub const SILENCE: [(&str, &str); 6] = [
    ("regime", "hipaa"),
    ("official", "Special Agent D. Moss"),
    ("agency", "Sample Bureau of Investigation"),
    ("hold-form", "oral"),
    ("stated", "10/12/2026 3pm"),
    ("ground", "Would alert a suspect; taken down by A. Ortiz"),
];

#[tokio::test]
async fn a_request_for_silence_pauses_what_it_names_and_is_taken_back() {
    let (site, officer) = covered(&COVERED).await;
    site.post(&format!("{CASE}/facts"), &officer, &BREACHED).await;
    let path = format!("{CASE}/holds");
    let seen = foresee(&site, &officer, &path, &SILENCE).await;
    assert!(seen.contains("No duty would start, move, or end to count."), "it ends before the limit: {seen}");
    confirm(&site, &officer, &path, &SILENCE, &seen).await;
    let page = site.get(CASE, &officer).await;
    let holds = part(&page, "holds");
    assert!(holds.contains("until the end of Wed, Nov 11, 2026 (30 days from the request)"), "{holds}");
    assert!(holds.contains("Special Agent D. Moss, Sample Bureau of Investigation"), "{holds}");
    assert!(holds.contains("by word of mouth") && holds.contains("Ends in 29 days"), "{holds}");
    assert!(part(&page, "duty-HIPAA-IND").contains("the date stands"), "{page}");

    let written = [
        ("regime", "hipaa"),
        ("official", "Special Agent D. Moss"),
        ("agency", "Sample Bureau of Investigation"),
        ("hold-form", "written"),
        ("stated", "10/13/2026 9am"),
        ("hold-until", "1/31/2027"),
        ("ground", "Letter of October 13, scanned"),
    ];
    let seen = foresee(&site, &officer, &path, &written).await;
    let moves = part(&seen, "moves");
    assert!(moves.contains("by Sat, Dec 12, 2026") && moves.contains("by Sun, Jan 31, 2027"), "{seen}");
    confirm(&site, &officer, &path, &written, &seen).await;
    let page = site.get(CASE, &officer).await;
    assert!(part(&page, "duty-HIPAA-IND").contains("Paused by a request"), "{page}");

    // The letter is taken back: the limit stands again.
    let holds = part(&page, "holds");
    let at = holds.find("/lift").map(|at| holds[..at].rfind('/').expect("an id") + 1).expect("a form");
    let id = holds[at..at + 36].to_owned();
    let lift = format!("{path}/{id}/lift");
    let (on, reason) = (format!("lift-on-{id}"), format!("lift-reason-{id}"));
    refused(&site, &officer, &lift, &[(&on, "today")], "Write how you know").await;
    let back = [(on.as_str(), "today"), (reason.as_str(), "The agent called A. Ortiz")];
    let seen = foresee(&site, &officer, &lift, &back).await;
    assert!(part(&seen, "moves").contains("by Sat, Dec 12, 2026"), "{seen}");
    confirm(&site, &officer, &lift, &back, &seen).await;
    assert!(part(&site.get(CASE, &officer).await, "holds").contains("Taken back Tue, Oct 13, 2026"));
    refused(&site, &officer, &lift, &back, "There is no such hold in force.").await;
}

#[tokio::test]
async fn a_request_without_its_parts_is_refused() {
    let (site, officer) = covered(&COVERED).await;
    let path = format!("{CASE}/holds");
    for (left_out, says) in [
        ("regime", "Choose what the request names."),
        ("official", "Write who asked"),
        ("agency", "Write for which agency"),
        ("hold-form", "in writing or by word of mouth"),
        ("stated", "Write when"),
        ("ground", "Write on what ground"),
    ] {
        let fields: Vec<(&str, &str)> = SILENCE.into_iter().filter(|(name, _)| *name != left_out).collect();
        refused(&site, &officer, &path, &fields, says).await;
    }
    let unknown = [[("regime", "nobody")].as_slice(), &SILENCE[1..]].concat();
    refused(&site, &officer, &path, &unknown, "a hold pauses only what it names").await;
}

async fn letters(site: &Site) -> Vec<Letter> {
    let rows = site.app.store().list_mail(None, 50).await.expect("mail");
    let mut letters = Vec::new();
    for row in rows {
        letters.push(site.app.open_box::<Letter>(BoxPurpose::Mail, None, row.id.bytes(), &row.sealed).expect("opened"));
    }
    letters
}

#[tokio::test]
async fn the_end_of_a_hold_rings_once_and_stands_on_home() {
    let case = "/incidents/DMH-2024-0001";
    let (site, officer) = covered(&Office { now: LONG_AGO, ..COVERED }).await;
    site.post(&format!("{case}/facts"), &officer, &BREACHED).await;
    let silence = SILENCE.map(|(name, value)| (name, if name == "stated" { "10/14/2024 3pm" } else { value }));
    site.post(&format!("{case}/holds"), &officer, &[silence.as_slice(), &[("confirmed", "1")]].concat()).await;
    assert!(!site.get("/home", &officer).await.contains("A request for silence"), "30 days are left");
    site.later(26 * 86_400);
    let officer = site.sign_in("ortiz@example.gov").await;
    let home = site.get("/home", &officer).await;
    assert!(home.contains("A request for silence: see what is due when it ends"), "{home}");
    assert!(home.contains("Wed, Nov 13, 2024") && home.contains("Ends in 3 days"), "{home}");
    let all = site.get("/incidents?state=open&waits=silence", &officer).await;
    assert!(all.contains("DMH-2024-0001") && all.contains("a request for silence to end"), "{all}");

    let before = letters(&site).await.len();
    for _ in 0..3 {
        site.app.do_jobs().await;
    }
    let told = letters(&site).await;
    let told: Vec<&Letter> = told.iter().filter(|letter| letter.subject.starts_with("A request for silence")).collect();
    assert_eq!((told.len(), before), (1, 0), "{told:?}");
    assert_eq!(told[0].to, "ortiz@example.gov", "who leads");
    assert_eq!(told[0].subject, "A request for silence ends Wed Nov 13 - DMH-2024-0001");
    assert!(!told[0].words.contains("Moss") && !told[0].words.contains("Bureau"), "{}", told[0].words);
    assert!(told[0].words.contains("/incidents/DMH-2024-0001#holds"), "{}", told[0].words);
}

#[tokio::test]
async fn a_duty_about_to_be_late_is_told_once_to_whoever_leads() {
    let case = "/incidents/DMH-2024-0001";
    let (site, officer) = covered(&Office { now: LONG_AGO, ..COVERED }).await;
    site.post(&format!("{case}/facts"), &officer, &BREACHED).await;
    site.later(59 * 86_400);
    for _ in 0..4 {
        site.app.do_jobs().await;
    }
    let told = letters(&site).await;
    let told: Vec<&Letter> = told.iter().filter(|letter| letter.subject.starts_with("Due ")).collect();
    let hipaa: Vec<&&Letter> = told.iter().filter(|letter| letter.words.contains("#duty-HIPAA-IND")).collect();
    assert_eq!(hipaa.len(), 1, "{told:?}");
    assert_eq!(hipaa[0].to, "ortiz@example.gov");
    assert!(hipaa[0].subject.starts_with("Due Sat Dec 14, 11:59 PM CST - "), "{}", hipaa[0].subject);
    assert!(hipaa[0].subject.ends_with(" - DMH-2024-0001"), "{}", hipaa[0].subject);
    assert!(!hipaa[0].words.contains("patients"), "no fact of the case: {}", hipaa[0].words);

    // Answered for, or moved: nothing is told of the old date.
    let (site, officer) = covered(&Office { now: LONG_AGO, ..COVERED }).await;
    site.post(&format!("{case}/facts"), &officer, &BREACHED).await;
    let done = [("how", "recorded"), ("words-HIPAA-IND", "Letters mailed, 212 of them")];
    site.post(&format!("{case}/duties/HIPAA-IND"), &officer, &done).await;
    site.later(59 * 86_400);
    for _ in 0..4 {
        site.app.do_jobs().await;
    }
    assert!(letters(&site).await.iter().all(|letter| !letter.words.contains("HIPAA-IND")));
}

#[tokio::test]
async fn the_form_is_told_seven_days_before_it_is_due_and_before_its_last_day() {
    let (site, _) = covered(&Office { now: LONG_AGO, ..COVERED }).await;
    site.later(24 * 86_400);
    for _ in 0..4 {
        site.app.do_jobs().await;
    }
    let told = letters(&site).await;
    let form: Vec<&Letter> = told.iter().filter(|letter| letter.words.contains("#duty-O47")).collect();
    assert_eq!(form.len(), 2, "{told:?}");
    let early: Vec<&&Letter> =
        form.iter().filter(|letter| letter.words.starts_with("7 days are left. 1 duty")).collect();
    assert_eq!(early.len(), 1, "{form:?}");
    assert!(early[0].subject.starts_with("Due Thu Nov 14, 11:59 PM CST - "), "{}", early[0].subject);
    assert!(!early[0].words.contains("patients"), "no fact of the case: {}", early[0].words);
}

#[tokio::test]
async fn a_duty_is_waived_by_those_who_may_with_authority_and_reason() {
    let (site, officer) = covered(&COVERED).await;
    let page = site.get(CASE, &officer).await;
    assert!(!page.contains("Waive this duty"), "a local officer waives nothing");
    let path = format!("{CASE}/duties/O43/waive");
    let fields =
        [("authority-O43", "Order of the director, Oct 13"), ("waive-reason-O43", "The help desk is closed for good")];
    let answer = site.ask("POST", &path, &officer, &fields).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let forged =
        site.ask("POST", &format!("{CASE}/duties/O43"), &officer, &[("how", "waived"), ("words-O43", "x")]).await;
    assert_eq!(forged.status(), StatusCode::SEE_OTHER, "an unknown way counts as recorded, never as waived");
    let page = site.get(CASE, &officer).await;
    assert!(!page.contains(">Waived<"), "{page}");

    let counsel = site.staff("L. Marsh", "marsh@example.gov", Role::Counsel, site.head).await;
    let page = site.get(CASE, &counsel).await;
    assert!(
        page.contains("Waive this duty") && !page.contains("It is done"),
        "counsel waives and does not work: {page}"
    );
    let rule =
        page.split("/waive\"").next().and_then(|before| before.rsplit("/duties/").next()).expect("a form").to_owned();
    let path = format!("{CASE}/duties/{rule}/waive");
    let (authority, reason) = (format!("authority-{rule}"), format!("waive-reason-{rule}"));
    refused(&site, &counsel, &path, &[(&reason, "Not needed")], "Write by what authority").await;
    refused(&site, &counsel, &path, &[(&authority, "Order of Oct 13")], "Write why it is let go").await;
    let both =
        [(authority.as_str(), "Order of the director, Oct 13"), (reason.as_str(), "The unit is closed for good")];
    site.post(&path, &counsel, &both).await;
    let page = site.get(CASE, &officer).await;
    let duty = part(&page, &format!("duty-{rule}"));
    assert!(duty.contains("Waived"), "{duty}");
    assert!(duty.contains("The unit is closed for good (by authority of: Order of the director, Oct 13)"), "{duty}");
    assert!(duty.contains("L. Marsh"), "{duty}");
    refused(&site, &counsel, &path, &both, "There is no open duty").await;
}

#[tokio::test]
async fn the_why_of_a_duty_is_whole() {
    let (site, officer) = covered(&COVERED).await;
    site.post(&format!("{CASE}/facts"), &officer, &BREACHED).await;
    let page = site.get(CASE, &officer).await;
    let duty = part(&page, "duty-HIPAA-IND");
    let duty = duty.split("</li>").next().expect("one duty");
    for words in [
        "60 calendar days later is Saturday, December 12, 2026",
        "Days begin and hours are read in America/Chicago.",
        "when somebody of the organisation first knew of it",
        "House reading HIPAA-Q2: Is day 60 the goal?",
        "Privacy officer. Owed to: Each affected person, or next of kin or personal representative.",
        "What answers for it: Date of first-class mailing, and how many letters.",
        "HIPAA Breach Notification Rule, edition 2013",
        "V: read at a source; never reviewed by counsel",
    ] {
        assert!(duty.contains(words), "{words}: {duty}");
    }
    let path = format!("{CASE}/duties/HIPAA-IND");
    site.post(&path, &officer, &[("how", "recorded"), ("words-HIPAA-IND", "212 letters mailed")]).await;
    let page = site.get(CASE, &officer).await;
    assert!(part(&page, "duty-HIPAA-IND").contains("Kept: 60 calendar days early."), "{page}");
}

#[tokio::test]
async fn changing_the_discovery_in_the_description_is_foreseen_too() {
    let (site, officer) = covered(&COVERED).await;
    site.post(&format!("{CASE}/facts"), &officer, &BREACHED).await;
    let fields =
        [("title", "List to the wrong clinic"), ("discovered", "10/8/2026 9am"), ("reason", "The clinic had called")];
    let path = format!("{CASE}/describe");
    let seen = foresee(&site, &officer, &path, &fields).await;
    assert!(part(&seen, "moves").contains("by Mon, Dec 7, 2026"), "{seen}");
    confirm(&site, &officer, &path, &fields, &seen).await;
    assert!(site.get(CASE, &officer).await.contains("Mon, Dec 7, 2026"));
    let plain = [("title", "A list went to the wrong clinic"), ("reason", "Clearer")];
    let to = site.post(&path, &officer, &plain).await;
    assert!(to.contains("done=described"), "nothing moves, so nothing is in the way: {to}");
}
