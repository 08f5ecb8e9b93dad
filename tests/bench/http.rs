//! A plain HTTP/1.1 client that keeps its connection: small enough that what is measured is the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// One connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    headers: String,
}

/// An answer.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body, as sent.
    pub body: Vec<u8>,
}

impl Client {
    /// Connects; `headers` go with every request, each line ended by CR LF.
    pub fn connect(to: SocketAddr, headers: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::with_capacity(128 * 1024, stream), headers: headers.to_owned() })
    }

    /// Gets a page.
    pub fn get(&mut self, path: &str) -> std::io::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{}\r\n", self.headers);
        self.send(request.as_bytes())
    }

    /// Gets a page without compression, as text.
    pub fn plainly(&mut self, path: &str) -> std::io::Result<String> {
        let headers = self.headers.replace("Accept-Encoding: br\r\n", "");
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n");
        Ok(String::from_utf8_lossy(&self.send(request.as_bytes())?.body).into_owned())
    }

    /// Posts JSON under an idempotency key.
    pub fn post(&mut self, path: &str, key: &str, body: &str) -> std::io::Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
             Content-Length: {}\r\n{}\r\n{body}",
            body.len(),
            self.headers
        );
        self.send(request.as_bytes())
    }

    fn send(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        let (mut length, mut chunked) = (0usize, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            chunked |= header.starts_with("transfer-encoding:") && header.ends_with("chunked");
        }
        let body = if chunked { self.chunks()? } else { self.exactly(length)? };
        Ok(Answer { status, body })
    }

    fn exactly(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
            body.extend(self.exactly(size)?);
            self.exactly(2)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

/// Runs `work` on so many connections for so long; gives every request's time and the requests per second. The first
/// second is left out.
pub fn load(
    connections: usize,
    seconds: u64,
    connect: impl Fn() -> std::io::Result<Client> + Sync,
    work: impl Fn(&mut Client, u64) -> std::io::Result<()> + Sync,
) -> std::io::Result<(super::figures::Times, f64)> {
    let start = Instant::now();
    let warm = start + Duration::from_secs(1);
    let end = warm + Duration::from_secs(seconds);
    let times = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections as u64)
            .map(|number| {
                let (connect, work) = (&connect, &work);
                scope.spawn(move || -> std::io::Result<Vec<Duration>> {
                    let mut client = connect()?;
                    let mut times = Vec::new();
                    let mut n = number << 40;
                    while Instant::now() < end {
                        let before = Instant::now();
                        work(&mut client, n)?;
                        if before > warm {
                            times.push(before.elapsed());
                        }
                        n += 1;
                    }
                    Ok(times)
                })
            })
            .collect();
        let joined =
            threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err(std::io::Error::other("a caller died"))));
        joined.collect::<std::io::Result<Vec<_>>>()
    })?;
    let all: Vec<Duration> = times.into_iter().flatten().collect();
    let rate = all.len() as f64 / seconds as f64;
    Ok((super::figures::Times::new(all), rate))
}
