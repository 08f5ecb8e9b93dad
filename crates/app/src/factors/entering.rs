//! A sign-in after its password: what is asked next, and the session at its end. Before that there is no session, so
//! there is nothing to reach.

use super::begun::{Begun, CHALLENGE_SECONDS, ENTERING_SECONDS, Entering, Found, Stage};
use super::codes::{Code, no_code};
use super::passkeys::Challenge;
use super::program::Enrolment;
use super::turns::Turns;
use super::{App, Has, Proof, Trouble, Wanted};
use crate::sign_in::{SessionNote, SessionSecret};
use store::AccountRow;

/// What came of a step.
pub enum Entry {
    /// Signed in. Where recovery codes were made on the way, they are shown now and never again.
    In {
        /// What the browser holds from now on.
        secret: SessionSecret,
        /// New recovery codes, or none.
        codes: Vec<String>,
    },
    /// Something more is asked.
    Asked {
        /// What the browser holds until then.
        way: String,
        /// What is asked.
        asks: Asks,
    },
}

impl Entry {
    /// The session, when nothing more was asked.
    pub fn session(self) -> Option<SessionSecret> {
        match self {
            Self::In { secret, .. } => Some(secret),
            Self::Asked { .. } => None,
        }
    }
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asks {
    /// A code.
    Code {
        /// Whether one from the program is taken.
        program: bool,
        /// Whether a passkey is there to sign in with instead.
        passkey: bool,
    },
    /// To set up a program, or a passkey where they work.
    NewProgram(Box<Enrolment>),
    /// To make a passkey.
    NewPasskey,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    In,
    Code { program: bool },
    NewProgram,
    NewPasskey,
}

/// What follows a right password, and with `proved` a right code.
const fn next(second_factor: Wanted, needs_passkey: bool, has: Has, proved: bool) -> Next {
    let passkey = has.passkeys > 0;
    match (proved, needs_passkey) {
        (true, true) => Next::NewPasskey,
        (true, false) => Next::In,
        (false, true) if passkey => Next::Code { program: false },
        (false, _) if has.program || passkey => Next::Code { program: has.program },
        (false, true) => Next::NewPasskey,
        (false, false) => match second_factor {
            Wanted::Required => Next::NewProgram,
            Wanted::Offered => Next::In,
        },
    }
}

fn wrong() -> Trouble {
    Trouble::Refused(
        "That code is not right, or it was used before. Wait for the next one, or use a recovery code.".into(),
    )
}

impl App {
    /// After a right password.
    pub(crate) async fn enter(&self, account: AccountRow, note: &SessionNote, turns: &Turns) -> Result<Entry, Trouble> {
        self.reload().await?;
        let has = Has::of(&self.store().factors(account.id).await?);
        let now = self.now();
        let needs = self.needs_passkey(&account, now);
        let next = next(self.settings().sign_in.second_factor, needs, has, false);
        self.settle(turns, next == Next::In).await?;
        self.lead(&account, note, has, next).await
    }

    async fn lead(&self, account: &AccountRow, note: &SessionNote, has: Has, next: Next) -> Result<Entry, Trouble> {
        let (stage, asks) = match next {
            Next::In => {
                let secret = self.start_session(account.id, account.tenant, note, self.now()).await?;
                return Ok(Entry::In { secret, codes: Vec::new() });
            }
            Next::Code { program } => (Stage::Code, Asks::Code { program, passkey: has.passkeys > 0 }),
            Next::NewPasskey => (Stage::NewPasskey, Asks::NewPasskey),
            Next::NewProgram => {
                let secret = self.new_secret();
                let begun = Stage::NewProgram { secret: secret.clone() };
                let way = self.begin_entering(account, note, begun).await?;
                let enrolment = self.enrolment(way.clone(), &secret, &self.email_of(account.id))?;
                return Ok(Entry::Asked { way, asks: Asks::NewProgram(Box::new(enrolment)) });
            }
        };
        let way = self.begin_entering(account, note, stage).await?;
        Ok(Entry::Asked { way, asks })
    }

    async fn begin_entering(&self, account: &AccountRow, note: &SessionNote, stage: Stage) -> Result<String, Trouble> {
        let entering = Entering { note: note.clone(), stage, passkey: None };
        self.begin(Some(account.id), &Begun::Entering(Box::new(entering)), ENTERING_SECONDS).await
    }

    async fn entering(&self, way: &str) -> Result<(Found, AccountRow), Trouble> {
        let found = self.found(way).await?;
        let account = match (&found.begun, found.account) {
            (Begun::Entering(_), Some(account)) => self.live_account(account).await?,
            _ => None,
        };
        account.map(|account| (found, account)).ok_or(Trouble::NotFound)
    }

    /// What this sign-in waits for, once more: for the page that shows what was wrong.
    pub async fn asked(&self, way: &str) -> Result<Asks, Trouble> {
        let (found, account) = self.entering(way).await?;
        let Begun::Entering(entering) = found.begun else { return Err(Trouble::NotFound) };
        Ok(match entering.stage {
            Stage::Code => {
                let has = Has::of(&self.store().factors(account.id).await?);
                let program = self.takes_digits(&account, has);
                Asks::Code { program, passkey: has.passkeys > 0 }
            }
            Stage::NewPasskey => Asks::NewPasskey,
            Stage::NewProgram { secret } => {
                let email = self.email_of(account.id);
                Asks::NewProgram(Box::new(self.enrolment(way.to_owned(), &secret, &email)?))
            }
        })
    }

    /// Whether a program's code is enough for this account: not beside a passkey that its role needs.
    pub(super) fn takes_digits(&self, account: &AccountRow, has: Has) -> bool {
        has.program && !(has.passkeys > 0 && self.needs_passkey(account, self.now()))
    }

    /// Takes a code of the account, at the pace at which its password is tried too.
    pub(super) async fn take_code(&self, account: &AccountRow, code: &str, address: &str) -> Result<(), Trouble> {
        let code = Code::typed(code).ok_or_else(no_code)?;
        let turns = self.turns(Some(&account.login), address)?;
        self.take(&turns, self.now()).await?;
        let factors = self.store().factors(account.id).await?;
        let right = match &code {
            Code::Digits(_) if !self.takes_digits(account, Has::of(&factors)) => false,
            Code::Digits(digits) => self.take_digits(account.tenant, &factors, digits).await?,
            Code::Recovery(code) => self.spend_code(account, code).await?,
        };
        if !right {
            return Err(wrong());
        }
        self.settle(&turns, true).await
    }

    /// The code after the password.
    pub async fn enter_code(&self, way: &str, code: &str, note: &SessionNote) -> Result<Entry, Trouble> {
        let (found, account) = self.entering(way).await?;
        let Begun::Entering(entering) = &found.begun else { return Err(Trouble::NotFound) };
        if !matches!(entering.stage, Stage::Code) {
            return Err(Trouble::NotFound);
        }
        self.take_code(&account, code, &note.address).await?;
        self.end_begun(&found).await?;
        let has = Has::of(&self.store().factors(account.id).await?);
        let needs = self.needs_passkey(&account, self.now());
        self.lead(&account, note, has, next(self.settings().sign_in.second_factor, needs, has, true)).await
    }

    /// The first code of a program that is set up on the way in.
    pub async fn enter_program(&self, way: &str, code: &str, note: &SessionNote) -> Result<Entry, Trouble> {
        let (found, account) = self.entering(way).await?;
        let Begun::Entering(entering) = &found.begun else { return Err(Trouble::NotFound) };
        let Stage::NewProgram { secret } = &entering.stage else { return Err(Trouble::NotFound) };
        let row = self.program_row(&account, secret, Code::typed(code).as_ref())?;
        self.end_begun(&found).await?;
        let codes = self.add_factor(&account, row, Proof::Program).await?;
        let secret = self.start_session(account.id, account.tenant, note, self.now()).await?;
        Ok(Entry::In { secret, codes })
    }

    /// Begins making a passkey on the way in.
    pub async fn begin_entry_passkey(&self, way: &str) -> Result<Challenge, Trouble> {
        let (found, account) = self.entering(way).await?;
        let Begun::Entering(mut entering) = found.begun else { return Err(Trouble::NotFound) };
        if matches!(entering.stage, Stage::Code) {
            return Err(Trouble::NotFound);
        }
        let (options, state) = self.registration(&account).await?;
        entering.passkey = Some((self.now(), Box::new(state)));
        self.keep_begun(way, Some(account.id), &Begun::Entering(entering), ENTERING_SECONDS).await?;
        Ok(Challenge { way: way.to_owned(), options })
    }

    /// The passkey that was made on the way in.
    pub async fn enter_passkey(
        &self,
        way: &str,
        credential: &str,
        name: &str,
        note: &SessionNote,
    ) -> Result<Entry, Trouble> {
        let (mut found, account) = self.entering(way).await?;
        let Begun::Entering(entering) = &mut found.begun else { return Err(Trouble::NotFound) };
        let (false, Some((since, state))) = (matches!(entering.stage, Stage::Code), entering.passkey.take()) else {
            return Err(Trouble::NotFound);
        };
        // A challenge answers once, rightly or wrongly; the sign-in itself goes on waiting.
        self.keep_begun(way, Some(account.id), &found.begun, ENTERING_SECONDS).await?;
        if self.now().seconds_since(since) >= CHALLENGE_SECONDS {
            return Err(Trouble::Refused("That took too long. Try again.".into()));
        }
        let row = self.passkey_row(&account, &state, credential, name)?;
        self.end_begun(&found).await?;
        let codes = self.add_factor(&account, row, Proof::Passkey).await?;
        let secret = self.start_session(account.id, account.tenant, note, self.now()).await?;
        Ok(Entry::In { secret, codes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_password_depends_on_rule_role_and_what_there_is() {
        use Next::{Code, In, NewPasskey, NewProgram};
        use Wanted::{Offered, Required};
        let has = |program, passkeys| Has { program, passkeys, codes: 10 };
        for (rule, needs, has, proved, expected) in [
            (Offered, false, has(false, 0), false, In),
            (Required, false, has(false, 0), false, NewProgram),
            (Required, false, has(true, 0), false, Code { program: true }),
            (Offered, false, has(true, 0), false, Code { program: true }),
            (Required, false, has(false, 1), false, Code { program: false }),
            (Required, false, has(true, 0), true, In),
            (Required, true, has(false, 0), false, NewPasskey),
            (Required, true, has(true, 0), false, Code { program: true }),
            (Required, true, has(true, 0), true, NewPasskey),
            (Required, true, has(true, 1), false, Code { program: false }),
            (Required, true, has(true, 1), true, NewPasskey),
        ] {
            assert_eq!(next(rule, needs, has, proved), expected, "{rule:?} {needs} {has:?} {proved}");
        }
    }
}
