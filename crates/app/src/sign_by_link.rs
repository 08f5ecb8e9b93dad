//! The signature of the person who reported, by a link that is used once: asked for by the officer, sent by mail or
//! handed over on paper, and recorded like every other signature.
//!
//! Whether a link still signs is decided by the incident's own record. What lies beside it is a pointer from the keyed
//! hash of the link to the request, sealed, and gone with the link's last day.

use crate::changing::{Attempts, Place, digest_of};
use crate::mail::Letter;
use crate::{App, Trouble};
use domain::actor::Actor;
use domain::form::{AskWay, Party, Signature, SignatureAsk};
use domain::ids::{EntryId, IncidentId, TenantId, UnitId};
use domain::incident::{self, Command, Incident, Standing};
use domain::pack::{BoxKind, FormPart, Language, Words};
use domain::permission::{Allowed, Reading};
use domain::reference::ReportReference;
use domain::text::{Line, Name};
use domain::time::{Instant, Zone};
use journal::{BoxPurpose, Lookup};
use serde::{Deserialize, Serialize};
use store::{Change, DraftRow, IncidentRow, NewMail};

/// How long a link signs, in seconds: fourteen days.
pub const SIGNS_SECONDS: i64 = 14 * 24 * 3600;
/// How the signer proved who they are.
pub const PROOF: &str = "one-time link";
/// Bytes of a link's secret, and the characters they are written with.
const SECRET: usize = 24;
const WRITTEN: usize = 32;

/// A link that was just made; it is shown once and kept only as a keyed hash.
#[derive(Clone, Debug)]
pub struct SigningLink {
    /// The whole address, for handing over; empty when it went by mail.
    pub address: String,
    /// Until when it signs.
    pub until: Instant,
}

/// What is behind a link.
#[derive(Clone, Debug)]
pub enum BehindLink {
    /// The part of the form that waits for the signature.
    Open(Box<ToSign>),
    /// It was signed, by whatever way: nothing of the form is shown any more.
    Signed(Instant, Zone),
}

/// The reporter's part of the form, and nothing else of the incident.
#[derive(Clone, Debug)]
pub struct ToSign {
    /// The unit, for its name and number.
    pub unit: UnitId,
    /// Title of the form.
    pub title: Words,
    /// Who issued it, and which edition.
    pub issuer: String,
    /// Numeral, caption and text of each box, in the order of the paper.
    pub boxes: Vec<(String, Words, String)>,
    /// Numeral and caption of the boxes that are the officer's: that they are there, never what they hold.
    pub kept: Vec<(String, Words)>,
    /// Digest of exactly these texts: what the signature covers.
    pub digest: String,
    /// Until when the link signs.
    pub until: Instant,
    /// Where days begin.
    pub zone: Zone,
}

#[derive(Serialize, Deserialize)]
struct Pointer {
    incident: IncidentId,
    ask: EntryId,
}

impl App {
    /// Asks the person who reported to sign their part of the form. What the incident knows is written into the boxes
    /// first, so that what they read does not move. An earlier link stops working.
    pub async fn ask_reporter_to_sign(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        way: AskWay,
    ) -> Result<SigningLink, Trouble> {
        if may.stream() != Some(row.id.into()) {
            return Err(Trouble::NotFound);
        }
        let reporter = self.reporter_of(row).await?;
        if way == AskWay::Mail && reporter.as_ref().is_none_or(|r| r.address.is_none()) {
            return Err(Trouble::Refused(
                "the person who reported gave no e-mail address; make a link to hand over instead".into(),
            ));
        }
        self.settle_links(may, row, Party::Reporter).await?;
        let token = data_encoding::BASE64URL_NOPAD.encode(&self.secret::<SECRET>());
        let ask: EntryId = self.draw();
        let until = self.now().plus_seconds(SIGNS_SECONDS);
        // Written first: a pointer whose request never came to be leads nowhere.
        self.point(&token, row, ask, until).await?;
        let language = reporter.as_ref().map_or(Language::English, |r| r.language);
        let prefix = if language == Language::Spanish { "/es" } else { "" };
        let address = format!("{}{prefix}/sign/{token}", self.settings().public_address);
        let mail = match (way, reporter) {
            (AskWay::Mail, Some(reporter)) => self.signing_mail(row.tenant, &reporter, &address)?.into_iter().collect(),
            _ => Vec::new(),
        };
        self.record_ask(may, row, &SignatureAsk { id: ask, form: 0, until, way }, mail).await?;
        Ok(SigningLink { address: if way == AskWay::Mail { String::new() } else { address }, until })
    }

    /// Ends a request that was not answered: its link signs nothing any more.
    pub async fn end_signature_ask(&self, may: &Allowed, row: &IncidentRow) -> Result<(), Trouble> {
        self.act(may, row, None, |_, _| Ok(Command::EndSignatureAsk)).await.map(|_| ())
    }

    /// What a link shows. Used up, ended, superseded and never made are the same: nothing is here.
    pub async fn behind_signing_link(&self, token: &str) -> Result<BehindLink, Trouble> {
        let (row, pointer) = self.follow_signing_link(token).await?;
        let incident = self.whole_incident(&row).await?.state;
        let zone = self.zone_of(row.tenant);
        if let Some((_, at)) = incident.form.signed_by(Party::Reporter) {
            return Ok(BehindLink::Signed(*at, zone));
        }
        let ask = incident.open_ask(self.now()).filter(|ask| ask.id == pointer.ask).ok_or(Trouble::NotFound)?;
        if incident.standing != Standing::Open {
            return Err(Trouble::NotFound);
        }
        let until = ask.until;
        self.to_sign(&incident, until, zone).map(|form| BehindLink::Open(Box::new(form)))
    }

    /// Signs by a link. `digest` is that of the texts in front of the signer: when they have changed since, nothing is
    /// signed. The link is used up by the same entry that records the signature.
    pub async fn sign_by_link(&self, token: &str, name: &Name, digest: &str) -> Result<(), Trouble> {
        let (row, pointer) = self.follow_signing_link(token).await?;
        let now = self.now();
        self.act_as(Actor::Reporter, &row, None, |incident, pack| {
            let form = pack.forms.first().ok_or(Trouble::NotFound)?;
            if incident.open_ask(now).is_none_or(|ask| ask.id != pointer.ask) {
                return Err(Trouble::NotFound);
            }
            let covered = digest_of(&incident.form.covered(form, Party::Reporter))?;
            if covered != digest {
                return Err(Trouble::Moved);
            }
            let line = |words: &str| Line::parse(words).map_err(|e| Trouble::fault("writing a signature", e));
            Ok(Command::SignForm(Signature {
                party: Party::Reporter,
                name: name.clone(),
                capacity: crate::form::capacity(Party::Reporter, pack),
                form: incident.form.number.max(1),
                digest: Line::parse(&covered).map_err(|e| Trouble::fault("writing a digest", e))?,
                proof: line(PROOF)?,
            }))
        })
        .await
        .map(|_| ())
    }

    fn to_sign(&self, incident: &Incident, until: Instant, zone: Zone) -> Result<ToSign, Trouble> {
        let pack = self.pack_of_incident(incident)?;
        let form = pack.forms.first().ok_or(Trouble::NotFound)?;
        let written = |b: &&domain::pack::FormBox| b.kind != BoxKind::Signature;
        let boxes = form.part(FormPart::Reporter).filter(written).map(|b| {
            let text = incident.form.boxes.get(&b.id).map(ToString::to_string);
            let text = text.or_else(|| incident.form.not_applicable.get(&b.id).map(ToString::to_string));
            (b.numeral.clone(), b.label.clone(), text.unwrap_or_default())
        });
        Ok(ToSign {
            unit: incident.opening.as_ref().map(|o| o.unit).ok_or(Trouble::NotFound)?,
            title: form.title.clone(),
            issuer: format!("{}, {}", form.issuer, form.edition),
            boxes: boxes.collect(),
            kept: kept_from_reporter(form),
            digest: digest_of(&incident.form.covered(form, Party::Reporter))?,
            until,
            zone,
        })
    }

    async fn follow_signing_link(&self, token: &str) -> Result<(IncidentRow, Pointer), Trouble> {
        // Anything else was never drawn: it need not be hashed, whatever its length.
        if token.len() != WRITTEN {
            return Err(Trouble::NotFound);
        }
        let key = self.lookup(Lookup::OneTimeLink, token.as_bytes())?;
        let kept = self.store().draft(&key, self.now()).await?.ok_or(Trouble::NotFound)?;
        let pointer: Pointer = self.open_box(BoxPurpose::Draft, Some(kept.tenant), &key, &kept.sealed)?;
        let row = self.store().incident(kept.tenant, pointer.incident).await?.ok_or(Trouble::NotFound)?;
        Ok((row, pointer))
    }

    async fn point(&self, token: &str, row: &IncidentRow, ask: EntryId, until: Instant) -> Result<(), Trouble> {
        let key = self.lookup(Lookup::OneTimeLink, token.as_bytes())?;
        let sealed = self.seal_box(BoxPurpose::Draft, Some(row.tenant), &key, &Pointer { incident: row.id, ask })?;
        let kept = DraftRow { token: key, tenant: row.tenant, version: 1, expires_at: until, sealed };
        if self.store().save_draft(kept, 0).await? { Ok(()) } else { Err(Trouble::Moved) }
    }

    /// The request and its mail become true together.
    async fn record_ask(
        &self,
        may: &Allowed,
        row: &IncidentRow,
        ask: &SignatureAsk,
        mail: Vec<NewMail>,
    ) -> Result<(), Trouble> {
        let by = Actor::Account(may.by());
        let mut attempts = Attempts::default();
        loop {
            let now = self.now();
            let mut loaded = self.whole_incident(row).await?;
            let pack = self.pack_of_incident(&loaded.state)?;
            let ask = SignatureAsk { form: loaded.state.form.number.max(1), ..ask.clone() };
            let laws = self.laws_of_incident(&loaded.state);
            let given = incident::Given { actor: by, now, pack, laws: &laws };
            let events = incident::decide(&loaded.state, Command::AskReporterToSign(ask), given)?;
            let mut change = Change { mail: mail.clone(), ..Change::default() };
            let place = Place { tenant: row.tenant, pack, source: row.source };
            self.change_incident(&mut change, &mut loaded, &place, &events, by, now)?;
            if attempts.commit(self, change).await? {
                return Ok(());
            }
        }
    }

    async fn reporter_of(&self, row: &IncidentRow) -> Result<Option<Reached>, Trouble> {
        let incident = self.whole_incident(row).await?.state;
        let Some(report) = incident.reports.first() else { return Ok(None) };
        let report = self.load_report(&Reading::by_the_product((*report).into(), row.tenant)).await?.state;
        let address = report.reporter.as_ref().and_then(|r| r.email.as_ref()).map(ToString::to_string);
        Ok(report.filed.map(|filed| Reached {
            address,
            language: filed.submission.language,
            reference: filed.submission.reference,
        }))
    }

    fn signing_mail(&self, tenant: TenantId, to: &Reached, link: &str) -> Result<Option<NewMail>, Trouble> {
        let Some(address) = &to.address else { return Ok(None) };
        let reference = to.reference;
        let (subject, words) = match to.language {
            Language::English => (
                format!("Please sign: your report {reference}"),
                format!(
                    "Your security officer asks you to read your part of a form and sign it.\n\nOpen it here:\n{link}\n\n\
                     The link works once and for 14 days. Keep it to yourself.\nWe will never ask for your password.\n"
                ),
            ),
            Language::Spanish => (
                format!("Firme, por favor: su informe {reference}"),
                format!(
                    "Su responsable de seguridad le pide que lea su parte de un formulario y la firme.\n\nÁbrala aquí:\n{link}\n\n\
                     El enlace funciona una sola vez y durante 14 días. No lo comparta.\nNunca le pediremos su contraseña.\n"
                ),
            ),
        };
        let letter = Letter { to: address.clone(), subject, words, language: to.language };
        self.letter(tenant, &letter, self.now()).map(Some)
    }
}

/// The numbered boxes of the officer's part.
fn kept_from_reporter(form: &domain::pack::Form) -> Vec<(String, Words)> {
    let numbered = form.part(FormPart::Officer).filter(|b| !b.numeral.is_empty());
    numbered.map(|b| (b.numeral.clone(), b.label.clone())).collect()
}

/// How a person who reported is reached.
struct Reached {
    address: Option<String>,
    language: Language,
    reference: ReportReference,
}
