//! Giving a caller the private link of the report that an officer filed for them: printed from the screen, or mailed.

use crate::submit_report::Receipt;
use crate::{App, Trouble};
use domain::actor::Section;
use domain::ids::AccountId;
use domain::permission::{Action, Object, Viewer, decide};
use domain::report::Reporter;
use domain::text::Line;
use journal::BoxPurpose;
use store::Change;

impl App {
    /// The secret of a private link, sealed for the one officer who filed the report: what stands in an address that
    /// only their session opens.
    pub fn seal_link_for(&self, account: AccountId, secret: &str) -> Result<String, Trouble> {
        let sealed = self.seal_box(BoxPurpose::Answer, None, account.bytes(), &secret)?;
        Ok(data_encoding::BASE64URL_NOPAD.encode(&sealed))
    }

    /// The secret again; nothing for anybody else, and nothing for what was never sealed.
    pub fn open_link_of(&self, account: AccountId, sealed: &str) -> Option<String> {
        let sealed = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        self.open_box(BoxPurpose::Answer, None, account.bytes(), &sealed).ok()
    }

    /// Mails a private link to the address that a caller said. The letter is the receipt's: it holds no fact of the
    /// report.
    pub async fn mail_status_link(&self, viewer: &Viewer, secret: &str, to: Line<254>) -> Result<(), Trouble> {
        let row = self.report_behind(secret).await?;
        let object = Object::Unit { tenant: row.tenant, unit: row.unit };
        decide(viewer, Action::TakeCall, object, Section::Report)?;
        let report = self.whole_report(&row).await?.state;
        let filed = report.filed.as_ref().ok_or(Trouble::NotFound)?;
        let pack = self.pack_of_report(&report)?;
        let receipt = Receipt {
            report: row.id,
            tenant: row.tenant,
            reference: filed.submission.reference,
            secret: secret.to_owned(),
            received_at: filed.at,
        };
        let reporter = Reporter { email: Some(to), ..Reporter::default() };
        let mail = self.receipt_mail(&receipt, &filed.submission, Some(&reporter), pack)?;
        self.store().commit(Change { mail: mail.into_iter().collect(), ..Change::default() }).await?;
        Ok(())
    }
}
