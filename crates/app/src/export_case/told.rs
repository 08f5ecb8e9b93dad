//! What an exported case tells in words: the whole case as JSON, and the page that is read first.

use super::{Case, Entry, Wanted, event};
use crate::directory::Directory;
use crate::packs::Packs;
use domain::actor::Actor;
use domain::ids::{IncidentId, ReportId, StreamId};
use domain::{incident, report};
use journal::bundle::{BundleContent, BundleFile};
use serde_json::{Value, json};

/// The case as one JSON document: lines as lists show them, and every entry with its facts where they may be read.
pub(super) fn as_json(
    wanted: &Wanted<'_>,
    (directory, packs): (&Directory, &Packs),
    case: &Case,
    entries: &[Entry],
    files: &[BundleFile],
) -> Value {
    let mut people = serde_json::Map::new();
    for entry in entries {
        if let Actor::Account(account) = entry.header.actor
            && let Some(person) = directory.person(account)
        {
            people.insert(account.to_string(), json!(person.profile.name));
        }
    }
    let of = |stream: StreamId| -> Vec<Value> {
        entries.iter().filter(|entry| entry.header.stream == stream).map(|entry| entry_json(entry, files)).collect()
    };
    let reports: Vec<Value> = case
        .reports
        .iter()
        .map(|stream| json!({ "line": report_line(*stream, entries), "entries": of(*stream) }))
        .collect();
    let incident = case.incident.map(|stream| {
        let state = incident_state(stream, entries);
        json!({
            "line": state.listing(&case.zone),
            "policy": state.opening.as_ref().map(|opening| &opening.pack),
            "tags": state.tags,
            "legal_bases": legal_bases(packs, case, &state),
            "form": form_json(packs, case, &state, &attached(stream, entries, files)),
            "entries": of(stream),
        })
    });
    let agency = directory.agency(case.tenant).map(|agency| agency.profile.name.en.clone());
    json!({
        "format": "tocsin-case/1",
        "reference": case.reference,
        "agency": agency,
        "exported_at": wanted.now,
        "sections": wanted.sections,
        "people": people,
        "incident": incident,
        "reports": reports,
    })
}

/// A paper that is attached to the form: its name, its size and SHA-256 as recorded, and where it lies in the archive.
pub(super) fn attached(stream: StreamId, entries: &[Entry], files: &[BundleFile]) -> Vec<Value> {
    let of = entries.iter().filter(|entry| entry.header.stream == stream);
    let papers = of.filter_map(|entry| match event::<incident::Event>(entry) {
        Some(incident::Event::FileAdded(file)) => Some((Some((stream, entry.header.version)), file)),
        _ => None,
    });
    let told = papers.map(|(place, file)| {
        let path = files.iter().find(|f| f.entry == place).map(|f| f.path.as_str());
        json!({ "name": file.name, "size": file.size, "sha256": file.digest, "file": path })
    });
    told.collect()
}

/// The form with the papers that go with it, or the statement that there are none; nothing for a policy without a form.
fn form_json(packs: &Packs, case: &Case, incident: &incident::Incident, attached: &[Value]) -> Value {
    let pack = incident.opening.as_ref().and_then(|opening| packs.of(case.tenant).get(&opening.pack));
    let Some((pack, form)) = pack.and_then(|pack| Some((pack, pack.forms.first()?))) else { return Value::Null };
    json!({
        "form": form.id,
        "title": form.title.en,
        "version": incident.form.number.max(1),
        "attached": attached,
        "no_papers": crate::issue_form::no_papers(incident, pack),
    })
}

fn entry_json(entry: &Entry, files: &[BundleFile]) -> Value {
    let header = &entry.header;
    let (content, facts) = match &entry.content {
        BundleContent::Open(opened) => ("open", serde_json::from_slice(&opened.payload).unwrap_or(Value::Null)),
        BundleContent::Sealed => ("closed", Value::Null),
        BundleContent::Erased => ("erased", Value::Null),
    };
    let place = Some((header.stream, header.version));
    let files: Vec<&str> = files.iter().filter(|f| f.entry == place).map(|f| f.path.as_str()).collect();
    json!({
        "version": header.version,
        "at": header.at.to_string(),
        "actor": header.actor,
        "kind": header.kind,
        "section": header.section,
        "policy": header.edition,
        "content": content,
        "facts": facts,
        "files": files,
    })
}

fn report_line(stream: StreamId, entries: &[Entry]) -> Option<report::Listing> {
    let mut state = report::Report::empty(ReportId::from(stream));
    for entry in entries.iter().filter(|entry| entry.header.stream == stream) {
        match event::<report::Event>(entry) {
            Some(event) => state.apply(&event, entry.header.actor, entry.header.at),
            None => state.skip(),
        }
    }
    state.listing()
}

/// The legal bases that the policy and the laws of an incident name, each with whether the incident is marked with it.
fn legal_bases(packs: &Packs, case: &Case, incident: &incident::Incident) -> Vec<Value> {
    let editions = packs.of(case.tenant);
    let ids = incident.opening.iter().flat_map(|opening| std::iter::once(&opening.pack).chain(&opening.laws));
    let tags = ids.filter_map(|id| editions.get(id)).flat_map(|pack| &pack.tags);
    let basis = |tag: &domain::pack::Tag| json!({ "id": tag.id, "cite": tag.cite, "about": tag.label.en, "marked": incident.tags.contains(&tag.id) });
    tags.map(basis).collect()
}

fn incident_state(stream: StreamId, entries: &[Entry]) -> incident::Incident {
    let mut state = incident::Incident::empty(IncidentId::from(stream));
    for entry in entries.iter().filter(|entry| entry.header.stream == stream) {
        match event::<incident::Event>(entry) {
            Some(event) => state.apply(&event, entry.header.actor, entry.header.at),
            None => state.skip(&entry.header.kind, entry.header.section, entry.header.at),
        }
    }
    state
}

/// What is in the archive, and how to check it, for whoever opens it first.
pub(super) fn readme(
    case: &Case,
    wanted: &Wanted<'_>,
    (entries, closed, files): (usize, usize, usize),
    attached: &[Value],
    missing: &[String],
) -> String {
    let mut text = format!(
        "Case {}\nExported {}\n\n\
         What is in here\n\
         \x20 case.json        the whole case, as JSON: the incident, its reports, and every entry in order\n\
         \x20 entries/         the same entries, byte for byte as they were recorded\n\
         \x20 files/           {files} files: evidence and documents, as they were handed in or issued\n\
         \x20 manifest.json    the list of everything, with the SHA-256 of each file and a proof for each entry\n\
         \x20 manifest.sig     the installation's signature over that list\n\
         \x20 checkpoint.txt   the signed state of the installation's log, to which the proofs lead\n\
         \x20 key.txt          the public key of both signatures\n\n",
        case.reference, wanted.now
    );
    if closed > 0 {
        text.push_str(&format!(
            "{closed} of {entries} entries belong to parts of the case that this export does not show. Of those only the\n\
             headers are here: that something was recorded, when and by whom, but not what.\n\n",
        ));
    }
    if !attached.is_empty() {
        text.push_str("Attached to the form, with the SHA-256 of each:\n");
        let word = |paper: &Value, name: &str| paper[name].as_str().unwrap_or("not included").to_owned();
        for paper in attached {
            let (name, file, digest) = (word(paper, "name"), word(paper, "file"), word(paper, "sha256"));
            text.push_str(&format!("  {name}: {file}\n    {digest}\n"));
        }
        text.push('\n');
    }
    if !missing.is_empty() {
        text.push_str("Files that could not be included:\n");
        missing.iter().for_each(|file| text.push_str(&format!("  {file}\n")));
        text.push('\n');
    }
    text.push_str(
        "How to check it\n\
         \x20 tocsin verify --bundle FILE.zip\n\
         It needs this file and nothing else: no network, no database, no account. Compare the key that it prints with\n\
         the one that the installation publishes at /log/key; a forger could have signed with a key of their own.\n\n\
         Without the program: the SHA-256 of each file is in manifest.json. An entry's header commits to its payload:\n\
         SHA-256 over \"tocsin/commit/v1\", the salt and the payload is its \"commitment\". The SHA-256 of a zero byte\n\
         and the header is its leaf in the log (RFC 6962), and its proof leads from there to the checkpoint's root.\n",
    );
    text
}
