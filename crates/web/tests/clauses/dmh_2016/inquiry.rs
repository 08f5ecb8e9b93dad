//! The inquiry of the Office of Cyber Security, and who takes part in it.

use crate::casework::Casework;
use crate::site::{DMH, text};
use axum::http::StatusCode;
use domain::permission::Role;

// proves: DMH16-3.b
#[tokio::test]
async fn the_inquiry_begins_when_the_office_takes_the_ticket_with_or_without_the_states_plan() {
    let case = Casework::of(&DMH).await;
    let incident = case.incident("malware", "A ransom note.").await;
    let ticket = [("how", "recorded"), ("words-O43", "INC0042")];
    case.site.post(&format!("{incident}/duties/O43"), &case.officer, &ticket).await;
    let before = case.sheet(&incident, "inquiry").await;
    assert!(before.contains("Nothing is on record here yet"), "{before}");
    let taken = [("f.acknowledged", "2026-10-13 09:10"), ("f.by", "Office of Cyber Security, desk 2")];
    case.fill(&incident, "inquiry", &taken).await;
    let plan = "Missouri Information Security Incident Response Plan: not supplied";
    let page = case.page(&incident).await;
    assert!(page.contains(plan) && page.contains("Open: What did the office find?"), "{page}");
    assert!(case.sheet(&incident, "inquiry").await.contains(plan));
    // It goes on all the same: findings end the duty, at the moment when the office took it.
    let sheet = case.sheet(&incident, "inquiry").await;
    let at = sheet.find("name=\"entry\" value=\"").unwrap() + 20;
    let found = [("f.findings", "One account, closed at once."), ("entry", &sheet[at..at + 36])];
    case.fill(&incident, "inquiry", &[taken.as_slice(), &found].concat()).await;
    let page = case.page(&incident).await;
    let duty = &page[page.find("id=\"duty-O45\"").unwrap_or_else(|| panic!("{page}"))..];
    assert!(duty[..duty.find("</li>").unwrap()].contains("Met"), "{page}");
}

// proves: DMH16-3.c
#[tokio::test]
async fn whoever_takes_part_sees_the_case_only_while_on_the_list_and_the_chief_always_is() {
    let case = Casework::of(&DMH).await;
    let site = &case.site;
    let analyst = site.staff("T. Quinn", "quinn@example.gov", Role::HelpDesk, site.head).await;
    let incident = case.incident("malware", "Two servers answer slowly.").await;
    let other = case.incident("malware", "Another matter altogether.").await;
    let status = async |cookie: &str, path: &str| site.ask("GET", path, cookie, &[]).await.status();
    assert_eq!(status(&analyst, &incident).await, StatusCode::NOT_FOUND);

    let quinn = case.account("T. Quinn");
    let reasonless = case.refused_at(&format!("{incident}/participants"), &[("participant", &quinn)]).await;
    assert!(reasonless.contains("Write what they take part for."));
    let part = [("participant", quinn.as_str()), ("part-reason", "Reads the logs of both servers")];
    site.post(&format!("{incident}/participants"), &case.officer, &part).await;
    let page = case.page(&incident).await;
    assert!(page.contains("T. Quinn") && page.contains("Reads the logs of both servers"), "{page}");

    // The analyst reads and works on this case, and on no other; decides nothing; does not learn who reported.
    assert!(site.get("/home", &analyst).await.contains("Two servers answer slowly."));
    let seen = site.get(&incident, &analyst).await;
    assert!(seen.contains("Two servers answer slowly.") && !seen.contains("Sam Lee"), "{seen}");
    site.post(&format!("{incident}/notes"), &analyst, &[("words", "Logs copied."), ("kind", "finding")]).await;
    assert_eq!(status(&analyst, &other).await, StatusCode::NOT_FOUND);
    let says = [("title", "Nothing at all"), ("reason", "So I say"), ("to", &*quinn), ("lead-note", "Mine now")];
    for path in ["describe", "lead"] {
        let answer = site.ask("POST", &format!("{incident}/{path}"), &analyst, &says).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "what it is and who leads it is for others to say: {path}");
    }
    assert!(!seen.contains("Hand over the lead") && !seen.contains("Change what describes it"), "{seen}");
    for path in ["close", "exclude", "participants"] {
        let answer = site.ask("POST", &format!("{incident}/{path}"), &analyst, &[("person", &quinn)]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }

    // Removed, the case is closed to them again; the record keeps who took part, why, and how it ended.
    let ended = [("end-reason", "The logs are read")];
    site.post(&format!("{incident}/participants/{quinn}/remove"), &case.officer, &ended).await;
    for path in [incident.clone(), format!("{incident}/summary"), format!("{incident}/form")] {
        assert_eq!(status(&analyst, &path).await, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!site.get("/home", &analyst).await.contains("Two servers answer slowly."));
    assert!(case.page(&incident).await.contains("by A. Ortiz: The logs are read"));

    // A part with a last day ends by itself.
    let dated = [part.as_slice(), &[("part-until", "2026-10-14")]].concat();
    site.post(&format!("{incident}/participants"), &case.officer, &dated).await;
    assert_eq!(status(&analyst, &incident).await, StatusCode::OK);
    site.later(2 * 86_400);
    let analyst = site.sign_in("quinn@example.gov").await;
    assert_eq!(status(&analyst, &incident).await, StatusCode::NOT_FOUND);

    // The chief is on the list without being named, and nobody takes that away.
    let officer = site.sign_in("ortiz@example.gov").await;
    let page = site.get(&incident, &officer).await;
    assert!(
        page.contains("<strong>C. Vance</strong> <span class=\"usa-hint\">Chief security officer, always"),
        "{page}"
    );
    let vance = case.account("C. Vance");
    let answer = site.ask("POST", &format!("{incident}/participants/{vance}/remove"), &officer, &ended).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(answer).await.contains("takes part as Chief security officer, always"));
}
