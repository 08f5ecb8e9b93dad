//! The reporter's own copy of the receipt by mail: thanks, the private link, and nothing of what was reported.

use crate::mail::Letter;
use crate::submit_report::Receipt;
use crate::{App, Trouble};
use domain::pack::{Language, Pack};
use domain::report::{Reporter, Submission};
use store::NewMail;

impl App {
    /// The message to a reporter who gave a mail address; `None` without one.
    pub(crate) fn receipt_mail(
        &self,
        receipt: &Receipt,
        submission: &Submission,
        reporter: Option<&Reporter>,
        pack: &Pack,
    ) -> Result<Option<NewMail>, Trouble> {
        let Some(address) = reporter.and_then(|r| r.email.as_ref()) else { return Ok(None) };
        let language = submission.language;
        let at = crate::moments::said(language, receipt.received_at, &pack.zone);
        let directory = self.directory();
        let unit_phone = directory.unit(submission.unit).and_then(|u| u.profile.phone.clone());
        let phone = unit_phone
            .or_else(|| directory.agency(receipt.tenant).map(|a| a.profile.phone.clone()))
            .unwrap_or_default();
        let prefix = if language == Language::Spanish { "/es" } else { "" };
        let link = format!("{}{prefix}/s/{}", self.settings().public_address, receipt.secret);
        let reference = receipt.reference;
        let (subject, words) = match language {
            Language::English => (
                format!("We have your report {reference}"),
                format!(
                    "Thank you. We received it {at}.\n\nSee what happens next or add details:\n{link}\n\n\
                         If it is still happening, call {phone} now.\nWe will never ask for your password.\n"
                ),
            ),
            Language::Spanish => (
                format!("Tenemos su informe {reference}"),
                format!(
                    "Gracias. Lo recibimos el {at}.\n\nVea qué sigue o agregue detalles:\n{link}\n\n\
                         Si todavía está pasando, llame ahora al {phone}.\nNunca le pediremos su contraseña.\n"
                ),
            ),
        };
        let letter = Letter { to: address.to_string(), subject, words, language };
        self.letter(receipt.tenant, &letter, receipt.received_at).map(Some)
    }
}
