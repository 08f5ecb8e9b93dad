//! Health information in any form, and the register of disclosures that the privacy officer of a facility keeps.

use crate::casework::Casework;
use crate::keeping::{answer_for_everything, close, complete_form};
use crate::paper::{Case, OF_2016, PAPER};
use crate::site::{DMH, text};
use axum::http::StatusCode;
use domain::permission::Role;

// proves: DMH16-1.D
#[tokio::test]
async fn a_lost_chart_on_paper_opens_the_steps_of_the_privacy_officer_like_a_lost_laptop() {
    let mut pages = Vec::new();
    for medium in ["paper", "electronic"] {
        let case = Case::open(OF_2016).await;
        case.fill().await;
        let sheet = format!("{}/sheets/health-information", case.incident);
        case.site.post(&sheet, &case.officer, &[("f.medium", medium)]).await;
        let page = case.incomplete(&PAPER).await;
        let says = "Fill in box XII Date Reported to HIPAA Privacy Officer. A reason does not do";
        assert!(page.contains(says), "{medium}: {page}");
        case.save(&[("XII-2", OF_2016.day)]).await;
        case.complete().await;
        let about = case.about().await;
        let duties = about[about.find("id=\"duties\"").unwrap()..about.find("id=\"timeline\"").unwrap()].to_owned();
        pages.push(duties);
    }
    assert_eq!(pages[0], pages[1], "the medium changes nothing");
    // What was of nobody's health opens nothing: a reason does.
    let case = Case::open(OF_2016).await;
    case.fill().await;
    let sheet = format!("{}/sheets/health-information", case.incident);
    case.site.post(&sheet, &case.officer, &[("f.medium", "no")]).await;
    case.complete().await;
}

// proves: DMH16-4.b
#[tokio::test]
async fn the_register_of_a_facility_is_its_own_privacy_officers_and_closing_waits_for_an_entry() {
    let case = Casework::of(&DMH).await;
    let site = &case.site;
    let beta = crate::paper::Case::facility(site, "Oak Grove Hospital", "OAK").await;
    let alphas = site.staff("N. Okafor", "okafor@example.gov", Role::PrivacyOfficer, site.unit).await;
    let betas = site.staff("B. Stone", "stone@example.gov", Role::PrivacyOfficer, beta).await;
    site.person("P. Rao", "rao@example.gov", Role::HumanResources, site.head).await;
    let incident = case.incident("malware", "A letter went to another family.").await;
    let reference = incident.rsplit('/').next().unwrap();
    let yes = [("fact.health-information-disclosed", "yes"), ("confirmed", "1")];
    site.post(&format!("{incident}/facts"), &case.officer, &yes).await;
    let (sheet, register) = (format!("{incident}/sheets/disclosures"), "/registers/RVB/disclosures");

    // Everything else is done: what is missing is the entry, which no word about the duty stands in for.
    complete_form(site, &case.officer, &incident).await;
    answer_for_everything(site, &case.officer, &incident).await;
    let refused = site.ask("POST", &format!("{incident}/close"), &case.officer, &[("note", "Done")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains("“Register of disclosures” is not filled in."));

    // The privacy officer of the facility writes it, and nobody else.
    let disclosed = [
        ("f.finding", "disclosed"),
        ("f.date", "2026-10-12"),
        ("f.consumer", "C-1042"),
        ("f.what", "The plan of treatment"),
        ("f.recipient", "One family in Fulton"),
        ("f.found", "The family called"),
    ];
    let page = case.refused(&incident, "disclosures", &disclosed).await;
    assert!(page.contains("“Register of disclosures” is recorded by: Privacy officer."), "{page}");
    for (method, path, fields) in
        [("GET", register, &[][..]), ("POST", &sheet, &disclosed[..]), ("GET", "/registers/RVB/disclosures/csv", &[])]
    {
        assert_eq!(site.ask(method, path, &betas, fields).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(site.get(register, &alphas).await.contains("Nothing is entered here"));
    site.post(&sheet, &alphas, &disclosed).await;
    let second = [("f.consumer", "C-2001"), ("f.what", "An address")];
    let second: Vec<_> =
        disclosed.iter().filter(|(name, _)| !second.iter().any(|(n, _)| n == name)).chain(&second).copied().collect();
    site.post(&sheet, &alphas, &second).await;

    // One page for the facility, with its cases; a copy for one consumer holds that consumer alone.
    let page = site.get(register, &alphas).await;
    for said in ["C-1042", "C-2001", "One family in Fulton", "The family called", reference] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let copy = site.get(&format!("{register}/csv?of=c-1042"), &alphas).await;
    assert!(copy.contains(&format!("{reference},")) && copy.contains("The plan of treatment"), "{copy}");
    assert!(!copy.contains("C-2001") && !copy.contains("An address"), "{copy}");
    let looked = site.get(&format!("{incident}/access"), &case.officer).await;
    assert!(looked.contains("N. Okafor") && looked.contains("Register of disclosures"), "{looked}");
    assert!(!site.get("/registers/OAK/disclosures", &betas).await.contains("C-1042"));
    close(site, &case.officer, &incident).await;
    assert!(case.page(&incident).await.contains("<span class=\"usa-tag\">Closed</span>"));

    // A finding that nothing was disclosed is an entry too.
    let other = case.incident("malware", "An empty envelope.").await;
    site.post(&format!("{other}/facts"), &case.officer, &yes).await;
    let nothing = [("f.finding", "nothing-disclosed"), ("f.why", "The envelope was empty.")];
    site.post(&format!("{other}/sheets/disclosures"), &alphas, &nothing).await;
    complete_form(site, &case.officer, &other).await;
    answer_for_everything(site, &case.officer, &other).await;
    close(site, &case.officer, &other).await;
}
