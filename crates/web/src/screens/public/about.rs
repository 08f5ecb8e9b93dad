//! Pages that stand beside the report: the accessibility statement, the poster with its QR code, the blank paper form.

use askama::Template;

use super::{answers::Answer, message::Link};
use crate::screens::{
    frame::{Choice, Frame},
    pages,
};

/// `/accessibility`
#[derive(Debug, Template)]
#[template(path = "public/accessibility.html")]
pub struct Accessibility {
    /// The frame.
    pub frame: Frame,
    /// Where to write, or empty.
    pub email: String,
    /// When the pages were last tested, said in full, or empty.
    pub tested: String,
}

/// `/r/{code}/poster`: to hang on a wall.
#[derive(Debug, Template)]
#[template(path = "public/poster.html")]
pub struct Poster {
    /// The frame.
    pub frame: Frame,
    /// The unit's name.
    pub unit: String,
    /// The address as it is typed: “report.example.gov/r/RVB”.
    pub address: String,
    /// The same as a QR code: an `svg` element made by this program.
    pub qr: String,
    /// The poster as a PDF.
    pub pdf: String,
}

/// `/r/{code}/blank`: the report on paper, for when the network is down.
#[derive(Debug, Template)]
#[template(path = "public/blank.html")]
pub struct Blank {
    /// The frame.
    pub frame: Frame,
    /// The unit's name.
    pub unit: String,
    /// The pack's kinds of event, as boxes to tick.
    pub kinds: Vec<Choice>,
    /// Each further question and its hint in `answer`.
    pub questions: Vec<Answer>,
    /// Where the sheet goes.
    pub send_to: String,
    /// The form as a PDF.
    pub pdf: String,
}

/// `/outage-kit`: what to print before the network is down, by agency and unit.
#[derive(Debug, Template)]
#[template(path = "public/kit.html")]
pub struct Kit {
    /// The frame.
    pub frame: Frame,
    /// Agencies, each with the papers of its units.
    pub agencies: Vec<(String, Vec<Papers>)>,
}

/// The papers of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Papers {
    /// The unit's name.
    pub unit: String,
    /// Its papers, each with its name and the unit's for whoever hears links alone.
    pub links: Vec<Link>,
}

pages!(Accessibility, Poster, Blank, Kit);
