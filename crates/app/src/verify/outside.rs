//! Checkpoints that left the machine: what a rolled back or rewritten store cannot agree with.

use super::{Found, Kind, Run};
use crate::Trouble;
use journal::{Checkpoint, Keyring, VerifierKey};

/// Every checkpoint from outside. A copy that this installation has not signed is named.
pub(super) fn read(run: &mut Run<'_>) -> Result<Vec<Checkpoint>, Trouble> {
    let mut checkpoints = folder(run)?;
    for note in run.notes {
        match opened(run.keyring, note) {
            Ok(checkpoint) => checkpoints.push(checkpoint),
            Err(why) => {
                let sentence = format!("a checkpoint that was handed over is not one of this installation: {why}");
                run.findings.say(Kind::CheckpointAltered, sentence);
            }
        }
    }
    run.checked.outside = checkpoints.len() as u64;
    Ok(checkpoints)
}

fn folder(run: &mut Run<'_>) -> Result<Vec<Checkpoint>, Trouble> {
    let Some(folder) = run.checkpoints else { return Ok(Vec::new()) };
    let unreadable =
        |e: std::io::Error| Trouble::Refused(format!("the checkpoints in {} cannot be read: {e}", folder.display()));
    let mut checkpoints = Vec::new();
    for file in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = file.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.starts_with("checkpoint") || name.ends_with(".new") {
            continue;
        }
        let note = std::fs::read_to_string(&path).map_err(unreadable)?;
        match opened(run.keyring, &note) {
            Ok(checkpoint) => checkpoints.push(checkpoint),
            Err(why) => {
                let sentence = format!("the checkpoint {} is not one of this installation: {why}", path.display());
                run.findings.push(Found::of(Kind::CheckpointAltered, sentence));
            }
        }
    }
    if checkpoints.is_empty() {
        let sentence = format!("the folder {} holds no checkpoint of this installation", folder.display());
        run.findings.say(Kind::Unchecked, sentence);
    }
    Ok(checkpoints)
}

/// A checkpoint that this installation's key has signed, whatever name the log had at the time: the name follows the
/// public address and may change, the key does not.
pub(super) fn opened(keyring: &Keyring, note: &str) -> Result<Checkpoint, String> {
    let key = verifier(keyring, note)?;
    Checkpoint::open(note, &key).map_err(|e| e.to_string())
}

fn verifier(keyring: &Keyring, note: &str) -> Result<VerifierKey, String> {
    let origin = note.lines().next().unwrap_or_default();
    keyring.signing().map_err(|e| e.to_string())?.verifier(origin).map_err(|e| e.to_string())
}
