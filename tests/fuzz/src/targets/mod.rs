//! The readers of what strangers send, each with what its inputs begin with.

mod packs;
mod proofs;
mod site;
mod texts;

/// Reads one input.
pub trait Reader {
    /// Inputs to begin with, besides the corpus.
    fn seeds(&self) -> Vec<Vec<u8>>;
    /// Reads; says in few words what came of it, so that new outcomes are noticed.
    fn read(&mut self, input: &[u8]) -> String;
    /// Pieces that mean something to it.
    fn words(&self) -> Vec<&'static str> {
        Vec::new()
    }
    /// It is handed everything and opens nothing by itself.
    fn is_pure(&self) -> bool {
        false
    }
}

/// How a target is made ready.
type Make = fn() -> Box<dyn Reader>;

/// Every target by its name.
pub const TARGETS: [(&str, Make); 12] = [
    ("pack", || Box::new(packs::PackText)),
    ("facts", || Box::new(packs::Facts::ready())),
    ("pack-zip", || Box::new(packs::Zipped)),
    ("proofs", || Box::new(proofs::Proofs)),
    ("bundle", || Box::new(proofs::Bundles::ready())),
    ("receipt", || Box::new(texts::Receipt)),
    ("pasted", || Box::new(texts::Pasted)),
    ("report-json", || Box::new(site::ReportJson::ready())),
    ("multipart", || Box::new(site::Multipart::ready())),
    ("form", || Box::new(site::Form::ready())),
    ("cursor", || Box::new(site::Cursor::ready())),
    ("import", || Box::new(site::Import::ready())),
];
