//! The policies that ship inside the binary, compiled at start.

use crate::wrong::Wrong;
use app::packs::Packs;
use domain::pack::Pack;

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../policy"]
#[include = "*.toml"]
#[include = "*.md"]
struct Shipped;

/// Every file under `policy/`.
pub fn sources() -> Vec<policy::Source> {
    Shipped::iter()
        .filter_map(|path| {
            let text = String::from_utf8(Shipped::get(&path)?.data.into_owned()).ok()?;
            Some(policy::Source { path: path.into_owned(), text })
        })
        .collect()
}

/// The shipped policies, with what texts that are installed later may include.
pub fn shipped() -> Result<Packs, Wrong> {
    let wording = sources().into_iter().filter(|source| source.path.starts_with("common/")).collect();
    Ok(Packs::new(compiled()?).with_wording(wording))
}

/// The shipped policies, each by itself. They are checked by the tests; should one not compile, the start stops and says
/// where.
pub fn compiled() -> Result<Vec<Pack>, Wrong> {
    policy::compile_set(&sources()).map_err(|reports| {
        let words: Vec<String> = reports.iter().map(policy::Report::render).collect();
        Wrong::new(format!("a policy does not compile:\n{}", words.join("\n")))
    })
}
