//! The reporter's signature by a link: what is shown, how it signs once, and everything that ends it.

use super::site::{MORNING, Site};
use app::Trouble;
use app::changing::digest_of;
use app::sign_by_link::{PROOF, SIGNS_SECONDS};
use domain::actor::Section;
use domain::form::{AskWay, Filling, Party};
use domain::ids::AccountId;
use domain::incident::{Command, Incident, Refusal};
use domain::pack::{BoxId, FormPart};
use domain::permission::{Action, Allowed, Grant, Role, Viewer};
use domain::text::{Note, Prose};
use domain::time::Instant;
use std::collections::BTreeMap;

/// A site with an incident whose reporter's part is filled, and the officer who works it.
struct Case {
    site: Site,
    may: Allowed,
    row: app::IncidentRow,
}

impl Case {
    async fn open(email: &str) -> Self {
        let site = Site::open().await;
        let draft = site.filled().await;
        let you = [("name", "Sam Lee"), ("phone", "573-555-0188"), ("email", email)];
        site.post(&format!("{draft}/you"), &you).await.leads();
        let receipt = site.post(&format!("{draft}/check"), &[]).await.leads().to_owned();
        let page = site.get(&receipt).await;
        let reference = page.text[page.text.find("R-").unwrap()..][..11].to_owned();
        let grant = Grant {
            role: Role::LocalOfficer,
            units: vec![site.unit],
            whole_agency: false,
            from: Instant::from_micros(0),
            until: None,
        };
        let account: AccountId = site.app.draw();
        let viewer = Viewer { account, tenant: site.tenant, grants: vec![grant], now: Instant::from_micros(MORNING) };
        let on_report = site.app.allow_on_report(&viewer, &reference, Action::Triage, Section::Report).await.unwrap();
        let accepted = site.app.accept(&on_report.0, &on_report.1).await.unwrap().reference.to_string();
        let (may, row) = site.app.allow_on_incident(&viewer, &accepted, Action::Sign, Section::Officer).await.unwrap();
        Self { site, may, row }
    }

    async fn fill(&self, part: FormPart, boxes: &[(&str, &str)]) -> Result<Incident, Trouble> {
        let boxes: BTreeMap<_, _> =
            boxes.iter().map(|(id, text)| (BoxId::parse(id).unwrap(), Some(Prose::parse(text).unwrap()))).collect();
        let filling = Filling { part, boxes, not_applicable: BTreeMap::new() };
        self.site.app.act(&self.may, &self.row, None, |_, _| Ok(Command::FillForm(filling.clone()))).await
    }

    /// Everything that the reporter's part needs and the incident does not know by itself.
    async fn ready(&self) {
        let texts = [
            ("I", "Interference with a system"),
            ("II", "Ransom note"),
            ("III", "Mon, Oct 12, 2026"),
            ("VI", "Pulled out the cable."),
            ("VII", "Nothing yet."),
            ("X-LOCATION", "Ward 3"),
        ];
        self.fill(FormPart::Reporter, &texts).await.unwrap();
        self.fill(FormPart::Officer, &[("XI", "Suspicion falls on the night shift.")]).await.unwrap();
    }

    /// The path of a fresh link for handing over.
    async fn link(&self) -> String {
        let link = self.site.app.ask_reporter_to_sign(&self.may, &self.row, AskWay::ByHand).await.unwrap();
        link.address.strip_prefix("http://127.0.0.1:8420").unwrap().to_owned()
    }

    async fn incident(&self) -> Incident {
        self.site.app.whole_incident(&self.row).await.unwrap().state
    }
}

#[tokio::test]
async fn a_reporter_reads_their_part_and_signs_it_once() {
    let case = Case::open("").await;
    case.ready().await;
    let link = case.link().await;
    let page = case.site.get(&link).await;
    for said in ["Ransom note", "Pulled out the cable.", "Ward 3", "Tue, Oct 27, 2026, 9:10\u{a0}a.m. CDT"] {
        assert!(page.page(200).contains(said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("night shift") && !page.text.contains("DMH-2026"), "the officer’s part stays theirs");
    assert!(case.site.get(&format!("/es{link}")).await.page(200).contains("Lea y firme su parte"));

    let digest = page.value("digest").to_owned();
    let bare = case.site.post(&link, &[("digest", &digest), ("name", "Sam Lee")]).await;
    assert!(bare.page(422).contains("Tick the box"), "{}", bare.text);
    assert!(bare.text.contains("value=\"Sam Lee\""), "{}", bare.text);
    let nameless = case.site.post(&link, &[("digest", &digest), ("agree", "yes"), ("name", " \u{202e} ")]).await;
    assert!(nameless.page(422).contains("Type your full name to sign."));
    assert!(case.incident().await.form.signatures.is_empty());

    let signing = [("digest", digest.as_str()), ("name", "Sam Lee"), ("agree", "yes")];
    assert_eq!(case.site.post(&link, &signing).await.leads(), link);
    let done = case.site.get(&link).await;
    assert!(done.page(200).contains("Your signature is recorded") && !done.text.contains("Ransom note"));
    assert_eq!(case.site.post(&link, &signing).await.status.as_u16(), 410, "a link signs once");

    let incident = case.incident().await;
    let pack = case.site.app.pack_of_incident(&incident).unwrap();
    let (signature, at) = incident.form.signed_by(Party::Reporter).unwrap();
    assert_eq!((signature.name.as_str(), signature.proof.as_str()), ("Sam Lee", PROOF));
    assert_eq!(*at, case.site.app.now());
    let covered = digest_of(&incident.form.covered(&pack.forms[0], Party::Reporter)).unwrap();
    assert_eq!(signature.digest.as_str(), covered);
    assert_eq!((incident.form.signatures.len(), incident.signature_ask.is_none()), (1, true));
    let change = case.fill(FormPart::Reporter, &[("VII", "changed")]).await;
    assert!(matches!(change, Err(Trouble::Incident(Refusal::Signed))), "{change:?}");
    let again = case.site.app.ask_reporter_to_sign(&case.may, &case.row, AskWay::ByHand).await;
    assert!(matches!(again, Err(Trouble::Incident(Refusal::AlreadySigned))), "{again:?}");
}

#[tokio::test]
async fn an_asking_mail_holds_the_link_and_nothing_of_the_incident() {
    let case = Case::open("sam@example.org").await;
    case.ready().await;
    let asked = case.site.app.ask_reporter_to_sign(&case.may, &case.row, AskWay::Mail).await.unwrap();
    assert!(asked.address.is_empty(), "a link that went by mail is shown to nobody else");
    let mail = case.site.app.demonstration_mail(10).await.unwrap().unwrap();
    let (_, letter) = mail.into_iter().find(|(_, l)| l.subject.starts_with("Please sign")).expect("a letter");
    assert_eq!(letter.to, "sam@example.org");
    for fact in ["Ransom", "ransom", "cable", "Ward 3", "DMH-2026", "Riverbend"] {
        assert!(!letter.words.contains(fact) && !letter.subject.contains(fact), "{fact}");
    }
    let at = letter.words.find("/sign/").expect("a link");
    let link: String = letter.words[at..].chars().take_while(|c| !c.is_whitespace()).collect();
    assert!(case.site.get(&link).await.page(200).contains("Read and sign your part"));

    let silent = Case::open("").await;
    silent.ready().await;
    let refused = silent.site.app.ask_reporter_to_sign(&silent.may, &silent.row, AskWay::Mail).await;
    assert!(matches!(&refused, Err(Trouble::Refused(words)) if words.contains("no e-mail")), "{refused:?}");
    assert!(silent.incident().await.signature_ask.is_none());
}

#[tokio::test]
async fn empty_boxes_are_named_before_anybody_is_asked() {
    let case = Case::open("").await;
    let refused = case.site.app.ask_reporter_to_sign(&case.may, &case.row, AskWay::ByHand).await;
    assert!(matches!(refused, Err(Trouble::Incident(Refusal::BoxesEmpty(_)))), "{refused:?}");
    assert!(case.incident().await.signature_ask.is_none());
}

#[tokio::test]
async fn a_link_ends_with_time_a_newer_one_or_the_officer() {
    let case = Case::open("").await;
    case.ready().await;
    let gone = async |link: &str| case.site.get(link).await.status.as_u16() == 410;
    let first = case.link().await;
    let second = case.link().await;
    assert!(gone(&first).await && !gone(&second).await, "a newer link ends the older");
    case.site.app.end_signature_ask(&case.may, &case.row).await.unwrap();
    assert!(gone(&second).await);
    let refused = case.site.post(&second, &[("digest", "x"), ("name", "Sam Lee"), ("agree", "yes")]).await;
    assert_eq!(refused.status.as_u16(), 410);

    let third = case.link().await;
    case.site.later(SIGNS_SECONDS - 1);
    assert!(!gone(&third).await);
    case.site.later(1);
    assert!(gone(&third).await, "fourteen days and no second more");
    for token in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &"a".repeat(4_000)] {
        assert!(gone(&format!("/sign/{token}")).await);
    }
    assert!(case.incident().await.form.signatures.is_empty());
}

#[tokio::test]
async fn what_changed_after_reading_is_read_again_before_it_is_signed() {
    let case = Case::open("").await;
    case.ready().await;
    let link = case.link().await;
    let digest = case.site.get(&link).await.value("digest").to_owned();
    case.fill(FormPart::Reporter, &[("VII", "The computer was replaced.")]).await.unwrap();
    let signing = [("digest", digest.as_str()), ("name", "Sam Lee"), ("agree", "yes")];
    let again = case.site.post(&link, &signing).await;
    assert!(again.page(422).contains("changed something") && again.text.contains("The computer was replaced."));
    assert!(case.incident().await.form.signatures.is_empty());
    let fresh = again.value("digest").to_owned();
    case.site.post(&link, &[("digest", &fresh), ("name", "Sam Lee"), ("agree", "yes")]).await.leads();
    assert!(case.incident().await.form.signed_by(Party::Reporter).is_some());

    // An amendment starts over: the old link stays used up.
    let why = Note::parse("the ward was wrong").unwrap();
    case.site.app.act(&case.may, &case.row, None, |_, _| Ok(Command::AmendForm(why.clone()))).await.unwrap();
    assert_eq!(case.site.get(&link).await.status.as_u16(), 410);
    assert_eq!(case.site.get(&case.link().await).await.status.as_u16(), 200);
}
