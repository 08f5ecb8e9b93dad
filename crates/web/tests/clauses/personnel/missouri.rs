//! Missouri: discipline up to dismissal, legal action that holds the record, and boxes XV and XVI.

use super::{SECRET, World};
use crate::dhss::DHSS;
use crate::export::exported;
use crate::modot::MODOT;
use crate::paper::{Case, OF_2004, OF_2016, read};
use crate::site::{Office, PASSWORD};
use axum::http::StatusCode;
use domain::permission::Role;

const ACTION: [(&str, &str); 6] = [
    ("f.person", "J. Poole"),
    ("f.non-compliance", "Gave the ocelot password away."),
    ("f.severity", "grave"),
    ("f.action", "dismissal"),
    ("f.on", "2024-03-04"),
    ("f.legal", "no"),
];

// proves: DHSS-V
#[tokio::test]
async fn a_personnel_action_is_read_by_human_resources_and_whom_they_name_and_counted_by_nobody_else() {
    let world = World::of(&DHSS).await;
    let site = &world.site;
    let handler = site.staff("I. Novak", "novak@example.gov", Role::Investigator, site.head).await;
    let second = site.staff("Q. Tran", "tran@example.gov", Role::HumanResources, site.head).await;
    let reader = site.staff("M. Stone", "stone@example.gov", Role::Communications, site.head).await;
    let file = format!("{}/personnel", world.incident);
    let action = world.sheet("personnel-action");

    // Nothing is theirs before it is handed to them.
    for path in [&file, &action, &format!("{}/form", world.incident)] {
        world.is_hidden("GET", path, &world.hr).await;
    }
    assert!(!site.get("/home", &world.hr).await.contains(world.reference()));
    assert!(!site.get(&world.incident, &world.officer).await.contains("Personnel review"));
    world.hand_over().await;
    assert!(site.get("/home", &world.hr).await.contains(world.reference()));
    let to = site.ask("GET", &format!("{}/form", world.incident), &world.hr, &[]).await;
    assert_eq!(to.headers()["location"], file.as_str(), "the policy has no form of theirs");
    let page = site.get(&file, &world.hr).await;
    assert!(page.contains("Passwords were shared") && page.contains("Review not done"), "{page}");
    assert!(!page.contains("wolverine"), "they see what was handed to them, and not the incident");

    // Somebody of human resources whom the case concerns sees nothing of it, from then on.
    assert_eq!(site.ask("GET", &file, &second, &[]).await.status(), StatusCode::OK);
    let tran = world.account("Q. Tran");
    site.post(&format!("{}/exclude", world.incident), &world.officer, &[("person", &tran)]).await;
    world.is_hidden("GET", &file, &second).await;
    assert!(!site.get("/home", &second).await.contains(world.reference()));

    world.record("personnel-action", &ACTION).await;
    let entry = world.entries("personnel-action", &world.hr).await.pop().unwrap();
    let sign = format!("{action}/sign");
    let wrong = [("entry", entry.as_str()), ("name", "P. Rao"), ("password", "another")];
    assert!(world.refused(&sign, &world.hr, &wrong).await.contains("password is not right"));
    let page = site.get(&world.incident, &world.officer).await;
    assert!(page.contains("Personnel review: not done"), "{page}");
    world.sign("personnel-action").await;
    let page = world.read("personnel-action", &world.hr).await;
    for told in ["Grave", "Dismissal", "Signed by P. Rao, Human resources"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let change = [("entry", entry.as_str()), ("f.severity", "minor"), ("sheet-reason", "Looked again")];
    let change = [ACTION.as_slice(), &change].concat();
    assert!(world.refused(&action, &world.hr, &change).await.contains("nothing of it changes any more"));

    // Those who work the incident learn that it is done.
    let page = site.get(&world.incident, &world.officer).await;
    assert!(page.contains("Personnel review: done"), "{page}");
    assert!(!site.get("/home", &world.hr).await.contains(world.reference()), "nothing waits any more");
    let sealed = [("personnel-action", "Personnel action"), ("personnel-readers", "Who else reads")];
    for cookie in [&world.officer, &handler] {
        world.nothing_of(cookie, &sealed).await;
    }

    // Whom they name reads that sheet, and nothing else.
    world.is_hidden("GET", &action, &reader).await;
    let named = [("f.who", &*world.account("M. Stone")), ("f.until", "2024-03-05")];
    world.record("personnel-readers", &named).await;
    let page = world.read("personnel-action", &reader).await;
    assert!(page.contains("Grave") && !page.contains("name=\"f.severity\""), "read, not written: {page}");
    for path in [&file, &world.incident, &world.sheet("personnel-readers"), &format!("{action}/csv")] {
        world.is_hidden("GET", path, &reader).await;
    }
    world.is_hidden("GET", &action, &second).await;
    site.later(2 * 86_400);
    let reader = site.sign_in("stone@example.gov").await;
    world.is_hidden("GET", &action, &reader).await;
}

// proves: DHSS-V-legal
#[tokio::test]
async fn a_legal_action_holds_the_record_from_its_day_until_the_hold_is_lifted_by_name() {
    let june: jiff::Timestamp = "2024-06-01T17:00:00Z".parse().unwrap();
    let world = World::of(&Office { now: june.as_microsecond(), ..DHSS }).await;
    let site = &world.site;
    site.person("R. Quinn", "quinn@example.gov", Role::Records, site.head).await;
    site.person("K. Diaz", "diaz@example.gov", Role::Administrator, site.head).await;
    world.hand_over().await;
    let legal = [("f.legal", "yes"), ("f.referred-on", "2024-06-01"), ("f.recipient", "County prosecutor")];
    let action = [&ACTION[..5], &legal].concat();
    let without = [&ACTION[..5], &[("f.legal", "yes")]].concat();
    let page = world.refused(&world.sheet("personnel-action"), &world.hr, &without).await;
    assert!(page.contains("f.referred-on-error") && page.contains("f.recipient-error"), "{page}");
    world.record("personnel-action", &action).await;
    assert!(world.read("personnel-action", &world.hr).await.contains("County prosecutor"));

    world.sign("personnel-action").await;
    crate::keeping::answer_for_everything(site, &world.officer, &world.incident).await;
    crate::keeping::close(site, &world.officer, &world.incident).await;
    let record = world.incident.replace("/incidents/", "/records/");
    let quinn = site.sign_in("quinn@example.gov").await;
    let propose = [("propose-reason", "Time is over")];
    let held = world.refused(&format!("{record}/propose"), &quinn, &propose).await;
    assert!(held.contains("a legal hold of 2024-06-01 stands: A legal action is under way"), "{held}");
    assert!(held.contains("From 2024-06-01."), "{held}");
    for told in ["County prosecutor", SECRET, "Poole"] {
        assert!(!held.contains(told) && !site.get(&record, &quinn).await.contains(told), "{told}");
    }
    site.later(7 * 365 * 86_400);
    let quinn = site.sign_in("quinn@example.gov").await;
    let held = world.refused(&format!("{record}/propose"), &quinn, &propose).await;
    assert!(held.contains("a legal hold of 2024-06-01 stands"), "years later: {held}");

    let administrator = site.sign_in("diaz@example.gov").await;
    let holds = site.get("/records/holds", &administrator).await;
    let at = holds.find("action=\"/records/holds/").unwrap() + 23;
    let lift = format!("/records/holds/{}", holds[at..].split('"').next().unwrap());
    let reason = format!("reason-{}", lift.split('/').nth(4).unwrap());
    site.post(&lift, &administrator, &[(&reason, "The court closed the case")]).await;
    let free = world.refused(&format!("{record}/propose"), &quinn, &propose).await;
    assert!(!free.contains("a legal hold"), "{free}");
    let page = site.get(&record, &quinn).await;
    assert!(page.contains("K. Diaz") && page.contains("The court closed the case"), "{page}");
}

// proves: MODOT-PS-sanction
#[tokio::test]
async fn information_systems_find_no_personnel_action_among_the_records_of_their_case() {
    let world = World::of(&MODOT).await;
    let site = &world.site;
    let systems = site.staff("I. Novak", "novak@example.gov", Role::Investigator, site.head).await;
    world.hand_over().await;
    let action = [
        ("f.person", "J. Poole"),
        ("f.non-compliance", "Left the ocelot plans on a bus."),
        ("f.action", "termination"),
        ("f.on", "2024-03-04"),
    ];
    world.record("personnel-action", &action).await;
    world.sign("personnel-action").await;
    let page = world.read("personnel-action", &world.hr).await;
    assert!(page.contains("Termination"), "{page}");
    let scale = ["none", "counselling", "written-reprimand", "suspension", "demotion", "termination"];
    let at = scale.map(|step| page.find(&format!("name=\"f.action\" value=\"{step}\"")).expect(step));
    assert!(at.is_sorted(), "the scale ends in termination");
    for cookie in [&systems, &world.officer] {
        world.nothing_of(cookie, &[("personnel-action", "Personnel action")]).await;
    }
}

// proves: DMH04-3.E-hr
#[tokio::test]
async fn a_copy_for_human_resources_opens_boxes_xv_and_xvi_to_them_and_without_it_they_see_nothing() {
    let case = Case::open(OF_2004).await;
    case.fill().await;
    let hr = case.site.sign_in("rao@example.gov").await;
    let sheet = format!("{}/sheets/copy-to-hr", case.incident);
    assert!(case.about().await.contains("/sheets/copy-to-hr"), "it is asked for every incident");
    let silent = crate::paper::refused(&case.site, &sheet, &case.officer, &[("f.copy", "no")]).await;
    assert!(silent.contains("f.why-not-error"), "{silent}");
    let no = [("f.copy", "no"), ("f.why-not", "Nobody of the staff is involved.")];
    case.site.post(&sheet, &case.officer, &no).await;
    assert!(!case.site.get("/home", &hr).await.contains(OF_2004.reference));
    assert_eq!(case.site.ask("GET", &case.form, &hr, &[]).await.status(), StatusCode::NOT_FOUND);
    let page = case.about().await;
    let met = crate::hands::duty(&page, "O9").expect("the duty");
    assert!(met.contains("Met"), "{met}");

    let page = case.site.get(&sheet, &case.officer).await;
    let at = page.find("name=\"entry\" value=\"").unwrap() + 20;
    let entry = &page[at..at + 36];
    let yes = [("entry", entry), ("f.copy", "yes"), ("sheet-reason", "A nurse lent out her badge.")];
    case.site.post(&sheet, &case.officer, &yes).await;
    assert!(case.site.get("/home", &hr).await.contains(OF_2004.reference));
    let page = case.site.get(&case.form, &hr).await;
    let written = ["I", "V", "VII", "VIII", "XI", "XII-1", "XV", "XVI"];
    let open: Vec<&str> = written.into_iter().filter(|id| page.contains(&format!("name=\"{id}\""))).collect();
    assert_eq!(open, ["XV", "XVI"], "{page}");
    assert!(page.contains("The disk was wiped from afar."), "they read boxes V to VII");
    case.site.post(&format!("{}/personnel", case.form), &hr, &[("XV", "none")]).await;
}

/// What human resources record of a supervisor.
fn of_a_supervisor(day: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("f.person", "B. Hale"),
        ("f.failure", "to-ensure-compliance"),
        ("f.action", "punitive"),
        ("f.details", "Three ocelot days without pay"),
        ("f.on", day),
    ]
}

// proves: DMH04-7
#[tokio::test]
async fn what_human_resources_record_of_a_supervisor_fills_boxes_xv_and_xvi_for_their_eyes_alone() {
    let case = Case::open(OF_2004).await;
    case.fill().await;
    case.site.post(&format!("{}/sheets/copy-to-hr", case.incident), &case.officer, &[("f.copy", "yes")]).await;
    case.complete().await;
    let hr = case.site.sign_in("rao@example.gov").await;
    let sheet = format!("{}/sheets/personnel-action", case.incident);
    case.site.post(&sheet, &hr, &of_a_supervisor("2005-01-10")).await;
    assert!(case.site.get(&sheet, &hr).await.contains("To see that others comply"));
    let page = case.site.get(&case.form, &hr).await;
    assert!(page.contains("name=\"XV\" value=\"punitive\" checked"), "{page}");
    assert!(page.contains("Three ocelot days without pay") && page.contains(OF_2004.day), "{page}");
    let sign = [("then", "sign"), ("name", "P. Rao"), ("password", PASSWORD)];
    case.site.post(&format!("{}/personnel", case.form), &hr, &sign).await;
    let theirs = read(&case.printed(&hr).await);
    assert_eq!(theirs["personnel"]["part"][0]["action"], "Punitive: Three ocelot days without pay");
    assert_eq!(theirs["personnel"]["part"][0]["date"], OF_2004.day);
    let officers = case.print().await;
    assert_eq!(officers["personnel"]["state"], "withheld");
    for page in [officers.to_string(), case.page().await, case.about().await] {
        assert!(!page.contains(SECRET) && !page.contains("B. Hale"), "{page}");
    }
    assert_eq!(case.site.ask("GET", &sheet, &case.officer, &[]).await.status(), StatusCode::NOT_FOUND);
}

// proves: DMH16-6
#[tokio::test]
async fn no_export_of_an_officer_holds_personnel_data() {
    let case = Case::open(OF_2016).await;
    case.fill().await;
    case.complete().await;
    let hr = case.site.sign_in("rao@example.gov").await;
    let sheet = format!("{}/sheets/personnel-action", case.incident);
    case.site.post(&sheet, &hr, &of_a_supervisor("2016-07-01")).await;
    assert!(case.site.get(&case.form, &hr).await.contains("ocelot"));
    let mut exports = vec![case.print().await.to_string()];
    for path in
        [format!("{}/summary", case.incident), "/incidents.csv".into(), format!("{}/sheets/nature/csv", case.incident)]
    {
        exports.push(case.site.get(&path, &case.officer).await);
    }
    exports.push(exported(&case.site, OF_2016.reference).await.text("case.json"));
    for export in exports {
        for secret in [SECRET, "B. Hale", "to-ensure-compliance", "Punitive:"] {
            assert!(!export.contains(secret), "{secret}: {export}");
        }
    }
    for path in [sheet.clone(), format!("{sheet}/csv"), format!("{sheet}/print"), format!("{sheet}/copy")] {
        assert_eq!(case.site.ask("GET", &path, &case.officer, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // Human resources take their own along, and the record of looks says no more than that.
    assert!(case.site.get(&format!("{sheet}/csv"), &hr).await.contains(SECRET));
    let looks = case.site.get(&format!("{}/access", case.incident), &case.officer).await;
    assert!(looks.contains("a sealed record") && !looks.contains("Personnel action"), "{looks}");
}
