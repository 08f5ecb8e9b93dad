//! The real binary as a child: started, waited for, weighed, ended.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to the first "ready".
    pub start: Duration,
}

impl Server {
    /// Starts the binary on a free port over a data folder.
    pub fn start(tocsin: &Path, data: &Path, database: Option<&str>) -> Result<Self, Box<dyn std::error::Error>> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let before = Instant::now();
        let mut command = Command::new(tocsin);
        command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(data);
        if let Some(url) = database {
            command.args(["--database-url", url]);
        }
        let child = command.env("TOCSIN_LOG", "error").stdout(Stdio::null()).spawn()?;
        let mut server = Self { child, address, start: Duration::ZERO };
        loop {
            let ready = super::http::Client::connect(address, "").and_then(|mut c| c.get("/health/ready"));
            if ready.is_ok_and(|answer| answer.status == 200) {
                server.start = before.elapsed();
                return Ok(server);
            }
            if before.elapsed() > Duration::from_secs(30) {
                return Err("the server did not become ready in 30 seconds".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Resident memory in megabytes.
    pub fn megabytes(&self) -> f64 {
        resident(self.child.id(), "VmRSS:")
    }
}

/// A line of a process's memory in megabytes: `VmRSS:` now, `VmHWM:` the most so far.
pub fn resident(process: u32, line: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(line));
    let kilobytes: f64 = line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok()).unwrap_or(f64::NAN);
    kilobytes / 1024.0
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
