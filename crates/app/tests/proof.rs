//! Evidence under verification: files held to their bytes, an incident with its duties, and a case taken out with both.

use domain::actor::{Actor, Section};
use domain::ids::StreamId;
use domain::organisation::register::Designation;
use domain::pack::{Language, PackId, RoleId};
use domain::permission::Action;
use domain::reference::ReportReference;
use domain::report::{Channel, FileAdded, Submission};
use domain::text::Prose;
use domain::time::When;
use ground::{World, world};
use journal::{Weight, verify_bundle};
use std::fs::File;
use std::io::Read;
use store::{Change, RowChange};
use tocsin_app::directory::Profile;
use tocsin_app::export_case::{Exported, Origin, Wanted, export_case};
use tocsin_app::submit_report::{Filing, Receipt};
use tocsin_app::verify::{Sources, Verdict, verify};

const PHOTO: &[u8] = b"an invented photograph of an invented door";

async fn verified(world: &World) -> Verdict {
    let keyring = world.app.keyring();
    let files = &world.app.settings().files;
    let sources = Sources { store: world.app.store(), keyring: &keyring, files, checkpoints: None, notes: &[] };
    verify(&sources, &()).await.expect("a verdict")
}

/// A report with a photograph, accepted by an officer.
async fn accepted(world: &World) -> (Receipt, FileAdded) {
    let draft = world.app.draw::<StreamId>();
    let photo = world.app.keep_file(world.tenant, draft, "door.JPG", PHOTO).await.expect("kept");
    let submission = Submission {
        reference: ReportReference::from_random([0; 8]),
        pack: PackId::parse("us-mo/dmh-2016").expect("a pack"),
        unit: world.unit,
        handling_unit: world.unit,
        channel: Channel::Web,
        language: Language::English,
        happened: Vec::new(),
        going_on: None,
        place: None,
        words: Prose::parse("The door of the record room stood open.").ok(),
        when: When::Unknown,
        when_typed: None,
        noticed: When::Unknown,
        systems: Vec::new(),
        affected: None,
        lost: Vec::new(),
        done: None,
        done_by_staff: None,
        done_by_others: None,
        answers: Vec::new(),
        files: vec![photo.clone()],
        recipient_involved: false,
        sent_early: false,
        shielded: false,
        times: vec![],
    };
    let filing =
        Filing { submission, reporter: None, by: Actor::Reporter, draft: None, idempotency_key: None, chosen: None };
    let receipt = world.app.submit_report(filing).await.expect("a receipt");
    let officer = world.officer(None);
    let reference = receipt.reference.to_string();
    let (may, row) =
        world.app.allow_on_report(&officer, &reference, Action::Triage, Section::Report).await.expect("allowed");
    world.app.accept(&may, &row).await.expect("accepted");
    (receipt, photo)
}

/// Seals everything and verifies. A server of many databases lets entries wait for the transactions of others.
async fn sealed(world: &World) -> Verdict {
    for _ in 0..600 {
        world.app.seal_log().await.expect("sealed");
        let verdict = verified(world).await;
        if verdict.checked.unsealed == 0 {
            return verdict;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the log was not sealed in 30 seconds")
}

fn sentences(verdict: &Verdict) -> Vec<&str> {
    verdict.findings.iter().map(|found| found.sentence.as_str()).collect()
}

#[tokio::test]
async fn a_file_that_was_edited_cut_off_or_removed_is_named() {
    let world = world().await;
    let (receipt, photo) = accepted(&world).await;
    let unsealed = verified(&world).await;
    assert_eq!(unsealed.outcome, Weight::Notice, "{:?}", sentences(&unsealed));
    assert!(unsealed.checked.unsealed > 0 && unsealed.checked.log == 0, "nothing was sealed yet");
    let clean = sealed(&world).await;
    assert_eq!(clean.outcome, Weight::Notice, "{:?}", sentences(&clean));
    let checked = clean.checked;
    assert_eq!((checked.reports, checked.incidents, checked.files, checked.unsealed), (1, 1, 1, 0));
    assert!(checked.counts > 0 && clean.proved == checked.entries);

    let path = world.app.file_path(photo.id);
    let whole = std::fs::read(&path).expect("its bytes");
    let mut flipped = whole.clone();
    *flipped.last_mut().expect("not empty") ^= 1;
    for (bytes, words) in [
        (Some(flipped), "was altered or cut off"),
        (Some(whole[..whole.len() - 1].to_vec()), "was altered or cut off"),
        (None, "is missing from the folder of files"),
    ] {
        match bytes {
            Some(bytes) => std::fs::write(&path, bytes).expect("edited"),
            None => std::fs::remove_file(&path).expect("removed"),
        }
        let verdict = verified(&world).await;
        assert_eq!(verdict.outcome, Weight::Altered);
        let told = sentences(&verdict);
        let record = format!("Report {}: the file {} {words}", receipt.reference, photo.id);
        assert!(told.len() == 1 && told[0].starts_with(&record), "{told:?}");
    }
}

#[tokio::test]
async fn a_case_goes_out_with_its_files_and_proves_itself() {
    let world = world().await;
    let (receipt, photo) = accepted(&world).await;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("case.zip");
    let (keyring, files) = (world.app.keyring(), world.app.settings().files.clone());
    let log = &world.app.settings().log_origin;
    let origin = Origin { store: world.app.store(), keyring: &keyring, files: &files, log, packs: world.app.packs() };
    let reference = receipt.reference.to_string();
    let sections = [Section::Report, Section::Evidence];
    let wanted = Wanted { reference: &reference, sections: &sections, now: world.app.now() };
    let early = export_case(&origin, &wanted, &out).await.expect("an answer");
    assert!(matches!(early, Exported::NotSealed(n) if n > 0), "{early:?}");
    assert!(!out.exists());
    sealed(&world).await;
    let done = export_case(&origin, &wanted, &out).await.expect("an answer");
    let Exported::Done { entries, closed, files } = done else { panic!("{done:?}") };
    assert!(entries > closed && closed > 0, "the officer's part was not wanted: {closed} of {entries}");
    assert_eq!(files, 1);

    let mut zip = zip::ZipArchive::new(File::open(&out).expect("opens")).expect("a zip");
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    assert_eq!(read("files/00001.jpg").as_deref(), Some(PHOTO), "as it was handed in");
    let case: serde_json::Value = serde_json::from_slice(&read("case.json").expect("there")).expect("JSON");
    assert_eq!(case["reference"], "DMH-2026-0001", "a report of an incident is exported with its incident");
    assert_eq!(case["reports"][0]["entries"][0]["files"][0], "files/00001.jpg");
    assert_eq!(case["incident"]["entries"][0]["content"], "closed");
    let verdict = verify_bundle(&mut read, None);
    assert_eq!(verdict.outcome, Weight::Notice, "{:?}", verdict.findings);
    assert_eq!((verdict.files, verdict.sealed), (3, closed as u64));
    drop(verdict);
    assert_eq!(photo.digest.to_string(), journal::Digest::of(PHOTO).to_string());
    let again = export_case(&origin, &wanted, &out).await.expect_err("refused");
    assert!(again.to_string().contains("not overwritten"), "{again}");
}

#[tokio::test]
async fn a_file_that_an_officer_adds_is_verified_and_goes_out_with_the_case() {
    let world = world().await;
    let (receipt, _) = accepted(&world).await;
    let officer = world.officer(None);
    let mut upload =
        world.app.begin_upload(world.tenant, world.app.waiting_place(), "..\\console.csv").await.expect("begun");
    upload.push(b"time,wiped\n").await.expect("taken");
    upload.push(b"9:40,yes\n").await.expect("taken");
    let file = upload.finish().await.expect("kept");
    let (may, row) =
        world.app.allow_on_incident(&officer, "DMH-2026-0001", Action::Work, Section::Evidence).await.expect("allowed");
    let (other, _) =
        world.app.allow_on_incident(&officer, "DMH-2026-0001", Action::Work, Section::Officer).await.expect("allowed");
    assert!(world.app.add_files(&other, &row, std::slice::from_ref(&file)).await.is_err(), "another right than this");
    world.app.add_files(&may, &row, std::slice::from_ref(&file)).await.expect("added");
    let kept = world.app.whole_incident(&row).await.expect("whole").state.files.remove(0);
    assert_eq!((kept.by, kept.what.name.as_str()), (Actor::Account(officer.account), "console.csv"));
    assert_eq!(kept.what.digest.to_string(), journal::Digest::of(b"time,wiped\n9:40,yes\n").to_string());

    sealed(&world).await;
    let clean = verified(&world).await;
    assert_eq!((clean.outcome, clean.checked.files), (Weight::Notice, 2), "{:?}", sentences(&clean));
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("case.zip");
    let (keyring, files) = (world.app.keyring(), world.app.settings().files.clone());
    let log = &world.app.settings().log_origin;
    let origin = Origin { store: world.app.store(), keyring: &keyring, files: &files, log, packs: world.app.packs() };
    let reference = receipt.reference.to_string();
    let sections = [Section::Report, Section::Officer, Section::Evidence];
    let wanted = Wanted { reference: &reference, sections: &sections, now: world.app.now() };
    let done = export_case(&origin, &wanted, &out).await.expect("an answer");
    assert!(matches!(done, Exported::Done { files: 2, .. }), "{done:?}");

    std::fs::write(world.app.file_path(file.id), b"something else").expect("edited");
    let told = verified(&world).await;
    assert_eq!(told.outcome, Weight::Altered);
    assert!(sentences(&told)[0].contains("Incident DMH-2026-0001: the file"), "{:?}", sentences(&told));
}

#[tokio::test]
async fn what_is_kept_beside_the_administration_is_held_to_its_entries() {
    let world = world().await;
    let profile = Profile { name: "C. Vance".into(), email: "vance@example.gov".into(), phone: None };
    let holder = world.app.add_person(world.tenant, &profile, None, &[]).await.expect("a person");
    let office = RoleId::parse("cso").expect("a name");
    let from = jiff::civil::date(2026, 1, 5);
    let chief = Designation { office, unit: world.head, holder, from, until: None, by: None };
    world.app.designate_by_command(world.tenant, &chief).await.expect("designated");
    let clean = sealed(&world).await;
    assert_ne!(clean.outcome, Weight::Altered, "{:?}", sentences(&clean));
    // Somebody with a hand in the database puts back what stood there before.
    let rows = vec![RowChange::Setting(Some(world.tenant), "register".to_owned(), None)];
    world.app.store().commit(Change { rows, ..Change::default() }).await.expect("altered");
    let verdict = verified(&world).await;
    let told = sentences(&verdict);
    assert_eq!(verdict.outcome, Weight::Altered, "{told:?}");
    assert!(told.iter().any(|words| words.contains("the register of the agency was altered")), "{told:?}");
}
