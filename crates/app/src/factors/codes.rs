//! Codes as people type them, and the recovery codes among them: ten on paper, each works once, kept as keyed hashes.

use super::Has;
use crate::administration::people::account as standing_account;
use crate::administration::record::Event;
use crate::sign_in::SignedIn;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::ids::{AccountId, FactorId};
use journal::Lookup;
use store::{AccountRow, Change, FactorKind, FactorRow, RowChange};

/// How many there are.
const COUNT: usize = 10;
/// How long each is: fifty bits.
const LENGTH: usize = 10;
/// Crockford's thirty-two: nothing that is read as something else.
const ALPHABET: [u8; 32] = *b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code that could be one: anything else is refused before it is looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Code {
    /// Six digits, from a program.
    Digits(String),
    /// Ten letters and digits, from paper.
    Recovery(String),
}

impl Code {
    /// Takes what was typed, with or without spaces and dashes.
    pub fn typed(text: &str) -> Option<Self> {
        if text.len() > 100 {
            return None;
        }
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self::Digits(plain));
        }
        let read = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        let plain: String = plain.chars().map(read).collect();
        let fits = plain.len() == LENGTH && plain.bytes().all(|b| ALPHABET.contains(&b));
        fits.then_some(Self::Recovery(plain))
    }
}

/// What to do about something that is no code at all.
pub fn no_code() -> Trouble {
    Trouble::Refused("Write the six digits that your program shows now, or one of your recovery codes.".into())
}

impl App {
    fn code_hash(&self, account: AccountId, code: &str) -> Result<[u8; 32], Trouble> {
        self.lookup(Lookup::Recovery, format!("{account} {code}").as_bytes())
    }

    /// New codes, with the rows that keep them.
    pub(super) fn draw_codes(&self, account: AccountId) -> Result<(Vec<String>, Vec<FactorRow>), Trouble> {
        let now = self.now();
        let mut codes = Vec::with_capacity(COUNT);
        let mut rows = Vec::with_capacity(COUNT);
        for _ in 0..COUNT {
            let letters = self.secret::<LENGTH>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
            let code: String = letters.iter().collect();
            rows.push(FactorRow {
                id: self.draw::<FactorId>(),
                account,
                kind: FactorKind::RecoveryCode,
                found_by: self.code_hash(account, &code)?,
                made_at: now,
                used_at: None,
                step: 0,
                sealed: Vec::new(),
            });
            codes.push(format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..]));
        }
        Ok((codes, rows))
    }

    /// Uses a code up and tells its owner; `false` when it is none of theirs.
    pub(super) async fn spend_code(&self, account: &AccountRow, code: &str) -> Result<bool, Trouble> {
        if !self.store().spend_code(account.id, &self.code_hash(account.id, code)?).await? {
            return Ok(false);
        }
        let (tenant, person) = (account.tenant, account.id);
        let left = Has::of(&self.store().factors(person).await?).codes;
        self.administer(tenant, Actor::Account(person), Some(person), |standing| {
            standing_account(standing)?;
            let said = format!("One of your recovery codes was used. {left} are left.");
            let mail = vec![self.warning(tenant, person, &said)?];
            Ok((Change { mail, ..Change::default() }, vec![Event::RecoveryUsed { person, left: left as u32 }]))
        })
        .await?;
        Ok(true)
    }

    /// Makes ten new codes; those from before work no longer. Shown now and never again.
    pub async fn new_codes(&self, who: &SignedIn) -> Result<Vec<String>, Trouble> {
        let (tenant, person) = (who.viewer.tenant, who.viewer.account);
        if !Has::of(&self.store().factors(person).await?).something() {
            return Err(Trouble::Refused("Set up a program or a passkey first.".into()));
        }
        let (codes, rows) = self.draw_codes(person)?;
        self.administer(tenant, Actor::Account(person), Some(person), |standing| {
            standing_account(standing)?;
            let mut changes = vec![RowChange::DropFactors(person, Some(FactorKind::RecoveryCode))];
            changes.extend(rows.iter().cloned().map(RowChange::Factor));
            let mail = vec![self.warning(tenant, person, "New recovery codes were made for your account.")?];
            Ok((Change { rows: changes, mail, ..Change::default() }, vec![Event::RecoveryCodesMade { person }]))
        })
        .await?;
        Ok(codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_a_code_is_one() {
        assert_eq!(Code::typed(" 123 456 "), Some(Code::Digits("123456".into())));
        assert_eq!(Code::typed("ABCDE-FGHJK"), Some(Code::Recovery("abcdefghjk".into())));
        assert_eq!(Code::typed("OIL00-00000"), Some(Code::Recovery("0110000000".into())), "read as it was meant");
        for none in ["", " ", "12345", "1234567", "abcde-fghj!", "١٢٣٤٥٦", &"1".repeat(101), "12345\u{0}"] {
            assert_eq!(Code::typed(none), None, "{none:?}");
        }
    }
}
