//! What is reported, and how it is counted: things, data, signs, the call, the finding.

use super::*;

/// Files a report through the public pages; its reference.
async fn file(site: &Site, tile: &str, pages: &[(&str, &[(&str, &str)])]) -> String {
    let begun = site.post("/r/RVB", "", &[("begin", "report")]).await;
    let draft = begun.strip_suffix("/what").unwrap();
    let own: [(&str, &[(&str, &str)]); 4] = [
        ("what", &[("what", tile)]),
        ("where", &[("unit", "RVB"), ("place", "Archive, second floor")]),
        ("words", &[("words", "It was noticed this morning.")]),
        ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")]),
    ];
    for (page, fields) in own.iter().chain(pages) {
        site.post(&format!("{draft}/{page}"), "", fields).await;
    }
    let receipt = site.post(&format!("{draft}/check"), "", &[]).await;
    let page = site.get(&receipt, "").await;
    let at = page.find("R-").expect("a reference");
    page[at..at + 11].to_owned()
}

fn duties(page: &str) -> Vec<&str> {
    page.split("<li id=\"duty-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

// proves: MODOT-PS-scope, MODOT-DEF-data
#[tokio::test]
async fn a_breach_of_paper_goes_the_same_way_with_technology_none_and_is_counted_under_paper() {
    let site = Site::of(&MODOT).await;
    let paper: [(&str, &[(&str, &str)]); 2] =
        [("medium", &[("answer", "paper")]), ("technology", &[("answer", "none")])];
    let paper = file(&site, "access", &paper).await;
    let machine = file(&site, "access", &[("medium", &[("answer", "electronic")])]).await;
    let officer = audits(&site).await;
    let paper = accepted(&site, &paper, &officer).await;
    let machine = accepted(&site, &machine, &officer).await;
    let (of_paper, of_machine) = (site.get(&paper, &officer).await, site.get(&machine, &officer).await);
    assert!(duties(&of_paper).contains(&"O24"), "{of_paper}");
    assert_eq!(duties(&of_paper), duties(&of_machine), "the same duties, whatever it was on");
    assert!(
        site.get(&format!("{paper}/sheets/affected"), &officer)
            .await
            .contains("<dd class=\"own-words\">None: paper only</dd>")
    );
    assert!(site.get(&format!("{paper}/sheets/data"), &officer).await.contains("<dd class=\"own-words\">Paper</dd>"));
    let lists = [
        ("f.people", "Two clerks"),
        ("f.processes", "Plan archive"),
        ("f.technology", "none"),
        ("sheet-reason", "Asked again"),
    ];
    let entry = entry_of(&site.get(&format!("{paper}/sheets/affected"), &officer).await, "None: paper only");
    filled(&site, &paper, &officer, "affected", &[lists.as_slice(), &[("entry", &entry)]].concat()).await;
    let three = site.get(&format!("{paper}/sheets/affected"), &officer).await;
    assert!(three.contains("Two clerks") && three.contains("Plan archive") && three.contains("None: paper only"));
    let counted = site.get("/stats.csv?of=data.medium", &officer).await;
    assert!(counted.contains("Paper,1") && counted.contains("Electronic,1"), "{counted}");
}

// proves: MODOT-DEF-theft
#[tokio::test]
async fn a_phone_that_is_merely_lost_is_a_reportable_event_of_the_kind_lost() {
    let site = Site::of(&MODOT).await;
    let lost: [(&str, &[(&str, &str)]); 1] =
        [("lost", &[("item-1-kind", "cellular-phone"), ("item-1-q-how", "lost"), ("item-1-holds", "work")])];
    let report = file(&site, "lost-or-stolen", &lost).await;
    let officer = audits(&site).await;
    let incident = accepted(&site, &report, &officer).await;
    let things = site.get(&format!("{incident}/sheets/things"), &officer).await;
    for said in ["Cellular phone", ">Lost<", ">Phone<"] {
        assert!(things.contains(said), "{said}: {things}");
    }
    assert!(duty(&site.get(&incident, &officer).await, "O24").contains("Due now"));
    let counted = site.get("/stats.csv?of=things.kind", &officer).await;
    assert!(counted.contains("Lost,1") && !counted.contains("Stolen"), "{counted}");
    assert!(site.get("/stats.csv?of=things.object", &officer).await.contains("Phone,1"));
}

// proves: MODOT-DEF-resources
#[tokio::test]
async fn a_copier_is_offered_and_taken_when_one_with_stored_scans_is_stolen() {
    let site = Site::of(&MODOT).await;
    let begun = site.post("/r/RVB", "", &[("begin", "report")]).await;
    let draft = begun.strip_suffix("/what").unwrap();
    site.post(&format!("{draft}/what"), "", &[("what", "lost-or-stolen")]).await;
    let offered = site.get(&format!("{draft}/lost"), "").await;
    for class in [
        "network",
        "workstation",
        "server",
        "personal-computer",
        "application-software",
        "cellular-phone",
        "standard-phone",
        "printer",
        "fax",
        "copier",
    ] {
        assert!(offered.contains(&format!("value=\"{class}\"")), "{class}: {offered}");
    }
    assert!(site.get(&format!("/es{draft}/lost"), "").await.contains("Copiadora"));
    let stolen: [(&str, &[(&str, &str)]); 1] =
        [("lost", &[("item-1-kind", "copier"), ("item-1-q-how", "stolen"), ("item-1-q-tag", "Holds stored scans")])];
    let report = file(&site, "lost-or-stolen", &stolen).await;
    let officer = audits(&site).await;
    let incident = accepted(&site, &report, &officer).await;
    let things = site.get(&format!("{incident}/sheets/things"), &officer).await;
    assert!(
        things.contains("Holds stored scans") && things.contains("<dd class=\"own-words\">Copier</dd>"),
        "{things}"
    );
    assert!(site.get("/stats.csv?of=things.resource", &officer).await.contains("Copier,1"));
}

// proves: MODOT-DEF-equipment
#[tokio::test]
async fn a_notebook_is_equipment_of_its_own_class_and_counted_once_as_a_computer() {
    let site = Site::of(&MODOT).await;
    let (incident, officer) = incident(&site).await;
    for tag in ["NB-1", "NB-2"] {
        filled(&site, &incident, &officer, "things", &[("f.item", "notebook"), ("f.kind", "stolen"), ("f.tag", tag)])
            .await;
    }
    let things = site.get(&format!("{incident}/sheets/things"), &officer).await;
    for class in ["Notebook computer", "<dd class=\"own-words\">Notebook</dd>", "<dd class=\"own-words\">Computer</dd>"]
    {
        assert_eq!(
            things
                .matches(&format!("<dd class=\"own-words\">{}", class.trim_start_matches("<dd class=\"own-words\">")))
                .count(),
            2,
            "{class}: {things}"
        );
    }
    assert!(site.get("/stats.csv?of=things.equipment", &officer).await.contains("Notebook,1"));
    let resources = site.get("/stats.csv?of=things.resource", &officer).await;
    assert!(resources.contains("Computer,1") && !resources.contains("Notebook"), "{resources}");
    // A class that turns out to be another carries the rest along, with the reason on record.
    let entry = entry_of(&things, "NB-2");
    let other = [
        ("f.item", "server"),
        ("f.kind", "stolen"),
        ("f.tag", "NB-2"),
        ("f.object", "laptop"),
        ("f.equipment", "notebook"),
        ("f.resource", "computer"),
        ("entry", &entry),
    ];
    let (status, page) = unfilled(&site, &incident, &officer, "things", &other).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("sheet-reason-error"), "{page}");
    filled(
        &site,
        &incident,
        &officer,
        "things",
        &[other.as_slice(), &[("sheet-reason", "The tag is a server's")]].concat(),
    )
    .await;
    assert!(
        site.get(&format!("{incident}/sheets/things"), &officer).await.contains("<dd class=\"own-words\">Server</dd>")
    );
}

// proves: MODOT-DEF-physical
#[tokio::test]
async fn a_break_in_opens_the_step_with_law_enforcement_which_needs_to_be_done_or_a_reason() {
    let site = Site::of(&MODOT).await;
    let report = file(&site, "forced-open", &[("break-in", &[("now", "yes")])]).await;
    let officer = audits(&site).await;
    let incident = accepted(&site, &report, &officer).await;
    let page = site.get(&incident, &officer).await;
    let step = duty(&page, "O26-law");
    assert!(step.contains("Coordinate with law enforcement") && step.contains("Record…"), "{step}");
    assert!(refused(&site, &incident, &officer).await.contains("Coordinate with law enforcement"));
    let silent = site.ask("POST", &format!("{incident}/duties/O26-law"), &officer, &[("how", "not-applicable")]).await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    let why = [("how", "not-applicable"), ("words-O26-law", "The door was forced by our own locksmith.")];
    site.post(&format!("{incident}/duties/O26-law"), &officer, &why).await;
    let page = site.get(&incident, &officer).await;
    assert!(duty(&page, "O26-law").contains("Does not apply"));
    assert!(!refused(&site, &incident, &officer).await.contains("Coordinate with law enforcement"));
    // Without the flag there is no such step.
    let quiet = file(&site, "forced-open", &[("break-in", &[("now", "no")])]).await;
    let quiet = accepted(&site, &quiet, &officer).await;
    assert!(!site.get(&quiet, &officer).await.contains("duty-O26-law"));
    let kinds = [
        ("f.conduct", "yes"),
        ("f.kinds", "break-in"),
        ("f.kinds", "theft-of-equipment"),
        ("sheet-reason", "The lock was cut"),
    ];
    let entry = entry_of(
        &site.get(&format!("{quiet}/sheets/physical-criminal-conduct"), &officer).await,
        "Was there a break-in",
    );
    filled(&site, &quiet, &officer, "physical-criminal-conduct", &[kinds.as_slice(), &[("entry", &entry)]].concat())
        .await;
    assert!(site.get(&quiet, &officer).await.contains("duty-O26-law"), "setting the flag opens it");
}

// proves: MODOT-3
#[tokio::test]
async fn a_web_form_leaves_the_call_open_and_a_recorded_call_meets_it_at_fifteen_minutes() {
    let site = Site::of(&MODOT).await;
    site.later(10 * MINUTE);
    let door = site.get("/r/RVB", "").await;
    assert!(door.contains("573-751-7446"), "the call comes first");
    let report = file(&site, "access", &[]).await;
    site.later(10 * MINUTE);
    let officer = audits(&site).await;
    let incident = accepted(&site, &report, &officer).await;
    let suspected = [("f.suspected", "2024-03-04 08:00")];
    filled(&site, &incident, &officer, "calls", &suspected).await;
    let page = site.get(&incident, &officer).await;
    let open = duty(&page, "O24");
    assert!(open.contains("Due now, 20 min waiting") && open.contains("Record…"), "{open}");
    assert!(line(&page, "calls").contains("no call yet"));
    let entry = entry_of(&site.get(&format!("{incident}/sheets/calls"), &officer).await, "no call yet");
    let call =
        [("f.called", "2024-03-04 08:15"), ("f.caller", "Sam Lee"), ("f.taken-by", "A. Ortiz"), ("entry", &entry)];
    filled(&site, &incident, &officer, "calls", &[suspected.as_slice(), &call].concat()).await;
    let page = site.get(&incident, &officer).await;
    assert!(duty(&page, "O24").contains("Met in 15 min"), "{}", duty(&page, "O24"));
    assert!(line(&page, "calls").contains("From suspicion to call: 15 min"), "{}", line(&page, "calls"));
}

// proves: MODOT-4
#[tokio::test]
async fn no_report_is_set_aside_or_deleted_without_a_finding_of_audits_and_investigations() {
    let site = Site::of(&MODOT).await;
    let report = site.report("other", "An odd noise from the archive.").await;
    let officer = audits(&site).await;
    let local = site.staff("L. Hart", "hart@example.gov", Role::LocalOfficer, site.unit).await;
    let aside = format!("/inbox/{report}/set-aside");
    for who in [&local, &officer] {
        let answer = site.ask("POST", &aside, who, &[("reason", "harmless")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(answer).await.contains("Audits and Investigations records the finding first"));
        let deleted = site.ask("DELETE", &format!("/inbox/{report}"), who, &[]).await;
        assert!(deleted.status().is_client_error(), "{}", deleted.status());
    }
    let found = format!("/inbox/{report}/finding");
    let others = site.ask("POST", &found, &local, &[("finding", "Nothing there.")]).await;
    assert_eq!(others.status(), StatusCode::UNPROCESSABLE_ENTITY, "the finding is theirs alone");
    site.post(&found, &officer, &[("finding", "The heating was looked at; it makes the noise.")]).await;
    assert!(site.get(&format!("/inbox/{report}"), &officer).await.contains("it makes the noise"));
    site.post(&aside, &local, &[("reason", "harmless")]).await;
    // Every other report becomes an incident that Audits and Investigations answers for.
    let kept = site.report("other", "A second noise.").await;
    let incident = accepted(&site, &kept, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(duty(&page, "O26").contains("Audits and Investigations"));
}

// proves: MODOT-5-tamper
#[tokio::test]
async fn a_forced_cabinet_with_nothing_missing_opens_a_case() {
    let site = Site::of(&MODOT).await;
    let pages: [(&str, &[(&str, &str)]); 2] =
        [("cabinet-holds", &[("answer", "Bridge plans on paper")]), ("cabinet-missing", &[("now", "no")])];
    let report = file(&site, "forced-open", &pages).await;
    let officer = audits(&site).await;
    assert!(site.get("/inbox", &officer).await.contains(&report), "it lies with Audits and Investigations");
    let incident = accepted(&site, &report, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("Tampering with locked cabinets or lockers"), "{page}");
    assert!(duty(&page, "O26").contains("Audits and Investigations"));
    let sheet = site.get(&format!("{incident}/sheets/tampering"), &officer).await;
    for said in ["Archive, second floor", "Bridge plans on paper", "<dd class=\"own-words\">No</dd>"] {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }
}

// proves: MODOT-5-exposure
#[tokio::test]
async fn a_mail_to_a_wrong_outside_address_is_an_exposure_with_one_recipient() {
    let site = Site::of(&MODOT).await;
    let pages: [(&str, &[(&str, &str)]); 2] =
        [("recipient", &[("answer", "wrong.address@example.org")]), ("recipient-kind", &[("answer", "person")])];
    let report = file(&site, "wrong-person", &pages).await;
    let officer = audits(&site).await;
    let incident = accepted(&site, &report, &officer).await;
    let page = site.get(&incident, &officer).await;
    assert!(page.contains("Exposure of confidential electronic data"), "{page}");
    assert!(line(&page, "recipients").contains("1 entry"), "{}", line(&page, "recipients"));
    let recipients = site.get(&format!("{incident}/sheets/recipients"), &officer).await;
    assert!(
        recipients.contains("wrong.address@example.org")
            && recipients.contains("<dd class=\"own-words\">A person</dd>")
    );
    let exposed = site.get(&format!("{incident}/sheets/exposure"), &officer).await;
    assert!(exposed.contains("It was noticed this morning."), "{exposed}");
}

// proves: MODOT-5-other
#[tokio::test]
async fn a_mere_suspicion_is_routed_like_any_other_report() {
    let site = Site::of(&MODOT).await;
    let suspected = file(&site, "other", &[("certainty", &[("answer", "suspected")])]).await;
    let confirmed = file(&site, "other", &[("certainty", &[("answer", "confirmed")])]).await;
    let officer = audits(&site).await;
    let inbox = site.get("/inbox", &officer).await;
    assert!(inbox.contains(&suspected) && inbox.contains(&confirmed));
    let one = accepted(&site, &suspected, &officer).await;
    let two = accepted(&site, &confirmed, &officer).await;
    let (first, second) = (site.get(&one, &officer).await, site.get(&two, &officer).await);
    assert_eq!(duties(&first), duties(&second));
    assert!(first.contains("Any other sign that data may be compromised"));
    let sheet = site.get(&format!("{one}/sheets/certainty"), &officer).await;
    assert!(sheet.contains("<dd class=\"own-words\">Suspected</dd>") && sheet.contains("It was noticed this morning."));
}
