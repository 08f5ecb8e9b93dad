//! A temporary PostgreSQL for tests: started from Debian's binaries on a free port, gone when the command ends.
//!
//! It listens on 127.0.0.1 only and trusts whoever reaches it, because it holds nothing but what tests put there.
//! Durability is left as a state would run it (fsync on), so that crash tests mean something. Each test makes its
//! own database.

use crate::run::{self, Failure};
use std::{
    ffi::OsString,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// The variable that tests read; without it a test of the PostgreSQL store fails and says so.
pub const URL: &str = "TOCSIN_TEST_POSTGRES_URL";

/// How often, 100 ms apart, a new server is asked whether it is ready: a slow disk gets a minute.
const PATIENCE: u32 = 600;
/// Another process may take the free port before the server does.
const ATTEMPTS: u32 = 3;

/// A running server; dropping it stops it and removes its files.
pub struct Cluster {
    server: Child,
    folder: PathBuf,
    port: u16,
}

/// Runs a command beside a server of its own.
pub fn beside(command: &[OsString]) -> Result<(), Failure> {
    let (name, arguments) = command.split_first().ok_or("no command was given")?;
    let cluster = Cluster::start()?;
    run::run(Command::new(name).args(arguments).env(URL, cluster.url()))
}

/// The newest folder of Debian's server binaries, if there is one.
pub fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let whole = versions.flatten().map(|entry| entry.path()).filter(|path| path.join("bin/initdb").is_file());
    Some(newest(whole)?.join("bin"))
}

/// Folders are named for major versions; the highest number is meant, not the last name.
fn newest(versions: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    versions
        .max_by_key(|path| path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok()))
}

impl Cluster {
    /// Makes a cluster, starts it and waits until it answers.
    pub fn start() -> Result<Self, Failure> {
        let binaries = binaries().ok_or(
            "PostgreSQL's server binaries are not under /usr/lib/postgresql: run `cargo xtask check` once, \
             or `apt-get install postgresql`",
        )?;
        let who = Who::current()?;
        let folder = who.folder()?;
        let made = who
            .command(&binaries.join("initdb"))
            .arg("--pgdata")
            .arg(&folder)
            .args(["--username=tocsin", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .stdout(Stdio::null())
            .current_dir("/")
            .status();
        if !made.is_ok_and(|status| status.success()) {
            remove(&folder);
            return Err("initdb could not make a temporary cluster; its message is above".to_owned());
        }
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            let log = fs::File::create(log_file(port)).map_err(|why| why.to_string())?;
            let server = who
                .command(&binaries.join("postgres"))
                .arg("-D")
                .arg(&folder)
                .arg("-k")
                .arg(&folder)
                .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"])
                .stdout(Stdio::null())
                .stderr(log)
                .current_dir("/")
                .spawn();
            let server = server.map_err(|why| format!("postgres did not start: {why}"))?;
            let mut cluster = Self { server, folder: folder.clone(), port };
            if cluster.answers(&binaries) {
                return Ok(cluster);
            }
            cluster.stop();
        }
        remove(&folder);
        Err(format!("a temporary PostgreSQL did not start; see {}/postgres-*.log", run::target().display()))
    }

    /// Where it is reached, as its owner, in its first database.
    pub fn url(&self) -> String {
        format!("postgres://tocsin@127.0.0.1:{}/postgres", self.port)
    }

    fn answers(&mut self, binaries: &Path) -> bool {
        for _ in 0..PATIENCE {
            let asked = Command::new(binaries.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-U", "tocsin", "-d", "postgres", "-p", &self.port.to_string()])
                .status();
            if asked.is_ok_and(|status| status.success()) {
                return true;
            }
            if !matches!(self.server.try_wait(), Ok(None)) {
                return false;
            }
            thread::sleep(Duration::from_millis(100));
        }
        false
    }

    /// SIGINT asks for PostgreSQL's fast shutdown; after ten seconds it is ended anyway.
    fn stop(&mut self) {
        let asked = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        for _ in 0..100 {
            if asked.is_err() || !matches!(self.server.try_wait(), Ok(None)) {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_file(log_file(self.port));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
        remove(&self.folder);
    }
}

/// Whom the server runs as: PostgreSQL refuses root, so root lends it the account that the Debian package made.
enum Who {
    Ourselves,
    PostgresAccount,
}

impl Who {
    fn current() -> Result<Self, Failure> {
        Ok(if run::user_number()? == 0 { Self::PostgresAccount } else { Self::Ourselves })
    }

    /// The program under the right account, ended by the kernel should we end first, however we end.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]);
        if matches!(self, Self::PostgresAccount) {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        }
        command.arg("--").arg(program);
        command
    }

    /// An empty folder that only that account can read.
    fn folder(&self) -> Result<PathBuf, Failure> {
        let printed =
            run::output(self.command(Path::new("/usr/bin/mktemp")).args(["-d", "-t", "tocsin-postgres.XXXXXXXX"]))?;
        Ok(PathBuf::from(printed.trim_end()))
    }
}

/// Kept when the server did not start, removed when it did.
fn log_file(port: u16) -> PathBuf {
    run::target().join(format!("postgres-{port}.log"))
}

fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    Ok(listener.map_err(|why| format!("no free port: {why}"))?.port())
}

fn remove(folder: &Path) {
    if let Err(why) = fs::remove_dir_all(folder) {
        eprintln!("{} could not be removed: {why}", folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_binaries_are_those_of_the_highest_number() {
        let folders = ["/usr/lib/postgresql/9", "/usr/lib/postgresql/17", "/usr/lib/postgresql/15"];
        assert_eq!(newest(folders.iter().map(PathBuf::from)), Some(PathBuf::from("/usr/lib/postgresql/17")));
    }

    #[test]
    fn a_free_port_can_be_listened_on() {
        let port = free_port().expect("a machine that runs tests has a free port");
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
    }
}
