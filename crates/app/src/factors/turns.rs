//! One pace for every way of trying: per account, as it is found whatever the case it is typed in, and per network.
//! Waits grow and end; a passkey is never asked to wait.

use crate::limits::networks;
use crate::{App, Trouble};
use domain::time::Instant;
use journal::Lookup;
use std::net::IpAddr;
use store::Pace;

/// Of one account: five slips cost nothing; then the waits double from two seconds to five minutes.
const ACCOUNT: Pace = Pace { free: 5, first_seconds: 2, longest_seconds: 300, forgets_seconds: 600 };
/// Of one network, behind which a whole agency may sit.
const NETWORK: Pace = Pace { free: 100, first_seconds: 1, longest_seconds: 60, forgets_seconds: 20 };

/// The keys under which an attempt is counted.
pub(crate) struct Turns {
    account: Option<[u8; 32]>,
    networks: Vec<([u8; 32], Pace)>,
}

impl App {
    /// The turns of an attempt against an account, by the keyed hash of its sign-in name, from an address.
    pub(crate) fn turns(&self, login: Option<&[u8; 32]>, address: &str) -> Result<Turns, Trouble> {
        let account = login.map(|login| self.lookup(Lookup::Turn, login)).transpose()?;
        let prefixes = address.parse::<IpAddr>().map(networks).unwrap_or_default();
        let network = |(prefix, factor): (String, u32)| {
            let key = self.lookup(Lookup::Turn, format!("network {prefix}").as_bytes())?;
            Ok((key, Pace { free: NETWORK.free.saturating_mul(factor), ..NETWORK }))
        };
        let networks = prefixes.into_iter().map(network).collect::<Result<_, Trouble>>()?;
        Ok(Turns { account, networks })
    }

    /// Counts an attempt, as a failure until it is settled; or says how long to wait.
    pub(crate) async fn take(&self, turns: &Turns, now: Instant) -> Result<(), Trouble> {
        let own = turns.account.iter().map(|key| (key, ACCOUNT));
        for (key, pace) in own.chain(turns.networks.iter().map(|(key, pace)| (key, *pace))) {
            if let Some(open) = self.store().take_turn(key, pace, now).await? {
                let wait = u32::try_from(open.seconds_since(now)).unwrap_or(0).max(1);
                return Err(Trouble::TooMany(wait));
            }
        }
        Ok(())
    }

    /// The attempt went well. `whole` says that nothing more is asked: only then are earlier failures of the account
    /// forgotten, so that a known password buys nobody new guesses at a code.
    pub(crate) async fn settle(&self, turns: &Turns, whole: bool) -> Result<(), Trouble> {
        if let Some(key) = &turns.account {
            self.store().settle_turn(key, whole).await?;
        }
        for (key, _) in &turns.networks {
            self.store().settle_turn(key, false).await?;
        }
        Ok(())
    }
}
