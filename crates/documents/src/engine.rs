//! The typesetter: a template and a view in, a tagged PDF out, with no way to reach a file, a package, the network or a clock.

use crate::{DocumentError, Language, inert::printable};
use domain::time::Instant;
use serde::Serialize;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, Smart, Str, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// A template with the name it has in messages.
pub struct Template {
    pub name: &'static str,
    pub text: &'static str,
}

/// One document to typeset.
pub struct Setting<'a> {
    pub template: &'static Template,
    /// What a reader's title bar and a screen reader say.
    pub title: String,
    pub language: Language,
    /// Told, not asked: the instant of issue that the file carries.
    pub issued_at: Instant,
    /// The link behind the QR code, where the template shows one.
    pub link: Option<&'a str>,
}

/// Typesets `view`. Equal settings and views give equal bytes.
pub fn typeset(setting: &Setting<'_>, view: &impl Serialize) -> Result<Vec<u8>, DocumentError> {
    let data = serde_json::to_value(view)?;
    let fault = |story: String| DocumentError::Template { template: setting.template.name, story };

    let mut inputs = Dict::new();
    inputs.insert("title".into(), text(&setting.title));
    inputs.insert("lang".into(), Value::Str(lang(setting.language).into()));
    inputs.insert("view".into(), value(&data));
    if let Some(link) = setting.link {
        inputs.insert("link".into(), text(link));
        inputs.insert("qr".into(), Value::Bytes(Bytes::from_string(crate::qr::svg(link)?)));
    }
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        sources: [("main.typ", setting.template.text), ("house.typ", HOUSE)].map(|(name, text)| source(name, text)),
    };
    let document = typst::compile(&desk).output.map_err(|faults| fault(desk.story(&faults)))?;
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_3a]).map_err(|e| fault(e.message().to_string()))?;
    let options = PdfOptions {
        // The identifier is hashed by the writer; the whole content identifies a document best.
        ident: Smart::Custom(format!("{}\n{}\n{data}", setting.template.name, setting.issued_at)),
        creator: Smart::Custom(Some("Tocsin".into())),
        timestamp: datetime(setting.issued_at).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|faults| fault(desk.story(&faults)));
    // A process that renders many documents keeps what the last few shared, not everything it ever set.
    typst::comemo::evict(4);
    bytes
}

const HOUSE: &str = include_str!("../templates/house.typ");

const fn lang(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Spanish => "es",
    }
}

fn datetime(at: Instant) -> Option<Datetime> {
    let at = at.in_zone(&domain::time::Zone::utc());
    let part = |n: i8| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        at.year().into(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

fn text(words: &str) -> Value {
    Value::Str(Str::from(printable(words, |c| FONTS.drawable(c))))
}

/// JSON as the typesetter's own values. Every string of every view passes through [`printable`] here and nowhere else.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(yes) => Value::Bool(*yes),
        serde_json::Value::Number(n) => {
            n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or_default()), Value::Int)
        }
        serde_json::Value::String(words) => text(words),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(value).collect::<Array>()),
        serde_json::Value::Object(fields) => {
            Value::Dict(fields.iter().map(|(name, field)| (Str::from(name.as_str()), value(field))).collect::<Dict>())
        }
    }
}

fn source(name: &str, text: &str) -> Source {
    // "main.typ" and "house.typ" are the only names, and both are valid paths.
    let path = VirtualPath::new(name).unwrap_or_else(|_| unreachable!("a constant, valid path"));
    Source::new(FileId::new(RootedPath::new(VirtualRoot::Project, path)), text.to_owned())
}

/// All that a template can see: itself, the house style, and the fonts.
struct Desk {
    library: LazyHash<Library>,
    sources: [Source; 2],
}

impl Desk {
    /// What went wrong and on which line: for the log, never for the page.
    fn story(&self, faults: &[SourceDiagnostic]) -> String {
        let told = faults.iter().map(|fault| {
            let line = fault.span.id().and_then(|id| self.source(id).ok()).and_then(|source| {
                let at = self.range(fault.span)?.start;
                source.lines().byte_to_line(at)
            });
            line.map_or_else(|| fault.message.to_string(), |line| format!("{} (line {})", fault.message, line + 1))
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }
    fn main(&self) -> FileId {
        self.sources[0].id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.iter().find(|s| s.id() == id).cloned().ok_or(FileError::AccessDenied)
    }
    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }
    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

struct Fonts {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl Fonts {
    fn drawable(&self, c: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(c as u32))
    }
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> = typst_assets::fonts().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    let book = LazyHash::new(FontBook::from_fonts(&fonts));
    Fonts { fonts, book }
});
