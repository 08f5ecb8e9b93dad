//! Configuration: flags over `TOCSIN_*` environment over `tocsin.toml` over defaults.

use crate::wrong::Wrong;
use app::{MailRoute, Settings};
use clap::Args;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What most commands take.
#[derive(Args, Clone, Debug, Default)]
pub struct Place {
    /// Folder for the database, the files and the root key
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// sqlite:PATH or postgres://…; the default is a file in the data folder
    #[arg(long, env = "TOCSIN_DATABASE_URL", value_name = "URL")]
    pub database_url: Option<String>,
    /// The root key's file; the default is root.key in the data folder
    #[arg(long, env = "TOCSIN_ROOT_KEY", value_name = "FILE")]
    pub root_key: Option<PathBuf>,
    /// Configuration file
    #[arg(long, env = "TOCSIN_CONFIG", value_name = "FILE", default_value = "tocsin.toml")]
    pub config: PathBuf,
}

/// What serving takes besides.
#[derive(Args, Clone, Debug, Default)]
pub struct Serving {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "TOCSIN_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The address under which people reach this installation, such as https://tocsin.example.gov
    #[arg(long, env = "TOCSIN_PUBLIC_ADDRESS", value_name = "URL")]
    pub public_address: Option<String>,
    /// Folder outside the data folder to which signed checkpoints are copied
    #[arg(long, env = "TOCSIN_CHECKPOINTS", value_name = "DIR")]
    pub checkpoints: Option<PathBuf>,
    /// smtps://user:password@host:port or smtp://host:port?tls=required
    #[arg(long, env = "TOCSIN_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of mail, such as "Tocsin <tocsin@example.gov>"
    #[arg(long, env = "TOCSIN_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
}

/// `tocsin.toml`: the same names, under the flags.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    data: Option<PathBuf>,
    database_url: Option<String>,
    root_key: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_address: Option<String>,
    checkpoints: Option<PathBuf>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    file_limit_mb: Option<u64>,
    files_per_report: Option<usize>,
}

/// Everything decided.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Folder for database, files, key.
    pub data: PathBuf,
    /// Which store.
    pub database: Database,
    /// The root key's file.
    pub root_key: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What the application is told.
    pub settings: Settings,
}

/// Which store.
#[derive(Clone, Debug)]
pub enum Database {
    /// The embedded store in this file.
    Sqlite(PathBuf),
    /// A PostgreSQL at this address.
    Postgres(String),
}

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8350);
const FILE_LIMIT_MB: u64 = 500;
const FILES_PER_REPORT: usize = 20;

/// Puts flags, environment, file and defaults together. The environment reaches the flags through the parser.
pub fn decide(place: &Place, serving: &Serving, default_data: &Path) -> Result<Configuration, Wrong> {
    let written: Written = match std::fs::read_to_string(&place.config) {
        Ok(text) => toml::from_str(&text).map_err(|e| Wrong::new(format!("{}: {e}", place.config.display())))?,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Written::default(),
        Err(cause) => return Err(Wrong::new(format!("{}: {cause}", place.config.display()))),
    };
    let data = place.data.clone().or(written.data).unwrap_or_else(|| default_data.to_owned());
    let url = place.database_url.clone().or(written.database_url);
    let database = match url.as_deref() {
        None => Database::Sqlite(data.join("tocsin.db")),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Database::Postgres(url.to_owned())
        }
        Some(url) => match url.strip_prefix("sqlite:") {
            Some(path) => Database::Sqlite(path.trim_start_matches("//").into()),
            None => return Err(Wrong::new("the database URL begins with sqlite: or postgres://")),
        },
    };
    let listen = serving.listen.or(written.listen).unwrap_or(LISTEN);
    let public_address = serving.public_address.clone().or(written.public_address);
    let public_address = public_address.unwrap_or_else(|| format!("http://{listen}")).trim_end_matches('/').to_owned();
    let host =
        public_address.split("://").nth(1).unwrap_or("tocsin").split(['/', ':']).next().unwrap_or("tocsin").to_owned();
    let from = serving.mail_from.clone().or(written.mail_from);
    let mail = match serving.smtp_url.clone().or(written.smtp_url) {
        Some(url) => MailRoute::Smtp { url, from: from.unwrap_or_else(|| format!("Tocsin <tocsin@{host}>")) },
        None => MailRoute::None,
    };
    Ok(Configuration {
        root_key: place.root_key.clone().or(written.root_key).unwrap_or_else(|| data.join("root.key")),
        database,
        listen,
        settings: Settings {
            public_address,
            files: data.join("files"),
            file_limit: written.file_limit_mb.unwrap_or(FILE_LIMIT_MB) * 1_000_000,
            files_per_report: written.files_per_report.unwrap_or(FILES_PER_REPORT),
            log_origin: format!("{host}/log"),
            checkpoints: serving.checkpoints.clone().or(written.checkpoints),
            mail,
        },
        data,
    })
}
