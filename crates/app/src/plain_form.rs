//! The paper of an incident form: the adopted one where its layout is known, else the boxes of the policy in their order.

use crate::issue_form::{attached, box_text, say};
use crate::{App, Trouble};
use documents::{Amends, PlainBox, PlainFormView, PlainPart, Signed};
use domain::form::{Filled, Party};
use domain::incident::Incident;
use domain::pack::{BoxKind, Form, FormPart, Pack};
use domain::time::{Instant, Zone};

/// Boxes that make a form the one whose adopted paper is laid out here.
const ADOPTED: [&str; 17] = [
    "FACILITY",
    "HEAD-SIGN",
    "HEAD-RECEIVED",
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X-LOCATION",
    "XI",
    "XII-1",
    "XV",
    "XVI",
];

/// Whether the adopted paper has a place for every box of this form.
pub(crate) fn has_adopted_paper(form: &Form) -> bool {
    ADOPTED.iter().all(|id| form.boxes.iter().any(|b| b.id.as_str() == *id))
}

/// A signature as it prints.
pub(crate) fn signature(form: &Filled, party: Party, zone: &Zone) -> Option<Signed> {
    form.signed_by(party).map(|(signature, at)| Signed {
        name: signature.name.to_string(),
        role: signature.capacity.to_string(),
        at: say(*at, zone),
        document_hash: signature.digest.to_string(),
    })
}

/// What stands in the parts; `None` is a blank form. Only the personnel copy holds the part of human resources.
fn parts(form: &Form, filled: Option<(&Filled, &Zone)>, unit: &str, personnel: bool, papers: String) -> Vec<PlainPart> {
    let boxes = |part: FormPart| {
        form.part(part).map(move |b| {
            let text = filled.map(|(filled, _)| box_text(filled, b.id.as_str())).unwrap_or_default();
            PlainBox {
                label: [&b.numeral, &b.label.en]
                    .into_iter()
                    .filter(|s| !s.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(". "),
                text: if b.kind == BoxKind::Unit && text.is_empty() { unit.to_owned() } else { text },
                signs: b.kind == BoxKind::Signature,
                signature: filled.and_then(|(filled, zone)| signature(filled, form.signs(&b.id)?, zone)),
            }
        })
    };
    let part = |part: FormPart, heading: &str, below: Vec<String>, withheld: bool| PlainPart {
        heading: heading.to_owned(),
        boxes: if withheld { Vec::new() } else { boxes(part).collect() },
        withheld,
        below: below.into_iter().filter(|words| !words.is_empty()).collect(),
    };
    let all = [
        part(FormPart::Reporter, "The person who reports", vec![form.send_line.en.clone()], false),
        part(FormPart::Officer, "The officer", vec![form.attach_line.en.clone(), papers], false),
        part(FormPart::Hr, "Human resources", Vec::new(), filled.is_some() && !personnel),
    ];
    let given = [FormPart::Reporter, FormPart::Officer, FormPart::Hr].map(|part| form.part(part).next().is_some());
    all.into_iter().zip(given).filter_map(|(part, given)| given.then_some(part)).collect()
}

impl App {
    /// What is printed of a form without an adopted paper.
    pub(crate) fn plain_form_view(
        &self,
        incident: &Incident,
        pack: &Pack,
        form: &Form,
        personnel: bool,
        now: Instant,
    ) -> Result<PlainFormView, Trouble> {
        let opening = incident.opening.as_ref().ok_or(Trouble::NotFound)?;
        let (filled, zone) = (&incident.form, &pack.zone);
        let unit = self.directory().unit(opening.unit).map(|u| u.profile.name.en.clone()).unwrap_or_default();
        Ok(PlainFormView {
            title: form.title.en.clone(),
            issuer: format!("{}, {}", form.issuer, form.edition),
            reference: opening.reference.to_string(),
            form_id: format!("{}-{}-{}", opening.reference, form.id, filled.number.max(1)),
            document_hash: crate::changing::digest_of(&filled.covered(form, Party::OfficerCompleted))?,
            link: format!("{}/incidents/{}/form", self.settings().public_address, opening.reference),
            issued_at: now,
            issued: say(now, zone),
            amends: filled.originals.last().map(|original| Amends {
                version: original.number,
                date: original.signatures.last().map(|(_, at)| say(*at, zone)).unwrap_or_default(),
            }),
            parts: parts(form, Some((filled, zone)), &unit, personnel, attached(incident, pack)),
            unit,
        })
    }
}

/// The empty form, for a pen.
pub(crate) fn blank_plain_form(form: &Form, unit: &str, form_id: &str, link: &str, day: Instant) -> PlainFormView {
    PlainFormView {
        title: form.title.en.clone(),
        issuer: format!("{}, {}", form.issuer, form.edition),
        unit: unit.to_owned(),
        reference: String::new(),
        form_id: form_id.to_owned(),
        document_hash: String::new(),
        link: link.to_owned(),
        issued_at: day,
        issued: String::new(),
        amends: None,
        parts: parts(form, None, unit, true, String::new()),
    }
}
