//! An installation of a test's own: the real binary over a temporary folder, served, ended, killed, verified.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long a server may take to be ready on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// Folder and database of a test; both are gone when it ends.
pub struct Installation {
    folder: TempDir,
    /// Its PostgreSQL, where it has one.
    pub database: Option<String>,
}

/// A running server.
pub struct Serving {
    child: Child,
    log: PathBuf,
    /// Such as `http://127.0.0.1:40123`.
    pub address: String,
}

/// What a command said.
#[derive(Debug)]
pub struct Told {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Told {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Its standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|why| panic!("{why} in {self:?}"))
    }

    /// Insists that it succeeded.
    #[track_caller]
    pub fn sound(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }
}

/// The binary under test, built before the tests are.
pub fn tocsin() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let found = test.ancestors().skip(1).map(|folder| folder.join("tocsin")).find(|path| path.is_file());
    found.expect("the program is built first: cargo build")
}

/// Runs the program with nothing of the surrounding configuration.
pub fn command<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(tocsin());
    command.args(arguments).current_dir("/");
    let place = ["DATA", "DATABASE_URL", "ROOT_KEY", "CONFIG", "LISTEN", "PUBLIC_ADDRESS", "CHECKPOINTS"];
    for name in place.iter().chain(&["SMTP_URL", "MAIL_FROM", "MAIL_CA_FILE"]) {
        command.env_remove(format!("TOCSIN_{name}"));
    }
    command
}

/// Runs it to its end.
pub fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Told {
    Told::of(command(arguments).output().expect("the program starts"))
}

impl Installation {
    /// An empty one on the embedded store.
    pub fn embedded() -> Self {
        Self { folder: TempDir::new().expect("a folder"), database: None }
    }

    /// An empty one on a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        Self { folder: TempDir::new().expect("a folder"), database: Some(crate::postgres::database().await) }
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of its checkpoints, outside the data folder.
    pub fn checkpoints(&self) -> PathBuf {
        self.folder.path().join("checkpoints")
    }

    /// A path beside its data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The embedded database's file.
    pub fn file(&self) -> PathBuf {
        self.data().join("tocsin.db")
    }

    fn place(&self) -> Vec<String> {
        let mut place = vec!["--data".to_owned(), self.data().display().to_string()];
        if let Some(url) = &self.database {
            place.extend(["--database-url".to_owned(), url.clone()]);
        }
        place
    }

    /// Runs a command on it.
    pub fn run(&self, arguments: &[&str]) -> Told {
        run(arguments.iter().map(ToString::to_string).chain(self.place()))
    }

    /// Verifies it, as JSON.
    pub fn verify(&self) -> Told {
        self.run(&["verify", "--json"])
    }

    /// Starts the demonstration: five agencies, eight reports.
    pub fn demo(&self) -> Serving {
        self.start("demo", "Tocsin is running at ", &[])
    }

    /// Serves it.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    /// Serves it with more flags.
    pub fn serve_with(&self, flags: &[&str]) -> Serving {
        self.start("serve", "Listening on ", flags)
    }

    fn start(&self, how: &str, ready: &str, flags: &[&str]) -> Serving {
        let (log, checkpoints) = (self.beside("server.log"), self.checkpoints().display().to_string());
        let usual = [how, "--listen", "127.0.0.1:0", "--checkpoints", &checkpoints];
        let arguments = usual.iter().chain(flags);
        let mut child = command(arguments.map(ToString::to_string).chain(self.place()))
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).expect("a log"))
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("its output is read");
        let (told, tells) = std::sync::mpsc::channel();
        let ready = ready.to_owned();
        // The pipe is read to its end, so that the server never waits for its reader.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix(&ready) {
                    let _ = told.send(address.trim().to_owned());
                }
            }
        });
        match tells.recv_timeout(PATIENCE) {
            Ok(address) => {
                let serving = Serving { child, log, address };
                serving.answers();
                serving
            }
            Err(why) => {
                let _ = child.kill();
                panic!("the server did not become ready: {why}")
            }
        }
    }

    /// Waits until the running server has sealed everything, then gives what verify says.
    pub fn sealed(&self) -> Told {
        for _ in 0..120 {
            let told = self.verify();
            let checked = told.json()["checked"].clone();
            if checked["unsealed"] == 0 && checked["log"].as_u64().is_some_and(|log| log > 0) {
                return told;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        panic!("nothing was sealed in a minute")
    }

    /// A copy of an embedded installation whose server has ended.
    pub fn copy(&self) -> Self {
        let copy = Self::embedded();
        copy_folder(&self.data(), &copy.data());
        if self.checkpoints().exists() {
            copy_folder(&self.checkpoints(), &copy.checkpoints());
        }
        copy
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder is made");
    for entry in std::fs::read_dir(from).expect("a folder is read") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

impl Serving {
    /// Waits for its first answer: before that it may not hear yet that it shall end in order.
    fn answers(&self) {
        let host = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        let asked = format!("GET /health/ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Ends it in order: running requests finish.
    pub fn end(mut self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(asked.success());
        let ended = self.child.wait().expect("it ends");
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        assert!(ended.success(), "the server ends in order: {ended}\n{log}");
    }

    /// Ends it as a power cut would: `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Files a report under a caller's key; `None` when the server did not answer to the end.
    pub async fn report(&self, client: &reqwest::Client, key: &str, words: &str) -> Option<String> {
        post(client, &self.address, key, words).await
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Files a report at an address under a caller's key. The reference, once the whole answer has arrived.
pub async fn post(client: &reqwest::Client, address: &str, key: &str, words: &str) -> Option<String> {
    let body = json!({
        "unit": "RVB",
        "words": words,
        "reporter": { "name": "Sam Lee", "phone": "573-555-0199" },
    });
    let request = client.post(format!("{address}/api/v1/reports")).header("Idempotency-Key", key).json(&body);
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let told: Value = answer.json().await.ok()?;
    assert_eq!(status, 201, "{told}");
    told["reference"].as_str().map(ToOwned::to_owned)
}
