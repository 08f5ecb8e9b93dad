//! How much one network or one unit may ask without an account: one limiter for pages and programs, far above any
//! honest need.

use crate::{App, Trouble};
use domain::ids::UnitId;
use journal::Lookup;
use std::net::IpAddr;

/// Everything that is counted together with its limit. Counts are attempts in [`PublicLimits::window`] seconds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublicLimits {
    /// Seconds in which attempts are counted.
    #[serde(rename = "window_seconds")]
    pub window: u32,
    /// Reports begun or sent from one network: /24 of IPv4, /64 of IPv6.
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
    #[serde(rename = "text_bytes")]
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
    /// A report begun or sent, on a page or by a program.
    Report,
    /// A file.
    File,
    /// A code or words that lead to something private.
    Code,
    /// A PDF.
    Paper,
}

/// A subscriber of IPv6 often holds 65,536 networks: together they may ask this many times what one may.
const SITE_FACTOR: u32 = 8;

impl App {
    /// Counts an attempt of the caller's network. Somebody on this machine, or unknown, is not counted.
    pub async fn count(&self, caller: Option<IpAddr>, what: Counted) -> Result<(), Trouble> {
        let limits = &self.settings().limits;
        let (name, most) = match what {
            Counted::Report => ("report", limits.reports_per_network),
            Counted::File => ("file", limits.files_per_network),
            Counted::Code => ("code", limits.codes_per_network),
            Counted::Paper => ("paper", limits.papers_per_network),
        };
        let networks = caller.map(networks).unwrap_or_default();
        for (network, factor) in networks {
            self.count_key(&format!("public {name} {network}"), most.saturating_mul(factor)).await?;
        }
        Ok(())
    }

    /// Counts a report, at its unit and from the caller's network.
    pub async fn admit_report(&self, caller: Option<IpAddr>, unit: Option<UnitId>) -> Result<(), Trouble> {
        self.count(caller, Counted::Report).await?;
        let counted = caller.is_some_and(|caller| !networks(caller).is_empty());
        match unit.filter(|_| counted) {
            Some(unit) => self.count_key(&format!("public unit {unit}"), self.settings().limits.reports_per_unit).await,
            None => Ok(()),
        }
    }

    async fn count_key(&self, key: &str, most: u32) -> Result<(), Trouble> {
        let window = self.settings().limits.window;
        let key = self.lookup(Lookup::Network, key.as_bytes())?;
        let count = self.store().count_attempt(&key, window, self.now()).await?;
        if count > most { Err(Trouble::TooMany(window)) } else { Ok(()) }
    }
}

/// The networks that an attempt is counted for, each with the multiple of the limit it has. A caller on this machine
/// is a proxy that was not named, or a test: whoever stands behind it cannot be told apart here.
pub(crate) fn networks(caller: IpAddr) -> Vec<(String, u32)> {
    match caller.to_canonical() {
        address if address.is_loopback() => Vec::new(),
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            vec![(format!("{a}.{b}.{c}"), 1)]
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            let site = format!("{a:x}:{b:x}:{c:x}");
            vec![(format!("{site}:{d:x}"), 1), (site, SITE_FACTOR)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_count_together_and_this_machine_not_at_all() {
        let networks = |text: &str| networks(text.parse().unwrap());
        assert_eq!(networks("203.0.113.9"), networks("203.0.113.200"));
        assert_ne!(networks("203.0.113.9"), networks("203.0.114.9"));
        assert_eq!(networks("::ffff:203.0.113.9"), networks("203.0.113.9"));
        assert_eq!(networks("2001:db8:1:2::3"), networks("2001:db8:1:2:ffff::1"), "one /64 is one network");
        assert_ne!(networks("2001:db8:1:2::3")[0], networks("2001:db8:1:3::3")[0]);
        assert_eq!(networks("2001:db8:1:2::3")[1], networks("2001:db8:1:3::3")[1], "and belongs to one /48");
        assert_ne!(networks("2001:db8:1:2::3")[1], networks("2001:db8:2:2::3")[1]);
        assert!(networks("127.0.0.1").is_empty() && networks("::1").is_empty());
    }
}
