//! The line under box XIV: the papers of the investigation go with the form, wherever it goes.

use crate::export::exported;
use crate::paper::{BOTH, Case, PAPER};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

/// `printf abc | sha256sum`
const DIGEST: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// Adds a file to the incident as a browser does.
async fn attach(case: &Case, name: &str, words: &str) {
    let body = format!(
        "--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
         content-type: text/plain\r\n\r\n{words}\r\n--cut--\r\n"
    );
    let request = Request::post(format!("{}/files", case.incident))
        .header(header::HOST, "127.0.0.1:8420")
        .header(header::COOKIE, &case.officer)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .body(Body::from(body))
        .unwrap();
    let answer = case.site.router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

// proves: DMH04-FORM-ATTACH, DMH16-FORM-ATTACH
#[tokio::test]
async fn the_papers_of_the_investigation_go_with_the_form_each_with_its_digest() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.fill().await;
        let page = case.incomplete(&PAPER[..2]).await;
        assert!(page.contains("Attach the papers of the investigation, or state that there are none."), "{page}");

        attach(&case, "door log.txt", "abc").await;
        attach(&case, "interviews.txt", "Nobody saw anything.").await;
        let sign = Case::signing("completed", &PAPER[..2]);
        case.site.post(&format!("{}/sign", case.form), &case.officer, &sign).await;
        let printed = case.print().await["officer"]["part"]["documentation"].as_str().unwrap().to_owned();
        assert!(
            printed.starts_with(&format!("Attached: door log.txt (SHA-256 {DIGEST}); interviews.txt")),
            "{printed}"
        );

        // Taken out of the product with the case: the form, and every paper with its digest and its bytes.
        let mut archive = exported(&case.site, edition.reference).await;
        let whole: serde_json::Value = serde_json::from_str(&archive.text("case.json")).unwrap();
        let form = &whole["incident"]["form"];
        assert_eq!((&form["form"], &form["no_papers"]), (&"report-of-security-incident".into(), &().into()));
        let attached = form["attached"].as_array().unwrap();
        assert_eq!(attached.len(), 2, "{form}");
        assert_eq!(attached[0]["name"], "door log.txt");
        assert_eq!((&attached[0]["size"], &attached[0]["sha256"]), (&3.into(), &DIGEST.into()));
        assert_eq!(archive.bytes(attached[0]["file"].as_str().unwrap()), b"abc");
        assert_eq!(archive.text(attached[1]["file"].as_str().unwrap()), "Nobody saw anything.");
        let readme = archive.text("README.txt");
        assert!(readme.contains("Attached to the form") && readme.contains(DIGEST), "{readme}");
        assert!(archive.text("manifest.json").contains(DIGEST));
    }
}

#[tokio::test]
async fn that_there_are_no_papers_stands_on_the_form_and_in_the_export() {
    for edition in BOTH {
        let case = Case::open(edition).await;
        case.fill().await;
        case.complete().await;
        let stated = case.print().await["officer"]["part"]["documentation"].clone();
        assert_eq!(stated, "No separate documentation of the investigation.");
        let whole: serde_json::Value =
            serde_json::from_str(&exported(&case.site, edition.reference).await.text("case.json")).unwrap();
        let form = &whole["incident"]["form"];
        assert_eq!(form["no_papers"], stated);
        assert_eq!(form["attached"], serde_json::json!([]));
    }
}
