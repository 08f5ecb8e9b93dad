//! Drafts and files: two windows cannot overwrite each other unseen, and what is part of the record cannot be deleted.

use super::world::*;
use crate::*;

async fn save(w: &World, draft: DraftRow, expected: u32) -> bool {
    w.store.save_draft(draft, expected).await.expect("answered")
}

/// A draft is saved over the version that the writer saw, and over no other.
pub async fn a_draft_is_saved_over_the_version_seen(w: World) {
    let (a, key) = (here(), hash(1));
    assert!(!save(&w, a.draft(key, 2), 1).await, "there is nothing to save over");
    assert!(save(&w, a.draft(key, 1), 0).await);
    assert!(!save(&w, a.draft(key, 1), 0).await, "it exists already");
    assert!(save(&w, DraftRow { expires_at: at(7_200), ..a.draft(key, 2) }, 1).await);
    assert!(!save(&w, DraftRow { sealed: b"late".to_vec(), ..a.draft(key, 2) }, 1).await, "somebody saved meanwhile");
    let read = w.store.draft(&key, at(0)).await.expect("read");
    assert_eq!(read, Some(DraftRow { expires_at: at(7_200), ..a.draft(key, 2) }));
}

/// Of two windows that save at the same moment, one does.
pub async fn of_racing_windows_one_saves(w: World) {
    let (a, key) = (here(), hash(1));
    for expected in 0..5 {
        let saves = (0..3).map(|_| w.store.save_draft(a.draft(key, expected + 1), expected));
        let outcomes = futures::future::join_all(saves).await;
        assert_eq!(outcomes.into_iter().filter(|saved| matches!(saved, Ok(true))).count(), 1, "version {expected}");
    }
}

/// An expired draft is not found, even before it is removed.
pub async fn an_expired_draft_is_not_found(w: World) {
    let (a, key) = (here(), hash(1));
    save(&w, a.draft(key, 1), 0).await;
    assert!(w.store.draft(&key, at(3_599)).await.expect("read").is_some());
    assert_eq!(w.store.draft(&key, at(3_601)).await.expect("read"), None);
    assert_eq!(w.store.draft(&hash(2), at(0)).await.expect("read"), None);
}

/// Removing expired drafts gives their files back for removal, and leaves the living alone.
pub async fn purging_gives_back_the_files(w: World) {
    let a = here();
    for n in 1..=3 {
        let lasts = if n == 3 { at(9_000) } else { at(100) };
        save(&w, DraftRow { expires_at: lasts, ..a.draft(hash(n), 1) }, 0).await;
        w.store.save_file(a.file(n, FileOwner::Draft(hash(n)))).await.expect("saved");
    }
    assert!(w.store.purge_drafts(at(50), 10).await.expect("purged").is_empty());
    let mut gone = w.store.purge_drafts(at(200), 1).await.expect("purged");
    assert_eq!(gone.len(), 1, "at most one draft, with its one file");
    gone.extend(w.store.purge_drafts(at(200), 10).await.expect("purged"));
    gone.sort_by_key(|file| file.id);
    assert_eq!(gone, [1, 2].map(|n| a.file(n, FileOwner::Draft(hash(n)))));
    assert_eq!(w.store.file(a.tenant, a.file(1, FileOwner::Draft(hash(1))).id).await.expect("read"), None);
    assert_eq!(w.store.draft(&hash(1), at(0)).await.expect("read"), None);
    assert!(w.store.draft(&hash(3), at(200)).await.expect("read").is_some());
    assert_eq!(w.store.files_of(FileOwner::Draft(hash(3))).await.expect("read").len(), 1);
}

/// Files are listed for their owner, oldest first.
pub async fn files_are_listed_oldest_first(w: World) {
    let a = here();
    let (draft, stream) = (FileOwner::Draft(hash(1)), FileOwner::Stream(id(1)));
    save(&w, a.draft(hash(1), 1), 0).await;
    w.commit(a.appending(id(1), 0, 1)).await;
    let files = [a.file(1, draft), FileRow { at: at(-5), ..a.file(2, draft) }, a.file(3, stream)];
    for file in &files {
        w.store.save_file(file.clone()).await.expect("saved");
    }
    assert_eq!(w.store.file(a.tenant, files[2].id).await.expect("read").as_ref(), Some(&files[2]));
    let of = async |owner| w.store.files_of(owner).await.expect("read");
    assert_eq!(of(draft).await, [files[1].clone(), files[0].clone()]);
    assert_eq!(of(stream).await, files[2..]);
    assert!(of(FileOwner::Draft(hash(2))).await.is_empty());
}

/// A reporter may take a file out of a draft again, but not out of somebody else's.
pub async fn a_draft_file_can_be_taken_out(w: World) {
    let a = here();
    save(&w, a.draft(hash(1), 1), 0).await;
    let file = a.file(1, FileOwner::Draft(hash(1)));
    w.store.save_file(file.clone()).await.expect("saved");
    assert!(!w.store.delete_draft_file(&hash(2), file.id).await.expect("answered"));
    assert!(w.store.delete_draft_file(&hash(1), file.id).await.expect("answered"));
    assert!(!w.store.delete_draft_file(&hash(1), file.id).await.expect("answered"));
    assert_eq!(w.store.file(a.tenant, file.id).await.expect("read"), None);
}

/// Submitting moves a draft's file into the record; from then on nobody deletes it.
pub async fn a_file_of_the_record_stays(w: World) {
    let (a, stream) = (here(), id(1));
    save(&w, a.draft(hash(1), 1), 0).await;
    let (kept, left) = (a.file(1, FileOwner::Draft(hash(1))), a.file(2, FileOwner::Draft(hash(1))));
    for file in [&kept, &left] {
        w.store.save_file(file.clone()).await.expect("saved");
    }
    let submit = Change {
        rows: vec![RowChange::MoveFile(kept.id, FileOwner::Stream(stream)), RowChange::RemoveDraft(hash(1))],
        ..a.appending(stream, 0, 1)
    };
    w.commit(submit).await;
    assert_eq!(w.store.draft(&hash(1), at(0)).await.expect("read"), None);
    assert!(!w.store.delete_draft_file(&hash(1), kept.id).await.expect("answered"));
    assert!(w.store.purge_drafts(at(9_000), 10).await.expect("purged").is_empty());
    let moved = FileRow { owner: FileOwner::Stream(stream), ..kept };
    assert_eq!(w.store.files_of(FileOwner::Stream(stream)).await.expect("read"), [moved]);
    // What was not moved is left for the collector of orphans.
    assert_eq!(w.store.files_of(FileOwner::Draft(hash(1))).await.expect("read"), [left]);
}

/// Lawful erasure destroys key and note of a file; that it was there, and how large, stays.
pub async fn an_erased_file_stays_as_a_row(w: World) {
    let (a, owner) = (here(), FileOwner::Stream(id(1)));
    w.commit(a.appending(id(1), 0, 1)).await;
    let (gone, kept) = (a.file(1, owner), a.file(2, owner));
    for file in [&gone, &kept] {
        w.store.save_file(file.clone()).await.expect("saved");
    }
    w.commit(rows(vec![RowChange::EraseFile(gone.id)])).await;
    let left = FileRow { wrapped_key: None, sealed: Vec::new(), ..gone };
    assert_eq!(w.store.files_of(owner).await.expect("read"), [left, kept]);
    w.broken(rows(vec![RowChange::EraseFile(a.file(9, owner).id)])).await;
}

/// The verifier meets every file of every agency once.
pub async fn a_scan_meets_every_file_once(w: World) {
    for n in 1..=5 {
        let agency = if n % 2 == 0 { here() } else { there() };
        w.commit(agency.appending(id(n), 0, 1)).await;
        w.store.save_file(agency.file(n, FileOwner::Stream(id(n)))).await.expect("saved");
    }
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = w.store.scan_files(after, 2).await.expect("read");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        met.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(met, (1..=5).map(|n| here().file(n, FileOwner::Stream(id(n))).id).collect::<Vec<FileId>>());
}
