//! One secret word in each section of a case; then everything that each person can lay hands on is read to the end.

use super::declared::{DECLARED, Need, SECTIONS};
use super::{Names, PRESENT, Site, Who, every_role, text};
use crate::site::{DMH, Office};
use app::api_token::Scope;
use app::export_case::{Exported, Origin, Wanted, export_case};
use app::mail::Letter;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::actor::Section;
use domain::permission::{Action, Role};
use http_body_util::BodyExt;
use journal::BoxPurpose;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use tower::ServiceExt;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Pages that one person is followed to; more would be a loop.
const MOST: usize = 600;

/// Everything that is written to the log, whatever its level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl tracing::field::Visit for Log {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(log, "{}={value:?}", field.name());
    }
}

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_new_span(&self, of: &tracing::span::Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        of.record(&mut self.clone());
    }
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

/// What somebody got, by the channel it came through.
struct Haul {
    got: BTreeMap<String, String>,
}

impl Haul {
    /// The sections whose word is in it, each with the first channel that told.
    fn told(&self) -> BTreeMap<Section, String> {
        let mut told = BTreeMap::new();
        for (section, word) in SECTIONS {
            let word = if section == Section::Reporter { "Sam Lee" } else { word };
            if let Some((channel, _)) = self.got.iter().find(|(_, body)| body.contains(word)) {
                told.insert(section, channel.clone());
            }
        }
        told
    }
}

/// Follows every address of the router and every link on every page.
async fn harvest(site: &Site, who: &Who, names: &Names, case: &str) -> Haul {
    let mut next: VecDeque<String> = DECLARED
        .iter()
        .filter(|(method, path, _)| *method == "GET" && !path.starts_with("/api/"))
        .map(|(_, path, _)| names.fill(path, case, &names.report))
        .collect();
    next.extend(
        ["/", "/health/live", "/health/ready", "/checkpoint", "/log/key", "/demo/mail", "/stats.csv?by=kind"]
            .map(str::to_owned),
    );
    let mut known: BTreeSet<String> = next.iter().cloned().collect();
    let mut got = BTreeMap::new();
    while let Some(path) = next.pop_front() {
        if got.len() >= MOST {
            break;
        }
        let answer = site.ask("GET", &path, &who.cookie, &[]).await;
        let headers = format!("{:?}", answer.headers());
        let bytes = answer.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        for link in body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let link = link.split('#').next().unwrap_or_default().replace("&amp;", "&");
            let inside = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets/");
            if inside && known.len() < MOST && known.insert(link.clone()) {
                next.push_back(link);
            }
        }
        got.insert(path, body + &headers);
    }
    // The calendar on a telephone.
    let made = site.ask("POST", "/me/calendar", &who.cookie, &[]).await;
    let page = text(made).await;
    if let Some(at) = page.find("/duties.ics/") {
        let feed: String = page[at..].chars().take_while(|c| !matches!(c, '"' | '<')).collect();
        let said = text(site.ask("GET", &feed, "", &[]).await).await;
        got.insert("calendar feed".to_owned(), said.replace("\r\n ", ""));
    }
    Haul { got }
}

impl Site {
    /// What a program with this person's rights gets.
    async fn programs(&self, email: &str, names: &Names, case: &str, haul: &mut Haul) {
        let Ok((token, _)) = self.app.make_token(email, &Scope::ALL, 30).await else { return };
        for (_, path, _) in DECLARED.iter().filter(|(method, path, _)| *method == "GET" && path.starts_with("/api/")) {
            let path = names.fill(path, case, &names.report);
            let request = Request::get(&path).header(header::AUTHORIZATION, format!("Bearer {token}"));
            let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            haul.got.insert(format!("program {path}"), text(answer).await);
        }
    }

    /// Every letter in the outbox, by recipient.
    pub(super) async fn letters(&self) -> Vec<Letter> {
        let rows = self.app.store().list_mail(None, 200).await.expect("mail");
        let open = |id: &[u8], sealed: &[u8]| self.app.open_box::<Letter>(BoxPurpose::Mail, None, id, sealed);
        rows.iter().map(|row| open(row.id.bytes(), &row.sealed).expect("opened")).collect()
    }

    /// A bundle of the case with these sections: the text of every member.
    pub(super) async fn bundle(&self, reference: &str, sections: &[Section]) -> String {
        let (keyring, settings) = (self.app.keyring(), self.app.settings());
        let packs = self.app.packs();
        let (store, log) = (self.app.store(), settings.log_origin.as_str());
        let origin = Origin { store, keyring: &keyring, files: &settings.files, log, packs };
        std::fs::create_dir_all(&settings.files).unwrap();
        let out = settings.files.join("bundle.zip");
        while self.app.seal_log().await.unwrap() > 0 {}
        let wanted = Wanted { reference, sections, now: self.app.now() };
        let Exported::Done { .. } = export_case(&origin, &wanted, &out).await.unwrap() else { return String::new() };
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&out).unwrap()).unwrap();
        let mut all = String::new();
        for at in 0..zip.len() {
            let mut bytes = Vec::new();
            zip.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
            all.push_str(&String::from_utf8_lossy(&bytes));
        }
        std::fs::remove_file(&out).unwrap();
        all
    }
}

/// One person for each role, with the whole agency in view.
const PEOPLE: [(Role, &str, &str); 14] = [
    (Role::HelpDesk, "H. Park", "park@example.gov"),
    (Role::LocalOfficer, "L. Fir", "fir@example.gov"),
    (Role::ChiefOfficer, "C. Elm", "elm@example.gov"),
    (Role::PrivacyOfficer, "P. Oak", "oak@example.gov"),
    (Role::HumanResources, "R. Ash", "ash@example.gov"),
    (Role::Investigator, "I. Yew", "yew@example.gov"),
    (Role::Counsel, "C. Box", "box@example.gov"),
    (Role::Communications, "M. Bay", "bay@example.gov"),
    (Role::Records, "R. Fig", "fig@example.gov"),
    (Role::StatewideOffice, "S. Nut", "nut@example.gov"),
    (Role::CsirtMember, "T. Rye", "rye@example.gov"),
    (Role::Executive, "E. Hop", "hop@example.gov"),
    (Role::Auditor, "A. Pea", "pea@example.gov"),
    (Role::Administrator, "A. Oat", "oat@example.gov"),
];

async fn people(site: &Site) -> Vec<Who> {
    let mut all = Vec::new();
    for (role, name, email) in PEOPLE {
        all.push(Who::of(email, site.everything(name, email, &[role]).await, &[role]));
    }
    all
}

/// What the matrix gives somebody of a case; a name in an inbox counts as the report itself.
fn given(who: &Who, section: Section) -> bool {
    let reads = who.may(&Need::Case(match section {
        Section::Report => &[(Action::Read, Section::Report), (Action::ReadInbox, Section::Report)],
        Section::Reporter => &[(Action::Read, Section::Reporter)],
        Section::Officer => &[(Action::Read, Section::Officer)],
        Section::Personnel => &[(Action::Read, Section::Personnel)],
        Section::Counsel => &[(Action::Read, Section::Counsel)],
        Section::Evidence => &[(Action::Read, Section::Evidence), (Action::Export, Section::Evidence)],
    }));
    reads && !who.shut_out
}

#[tokio::test]
async fn nobody_gets_a_word_that_the_matrix_does_not_give_them() {
    let log = Log::default();
    let _ = tracing_subscriber::registry().with(log.clone()).try_init();
    let site = Site::with(&DMH, Arc::new(ground::Press::default())).await;
    let mut all = people(&site).await;
    let part = site.everything("T. Moss", "moss@example.gov", &[Role::HelpDesk]).await;
    all.push(Who { part: true, ..Who::of("moss@example.gov", part, &[Role::HelpDesk]) });
    let subject = site.everything("S. Vole", "vole@example.gov", &every_role()).await;
    all.push(Who { shut_out: true, ..Who::of("vole@example.gov", subject, &every_role()) });
    all.push(Who {
        shut_out: true,
        stranger: true,
        ..Who::of("hall@example.gov", site.stranger().await, &every_role())
    });
    all.push(Who::of("nobody", String::new(), &[]));
    let cookie = |email: &str| all.iter().find(|who| who.name == email).expect("known").cookie.clone();
    let (officer, hr) = (cookie("fir@example.gov"), cookie("ash@example.gov"));

    // What the subject may count before there is anything to keep from them.
    let vole = cookie("vole@example.gov");
    let before = text(site.ask("GET", "/stats.csv", &vole, &[]).await).await;

    let report = site.report("malware", "The screen shows zqreportmark and a ransom note.").await;
    site.app.do_jobs().await;
    site.post(&format!("/inbox/{report}/accept"), &officer, &[]).await;
    let case = format!("/incidents/{PRESENT}");
    let note = [("words", "zqofficermark was seen"), ("happened", "today 9:02"), ("kind", "note"), ("confirmed", "1")];
    site.post(&format!("{case}/notes"), &officer, &note).await;
    site.send(&officer, &[("zqevidencemark.txt", b"zqevidencemark inside")]).await;
    site.post(&format!("{case}/tasks"), &officer, &[("task", "Ask the ward")]).await;
    let personnel = [("XV", "written-plan"), ("XV.words", "zqpersonnelmark, weekly talks."), ("XVI", "Oct 13, 2026")];
    site.post(&format!("{case}/form/personnel"), &hr, &personnel).await;
    let moss = site.account_of("moss@example.gov").to_string();
    let reason = [("participant", moss.as_str()), ("part-reason", "Knows the console")];
    site.post(&format!("{case}/participants"), &officer, &reason).await;
    // Kept from them only after everything was written: what they saw before is closed to them as well.
    assert!(site.get(&case, &vole).await.contains("zqofficermark"));
    let excluded = site.account_of("vole@example.gov").to_string();
    site.post(&format!("{case}/exclude"), &officer, &[("person", &excluded)]).await;
    site.post(&format!("{case}/form/pdf"), &officer, &[]).await;
    let _ = site.ask("POST", &format!("{case}/form/pdf"), &hr, &[]).await;
    site.later(60);
    while site.app.do_jobs().await > 0 {}

    let page = site.get(&case, &officer).await;
    let cut = |before: &str| {
        let at = page.find(before).unwrap_or_else(|| panic!("{before}")) + before.len();
        page[at..at + 36].to_owned()
    };
    let names = Names {
        report: report.clone(),
        report_id: cut(&format!("{case}/reports/")),
        file: cut(&format!("/files/{PRESENT}/")),
        task: cut(&format!("{case}/tasks/")),
        person: site.account_of("fir@example.gov"),
    };
    let letters = site.letters().await;
    assert!(!letters.is_empty(), "somebody was told");
    let mut wrong = String::new();
    for who in &all {
        let mut haul = harvest(&site, who, &names, PRESENT).await;
        site.programs(who.name, &names, PRESENT, &mut haul).await;
        for letter in letters.iter().filter(|letter| letter.to == who.name) {
            haul.got.insert(format!("mail “{}”", letter.subject), format!("{}\n{}", letter.subject, letter.words));
        }
        let told = haul.told();
        for (section, channel) in &told {
            if !given(who, *section) {
                writeln!(wrong, "{} gets {section:?} by {channel}", who.name).unwrap();
            }
        }
        // An oracle that finds nothing anywhere proves nothing.
        for section in [Section::Report, Section::Reporter, Section::Officer, Section::Evidence] {
            if who.name == "fir@example.gov" && !told.contains_key(&section) {
                writeln!(wrong, "the officer does not find {section:?}").unwrap();
            }
        }
        if who.name == "ash@example.gov" && !told.contains_key(&Section::Personnel) {
            writeln!(wrong, "human resources does not find its own part").unwrap();
        }
        if who.shut_out
            && let Some((channel, _)) =
                haul.got.iter().find(|(path, body)| !path.contains(PRESENT) && body.contains(PRESENT))
        {
            writeln!(wrong, "{} learns that there is an incident by {channel}", who.name).unwrap();
        }
        // Searching for a word says nothing that reading would not.
        for (section, word) in SECTIONS.iter().filter(|(section, _)| !given(who, *section)) {
            let word = if *section == Section::Evidence { "zqevidencemark.txt" } else { word };
            for room in ["/incidents?words=", "/incidents.csv?words=", "/reports?words="] {
                let found = text(site.ask("GET", &format!("{room}{word}"), &who.cookie, &[]).await).await;
                let nothing = text(site.ask("GET", &format!("{room}zqnowhere"), &who.cookie, &[]).await).await;
                if found.replace(word, "?") != nothing.replace("zqnowhere", "?") {
                    writeln!(wrong, "{} finds the incident by a word of {section:?} in {room}", who.name).unwrap();
                }
            }
        }
    }
    // No count tells the subject that there is one more incident than they see.
    let after = text(site.ask("GET", "/stats.csv", &vole, &[]).await).await;
    if before != after {
        writeln!(wrong, "the subject counts one incident more:\n{before}\n{after}").unwrap();
    }
    let shown = site.get("/stats", &vole).await;
    if shown.contains("1 incident") {
        writeln!(wrong, "the subject sees one incident counted: {shown}").unwrap();
    }
    // A bundle holds the sections that were asked for.
    for wanted in [&[Section::Report][..], &[Section::Report, Section::Officer], &[Section::Personnel]] {
        let bundle = Haul { got: BTreeMap::from([("bundle".to_owned(), site.bundle(PRESENT, wanted).await)]) };
        for section in bundle.told().into_keys().filter(|section| !wanted.contains(section)) {
            writeln!(wrong, "a bundle of {wanted:?} holds {section:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let written = Haul { got: BTreeMap::from([("log".to_owned(), log.0.lock().unwrap().clone())]) };
    assert!(written.told().is_empty(), "the log holds words of the case: {:?}", written.told());
}

/// The Department of Transportation, whose policy gives counsel a part of its own.
const MODOT: Office<'static> = Office {
    code: "MODOT",
    name: "Department of Transportation",
    zone: "America/Chicago",
    series: &["us-mo/modot"],
    packs: &["common", "us-mo/modot"],
    now: 1_709_560_800_000_000,
};

#[tokio::test]
async fn counsels_words_reach_counsel_alone() {
    let site = Site::of(&MODOT).await;
    let all = people(&site).await;
    let cookie = |email: &str| all.iter().find(|who| who.name == email).expect("known").cookie.clone();
    let (chief, counsel) = (cookie("elm@example.gov"), cookie("box@example.gov"));
    let report = site.report("access", "A stranger was in the plans of the district.").await;
    let to = site.post(&format!("/inbox/{report}/accept"), &chief, &[]).await;
    let case = to.split('?').next().unwrap().to_owned();
    let reference = case.trim_start_matches("/incidents/").to_owned();
    let sheet = format!("{case}/sheets/privileged-guidance");
    let words = [("f.given", "2024-03-04 07:50"), ("f.guidance", "zqcounselmark: say nothing yet")];
    site.post(&sheet, &counsel, &words).await;
    let names = Names {
        report,
        report_id: String::new(),
        file: String::new(),
        task: String::new(),
        person: site.account_of("elm@example.gov"),
    };
    let names_of_sheet = |path: &str| path.replace("sheets/nature", "sheets/privileged-guidance");
    let mut wrong = String::new();
    for who in &all {
        let mut haul = harvest(&site, who, &names, &reference).await;
        for path in ["", "/copy", "/csv", "/print"] {
            let path = names_of_sheet(&format!("{case}/sheets/nature{path}"));
            haul.got.insert(path.clone(), text(site.ask("GET", &path, &who.cookie, &[]).await).await);
        }
        site.programs(who.name, &names, &reference, &mut haul).await;
        let told = haul.told();
        if told.contains_key(&Section::Counsel) != given(who, Section::Counsel) {
            writeln!(wrong, "{}: {told:?}", who.name).unwrap();
        }
        let found = text(site.ask("GET", "/incidents?words=zqcounselmark", &who.cookie, &[]).await).await;
        let nothing = text(site.ask("GET", "/incidents?words=zqnowhere", &who.cookie, &[]).await).await;
        if found.replace("zqcounselmark", "?") != nothing.replace("zqnowhere", "?") {
            writeln!(wrong, "{} finds it by a word of counsel's", who.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let bundle = site.bundle(&reference, &[Section::Report, Section::Officer, Section::Evidence]).await;
    assert!(!bundle.contains("zqcounselmark"), "a bundle without counsel's part holds it");
    let denied = site.ask("GET", &sheet, &cookie("oat@example.gov"), &[]).await;
    assert_eq!(denied.status(), StatusCode::NOT_FOUND);
}
