//! What can be wrong with a report: each gets a page that says what to do, nothing typed is lost, and never a 500.

use super::site::{FILE_LIMIT, FILES, Site, form, from, multipart, parts};
use app::limits::PublicLimits;
use axum::body::Body;
use axum::http::{Request, header};
use domain::report::{GoingOn, Standing};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

#[tokio::test]
async fn codes_that_name_nothing_get_a_page_with_a_way_on() {
    let site = Site::open().await;
    for code in ["NOPE", "%00", "%E2%80%AEgpj", "..%2f..%2fetc", "%0d%0aSet-Cookie:x", "%ff%fe", "a%20b"] {
        let answer = site.get(&format!("/r/{code}")).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{code}: {}", answer.status);
        assert!(!answer.text.contains('\u{202e}') && !answer.headers.contains_key("set-cookie"));
    }
    assert!(
        site.get("/r/NOPE").await.page(404).contains("Riverbend")
            || site.get("/r/NOPE").await.text.contains("Department of Mental Health")
    );
    assert_eq!(site.get("/r?code=%20rvb%20").await.leads(), "/r/RVB");
    assert!(site.get("/report/NOPE").await.page(404).contains("We don’t know"));
    assert!(site.get("/report/dmh").await.page(200).contains("Riverbend Center"));
    assert_eq!(site.get("/report/modot").await.leads(), "/r/MODOT");
    assert!(site.get("/r/MODOT").await.page(200).contains("Please call first"));
    for token in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &"a".repeat(4_000)] {
        assert!(site.get(&format!("/report/d/{token}/what")).await.page(410).contains("This link has ended"));
        assert!(site.post(&format!("/report/d/{token}/check"), &[]).await.page(410).contains("This link has ended"));
        assert!(site.get(&format!("/s/{token}")).await.page(410).contains("This link has ended"));
    }
}

#[tokio::test]
async fn empty_questions_and_impossible_dates_say_what_to_do_and_keep_what_was_typed() {
    let site = Site::open().await;
    let draft = site.begin().await;
    let long = "a".repeat(301);
    for (page, fields, said, kept) in [
        ("what", &[("what", "no-such-tile")][..], "Choose what happened.", ""),
        ("where", &[("unit", "elsewhere")], "Choose where it happened.", ""),
        (
            "where",
            &[("unit", "RVB"), ("place", long.as_str())],
            "This text has 301 characters. Please keep it under 300",
            long.as_str(),
        ),
        ("words", &[("words", " \n ")], "Tell us in a few words what happened.", ""),
        (
            "when",
            &[("when", "date"), ("month", "2"), ("day", "30"), ("year", "2026")],
            "That day doesn’t exist",
            "value=\"30\"",
        ),
        (
            "when",
            &[("when", "date"), ("month", "10"), ("day", "14"), ("year", "2026")],
            "The date can’t be in the future. Today is Tue, Oct 13, 2026.",
            "value=\"14\"",
        ),
        (
            "when",
            &[("when", "date"), ("month", "1"), ("day", "1"), ("year", "99999999999999999999")],
            "That day doesn’t exist",
            "99999999",
        ),
        ("you", &[("name", "Sam Lee"), ("email", "nobody")], "Check the e-mail address.", "value=\"nobody\""),
        ("you", &[("phone", "call me")], "Check the phone number.", "value=\"call me\""),
        ("you", &[("name", "Sam Lee")], "Give us one way to reach you", "value=\"Sam Lee\""),
    ] {
        let answer = site.post(&format!("{draft}/{page}"), fields).await;
        let shown = answer.page(422);
        assert!(shown.contains(said) && shown.contains("Error:"), "{page}: {shown}");
        assert!(shown.contains(kept), "{page}: {shown}");
        assert!(site.get(&format!("{draft}/{page}")).await.page(200).contains(kept), "{page} is kept in the draft");
    }
    // Sending with gaps lists them, each with its way back.
    let check = site.post(&format!("{draft}/check"), &[]).await;
    for gap in [
        "Choose what happened",
        "This text has 301 characters",
        "Tell us in a few words",
        "Give us one way to reach you",
    ] {
        assert!(check.page(422).contains(gap), "{gap}: {}", check.text);
    }
    assert!(check.text.contains(&format!("{draft}/words?to=check")));
}

#[tokio::test]
async fn a_changed_answer_returns_to_the_check() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let next = site.post(&format!("{draft}/words?to=check"), &[("words", "Two red pages.")]).await;
    assert_eq!(next.leads(), format!("{draft}/check"));
    // A changed answer can open questions that were never asked.
    let next = site.post(&format!("{draft}/what?to=check"), &[("what", "lost-or-stolen")]).await;
    assert_eq!(next.leads(), format!("{draft}/lost?to=check"));
    let another = site
        .post(
            &format!("{draft}/lost"),
            &[("item-1-kind", "laptop"), ("item-1-q-tag", "DMH-44721"), ("then", "another")],
        )
        .await;
    assert!(another.page(200).contains("item-2-kind"));
    let items =
        [("item-1-kind", "laptop"), ("item-1-q-tag", "DMH-44721"), ("item-2-kind", "paper"), ("item-2-holds", "names")];
    assert_eq!(site.post(&format!("{draft}/lost?to=check"), &items).await.leads(), format!("{draft}/check"));
    let removed = site.post(&format!("{draft}/lost"), &[&items[..], &[("remove", "1")]].concat()).await;
    assert_eq!(removed.leads(), format!("{draft}/lost"));
    let check = site.get(&format!("{draft}/check")).await;
    assert!(
        check.page(200).contains("Two red pages.") && check.text.contains("Paper") && !check.text.contains("DMH-44721")
    );
}

#[tokio::test]
async fn ten_megabytes_of_text_are_kept_and_answered_with_their_length() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let words = "word ".repeat(2_000_000);
    let sent = [("words", None, words.as_bytes()), ("files", Some(""), b"")];
    let answer = site.ask(multipart(&format!("{draft}/words"), parts(&sent))).await;
    assert!(answer.page(422).contains("This text has 9,999,999 characters. Please keep it under 40,000"));
    assert!(answer.text.len() > words.len(), "the text is still on the page");
    assert!(site.get(&format!("{draft}/words")).await.page(200).len() > words.len());
    // More than is taken at all says so, and what was saved before stays.
    let endless = vec![b'a'; 17 * 1024 * 1024];
    let answer = site.ask(multipart(&format!("{draft}/words"), parts(&[("words", None, &endless)]))).await;
    assert!(answer.page(413).contains("more than we can take"));
    let endless = String::from_utf8(endless).unwrap();
    assert_eq!(site.ask(form(&format!("{draft}/done"), &[("yours", &endless)])).await.status.as_u16(), 413);
    assert!(site.get(&format!("{draft}/words")).await.page(200).len() > words.len());
}

#[tokio::test]
async fn control_and_direction_characters_become_visible() {
    let site = Site::open().await;
    let draft = site.begin().await;
    let words = "first\r\nBcc: x@example.org\0\u{202e}gpj.exe <script>alert(1)</script>";
    site.post(&format!("{draft}/what"), &[("what", "other")]).await.leads();
    site.post(&format!("{draft}/where"), &[("place", "Room\r\n2\u{200b}")]).await.leads();
    site.post(&format!("{draft}/words"), &[("words", words)]).await.leads();
    site.post(&format!("{draft}/you"), &[("name", "Sam\r\nLee\u{7}"), ("phone", "573-555-0188")]).await.leads();
    let check = site.get(&format!("{draft}/check")).await;
    assert!(check.page(200).contains("&#60;script&#62;alert") && !check.text.contains("<script>alert"));
    let sent = site.post(&format!("{draft}/check"), &[]).await;
    let (row, report) = filed(&site, sent.leads()).await;
    let said = report.filed.unwrap().submission;
    assert_eq!(
        said.words.unwrap().as_str(),
        "first\nBcc: x@example.org⟦U+0000⟧⟦U+202E⟧gpj.exe <script>alert(1)</script>"
    );
    assert_eq!(said.place.unwrap().as_str(), "Room 2⟦U+200B⟧");
    assert_eq!(report.reporter.unwrap().name.unwrap().as_str(), "Sam Lee⟦U+0007⟧");
    assert_eq!(row.unit, site.unit);
}

/// The report behind a receipt.
async fn filed(site: &Site, receipt: &str) -> (app::ReportRow, domain::report::Report) {
    let row = site.app.report_behind(&secret(site, receipt).await).await.unwrap();
    let report = site.app.whole_report(&row).await.unwrap().state;
    (row, report)
}

async fn secret(site: &Site, receipt: &str) -> String {
    let page = site.get(receipt).await;
    let at = page.page(200).find("/s/").expect("a private link") + 3;
    page.text[at..].chars().take_while(|c| !"\"<#".contains(*c)).collect()
}

#[tokio::test]
async fn pressing_send_again_gives_the_same_receipt_and_one_report() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let check = format!("{draft}/check");
    let (first, second) = tokio::join!(site.post(&check, &[]), site.post(&check, &[]));
    let (first, second) = (first.leads().to_owned(), second.leads().to_owned());
    let third = site.post(&check, &[("once", "9")]).await;
    let secrets = [secret(&site, &first).await, secret(&site, &second).await, secret(&site, third.leads()).await];
    assert!(secrets[0] == secrets[1] && secrets[1] == secrets[2]);
    assert_eq!(site.app.store().scan_reports(None, 10).await.unwrap().len(), 1);
    // Whatever else is asked of a draft that was sent leads to the receipt.
    assert_eq!(site.get(&format!("{draft}/words")).await.leads(), first);
    assert_eq!(site.post(&format!("{draft}/words"), &[("words", "more")]).await.leads(), first);
    // After a day nothing of it is left on a shared computer but the record.
    site.later(25 * 3600);
    assert_eq!(site.get(&first).await.status.as_u16(), 410);
    assert!(site.get(&format!("/s/{}", secrets[0])).await.page(200).contains("Received"));
    // The private link works for a year, as the receipt says.
    site.later(363 * 24 * 3600);
    site.get(&format!("/s/{}", secrets[0])).await.page(200);
    site.later(24 * 3600);
    assert!(site.get(&format!("/s/{}", secrets[0])).await.page(410).contains("one year"));
}

#[tokio::test]
async fn a_draft_ends_after_seven_days_and_its_files_go_with_it() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let sent = parts(&[("words", None, b"see the photo"), ("files", Some("photo.jpg"), b"pixels")]);
    site.ask(multipart(&format!("{draft}/words"), sent)).await.leads();
    assert_eq!(stored(&site), 1);
    site.later(6 * 24 * 3600);
    site.post(&format!("{draft}/done"), &[("yours", "still here")]).await.leads();
    site.later(6 * 24 * 3600);
    assert!(site.get(&format!("{draft}/done")).await.page(200).contains("still here"));
    site.later(24 * 3600);
    assert!(site.get(&format!("{draft}/done")).await.page(410).contains("7 days"));
    assert_eq!(site.app.purge_drafts().await.unwrap(), 1);
    assert_eq!(stored(&site), 0);
}

/// Files in the file folder.
fn stored(site: &Site) -> usize {
    let Ok(shelves) = std::fs::read_dir(site.ground.folder().join("files")) else { return 0 };
    shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum()
}

#[tokio::test]
async fn a_saved_report_is_found_by_its_words_and_can_be_deleted() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let saved = site.post(&format!("{draft}/when"), &[("when", "today"), ("then", "save")]).await;
    let page = site.get(saved.leads()).await;
    let at = page.page(200).find("spoken-words\">").unwrap() + 14;
    let words: String = page.text[at..].chars().take_while(|c| *c != '<').collect();
    let found = site.post("/resume", &[("words", &words.to_uppercase().replace('-', " "))]).await;
    assert_eq!(found.leads(), draft);
    assert_eq!(site.get(&draft).await.leads(), format!("{draft}/now"), "the first page that has no answer yet");
    assert!(site.post("/resume", &[("words", "maple-river-stone-0000")]).await.page(422).contains("Check them"));
    let gone = site.post(&format!("{draft}/remove"), &[]).await;
    assert!(site.get(gone.leads()).await.page(200).contains("deleted"));
    assert_eq!(site.get(&draft).await.status.as_u16(), 410);
    assert_eq!(
        site.post("/resume", &[("words", &words)]).await.leads(),
        draft,
        "the words lead to a page that says so"
    );
}

#[tokio::test]
async fn two_windows_do_not_overwrite_each_other_unseen() {
    let site = Site::open().await;
    let draft = site.begin().await;
    let page = format!("{draft}/words");
    let (left, right) = (site.get(&page).await, site.get(&page).await);
    site.post(&page, &[("seen", left.value("seen")), ("words", "from the left")]).await.leads();
    let told = site.post(&page, &[("seen", right.value("seen")), ("words", "from the right")]).await;
    assert_eq!(told.status.as_u16(), 422);
    assert!(told.text.contains("another window") && told.text.contains("from the right"));
    assert!(site.get(&page).await.page(200).contains("from the left"));
    site.post(&page, &[("seen", told.value("seen")), ("words", "from the right")]).await.leads();
    assert!(site.get(&page).await.page(200).contains("from the right"));
    // Different pages are not in each other's way.
    site.post(&format!("{draft}/what"), &[("seen", "0"), ("what", "other")]).await.leads();
    assert!(site.get(&page).await.page(200).contains("from the right"));
}

#[tokio::test]
async fn files_are_taken_bounded_named_and_sealed() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let page = format!("{draft}/words");
    let secret = b"an unmistakable line of a photo".repeat(40_000 / 31);
    let big = vec![7; FILE_LIMIT as usize + 300_000];
    let answer = site
        .ask(multipart(
            &page,
            parts(&[
                ("words", None, "typed before the files".as_bytes()),
                ("files", Some("../../etc/passwd"), &secret),
                ("files", Some("movie.mov"), &big),
                ("files", Some("nothing.txt"), b""),
                ("files", Some("a\u{202e}gpj.exe"), b"MZ"),
                ("then", None, b"upload"),
            ]),
        ))
        .await;
    let shown = answer.page(422);
    for said in [
        "movie.mov is 1.3 MB. The most we can take is 1 MB.",
        "nothing.txt is empty",
        "typed before the files",
        "passwd <small>",
        "a⟦U+202E⟧gpj.exe",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert_eq!(stored(&site), 2, "no part of a refused file stays");
    for shelf in std::fs::read_dir(site.ground.folder().join("files")).unwrap() {
        for file in std::fs::read_dir(shelf.unwrap().path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(16).any(|w| w == b"an unmistakable "), "sealed at rest");
        }
    }
    let more = parts(&[("files", Some("3.txt"), b"3"), ("files", Some("4.txt"), b"4"), ("files", Some("5.txt"), b"5")]);
    let full = site.ask(multipart(&page, more)).await;
    assert!(full.page(422).contains(&format!("You can add up to {FILES} files.")));
    assert_eq!(stored(&site), FILES);
    // A file taken out is gone.
    let remove = site.get(&page).await.value("remove").to_owned();
    let removing = parts(&[("words", None, b"still here"), ("remove", None, remove.as_bytes())]);
    site.ask(multipart(&page, removing)).await.leads();
    assert_eq!(stored(&site), FILES - 1);

    let sent = site.post(&format!("{draft}/check"), &[]).await;
    let (row, report) = filed(&site, sent.leads()).await;
    assert_eq!(report.files.len(), FILES - 1);
    let reading = domain::permission::Reading::by_the_product(row.id.into(), row.tenant);
    for file in &report.files {
        let mut reader = site.app.read_file(&reading, file.id).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = reader.next().await.unwrap() {
            bytes.extend(piece);
        }
        assert_eq!(bytes.len() as u64, file.size);
        let path = site.app.file_path(file.id);
        let mut altered = std::fs::read(&path).unwrap();
        let middle = altered.len() / 2;
        altered[middle] ^= 1;
        std::fs::write(&path, altered).unwrap();
        let mut reader = site.app.read_file(&reading, file.id).await.unwrap();
        let outcome = loop {
            match reader.next().await {
                Ok(Some(_)) => {}
                other => break other,
            }
        };
        assert!(outcome.is_err(), "an altered file does not pass for the original");
    }
}

#[tokio::test]
async fn broken_forms_get_a_page_and_what_arrived_is_kept() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let page = format!("{draft}/words");
    let whole = parts(&[("words", None, b"typed before it broke"), ("files", Some("photo.jpg"), &[9; 5_000])]);
    for cut in [whole.len() - 9, whole.len() - 2_000, whole.len() - 5_020] {
        let answer = site.ask(multipart(&page, whole[..cut].to_vec())).await;
        assert!(answer.page(422).contains("typed before it broke"), "cut at {cut}");
    }
    assert_eq!(stored(&site), 0);
    let kinds = [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=edge",
        "text/plain",
        "application/json",
        "",
    ];
    for kind in kinds {
        let request = Request::post(&page).header(header::CONTENT_TYPE, kind).body(Body::from(whole.clone())).unwrap();
        assert!(site.ask(request).await.page(400).contains("We couldn’t read what was sent"), "{kind}");
    }
    // A part whose headers never end is stopped long before it fills the memory.
    let endless =
        [b"--edge\r\nContent-Disposition: form-data; name=\"words\"; x=".to_vec(), vec![b'a'; 20_000_000]].concat();
    assert_eq!(site.ask(multipart(&page, endless)).await.status.as_u16(), 400);
    let request = Request::post(&page)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_ENCODING, "gzip")
        .body(Body::from("words=x"))
        .unwrap();
    assert!(site.ask(request).await.page(415).contains("We couldn’t read"));
    assert!(site.get(&page).await.page(200).contains("typed before it broke"));
}

#[tokio::test]
async fn sending_now_asks_for_a_number_and_nothing_else() {
    let site = Site::open().await;
    let draft = site.begin().await;
    site.post(&format!("{draft}/what"), &[("what", "malware")]).await.leads();
    site.post(&format!("{draft}/now"), &[("now", "yes")]).await.leads();
    let advice = site.get(&format!("{draft}/do-now")).await;
    assert!(advice.page(200).contains("Leave the computer on.") && advice.text.contains("value=\"send\""));
    let send = format!("{draft}/send");
    assert_eq!(site.post(&format!("{draft}/do-now"), &[("then", "send")]).await.leads(), send);
    assert!(site.get(&send).await.page(200).contains("Riverbend Center"));
    assert!(site.post(&send, &[("phone", "")]).await.page(422).contains("Give us one way to reach you"));
    let sent = site.post(&send, &[("phone", "573-555-0188"), ("words", "It is spreading")]).await;
    let (_, report) = filed(&site, sent.leads()).await;
    let said = report.filed.unwrap().submission;
    assert!(said.sent_early && said.going_on == Some(GoingOn::Yes));
    assert_eq!(said.words.unwrap().as_str(), "It is spreading");
}

#[tokio::test]
async fn the_person_one_reports_to_can_be_gone_past() {
    let site = Site::open().await;
    let begun = site.post("/r/RVB", &[("begin", "conflict")]).await;
    let draft = begun.leads().strip_suffix("/what").unwrap().to_owned();
    site.post(&format!("{draft}/what"), &[("what", "access")]).await.leads();
    site.post(&format!("{draft}/where"), &[("unit", "RVB")]).await.leads();
    site.post(&format!("{draft}/words"), &[("words", "He read files that are not his.")]).await.leads();
    site.post(&format!("{draft}/you"), &[("name", "Sam Lee"), ("email", "sam@example.org"), ("hide", "yes")])
        .await
        .leads();
    let sent = site.post(&format!("{draft}/check"), &[]).await;
    let (row, report) = filed(&site, sent.leads()).await;
    assert_eq!(row.unit, site.unit);
    assert_eq!(row.handling_unit, site.app.directory().one_level_up(site.unit));
    assert!(report.filed.unwrap().submission.shielded);
}

#[tokio::test]
async fn the_language_can_be_switched_on_every_question_and_answers_stay() {
    let site = Site::open().await;
    let draft = site.begin().await;
    site.post(&format!("{draft}/what"), &[("what", "malware")]).await.leads();
    let switched = site.post(&format!("{draft}/words"), &[("words", "half a sent"), ("then", "language")]).await;
    assert_eq!(switched.leads(), format!("/es{draft}/words"));
    let spanish = site.get(switched.leads()).await;
    assert!(spanish.page(200).contains("Cuéntenos con sus propias palabras") && spanish.text.contains("half a sent"));
    for (page, fields) in [
        ("where", &[("unit", "RVB")][..]),
        ("words", &[("words", "Una página roja pide dinero.")]),
        ("you", &[("name", "Sam Lee"), ("phone", "573-555-0188")]),
    ] {
        assert!(site.post(&format!("/es{draft}/{page}"), fields).await.leads().starts_with("/es/report/d/"));
    }
    let sent = site.post(&format!("/es{draft}/check"), &[]).await;
    assert!(site.get(sent.leads()).await.page(200).contains("lang=\"es\""));
    let (_, report) = filed(&site, sent.leads()).await;
    assert_eq!(report.filed.unwrap().submission.language, domain::pack::Language::Spanish);
    for path in
        ["/es", "/es/r/RVB", "/es/status", "/es/resume", "/es/r/RVB/phone", "/es/r/RVB/poster", "/es/r/RVB/form"]
    {
        assert!(site.get(path).await.page(200).contains("lang=\"es\""), "{path}");
    }
}

#[tokio::test]
async fn the_private_page_takes_words_and_files_and_is_found_by_reference_and_code() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let sent = site.post(&format!("{draft}/check"), &[]).await.leads().to_owned();
    let receipt = site.get(&sent).await;
    let page = receipt.page(200);
    let code = page.split("<strong class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let (row, _) = filed(&site, &sent).await;

    let found =
        site.post("/status", &[("reference", &row.reference.to_lowercase()), ("code", &code.replace('-', " "))]).await;
    let private = found.leads().to_owned();
    assert!(site.get(&private).await.page(200).contains(&row.reference));
    let mut wrong = row.reference.clone();
    let last = if wrong.pop() == Some('2') { '3' } else { '2' };
    wrong.push(last);
    assert!(
        site.post("/status", &[("reference", &wrong), ("code", &code)])
            .await
            .page(422)
            .contains("one character doesn’t fit")
    );
    assert!(
        site.post("/status", &[("reference", &row.reference), ("code", "maple-river-stone-0000")])
            .await
            .page(422)
            .contains("can’t find a report")
    );
    assert_eq!(site.get(&format!("/s/{}.maple-river-stone-0000", row.reference)).await.status.as_u16(), 410);

    assert!(
        site.ask(multipart(&private, parts(&[("message", None, b" ")])))
            .await
            .page(422)
            .contains("Write something or choose a file")
    );
    let more = parts(&[("message", None, b"It came back."), ("files", Some("photo.jpg"), b"pixels")]);
    let added = site.ask(multipart(&private, more)).await;
    let page = site.get(added.leads()).await;
    assert!(
        page.page(200).contains("It came back.")
            && page.text.contains("photo.jpg")
            && page.text.contains("Sent. Thank you.")
    );
    let report = site.app.whole_report(&row).await.unwrap().state;
    assert_eq!((report.standing, report.files.len()), (Standing::Waiting, 1));
    // Its bytes belong to the record now: the collector leaves them.
    site.later(3 * 24 * 3600);
    assert_eq!(site.app.collect_left_over_files().await.unwrap(), 0);
    assert_eq!(stored(&site), 1);
}

#[tokio::test]
async fn what_an_upload_left_behind_is_collected_and_nothing_else() {
    let site = Site::open().await;
    let draft = site.filled().await;
    let sent = parts(&[("words", None, b"see the photo"), ("files", Some("photo.jpg"), b"pixels")]);
    site.ask(multipart(&format!("{draft}/words"), sent)).await.leads();
    let upload = |name: &'static str| site.app.begin_upload(site.tenant, app::FileOwner::Draft([9; 32]), name);
    // One that crashed in the middle, one whose draft never came to be.
    let crashed = upload("crashed").await.unwrap();
    std::mem::forget(crashed);
    let mut orphan = upload("orphan").await.unwrap();
    assert!(orphan.push(b"bytes").await.is_ok());
    orphan.finish().await.unwrap();
    assert_eq!((stored(&site), site.app.collect_left_over_files().await.unwrap()), (3, 0), "it may still be running");
    site.later(2 * 24 * 3600);
    assert_eq!((site.app.collect_left_over_files().await.unwrap(), stored(&site)), (2, 1));
}

#[tokio::test]
async fn floods_are_told_to_wait_with_a_number_to_call() {
    let limits = PublicLimits { reports_per_network: 3, codes_per_network: 2, ..PublicLimits::default() };
    let site = Site::within(limits).await;
    let begin = |peer: &'static str| site.ask(from(peer, form("/r/RVB", &[("begin", "report")])));
    for peer in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
        begin(peer).await.leads();
    }
    let told = begin("203.0.113.4").await;
    assert!(told.page(429).contains("573-555-0150"), "{}", told.text);
    assert_eq!(told.headers[header::RETRY_AFTER], "600");
    begin("203.0.114.1").await.leads();
    site.later(601);
    begin("203.0.113.4").await.leads();
    let words = || site.ask(from("203.0.113.9", form("/resume", &[("words", "maple-river-stone-0000")])));
    for _ in 0..2 {
        words().await.page(422);
    }
    words().await.page(429);
}

/// Arbitrary bytes under the name of a form never break a page, and never lose what was there before.
#[test]
fn any_bytes_under_the_name_of_a_form_are_answered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // What is sent by chance must not be what is looked at in the end.
    let (site, draft, sent) = runtime.block_on(async {
        let site = Site::open().await;
        let (draft, sent) = (site.filled().await, site.filled().await);
        (site, draft, sent)
    });
    let pages =
        ["what", "now", "do-now", "where", "words", "when", "affected", "lost", "done", "you", "send", "nowhere"];
    let some_bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..600),
        "((what|now|unit|place|words|when|month|day|year|time|things|people|item-[0-9]{1,9}-(kind|q-tag|holds)|then|remove|seen)=[^&]{0,12}&){0,9}"
            .prop_map(String::into_bytes),
        "(--edge(--)?|\r\n|Content-Disposition: form-data; name=\"(words|files|then)\"(; filename=\"[^\r\n]{0,9}\")?|[ -~]{0,9}){0,14}"
            .prop_map(String::into_bytes),
    ];
    let case = (0..pages.len(), any::<bool>(), some_bytes);
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&case, |(page, in_parts, body)| {
        let draft = if pages[page] == "send" { &sent } else { &draft };
        let path = format!("{draft}/{}", pages[page]);
        let kind = if in_parts { "multipart/form-data; boundary=edge" } else { "application/x-www-form-urlencoded" };
        let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let status = runtime.block_on(site.ask(request)).status.as_u16();
        prop_assert!([200, 303, 400, 404, 413, 422].contains(&status), "{status}");
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
    assert!(runtime.block_on(site.get(&format!("{draft}/check"))).page(200).contains("Check and send"));
}
