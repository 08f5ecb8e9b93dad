//! Typesetting in a child process: the typesetter's memory, fonts and faults stay outside the server.

use crate::wrong::Wrong;
use app::{Trouble, Typesetter};
use documents::Job;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest that one document may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest document.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Starts this same binary as `tocsin render` for each document.
pub struct ChildTypesetter;

#[async_trait::async_trait]
impl Typesetter for ChildTypesetter {
    async fn typeset(&self, job: Job) -> Result<Vec<u8>, Trouble> {
        let fault = |e: &dyn std::fmt::Display| Trouble::fault("typesetting a document", e);
        let input = serde_json::to_vec(&job).map_err(|e| fault(&e))?;
        let mut child = tokio::process::Command::new(this_binary().map_err(|e| fault(&e))?)
            .arg("render")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| fault(&e))?;
        let mut stdin = child.stdin.take().ok_or_else(|| fault(&"no pipe to the child"))?;
        let stdout = child.stdout.take().ok_or_else(|| fault(&"no pipe from the child"))?;
        let work = async {
            let feed = async {
                stdin.write_all(&input).await?;
                stdin.shutdown().await?;
                drop(stdin);
                Ok::<_, std::io::Error>(())
            };
            let mut bytes = Vec::new();
            let mut limited = stdout.take(LARGEST + 1);
            let (fed, read) = tokio::join!(feed, limited.read_to_end(&mut bytes));
            fed?;
            read?;
            Ok::<_, std::io::Error>((bytes, child.wait().await?))
        };
        let (bytes, status) = tokio::time::timeout(PATIENCE, work)
            .await
            .map_err(|_| fault(&"it took longer than 30 seconds"))?
            .map_err(|e| fault(&e))?;
        if !status.success() || bytes.is_empty() || bytes.len() as u64 > LARGEST {
            return Err(fault(&format!("the child ended with {status} and {} bytes", bytes.len())));
        }
        Ok(bytes)
    }
}

/// The program that runs here, even when an update has meanwhile put another file in its place.
///
/// Linux keeps the running file reachable under this name after it was replaced; its path would then name the new one,
/// which may read jobs of another form, or nothing at all.
fn this_binary() -> std::io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { Ok(running) } else { std::env::current_exe() }
}

/// The child: a job as JSON on standard input, the document on standard output.
pub fn child() -> Result<ExitCode, Wrong> {
    let mut input = Vec::new();
    std::io::stdin().lock().take(LARGEST).read_to_end(&mut input)?;
    let job: Job = serde_json::from_slice(&input)?;
    let bytes = documents::render(job).map_err(|e| Wrong::new(e.to_string()))?;
    std::io::stdout().lock().write_all(&bytes)?;
    Ok(ExitCode::SUCCESS)
}
