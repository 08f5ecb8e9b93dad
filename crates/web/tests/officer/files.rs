//! Files on the incident page: added by those who work on evidence, kept under their digest, out again as downloads alone.

use super::site::{Site, text};
use super::with_incident;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use tower::ServiceExt;

const FILES: &str = "/incidents/DMH-2026-0001/files";
/// `printf 'MZ, not a program' | sha256sum`
const DIGEST: &str = "4a2cca149bd617556c6585616511f28060f9be2d4934f37f99cac1edc663df93";

impl Site {
    /// Sends files as a browser does.
    pub async fn send(&self, cookie: &str, files: &[(&str, &[u8])]) -> Response {
        let mut body = Vec::new();
        for (name, bytes) in files {
            let head = format!(
                "--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 content-type: text/html\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        let request = Request::builder()
            .method("POST")
            .uri(FILES)
            .header(header::HOST, "127.0.0.1:8420")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .body(Body::from(body))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }
}

#[tokio::test]
async fn a_file_is_on_record_with_name_size_digest_and_who_added_it() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let sent = site.send(&officer, &[("C:\\temp\\wipe console.csv", b"MZ, not a program"), ("two.txt", b"2")]).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(sent.headers()[header::LOCATION], "/incidents/DMH-2026-0001?done=files#documents");
    let page = site.get("/incidents/DMH-2026-0001?done=files", &officer).await;
    for said in ["wipe console.csv", "17 bytes", DIGEST, "Sealed, and on record", "two.txt"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("C:\\temp"), "the folder of the sender's machine is nobody's business");

    let at = page.find("/files/DMH-2026-0001/").unwrap();
    let href: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let copy = site.ask("GET", &href, &officer, &[]).await;
    assert_eq!(copy.headers()[header::CONTENT_TYPE], "application/octet-stream");
    assert!(copy.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment;"));
    assert!(["2", "MZ, not a program"].contains(&text(copy).await.as_str()));
    let looked = site.get("/incidents/DMH-2026-0001/access", &officer).await;
    assert!(looked.contains("two.txt") || looked.contains("wipe console.csv"), "taking a copy is on record: {looked}");
}

#[tokio::test]
async fn files_are_for_those_who_work_on_evidence() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    for (login, reads) in [("rao@example.gov", false), ("diaz@example.gov", false), ("vance@example.gov", true)] {
        let cookie = site.sign_in(login).await;
        let sent = site.send(&cookie, &[("note.txt", b"words")]).await.status();
        assert_eq!(sent == StatusCode::SEE_OTHER, reads, "{login}: {sent}");
    }
    let page = site.get("/incidents/DMH-2026-0001", &officer).await;
    assert_eq!(page.matches(">note.txt</a>").count(), 1, "{page}");
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_and_what_arrived_beside_it_stays() {
    let site = Site::open().await;
    let officer = with_incident(&site).await;
    let nothing = site.send(&officer, &[]).await;
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(nothing).await.contains("Choose a file first."));

    let large = vec![b'x'; 1_500_000];
    let mixed = site.send(&officer, &[("large.bin", &large), ("small.txt", b"fits"), ("empty.txt", b"")]).await;
    assert_eq!(mixed.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(mixed).await;
    assert!(page.contains("large.bin is 1.5 MB. The most we can take is 1 MB."), "{page}");
    assert!(page.contains("empty.txt is empty"), "{page}");
    assert!(page.contains(">small.txt</a>") && !page.contains(">large.bin</a>"), "{page}");
}

#[tokio::test]
async fn an_incident_that_is_no_longer_worked_takes_no_file_and_says_why() {
    let site = Site::open().await;
    let reference = site.report("malware", "Odd").await;
    let officer = site.sign_in("ortiz@example.gov").await;
    site.post(&format!("/inbox/{reference}/accept"), &officer, &[]).await;
    site.post(&format!("/inbox/{reference}/undo"), &officer, &[]).await;
    let sent = site.send(&officer, &[("late.txt", b"late")]).await;
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = text(sent).await;
    assert!(page.contains("This incident was withdrawn") && !page.contains("late.txt"), "{page}");
}
