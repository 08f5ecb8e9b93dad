//! Half-written public reports, and the files of drafts and of the record.

use crate::value::{Sql, Undone, at, id, json_of, row, rows, run, signed, unsigned};
use domain::ids::{FileId, TenantId};
use domain::time::Instant;
use rusqlite::{Connection, Row};
use store::{DraftRow, FileOwner, FileRow};

macro_rules! file {
    () => {
        "id, tenant, draft, stream, size, cipher_digest, wrapped_key, sealed, at"
    };
}

// --- drafts

/// Saves over the expected version; `false` when another save came between.
pub(crate) fn save(conn: &Connection, draft: &DraftRow, expected: u32) -> Sql<bool> {
    let values = (draft.token, draft.tenant.bytes(), draft.version, draft.expires_at.micros(), &draft.sealed, expected);
    let saved = if expected == 0 {
        run(
            conn,
            "insert into draft (token, tenant, version, expires_at, sealed)
             select ?1, ?2, ?3, ?4, ?5
              where ?6 = 0
                 on conflict (token) do nothing",
            values,
        )?
    } else {
        run(
            conn,
            "update draft
                set version    = ?3,
                    expires_at = ?4,
                    sealed     = ?5
              where token = ?1 and tenant = ?2 and version = ?6",
            values,
        )?
    };
    Ok(saved == 1)
}

pub(crate) fn draft(conn: &Connection, token: &[u8; 32], now: Instant) -> Sql<Option<DraftRow>> {
    row(
        conn,
        "select token, tenant, version, expires_at, sealed
           from draft
          where token = ?1 and expires_at > ?2",
        (token, now.micros()),
        |row| {
            Ok(DraftRow {
                token: row.get(0)?,
                tenant: id(row, 1)?,
                version: row.get(2)?,
                expires_at: at(row, 3)?,
                sealed: row.get(4)?,
            })
        },
    )
}

pub(crate) fn remove(conn: &Connection, token: &[u8; 32]) -> Sql<()> {
    run(conn, "delete from draft where token = ?1", [token]).map(drop)
}

pub(crate) const PURGE: &str = "
    delete from draft
     where token in (select token from draft where expires_at <= ?1 order by expires_at limit ?2)
    returning token";

/// Removes expired drafts with their file rows, which are given back so that the bytes can go too.
pub(crate) fn purge(conn: &Connection, now: Instant, limit: u32) -> Sql<Vec<FileRow>> {
    let expired: Vec<[u8; 32]> = rows(conn, PURGE, (now.micros(), limit), |row| row.get(0))?;
    if expired.is_empty() {
        return Ok(Vec::new());
    }
    rows(
        conn,
        concat!(
            "delete from file
              where draft is not null
                and draft in (select unhex(value) from json_each(?1))
             returning ",
            file!()
        ),
        [json_of(expired)],
        file,
    )
}

// --- files

fn file(row: &Row<'_>) -> Sql<FileRow> {
    let owner = match row.get::<_, Option<[u8; 32]>>(2)? {
        Some(draft) => FileOwner::Draft(draft),
        None => FileOwner::Stream(id(row, 3)?),
    };
    Ok(FileRow {
        id: id(row, 0)?,
        tenant: id(row, 1)?,
        owner,
        size: unsigned(row, 4)?,
        cipher_digest: row.get(5)?,
        wrapped_key: row.get(6)?,
        sealed: row.get(7)?,
        at: at(row, 8)?,
    })
}

fn columns_of(owner: &FileOwner) -> (Option<&[u8]>, Option<&[u8]>) {
    match owner {
        FileOwner::Draft(token) => (Some(token), None),
        FileOwner::Stream(stream) => (None, Some(stream.bytes())),
    }
}

/// Records a file; recording the same one again changes nothing.
pub(crate) fn save_file(conn: &Connection, new: &FileRow) -> Sql<()> {
    let (draft, stream) = columns_of(&new.owner);
    run(
        conn,
        "insert into file (id, tenant, draft, stream, size, cipher_digest, wrapped_key, sealed, at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             on conflict (id) do nothing",
        (
            new.id.bytes(),
            new.tenant.bytes(),
            draft,
            stream,
            signed(new.size),
            new.cipher_digest,
            &new.wrapped_key,
            &new.sealed,
            new.at.micros(),
        ),
    )
    .map(drop)
}

/// A file that is gone cannot be moved: the record must not claim it.
pub(crate) fn move_file(conn: &Connection, file: FileId, owner: FileOwner) -> Result<(), Undone> {
    let (draft, stream) = columns_of(&owner);
    let moved = run(
        conn,
        "update file
            set draft  = ?2,
                stream = ?3
          where id = ?1",
        (file.bytes(), draft, stream),
    )?;
    if moved == 1 { Ok(()) } else { Err(Undone::Broken("the file to move does not exist")) }
}

/// Destroys key and note of a file; that it was there stays.
pub(crate) fn erase_file(conn: &Connection, file: FileId) -> Result<(), Undone> {
    let erased = run(
        conn,
        "update file
            set wrapped_key = null,
                sealed      = x''
          where id = ?1",
        [file.bytes()],
    )?;
    if erased == 1 { Ok(()) } else { Err(Undone::Broken("the file to erase does not exist")) }
}

pub(crate) fn file_by_id(conn: &Connection, tenant: TenantId, wanted: FileId) -> Sql<Option<FileRow>> {
    row(
        conn,
        concat!("select ", file!(), " from file where id = ?1 and tenant = ?2"),
        (wanted.bytes(), tenant.bytes()),
        file,
    )
}

pub(crate) fn files_of(conn: &Connection, owner: FileOwner) -> Sql<Vec<FileRow>> {
    match owner {
        FileOwner::Draft(token) => {
            rows(conn, concat!("select ", file!(), " from file where draft = ?1 order by at, id"), [token], file)
        }
        FileOwner::Stream(stream) => {
            let stream = stream.bytes();
            rows(conn, concat!("select ", file!(), " from file where stream = ?1 order by at, id"), [stream], file)
        }
    }
}

pub(crate) fn delete_draft_file(conn: &Connection, draft: &[u8; 32], file: FileId) -> Sql<bool> {
    let deleted = run(conn, "delete from file where id = ?1 and draft = ?2", (file.bytes(), draft))?;
    Ok(deleted == 1)
}

pub(crate) fn scan_files(conn: &Connection, after: Option<FileId>, limit: u32) -> Sql<Vec<FileRow>> {
    rows(
        conn,
        concat!("select ", file!(), " from file where id > ?1 order by id limit ?2"),
        (after.as_ref().map_or(&[][..], |id| id.bytes()), limit),
        file,
    )
}
