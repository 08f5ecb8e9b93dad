//! Running other programs, with an error that says which one failed and how.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Why a task did not succeed, in words for the person at the terminal.
pub type Failure = String;

/// The top of the repository: the folder that holds `xtask/`.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Where build output goes: `CARGO_TARGET_DIR` or `target/`.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The cargo that started us, so that nested calls use the same toolchain.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// A program started at the top of the repository.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The command as a person would type it.
pub fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    // Paths inside the repository are shown from its top, where commands run.
    let top = root().canonicalize().unwrap_or_default();
    let name = |word: &OsStr| {
        let path = Path::new(word);
        let inside = path.canonicalize().ok().and_then(|whole| Some(whole.strip_prefix(&top).ok()?.to_path_buf()));
        match inside {
            Some(inside) if path.is_absolute() => inside.display().to_string(),
            _ => word.to_string_lossy().into_owned(),
        }
    };
    words.map(name).collect::<Vec<_>>().join(" ")
}

/// Runs to the end with the terminal's output.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = spelled(command);
    println!("$ {shown}");
    let status = command.status().map_err(|why| format!("{shown}: {why}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown}: {status}")) }
}

/// Runs to the end and returns what it printed; its errors go to the terminal.
pub fn output(command: &mut Command) -> Result<String, Failure> {
    let shown = spelled(command);
    let done = command.stderr(Stdio::inherit()).output().map_err(|why| format!("{shown}: {why}"))?;
    if !done.status.success() {
        return Err(format!("{shown}: {}", done.status));
    }
    String::from_utf8(done.stdout).map_err(|_| format!("{shown}: printed something that is not text"))
}

/// Whether a program of that name is on the path.
pub fn installed(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(name).is_file()))
}

/// The user's number as the kernel knows it; 0 is root.
pub fn user_number() -> Result<u32, Failure> {
    let printed = output(Command::new("id").arg("-u"))?;
    printed.trim().parse().map_err(|_| format!("id -u printed {printed:?}"))
}
