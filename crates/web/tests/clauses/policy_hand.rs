//! What the proofs of policy clauses share: a text of policy taken from the shipped ones and changed, handed in as a zip,
//! and reports and forms sent as programs and browsers send them.

use std::path::Path;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use tower::ServiceExt;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::site::{Site, text};

/// The shipped text below a folder of `policy/` as a zip, its `pack.toml` under another id, each pair of words replaced
/// once in whatever file has them.
pub fn text_of(folder: &str, id: &str, changes: &[(&str, &str)]) -> Vec<u8> {
    let root = ground::repository().join("policy").join(folder);
    let mut files = Vec::new();
    read(&root, &root, &mut files);
    let mut done = vec![false; changes.len()];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, mut words) in files {
        if path == "pack.toml" {
            words = words.replacen(&format!("id = \"{folder}\""), &format!("id = \"{id}\""), 1);
        }
        for (change, done) in changes.iter().zip(&mut done) {
            if !*done && words.contains(change.0) {
                words = words.replacen(change.0, change.1, 1);
                *done = true;
            }
        }
        zip.start_file(format!("text/{path}"), SimpleFileOptions::default()).unwrap();
        zip.write_all(words.as_bytes()).unwrap();
    }
    assert!(done.iter().all(|done| *done), "every change is made: {changes:?}");
    zip.finish().unwrap().into_inner()
}

fn read(root: &Path, folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, into);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            into.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

impl Site {
    /// Sends a form with a file in it.
    pub async fn send_file(
        &self,
        path: &str,
        cookie: &str,
        fields: &[(&str, &str)],
        (name, file): (&str, &[u8]),
    ) -> Response {
        let mark = "----a-mark-between-parts";
        let mut body = Vec::new();
        for (field, value) in fields {
            let part = format!("--{mark}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"sent.bin\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:8420")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={mark}"))
            .body(Body::from(body))
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Hands in a text; gives back the page of the proposal.
    pub async fn propose(&self, admin: &str, zip: &[u8], from: &str) -> String {
        let fields = [("from", from), ("note", "The text was changed by its issuer."), ("then", "propose")];
        let answer = self.send_file("/admin/packs", admin, &fields, ("text", zip)).await;
        let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        match to {
            Some(to) => to.split('?').next().unwrap().to_owned(),
            None => panic!("the text was not taken: {}", text(answer).await),
        }
    }

    /// Asks another server.
    pub async fn ask_at(&self, server: &axum::Router, method: &str, path: &str, cookie: &str) -> Response {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8420");
        let request = request.header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        server.clone().oneshot(request).await.unwrap()
    }

    /// Refused with these words on the page.
    pub async fn says_no(&self, answer: Response, words: &str) -> String {
        let status = answer.status();
        let page = text(answer).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(page.contains(words), "{words}: {page}");
        page
    }

    /// Files a report as a program does, without an account; gives back its reference.
    pub async fn files(&self, unit: &str, words: &str) -> String {
        let body = json!({ "unit": unit, "words": words, "reporter": { "name": "Sam Lee" } });
        let request = Request::post("/api/v1/reports")
            .header(header::HOST, "127.0.0.1:8420")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let told: Value = serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap();
        assert_eq!(status, StatusCode::CREATED, "{told}");
        told["reference"].as_str().unwrap().to_owned()
    }

    /// What a program is told about an incident.
    pub async fn told(&self, path: &str, token: &str) -> Value {
        let request = Request::get(path)
            .header(header::HOST, "127.0.0.1:8420")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
    }

    /// Accepts a report; gives back the address of the incident.
    pub async fn accepts(&self, officer: &str, report: &str) -> String {
        let to = self.post(&format!("/inbox/{report}/accept"), officer, &[]).await;
        to.split('?').next().unwrap().to_owned()
    }
}

/// A zip of these files.
pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, words) in files {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(words.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
