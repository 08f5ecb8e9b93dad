//! Exporting a case: an open zip that anyone can read, and that proves by itself that it is what was recorded.

mod archive;
mod told;

use crate::Trouble;
use crate::directory::Directory;
use crate::keep_file::path_in;
use crate::packs::Packs;
use crate::policies::kept;
use archive::{Out, Unfinished, unseal};
use domain::actor::Section;
use domain::ids::{FileId, IncidentId, StreamId, TenantId};
use domain::incident::{self, DocumentKind};
use domain::report::{self, FileAdded};
use domain::time::{Instant, Zone};
use journal::bundle::{Bundle, BundleContent, BundleEntry, BundleFile};
use journal::files::Opener;
use journal::log::{prove_inclusion, tiles_for_inclusion};
use journal::{Digest, Header, Keyring, Opened, open_event, write_bundle};
use std::collections::HashMap;
use std::path::Path;
use store::{CheckpointRow, JournalRow, Store};

/// What an export reads.
pub struct Origin<'a> {
    /// The store.
    pub store: &'a dyn Store,
    /// Its keys.
    pub keyring: &'a Keyring,
    /// Folder of the evidence files.
    pub files: &'a Path,
    /// The name of the log.
    pub log: &'a str,
    /// The policies, whose legal bases go out with the case.
    pub packs: &'a Packs,
}

/// What is wanted.
pub struct Wanted<'a> {
    /// The printed reference of an incident or a report.
    pub reference: &'a str,
    /// Sections whose words go out; of the others only the headers do.
    pub sections: &'a [Section],
    /// The present moment.
    pub now: Instant,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Exported {
    /// Written.
    Done {
        /// Entries, of which so many with their words.
        entries: usize,
        /// Entries that are shown as headers only.
        closed: usize,
        /// Files.
        files: usize,
    },
    /// So many entries wait for the log; nothing was written.
    NotSealed(usize),
}

/// A case: its streams, by their printed references.
struct Case {
    reference: String,
    tenant: TenantId,
    zone: Zone,
    incident: Option<StreamId>,
    reports: Vec<StreamId>,
}

/// An entry with what the exporter may read of it.
struct Entry {
    header: Header,
    bytes: Vec<u8>,
    content: BundleContent,
}

/// Exports a case to a file that must not exist.
pub async fn export_case(origin: &Origin<'_>, wanted: &Wanted<'_>, to: &Path) -> Result<Exported, Trouble> {
    let refused = |e: &dyn std::fmt::Display| Trouble::Refused(format!("{}: {e}", to.display()));
    if to.try_exists().map_err(|e| refused(&e))? {
        return Err(refused(&"this file exists and is not overwritten; choose another name"));
    }
    let directory = Directory::read(origin.store, origin.keyring).await?;
    let case = find(origin, &directory, wanted.reference).await?;
    let nothing = Directory::default();
    let packs = kept::settle(origin.store, origin.keyring, origin.packs, &nothing, &directory).await?;
    let packs = packs.as_ref().unwrap_or(origin.packs);
    let rows = rows(origin, &case).await?;
    let keys: Vec<(StreamId, u32)> = rows.iter().map(|row| (row.stream, row.version)).collect();
    let indexes = origin.store.log_indexes(&keys).await?;
    let Some(checkpoint) = origin.store.latest_checkpoint().await? else { return Ok(Exported::NotSealed(rows.len())) };
    let sealed: Vec<u64> = indexes.iter().flatten().copied().filter(|index| *index < checkpoint.size).collect();
    if sealed.len() < rows.len() {
        return Ok(Exported::NotSealed(rows.len() - sealed.len()));
    }
    let entries = rows.iter().map(|row| entry(origin.keyring, row, wanted.sections)).collect::<Result<Vec<_>, _>>()?;
    let proofs = proofs(origin.store, &checkpoint, &sealed).await?;
    let unfinished = Unfinished::beside(to);
    let mut out = Out::create(&unfinished).map_err(|e| refused(&e))?;
    let done =
        write(origin, wanted, (&directory, packs), &case, &mut out, (entries, sealed, proofs), &checkpoint).await?;
    out.finish().and_then(|()| unfinished.publish(to)).map_err(|e| refused(&e))?;
    Ok(done)
}

async fn find(origin: &Origin<'_>, directory: &Directory, reference: &str) -> Result<Case, Trouble> {
    let nothing = || Trouble::Refused(format!("there is no incident and no report with the reference {reference}"));
    let zone = |tenant| directory.agency(tenant).map_or_else(Zone::utc, |agency| agency.profile.zone.clone());
    let reference = reference.trim().to_uppercase();
    if let Some(report) = origin.store.report_by_reference(None, &reference).await? {
        let tenant = report.tenant;
        return match report.incident {
            None => Ok(Case { reference, tenant, zone: zone(tenant), incident: None, reports: vec![report.id.into()] }),
            Some(incident) => {
                let row = origin.store.incident(tenant, incident).await?.ok_or_else(nothing)?;
                with_reports(origin, row.reference, tenant, zone(tenant), incident).await
            }
        };
    }
    for agency in directory.agencies() {
        if let Some(row) = origin.store.incident_by_reference(agency.id, &reference).await? {
            return with_reports(origin, reference, agency.id, zone(agency.id), row.id).await;
        }
    }
    Err(nothing())
}

/// An incident with the reports that are part of it now.
async fn with_reports(
    origin: &Origin<'_>,
    reference: String,
    tenant: TenantId,
    zone: Zone,
    incident: IncidentId,
) -> Result<Case, Trouble> {
    let mut state = incident::Incident::empty(incident);
    for row in origin.store.read_stream(tenant, incident.into(), 0).await? {
        let opened = entry(origin.keyring, &row, &Section::ALL)?;
        match event::<incident::Event>(&opened) {
            Some(event) => state.apply(&event, opened.header.actor, opened.header.at),
            None => state.skip(&opened.header.kind, opened.header.section, opened.header.at),
        }
    }
    let reports = state.reports.iter().map(|report| StreamId::from(*report)).collect();
    Ok(Case { reference, tenant, zone, incident: Some(incident.into()), reports })
}

async fn rows(origin: &Origin<'_>, case: &Case) -> Result<Vec<JournalRow>, Trouble> {
    let mut streams: Vec<StreamId> = case.incident.iter().chain(&case.reports).copied().collect();
    streams.sort();
    Ok(origin.store.read_streams(case.tenant, &streams).await?)
}

fn entry(keyring: &Keyring, row: &JournalRow, sections: &[Section]) -> Result<Entry, Trouble> {
    let header = Header::parse(&row.header).map_err(|e| Trouble::fault("reading an entry's header", e))?;
    let content = match (&row.wrapped_key, &row.ciphertext) {
        (Some(key), Some(ciphertext)) if sections.contains(&header.section) => {
            let opened = open_event(keyring, &header, key, ciphertext);
            BundleContent::Open(opened.map_err(|e| Trouble::fault("opening an entry", e))?)
        }
        (Some(_), Some(_)) => BundleContent::Sealed,
        _ => BundleContent::Erased,
    };
    Ok(Entry { header, bytes: row.header.clone(), content })
}

fn event<E: serde::de::DeserializeOwned>(entry: &Entry) -> Option<E> {
    match &entry.content {
        BundleContent::Open(Opened { payload, .. }) => serde_json::from_slice(payload).ok(),
        BundleContent::Sealed | BundleContent::Erased => None,
    }
}

async fn proofs(store: &dyn Store, checkpoint: &CheckpointRow, indexes: &[u64]) -> Result<Vec<Vec<Digest>>, Trouble> {
    let mut ids: Vec<_> = indexes.iter().flat_map(|index| tiles_for_inclusion(*index, checkpoint.size)).collect();
    ids.sort();
    ids.dedup();
    let wanted: Vec<store::TileId> = ids.iter().map(|id| store::TileId { level: id.level, index: id.index }).collect();
    let found = store.tiles(&wanted).await?;
    let tiles: HashMap<_, _> = ids.into_iter().zip(found).filter_map(|(id, tile)| Some((id, tile?.bytes))).collect();
    indexes
        .iter()
        .map(|index| {
            prove_inclusion(*index, checkpoint.size, |id| tiles.get(&id).cloned())
                .map_err(|e| Trouble::fault("proving an entry", e))
        })
        .collect()
}

type Proved = (Vec<Entry>, Vec<u64>, Vec<Vec<Digest>>);

async fn write(
    origin: &Origin<'_>,
    wanted: &Wanted<'_>,
    (directory, packs): (&Directory, &Packs),
    case: &Case,
    out: &mut Out,
    (entries, indexes, proofs): Proved,
    checkpoint: &CheckpointRow,
) -> Result<Exported, Trouble> {
    let fault = |e: &dyn std::fmt::Display| Trouble::fault("writing an export", e);
    let mut files = Vec::new();
    let mut missing = Vec::new();
    for (stream, version, named) in named_files(&entries, wanted.sections) {
        let path = format!("files/{:05}{}", files.len() + 1, ending(&named));
        match evidence(origin, case.tenant, &named, &path, out).await? {
            Ok(file) => files.push(BundleFile { entry: Some((stream, version)), ..file }),
            Err(why) => missing.push(format!("{} ({why})", named.name)),
        }
    }
    let attached = case.incident.map(|stream| told::attached(stream, &entries, &files)).unwrap_or_default();
    let case_json = serde_json::to_vec_pretty(&told::as_json(wanted, (directory, packs), case, &entries, &files))
        .map_err(|e| fault(&e))?;
    let closed = entries.iter().filter(|entry| matches!(entry.content, BundleContent::Sealed)).count();
    let readme = told::readme(case, wanted, (entries.len(), closed, files.len()), &attached, &missing);
    for (path, bytes) in [("case.json", case_json), ("README.txt", readme.into_bytes())] {
        out.put(path, &bytes).map_err(|e| fault(&e))?;
        let (size, sha256) = (bytes.len() as u64, Digest::of(&bytes));
        files.push(BundleFile { path: path.to_owned(), size, sha256, entry: None });
    }
    let count = entries.len();
    let evidence = files.len() - 2;
    let listed = entries.into_iter().zip(indexes).zip(proofs);
    let bundle = Bundle {
        reference: case.reference.clone(),
        exported_at: wanted.now,
        checkpoint: checkpoint.note.clone(),
        entries: listed
            .map(|((entry, index), proof)| BundleEntry { header: entry.bytes, content: entry.content, index, proof })
            .collect(),
        files,
    };
    let key = origin.keyring.signing().map_err(|e| fault(&e))?;
    // The checkpoint is signed under the name that the log had then; the list must be signed under the same one.
    let name = checkpoint.note.lines().next().unwrap_or(origin.log);
    for (path, bytes) in write_bundle(&bundle, &key, name).map_err(|e| fault(&e))? {
        out.put(&path, &bytes).map_err(|e| fault(&e))?;
    }
    Ok(Exported::Done { entries: count, closed, files: evidence })
}

/// The files that readable entries name. A paper that the product made holds words of several sections: it goes out
/// where all of them do.
fn named_files(entries: &[Entry], sections: &[Section]) -> Vec<(StreamId, u32, FileAdded)> {
    let holds = |kind| {
        let common = [Section::Report, Section::Reporter, Section::Officer, Section::Evidence];
        let personnel = (kind == DocumentKind::PersonnelCopy).then_some(Section::Personnel);
        common.into_iter().chain(personnel).all(|section| sections.contains(&section))
    };
    let mut named = Vec::new();
    for entry in entries {
        let files = match (event::<report::Event>(entry), event::<incident::Event>(entry)) {
            (Some(report::Event::Submitted(submission)), _) => submission.files.clone(),
            (Some(report::Event::WordsAdded { files, .. }), _) => files,
            (_, Some(incident::Event::FileAdded(file))) => vec![file],
            (_, Some(incident::Event::DocumentIssued(document))) if holds(document.kind) => {
                vec![document.file]
            }
            _ => Vec::new(),
        };
        named.extend(files.into_iter().map(|file| (entry.header.stream, entry.header.version, file)));
    }
    named
}

/// The ending of a name, when it is a plain one; the name itself never becomes a path.
fn ending(file: &FileAdded) -> String {
    let name = file.name.to_string();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let plain = (1..=8).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric());
    if plain { format!(".{}", ending.to_ascii_lowercase()) } else { String::new() }
}

/// Unseals a file into the archive. What cannot be read does not keep the rest of the case from going out.
async fn evidence(
    origin: &Origin<'_>,
    tenant: TenantId,
    named: &FileAdded,
    path: &str,
    out: &mut Out,
) -> Result<Result<BundleFile, String>, Trouble> {
    let id: FileId = named.id;
    let Some(row) = origin.store.file(tenant, id).await? else { return Ok(Err("its row is missing".to_owned())) };
    let Some(wrapped) = &row.wrapped_key else { return Ok(Err("it was lawfully erased".to_owned())) };
    let key = match origin.keyring.open_file_key(tenant, id, wrapped) {
        Ok(key) => key,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let from = path_in(origin.files, id);
    // Once to know that it opens, since an archive member cannot be taken back; then into the archive.
    if let Err(why) = unseal(&from, Opener::new(key), &mut std::io::sink()) {
        return Ok(Err(why));
    }
    let key = origin.keyring.open_file_key(tenant, id, wrapped).map_err(|e| Trouble::fault("opening a file", e))?;
    out.start(path).map_err(|e| Trouble::fault("writing an export", e))?;
    match unseal(&from, Opener::new(key), &mut out.zip) {
        Ok((size, sha256)) => Ok(Ok(BundleFile { path: path.to_owned(), size, sha256, entry: None })),
        Err(why) => Err(Trouble::fault("writing an export", why)),
    }
}
