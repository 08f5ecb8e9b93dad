//! Accepts connections and gives each one deadlines, because a public service meets callers that never finish a sentence.
//!
//! `axum::serve` sets no timers, so a caller who sends one header byte a minute would hold a connection for ever.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Instant, Sleep, sleep, timeout},
};
use tower::ServiceExt;

/// How patient the server is, and with how many callers at once.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the first moment of waiting for a request until its last header.
    pub header: Duration,
    /// Without a single byte in either direction, also in the middle of a body.
    pub idle: Duration,
    /// Open connections in all; further callers wait in the kernel's queue.
    pub connections: usize,
    /// Open connections from one address (IPv4) or one /64 network (IPv6). A proxy in front needs a higher number.
    pub connections_per_peer: usize,
    /// How long running requests may finish after the signal to stop.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            connections: 4_096,
            connections_per_peer: 512,
            farewell: Duration::from_secs(20),
        }
    }
}

/// Serves the router until `stop` resolves, then lets running requests finish within [`Limits::farewell`].
///
/// Handlers find the caller's address as [`ConnectInfo<SocketAddr>`].
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let limits = Arc::new(limits);
    let builder = Arc::new(connection_builder(&limits));
    let free = Arc::new(Semaphore::new(limits.connections));
    let peers = Peers::default();
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);

    loop {
        let permit = tokio::select! {
            permit = Arc::clone(&free).acquire_owned() => permit,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let Some(seat) = peers.seat(peer.ip(), limits.connections_per_peer) else { continue };
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(Attentive::new(stream, limits.idle));
        let service = TowerToHyperService::new(with_peer(router.clone(), peer));
        let connection = builder.serve_connection_with_upgrades(io, service).into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(cause) = watched.await {
                tracing::debug!(%cause, "a connection ended early");
            }
            drop((permit, seat));
        });
    }
    drop(listener);
    if timeout(limits.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still running at the end of the farewell and were cut off");
    }
}

fn connection_builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_headers(100)
        .max_buf_size(32 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.idle / 2)
        .keep_alive_timeout(limits.header)
        .max_concurrent_streams(64)
        .max_header_list_size(16 * 1024)
        .max_pending_accept_reset_streams(32);
    builder
}

fn with_peer(
    router: Router,
    peer: SocketAddr,
) -> impl tower::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Clone
+ Send
+ 'static {
    router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    })
}

/// Waits for the next caller; a full file table or a caller who left is no reason to stop listening.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(cause) if is_callers_own(&cause) => {}
            Err(cause) => {
                tracing::error!(%cause, "no connection could be accepted; trying again");
                sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_callers_own(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}

/// How many connections each network holds, so that one caller cannot take every seat.
#[derive(Clone, Default)]
struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Peers {
    fn seat(&self, peer: IpAddr, limit: usize) -> Option<Seat> {
        let network = network(peer);
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(network).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(Seat { peers: self.clone(), network })
    }
}

fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

struct Seat {
    peers: Peers,
    network: IpAddr,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.network);
            }
        }
    }
}

/// A stream that gives up when neither side has moved a byte for the idle time.
struct Attentive {
    stream: TcpStream,
    idle: Duration,
    moved: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl Attentive {
    fn new(stream: TcpStream, idle: Duration) -> Self {
        Self { stream, idle, moved: Instant::now(), alarm: Box::pin(sleep(idle)) }
    }

    /// Passes a result on, noting movement; a pending one is answered by the alarm once the idle time has passed.
    fn heed<T>(&mut self, context: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.moved = Instant::now();
            return result;
        }
        // The alarm is set again only when it rings: most polls then cost no timer work.
        while self.alarm.as_mut().poll(context).is_ready() {
            let due = self.moved + self.idle;
            if due <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(due);
        }
        Poll::Pending
    }
}

impl AsyncRead for Attentive {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_read(context, into);
        self.heed(context, result)
    }
}

impl AsyncWrite for Attentive {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.heed(context, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.heed(context, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(context);
        self.heed(context, result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(context);
        self.heed(context, result)
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Bytes,
        routing::{get, post},
    };
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::oneshot,
        task::JoinHandle,
    };

    use super::*;

    async fn start(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let router = Router::new()
            .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
            .route(
                "/slow",
                get(|| async {
                    sleep(Duration::from_millis(300)).await;
                    "done"
                }),
            )
            .route("/body", post(|body: Bytes| async move { body.len().to_string() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            serve(listener, router, limits, async {
                if stopped.await.is_err() {
                    std::future::pending::<()>().await;
                }
            })
            .await;
        });
        (address, stop, task)
    }

    fn hasty() -> Limits {
        Limits { header: Duration::from_millis(150), idle: Duration::from_millis(200), ..Limits::default() }
    }

    async fn talk(address: SocketAddr, words: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer))
            .await
            .expect("the server closed the connection");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_request_is_answered_and_knows_its_caller() {
        let (address, ..) = start(Limits::default()).await;
        let answer = talk(address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    }

    #[tokio::test]
    async fn a_caller_who_never_finishes_the_headers_is_let_go() {
        let (address, ..) = start(hasty()).await;
        let answer = talk(address, "GET / HTTP/1.1\r\nhost: x\r\nx-slow").await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }

    #[tokio::test]
    async fn a_caller_who_says_nothing_is_let_go() {
        let (address, ..) = start(hasty()).await;
        assert_eq!(talk(address, "").await, "");
    }

    #[tokio::test]
    async fn a_body_that_stops_arriving_ends_the_connection() {
        let (address, ..) = start(hasty()).await;
        let answer = talk(address, "POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf").await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }

    #[tokio::test]
    async fn a_running_request_is_finished_before_the_end() {
        let (address, stop, task) = start(Limits::default()).await;
        let asked = tokio::spawn(talk(address, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"));
        sleep(Duration::from_millis(100)).await;
        stop.send(()).unwrap();
        assert!(asked.await.unwrap().ends_with("done"));
        timeout(Duration::from_secs(5), task).await.expect("the server ended").unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "nobody is accepted any more");
    }

    #[tokio::test]
    async fn one_network_cannot_take_every_seat() {
        let (address, ..) = start(Limits { connections_per_peer: 1, ..Limits::default() }).await;
        let mut first = TcpStream::connect(address).await.unwrap();
        first.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut some = [0; 12];
        first.read_exact(&mut some).await.unwrap();
        assert_eq!(talk(address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await, "");
        drop(first);
        sleep(Duration::from_millis(100)).await;
        assert!(talk(address, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.contains("200 OK"));
    }

    #[test]
    fn a_network_is_an_ipv4_address_or_an_ipv6_subnet() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
