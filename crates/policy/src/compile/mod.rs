//! From files to a pack: find the files that belong, read them, gather their items, resolve every reference.

mod desk;
mod gather;
mod inquiry;
mod items;
mod other_sheets;
mod phrase;
mod plan;
mod playbooks;
mod readiness;
mod rules;
mod sealed_sheets;
mod sheets;
mod whole;

pub(crate) use desk::{Desk, distance, plain};
pub(crate) use phrase::{civil, read};

use crate::{Problem, Report, Source, report::File, text};
use domain::pack::Pack;
use std::collections::BTreeMap;

/// Compiles the one pack among these files. Files outside its folder are only used where it includes them.
pub fn compile(sources: &[Source]) -> Result<Pack, Vec<Report>> {
    compile_with_cases(sources).map(|compiled| compiled.pack)
}

/// Compiles every pack among these files, and makes sure that no two editions of one policy are in force on one day.
pub fn compile_set(sources: &[Source]) -> Result<Vec<Pack>, Vec<Report>> {
    each_pack(sources, compile)
}

/// Works through every pack among these files with `take`, and compares their dates.
pub(crate) fn each_pack(
    sources: &[Source],
    take: fn(&[Source]) -> Result<Pack, Vec<Report>>,
) -> Result<Vec<Pack>, Vec<Report>> {
    let heads: Vec<&Source> = sources.iter().filter(|s| is_pack_file(&s.path)).collect();
    let mut packs = Vec::new();
    let mut reports = Vec::new();
    for head in &heads {
        let theirs = heads.iter().filter(|h| h.path != head.path).map(|h| folder(&h.path));
        let others: Vec<&str> = theirs.collect();
        let own = sources.iter().filter(|s| !others.iter().any(|o| s.path.starts_with(o) && !o.is_empty()));
        match take(&own.cloned().collect::<Vec<_>>()) {
            Ok(pack) => packs.push((pack, File::new(&head.path, &head.text))),
            Err(found) => reports.extend(found),
        }
    }
    if heads.is_empty() {
        reports.push(no_pack_file(sources, "None of these files is a pack.toml."));
    }
    reports.extend(whole::overlapping_editions(&packs));
    if reports.is_empty() { Ok(packs.into_iter().map(|(pack, _)| pack).collect()) } else { Err(reports) }
}

/// A worked case and the file it is in, for whoever runs it.
pub(crate) struct ReadCase {
    pub file: usize,
    pub case: text::Case,
}

/// A pack with what working its cases needs.
pub(crate) struct Compiled {
    pub pack: Pack,
    pub desk: Desk,
    pub cases: Vec<ReadCase>,
}

pub(crate) fn compile_with_cases(sources: &[Source]) -> Result<Compiled, Vec<Report>> {
    let mut heads = sources.iter().filter(|s| is_pack_file(&s.path));
    let head = match (heads.next(), heads.next()) {
        (Some(head), None) => head,
        (None, _) => return Err(vec![no_pack_file(sources, "The pack has no pack.toml.")]),
        (Some(_), Some(_)) => return Err(vec![no_pack_file(sources, "There is more than one pack.toml.")]),
    };
    let root = folder(&head.path);
    let mut desk = Desk::default();
    let mut own = Vec::new();
    let mut cases = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with(root) && s.path.ends_with(".toml")) {
        let file = desk.open(source);
        if source.path[root.len()..].starts_with("cases/") {
            cases.extend(desk.read(file).map(|case| ReadCase { file, case }));
        } else if let Some(piece) = desk.read::<text::Piece>(file) {
            own.push((file, piece));
        }
    }
    let included = included(&mut desk, &own, sources);
    let head_file = desk.file_of(&head.path);
    if !sources.iter().any(|s| s.path.starts_with(root) && s.path[root.len()..] == *"SOURCES.md") {
        let help = "Add SOURCES.md: where the text comes from, when it was read, and what was left out.";
        desk.report(Problem::MissingSource, head_file, 0..0, "The pack has no SOURCES.md.", help);
    }
    if cases.is_empty() && desk.reports.is_empty() {
        let help = "Add cases/<name>.toml with `says`, [happened] and [owed]: facts in, duties out.";
        desk.report(Problem::NoWorkedCase, head_file, 0..0, "The pack has no worked case.", help);
    }
    if !desk.reports.is_empty() {
        // References cannot be judged while a file that may define them is unreadable.
        return Err(desk.reports);
    }
    let paper = gather::gather(&mut desk, included, own);
    let pack = whole::pack(&mut desk, &paper, head_file);
    match pack {
        Some(pack) if desk.reports.is_empty() => Ok(Compiled { pack, desk, cases }),
        _ => Err(desk.reports),
    }
}

fn included(desk: &mut Desk, own: &[(usize, text::Piece)], sources: &[Source]) -> Vec<(usize, text::Piece)> {
    let wanted = own.iter().flat_map(|(file, p)| p.pack.iter().map(move |head| (*file, head.get_ref())));
    let wanted: BTreeMap<&str, (usize, std::ops::Range<usize>)> = wanted
        .flat_map(|(file, head)| head.include.iter().map(move |w| (w.get_ref().as_str(), (file, w.span()))))
        .collect();
    let mut pieces = Vec::new();
    for (path, (file, place)) in wanted {
        let Some(source) = sources.iter().find(|s| s.path == path || s.path.ends_with(&format!("/{path}"))) else {
            let help = "Write a path below the policy folder, such as common/public-report.toml.";
            desk.report(Problem::MissingInclude, file, place, format!("There is no file {path} to include."), help);
            continue;
        };
        let file = desk.open(source);
        pieces.extend(desk.read(file).map(|piece| (file, piece)));
    }
    pieces
}

fn is_pack_file(path: &str) -> bool {
    path == "pack.toml" || path.ends_with("/pack.toml")
}

/// The folder of a path with its closing slash; empty for a file at the top.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

fn no_pack_file(sources: &[Source], says: &str) -> Report {
    let paths: Vec<&str> = sources.iter().map(|s| s.path.as_str()).collect();
    let file = File::new("pack.toml", &paths.join("\n"));
    let help = "Hand over the folder of exactly one pack; its first file is called pack.toml.".to_owned();
    Report::new(Problem::NoPackFile, &file, 0..0, says.to_owned(), help)
}
