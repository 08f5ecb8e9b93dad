//! The doors into a report: choose an organisation, start at a unit, an unknown code, report by phone, come back later.

use askama::Template;

use crate::screens::{
    frame::{Frame, Phone},
    pages,
};

/// `/` and `/report`: whom to tell, a report to look up, a place to sign in.
#[derive(Debug, Template)]
#[template(path = "public/choose.html")]
pub struct Choose {
    /// The frame.
    pub frame: Frame,
    /// Everyone who takes reports here.
    pub organisations: Vec<Door>,
}

/// An organisation or unit that takes reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Its name.
    pub name: String,
    /// Its start page.
    pub href: String,
    /// A second line: a place or a number; may be empty.
    pub hint: String,
}

/// `/r/{code}`: the start page of a unit. Its form posts `begin` = `report` or `conflict` to `action`.
#[derive(Debug, Template)]
#[template(path = "public/start.html")]
pub struct Start {
    /// The frame; its help number is the one in the call box.
    pub frame: Frame,
    /// The unit's name, “Riverbend Center”.
    pub unit: String,
    /// Where to choose another unit.
    pub change: String,
    /// Where the form is posted.
    pub action: String,
    /// The page for those who would rather call.
    pub by_phone: String,
    /// Whether the policy says to call at once: the number is then the primary button.
    pub call_first: bool,
    /// The clause that says so, or empty.
    pub clause: String,
    /// The page that takes someone back to a saved report.
    pub resume: String,
}

/// A start page for a code that names nothing. Its form gets `code`.
#[derive(Debug, Template)]
#[template(path = "public/unknown_unit.html")]
pub struct UnknownUnit {
    /// The frame; its problem is on `code`.
    pub frame: Frame,
    /// What was typed or scanned.
    pub code: String,
    /// Where the code is sent, by GET.
    pub action: String,
    /// Everyone who takes reports here.
    pub organisations: Vec<Door>,
}

/// `/r/{code}/phone`: whom to call and what they will ask.
#[derive(Debug, Template)]
#[template(path = "public/by_phone.html")]
pub struct ByPhone {
    /// The frame.
    pub frame: Frame,
    /// The unit's name.
    pub unit: String,
    /// The number, answered by people.
    pub phone: Phone,
    /// Back to the start page.
    pub start: String,
}

/// The report is kept: a private link and words to come back with.
#[derive(Debug, Template)]
#[template(path = "public/saved.html")]
pub struct Saved {
    /// The frame.
    pub frame: Frame,
    /// The whole private address.
    pub link: String,
    /// The same as a QR code: an `svg` element made by this program.
    pub qr: String,
    /// Three words and four digits.
    pub spoken: String,
    /// Until when, said in full.
    pub kept_until: String,
    /// Where the wish to delete it is posted.
    pub remove: String,
}

/// `/resume`: come back with the words. Its form posts `words`.
#[derive(Debug, Template)]
#[template(path = "public/resume.html")]
pub struct Resume {
    /// The frame.
    pub frame: Frame,
    /// Where the form is posted.
    pub action: String,
    /// What was typed.
    pub words: String,
}

pages!(Choose, Start, UnknownUnit, ByPhone, Saved, Resume);
