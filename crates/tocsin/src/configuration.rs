//! Configuration: flags over `TOCSIN_*` environment over `tocsin.toml` over defaults.

use crate::wrong::Wrong;
use app::factors::{SignInRules, Wanted};
use app::limits::PublicLimits;
use app::smtp::MailServer;
use app::{MailRoute, Settings};
use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
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
    /// smtps://user:password@host:port (TLS) or smtp://host:port (STARTTLS); smtp://localhost?tls=none on one machine
    #[arg(long, env = "TOCSIN_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of mail, such as "Tocsin <tocsin@example.gov>"
    #[arg(long, env = "TOCSIN_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Certificates (PEM) of the authorities that vouch for the mail server, where they are your own
    #[arg(long, env = "TOCSIN_MAIL_CA_FILE", value_name = "FILE")]
    pub mail_ca_file: Option<PathBuf>,
    /// Whether staff need more than a password: required, or offered to whoever wants it
    #[arg(long, env = "TOCSIN_SECOND_FACTOR", value_name = "required|offered", value_parser = wanted)]
    pub second_factor: Option<Wanted>,
    /// Whether administrators, human resources and counsel need a passkey: required, or offered
    #[arg(long, env = "TOCSIN_PASSKEYS", value_name = "required|offered", value_parser = wanted)]
    pub passkeys: Option<Wanted>,
    /// Network of a proxy in front, such as 10.0.0.0/8: only these are believed when they name a caller in X-Forwarded-For
    #[arg(long = "trusted-proxy", env = "TOCSIN_TRUSTED_PROXIES", value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
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
    mail_ca_file: Option<PathBuf>,
    file_limit_mb: Option<u64>,
    files_per_report: Option<usize>,
    second_factor: Option<Wanted>,
    passkeys: Option<Wanted>,
    trusted_proxies: Option<Vec<String>>,
    public_limits: PublicLimits,
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
        Some(url) => {
            let from = from.unwrap_or_else(|| format!("Tocsin <tocsin@{host}>"));
            let authorities = serving.mail_ca_file.clone().or(written.mail_ca_file);
            MailRoute::Smtp(Box::new(mail_server(&url, &from, authorities.as_deref())?))
        }
        None => MailRoute::None,
    };
    let proxies = serving.trusted_proxies.clone().or(written.trusted_proxies).unwrap_or_default();
    let trusted_proxies = proxies.iter().map(|text| network(text)).collect::<Result<_, _>>()?;
    check(&written.public_limits)?;
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
            limits: written.public_limits,
            sign_in: SignInRules {
                second_factor: serving.second_factor.or(written.second_factor).unwrap_or(Wanted::Required),
                passkeys: serving.passkeys.or(written.passkeys).unwrap_or(Wanted::Required),
            },
            trusted_proxies,
        },
        data,
    })
}

fn mail_server(url: &str, from: &str, authorities: Option<&Path>) -> Result<MailServer, Wrong> {
    let read = |file: &Path| std::fs::read(file).map_err(|e| Wrong::new(format!("{}: {e}", file.display())));
    let pem = authorities.map(read).transpose()?;
    MailServer::parse(url, from, pem.as_deref()).map_err(|wrong| Wrong::new(wrong.to_string()))
}

fn wanted(text: &str) -> Result<Wanted, String> {
    match text {
        "required" => Ok(Wanted::Required),
        "offered" => Ok(Wanted::Offered),
        _ => Err("write required or offered".to_owned()),
    }
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, Wrong> {
    let whole = text.trim().parse::<IpNet>().ok();
    let one = || text.trim().parse::<IpAddr>().ok().map(IpNet::from);
    whole.or_else(one).ok_or_else(|| {
        Wrong::new(format!("trusted proxy “{text}”: write a network such as 10.0.0.0/8, or one address"))
    })
}

/// A limit of nothing would close the public pages, which nobody means.
fn check(limits: &PublicLimits) -> Result<(), Wrong> {
    let counts = [
        limits.window,
        limits.reports_per_network,
        limits.reports_per_unit,
        limits.files_per_network,
        limits.codes_per_network,
        limits.papers_per_network,
    ];
    if counts.contains(&0) || limits.long_texts == 0 || limits.text < 100_000 {
        return Err(Wrong::new("public_limits: every count is at least 1, and text_bytes at least 100000"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(file: &str, flags: Option<Vec<String>>) -> Result<Configuration, Wrong> {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("tocsin.toml");
        std::fs::write(&config, file).unwrap();
        let place = Place { config, ..Place::default() };
        decide(&place, &Serving { trusted_proxies: flags, ..Serving::default() }, Path::new("data"))
    }

    #[test]
    fn limits_and_proxies_come_from_the_file_and_flags_win() {
        let file = "trusted_proxies = [\"10.0.0.0/8\", \"fd00::1\"]\n[public_limits]\nreports_per_network = 40\n";
        let settings = decided(file, None).unwrap().settings;
        let named: Vec<String> = settings.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(named, ["10.0.0.0/8", "fd00::1/128"]);
        assert_eq!((settings.limits.reports_per_network, settings.limits.window), (40, 600));
        let flags = decided(file, Some(vec!["192.0.2.7".into()])).unwrap().settings.trusted_proxies;
        assert_eq!(flags, ["192.0.2.7/32".parse::<IpNet>().unwrap()]);
        assert!(decided("", None).unwrap().settings.trusted_proxies.is_empty(), "nobody is believed unasked");
    }

    #[test]
    fn staff_need_more_than_a_password_unless_the_installation_says_otherwise() {
        assert_eq!(decided("", None).unwrap().settings.sign_in, SignInRules::default());
        let file = "second_factor = \"offered\"\npasskeys = \"offered\"";
        assert_eq!(decided(file, None).unwrap().settings.sign_in, SignInRules::OFFERED);
    }

    #[test]
    fn what_cannot_be_meant_stops_the_start() {
        for file in [
            "trusted_proxies = [\"everyone\"]",
            "trusted_proxies = [\"10.0.0.0/33\"]",
            "[public_limits]\nreports_per_network = 0",
            "[public_limits]\ntext_bytes = 10",
            "[public_limits]\nreports = 3",
            "second_factor = \"off\"",
        ] {
            assert!(decided(file, None).is_err(), "{file}");
        }
    }
}
