//! Programs that show codes (RFC 6238): set up by a drawing or by hand, each code taken once.

use super::begun::{Begun, CHALLENGE_SECONDS};
use super::codes::{Code, no_code};
use super::{App, FactorRow, Proof, Sealed, Trouble};
use crate::sign_in::SignedIn;
use domain::ids::{FactorId, TenantId};
use domain::time::Instant;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::{AccountRow, EndSessions, FactorKind};
use totp_rs::{Builder, Totp};

/// Bytes of a secret: what RFC 4226 advises.
const SECRET: usize = 20;

/// What a program is told once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enrolment {
    /// What the browser holds while it is set up.
    pub way: String,
    /// The secret for typing, in groups of four.
    pub typed: String,
    /// The same with whose it is and for what, to be read from a drawing.
    pub link: String,
}

/// The engine of a secret: six digits, half a minute, one step of tolerance on either side.
fn engine(secret: &[u8]) -> Result<Totp, Trouble> {
    Builder::new().with_secret(secret).build().map_err(|e| Trouble::fault("reading a program's secret", e))
}

/// The step of which a code is, if it is right.
pub(super) fn step(secret: &[u8], code: &str, now: Instant) -> Result<Option<i64>, Trouble> {
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or(0);
    Ok(engine(secret)?.check(code, seconds).and_then(|step| i64::try_from(step).ok()))
}

fn wrong() -> Trouble {
    Trouble::Refused(
        "That code is not right. Look at the program again: it shows a new one every half minute. If it stays wrong, \
         the clock of your telephone may be off."
            .into(),
    )
}

impl App {
    pub(super) fn new_secret(&self) -> Vec<u8> {
        self.secret::<SECRET>().to_vec()
    }

    /// What a program is told of a secret.
    pub(super) fn enrolment(&self, way: String, secret: &[u8], email: &str) -> Result<Enrolment, Trouble> {
        let plain = data_encoding::BASE32_NOPAD.encode(secret);
        let host = url::Url::parse(&self.settings().public_address).ok();
        let host = host.as_ref().and_then(|url| url.host_str()).unwrap_or("tocsin");
        let issuer = utf8_percent_encode(&format!("Tocsin {host}"), NON_ALPHANUMERIC).to_string();
        let name = utf8_percent_encode(email, NON_ALPHANUMERIC);
        let link = format!("otpauth://totp/{issuer}:{name}?secret={plain}&issuer={issuer}");
        let groups: Vec<String> =
            plain.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
        Ok(Enrolment { way, typed: groups.join(" "), link })
    }

    /// The row of a program whose first code was right. That code is used up by it.
    pub(super) fn program_row(
        &self,
        account: &AccountRow,
        secret: &[u8],
        code: Option<&Code>,
    ) -> Result<FactorRow, Trouble> {
        let now = self.now();
        let Some(Code::Digits(code)) = code else { return Err(no_code()) };
        let step = step(secret, code, now)?.ok_or_else(wrong)?;
        let id: FactorId = self.draw();
        Ok(FactorRow {
            id,
            account: account.id,
            kind: FactorKind::Program,
            found_by: self.factor_hash(id.bytes())?,
            made_at: now,
            used_at: Some(now),
            step,
            sealed: self.seal_factor(account.tenant, id, &Sealed::Program { secret: secret.to_vec() })?,
        })
    }

    /// Whether a code is right and was not used before; with that it is used.
    pub(super) async fn take_digits(
        &self,
        tenant: TenantId,
        factors: &[FactorRow],
        code: &str,
    ) -> Result<bool, Trouble> {
        let now = self.now();
        for row in factors.iter().filter(|row| row.kind == FactorKind::Program) {
            if let Sealed::Program { secret } = self.open_factor(tenant, row)?
                && let Some(step) = step(&secret, code, now)?
            {
                return Ok(self.store().use_factor(row.id, step, None, now).await?);
            }
        }
        Ok(false)
    }

    /// Begins setting up a program for somebody who is signed in. Nothing changes until its first code is typed.
    pub async fn begin_program(&self, who: &SignedIn) -> Result<Enrolment, Trouble> {
        let secret = self.new_secret();
        let begun = Begun::NewProgram { secret: secret.clone() };
        let way = self.begin(Some(who.viewer.account), &begun, 3 * CHALLENGE_SECONDS).await?;
        self.enrolment(way, &secret, &self.email_of(who.viewer.account))
    }

    /// What the program is told, once more: for the page that shows a wrong code.
    pub async fn program_again(&self, who: &SignedIn, way: &str) -> Result<Enrolment, Trouble> {
        let found = self.found(way).await?;
        match found.begun {
            Begun::NewProgram { secret } if found.account == Some(who.viewer.account) => {
                self.enrolment(way.to_owned(), &secret, &self.email_of(who.viewer.account))
            }
            _ => Err(Trouble::NotFound),
        }
    }

    /// The first code of the new program: it takes the place of an earlier one. Gives recovery codes where there were none.
    pub async fn finish_program(&self, who: &SignedIn, way: &str, code: &str) -> Result<Vec<String>, Trouble> {
        let found = self.found(way).await?;
        let Begun::NewProgram { secret } = &found.begun else { return Err(Trouble::NotFound) };
        if found.account != Some(who.viewer.account) {
            return Err(Trouble::NotFound);
        }
        let account = self.live_account(who.viewer.account).await?.ok_or(Trouble::NotFound)?;
        let row = self.program_row(&account, secret, Code::typed(code).as_ref())?;
        self.end_begun(&found).await?;
        let codes = self.add_factor(&account, row, Proof::Program).await?;
        self.store().end_sessions(EndSessions::Others(account.id, who.session.id)).await?;
        Ok(codes)
    }

    pub(super) fn email_of(&self, account: domain::ids::AccountId) -> String {
        self.directory().person(account).map(|p| p.profile.email.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the secret "12345678901234567890", the last six of its eight digits.
        let secret = b"12345678901234567890";
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(step(secret, code, at(seconds)).unwrap(), Some(seconds / 30));
        }
        assert_eq!(step(secret, "287082", at(59 + 30)).unwrap(), Some(1), "one step late");
        assert_eq!(step(secret, "287082", at(59 + 61)).unwrap(), None, "two steps late");
    }
}
