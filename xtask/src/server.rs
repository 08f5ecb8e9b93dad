//! The real binary, serving its demonstration from a folder of its own, for checks that come from outside.

use crate::run::{self, Failure};
use serde::Deserialize;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    thread,
    time::Duration,
};

/// How often, 100 ms apart, the demonstration is asked for: a debug build makes five agencies within a minute.
const PATIENCE: u32 = 1_200;

/// What `tocsin demo` leaves in its data folder as `demo.json`, as far as checks need it.
#[derive(Deserialize)]
pub struct Demo {
    /// Where it listens, with scheme: `http://127.0.0.1:43211`.
    pub address: String,
    /// A bearer token of an officer, for checks of the API.
    #[serde(default)]
    pub api_token: Option<String>,
}

/// A running demonstration; dropping it ends it and removes its folder.
pub struct Server {
    process: Child,
    folder: PathBuf,
    /// What it says of itself.
    pub demo: Demo,
}

impl Server {
    /// Starts `tocsin demo` on a free port and waits for its `demo.json`.
    pub fn demo() -> Result<Self, Failure> {
        let binary = run::target().join("debug/tocsin");
        let folder = env::temp_dir().join(format!("tocsin-check-{}", process::id()));
        let process = Command::new(&binary)
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .stdout(Stdio::null())
            .spawn();
        let mut process = process.map_err(|why| format!("{}: {why}", binary.display()))?;
        match wait_for(&folder.join("demo.json"), &mut process) {
            Ok(demo) => Ok(Self { process, folder, demo }),
            Err(why) => {
                end(&mut process, &folder);
                Err(why)
            }
        }
    }

    /// The file in which it says so, with its accounts.
    pub fn told(&self) -> PathBuf {
        self.folder.join("demo.json")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.process, &self.folder);
    }
}

fn end(process: &mut Child, folder: &Path) {
    let _ = process.kill();
    let _ = process.wait();
    let _ = fs::remove_dir_all(folder);
}

fn wait_for(file: &Path, process: &mut Child) -> Result<Demo, Failure> {
    for _ in 0..PATIENCE {
        // The file is renamed into place, so what is there is whole.
        if let Ok(text) = fs::read_to_string(file) {
            return serde_json::from_str(&text).map_err(|why| format!("demo.json: {why}"));
        }
        if let Ok(Some(status)) = process.try_wait() {
            return Err(format!("tocsin demo ended before it was ready: {status}"));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err("tocsin demo wrote no demo.json within two minutes".to_owned())
}
