//! How much one network or one unit may ask of the public pages in a while: far above any honest need.

use super::{Intake, asked::Asked, sorry};
use app::Trouble;
use axum::response::Response;
use std::net::IpAddr;

/// The limits of the public pages. Counts are attempts in [`PublicLimits::window`] seconds.
#[derive(Clone, Debug)]
pub struct PublicLimits {
    /// Seconds in which attempts are counted.
    pub window: u32,
    /// Reports begun or sent from one network (/24 of IPv4, /48 of IPv6).
    pub reports_per_network: u32,
    /// Reports begun at one unit, from anywhere.
    pub reports_per_unit: u32,
    /// Files sent from one network.
    pub files_per_network: u32,
    /// Codes and words tried from one network.
    pub codes_per_network: u32,
    /// PDFs asked for from one network.
    pub papers_per_network: u32,
    /// Bytes of text in one form.
    pub text: usize,
    /// Long texts read at the same time.
    pub long_texts: usize,
}

impl Default for PublicLimits {
    fn default() -> Self {
        Self {
            window: 600,
            reports_per_network: 300,
            reports_per_unit: 3_000,
            files_per_network: 600,
            codes_per_network: 20,
            papers_per_network: 120,
            text: 16 * 1024 * 1024,
            long_texts: 6,
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted {
    /// A report begun or sent.
    Report,
    /// A file.
    File,
    /// A code or words that lead to something private.
    Code,
    /// A PDF.
    Paper,
}

impl Intake {
    /// Counts an attempt of the caller's network; `Err` holds the seconds to wait.
    pub async fn count(&self, asked: &Asked, what: Counted) -> Result<(), Trouble> {
        let Some(network) = asked.peer.and_then(network) else { return Ok(()) };
        let (name, most) = match what {
            Counted::Report => ("report", self.limits.reports_per_network),
            Counted::File => ("file", self.limits.files_per_network),
            Counted::Code => ("code", self.limits.codes_per_network),
            Counted::Paper => ("paper", self.limits.papers_per_network),
        };
        self.count_key(&format!("public {name} {network}"), most).await
    }

    async fn count_key(&self, key: &str, most: u32) -> Result<(), Trouble> {
        let key = self.app.lookup(app::LookupPurpose::Network, key.as_bytes())?;
        let count = self.app.store().count_attempt(&key, self.limits.window, self.app.now()).await?;
        if count > most { Err(Trouble::TooMany(self.limits.window)) } else { Ok(()) }
    }

    /// Counts a report begun at a unit and from a network; `Err` is the page that says when to try again.
    pub async fn admit_report(&self, asked: &Asked, unit: Option<&app::directory::Unit>) -> Result<(), Response> {
        let mut counted = self.count(asked, Counted::Report).await;
        if let (Ok(()), Some(unit)) = (&counted, unit) {
            counted = self.count_key(&format!("public unit {}", unit.id), self.limits.reports_per_unit).await;
        }
        counted.map_err(|trouble| sorry::sorry(self, asked, unit, &trouble))
    }
}

/// The network that attempts are counted for. A caller on this machine is a proxy or a test: whoever stands behind it
/// cannot be told apart here, so the proxy has to count.
fn network(peer: IpAddr) -> Option<String> {
    match peer.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Some(format!("{a}.{b}.{c}"))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_count_together_and_this_machine_not_at_all() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("203.0.113.9"), network("203.0.113.200"));
        assert_ne!(network("203.0.113.9"), network("203.0.114.9"));
        assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"));
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:ff::3"));
        assert_eq!(network("127.0.0.1"), None);
        assert_eq!(network("::1"), None);
    }
}
