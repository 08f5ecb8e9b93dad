//! A real mail server for one test, with certificates of the test's own authorities.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// An authority of a test's own, with a certificate for `localhost` that it signed.
pub struct Authority {
    folder: TempDir,
}

impl Authority {
    /// Makes one.
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let authority = Self { folder };
        let at = |name: &str| authority.path(name).display().to_string();
        let new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        openssl(
            &["req", "-x509"],
            &new_key,
            &["-keyout", &at("ca.key"), "-out", &at("ca.pem"), "-days", "2", "-subj", "/CN=A test's own authority"],
        );
        openssl(&["req"], &new_key, &["-keyout", &at("key.pem"), "-out", &at("request.pem"), "-subj", "/CN=localhost"]);
        std::fs::write(authority.path("leaf.cnf"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
            .expect("written");
        openssl(
            &["x509", "-req", "-days", "2"],
            &["-in", &at("request.pem"), "-extfile", &at("leaf.cnf")],
            &["-CA", &at("ca.pem"), "-CAkey", &at("ca.key"), "-CAcreateserial", "-out", &at("cert.pem")],
        );
        authority
    }

    /// Its own certificate: the file that `--mail-ca-file` names.
    pub fn file(&self) -> PathBuf {
        self.path("ca.pem")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn openssl(what: &[&str], with: &[&str], to: &[&str]) {
    let output = Command::new("openssl").args(what).args(with).args(to).output().expect("openssl runs");
    assert!(output.status.success(), "{what:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A running mail server, and everything that has happened to it.
pub struct MailServer {
    child: Child,
    happened: Arc<Mutex<Vec<Value>>>,
}

/// How long a message may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

impl MailServer {
    /// Starts one with a certificate of this authority.
    pub fn start(authority: &Authority, options: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("mail/server.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .args([authority.path("key.pem"), authority.path("cert.pem")])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs the mail server");
        let stdout = child.stdout.take().expect("its output is read");
        let happened = Arc::new(Mutex::new(Vec::new()));
        let noted = happened.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                noted.lock().expect("unpoisoned").push(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Self { child, happened }
    }

    /// Its port, once it listens.
    pub async fn port(&self) -> u64 {
        let port = || self.all("listening").first().and_then(|it| it["port"].as_u64());
        wait("the mail server to listen", port).await
    }

    /// Its address as `tocsin serve` takes it, with the host name that its certificate bears.
    pub async fn url(&self) -> String {
        format!("smtp://localhost:{}", self.port().await)
    }

    /// Everything of a kind so far.
    pub fn all(&self, what: &str) -> Vec<Value> {
        let happened = self.happened.lock().expect("unpoisoned");
        happened.iter().filter(|it| it["what"] == what).cloned().collect()
    }

    /// The texts of the messages to an address so far.
    pub fn messages_to(&self, address: &str) -> Vec<String> {
        let to = |it: &Value| it["to"].as_array().is_some_and(|to| to.iter().any(|a| a == address));
        let messages = self.all("message").into_iter().filter(to);
        messages.map(|it| it["text"].as_str().expect("text").to_owned()).collect()
    }

    /// Waits until so many messages to an address have come.
    pub async fn until_messages_to(&self, address: &str, count: usize) -> Vec<String> {
        let enough = || Some(self.messages_to(address)).filter(|messages| messages.len() >= count);
        wait(&format!("{count} messages to {address}"), enough).await
    }
}

/// Asks again and again until there is an answer.
pub async fn wait<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    const STEP: Duration = Duration::from_millis(100);
    for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
        if let Some(found) = found() {
            return found;
        }
        tokio::time::sleep(STEP).await;
    }
    panic!("waited in vain for {what}")
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
