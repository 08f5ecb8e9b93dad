//! Serving: the router on its accept loop, the worker beside it, and an orderly end.

use crate::machine::SystemRandom;
use crate::wrong::Wrong;
use app::App;
use domain::ambient::Random;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use web::serve::Limits;

/// Listens; says on which address.
pub async fn listen(at: SocketAddr) -> Result<(TcpListener, SocketAddr), Wrong> {
    let listener = TcpListener::bind(at).await.map_err(|e| {
        Wrong::new(format!("{at} cannot be listened on: {e}. Choose another with --listen ADDRESS:PORT."))
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until interrupted or told to end, then lets running requests and the present job finish.
pub async fn serve(app: App, listener: TcpListener, ending: Ending) -> Result<(), Wrong> {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn({
        let app = app.clone();
        async move { app.work(stopped).await }
    });
    let ids: web::security::RequestIds = Arc::new(|| {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        data_encoding::HEXUPPER.encode(&bytes)
    });
    web::serve::serve(listener, web::router(app, ids), Limits::default(), ending.come()).await;
    let _ = stop.send(true);
    worker.await.map_err(|e| Wrong::new(format!("the worker ended badly: {e}")))
}

/// The wish of an operator that the server end. Heard from the moment this is made, also before anybody asks for it.
pub struct Ending {
    interrupt: Signal,
    terminate: Signal,
}

impl Ending {
    /// Begins to listen for it. Made before the address is announced, so that whoever reads the address can end the
    /// server in order at once.
    pub fn heard() -> Result<Self, Wrong> {
        let listen = |kind| signal(kind).map_err(|e| Wrong::new(format!("signals cannot be heard: {e}")));
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn come(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        tracing::info!("ending: finishing what runs");
    }
}

/// Logs to standard error: words for people at a terminal, JSON where `TOCSIN_LOG_JSON` is set.
pub fn log(default: &str) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("TOCSIN_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::env::var_os("TOCSIN_LOG_JSON").is_some() {
        log.json().try_init()
    } else {
        log.with_target(false).try_init()
    };
    if started.is_err() {
        eprintln!("tocsin: a log was already started");
    }
}
