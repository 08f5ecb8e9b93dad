//! The one writer: gathers the requests that wait, gives each a savepoint, commits once, then answers all.
//!
//! Durability is one `fdatasync` per commit, so the cost is shared by everyone who asked meanwhile. A request that is
//! refused or fails is rolled back to its savepoint and never harms its neighbours; nobody, not even a refused one,
//! is answered before the commit, because a refusal may rest on a neighbour's rows.

use crate::value::{Sql, Undone, run};
use crate::words::{self, PendingWords};
use rusqlite::Connection;
use std::thread::JoinHandle;
use std::time::Duration;
use store::{CommitError, Fault};
use tokio::sync::{mpsc, oneshot};

/// Enough that a slow disk still serves a crowd in one commit, small enough that one answer never waits for long.
const GROUP: usize = 256;
/// Callers beyond this wait for a place in the queue rather than fill the memory.
const QUEUE: usize = 1024;

/// What a request may touch while it runs inside its savepoint.
pub(crate) struct Writing<'c> {
    /// The writing connection, inside a transaction.
    pub conn: &'c Connection,
    /// The next `n` of a report or incident.
    pub next_n: i64,
    /// Text to be indexed with this commit.
    pub words: Vec<PendingWords>,
    /// Whether something was erased, so that no copy may linger in the write-ahead log.
    pub erased: bool,
}

trait Request: Send {
    fn is_wanted(&self) -> bool;
    /// Does the work; `false` asks for the savepoint to be rolled back.
    fn attempt(&mut self, writing: &mut Writing<'_>) -> bool;
    /// Answers, after the commit or after its failure.
    fn settle(self: Box<Self>, failure: Option<&str>);
}

struct Job<T, F> {
    doing: &'static str,
    work: Option<F>,
    result: Option<Result<T, Undone>>,
    reply: oneshot::Sender<Result<T, CommitError>>,
}

impl<T: Send, F: FnOnce(&mut Writing<'_>) -> Result<T, Undone> + Send> Request for Job<T, F> {
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn attempt(&mut self, writing: &mut Writing<'_>) -> bool {
        self.result = self.work.take().map(|work| work(writing));
        matches!(self.result, Some(Ok(_)))
    }

    fn settle(self: Box<Self>, failure: Option<&str>) {
        let answer = match (failure, self.result) {
            (None, Some(Ok(value))) => Ok(value),
            (None, Some(Err(Undone::Refused(refused)))) => Err(CommitError::Refused(refused)),
            (None, Some(Err(error))) => Err(CommitError::Fault(Fault::new(self.doing, error))),
            (Some(failure), _) => Err(CommitError::Fault(Fault::new(self.doing, failure.to_owned()))),
            (None, None) => Err(CommitError::Fault(Fault::new(self.doing, "the request was not attempted"))),
        };
        // A caller that has gone away is told nothing; what was committed stays committed.
        let _ = self.reply.send(answer);
    }
}

/// The handle that callers send requests through.
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Request>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread that owns the connection from now on.
    pub fn start(conn: Connection) -> Result<Self, Fault> {
        let next_n = next_n(&conn).map_err(|error| Fault::new("finding the next running number", error))?;
        let (queue, requests) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || serve(&conn, next_n, requests))
            .map_err(|error| Fault::new("starting the writer", error))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` in the next commit and gives its result once that commit is durable.
    pub async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Undone> + Send + 'static,
    ) -> Result<T, CommitError> {
        let stopped = || CommitError::Fault(Fault::new(doing, "the writer has stopped"));
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Job { doing, work: Some(work), result: None, reply });
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(job).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    /// Ends after what waits is committed, so that the lock on the folder is free when the store is gone.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn next_n(conn: &Connection) -> Sql<i64> {
    conn.query_row(
        "select 1 + max(coalesce((select max(n) from report), 0),
                        coalesce((select max(n) from incident), 0))",
        [],
        |row| row.get(0),
    )
}

fn serve(conn: &Connection, next_n: i64, mut requests: mpsc::Receiver<Box<dyn Request>>) {
    let mut writing = Writing { conn, next_n, words: Vec::new(), erased: false };
    let mut group = Vec::with_capacity(GROUP);
    while let Some(first) = requests.blocking_recv() {
        group.push(first);
        while group.len() < GROUP
            && let Ok(next) = requests.try_recv()
        {
            group.push(next);
        }
        group.retain(|request| request.is_wanted());
        let failure = commit_group(&mut writing, &mut group).err().map(|error| error.to_string());
        if failure.is_some() && !conn.is_autocommit() {
            let _ = conn.execute_batch("rollback");
        }
        writing.words.clear();
        for request in group.drain(..) {
            request.settle(failure.as_deref());
        }
        if std::mem::take(&mut writing.erased) {
            forget_old_pages(conn);
        }
    }
    let _ = conn.execute_batch("pragma optimize");
}

fn commit_group(writing: &mut Writing<'_>, group: &mut [Box<dyn Request>]) -> Sql<()> {
    if group.is_empty() {
        return Ok(());
    }
    run(writing.conn, "begin immediate", [])?;
    for request in group {
        let (next_n, pending, erased) = (writing.next_n, writing.words.len(), writing.erased);
        run(writing.conn, "savepoint request", [])?;
        if !request.attempt(writing) {
            run(writing.conn, "rollback to request", [])?;
            writing.next_n = next_n;
            writing.words.truncate(pending);
            writing.erased = erased;
        }
        run(writing.conn, "release request", [])?;
    }
    // After the last savepoint: FTS5 flushes at every savepoint, which would make one segment per request.
    words::index(writing.conn, std::mem::take(&mut writing.words))?;
    run(writing.conn, "commit", [])?;
    Ok(())
}

/// Empties the write-ahead log, where pages as they were before an erasure would stay readable. Readers that are
/// still on an older state delay it; the next erasure or checkpoint then does it.
fn forget_old_pages(conn: &Connection) {
    let _ = conn.busy_timeout(Duration::from_millis(200));
    let _ = conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
    let _ = conn.busy_timeout(crate::open::BUSY);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::PendingWords;
    use store::Refused;

    type Heard = oneshot::Receiver<Result<i64, CommitError>>;

    fn job(work: impl FnOnce(&mut Writing<'_>) -> Result<i64, Undone> + Send + 'static) -> (Box<dyn Request>, Heard) {
        let (reply, heard) = oneshot::channel();
        (Box::new(Job { doing: "testing", work: Some(work), result: None, reply }), heard)
    }

    fn add(writing: &mut Writing<'_>, name: &str) -> Result<i64, Undone> {
        run(writing.conn, "insert into setting (tenant, name, value) values (x'', ?1, x'')", [name])?;
        let n = writing.next_n;
        writing.words.push(PendingWords { n, fresh: true, text: name.to_owned() });
        writing.next_n += 1;
        Ok(n)
    }

    fn names(conn: &Connection) -> Vec<String> {
        crate::value::rows(conn, "select name from setting order by name", [], |row| row.get(0)).expect("reads")
    }

    fn indexed(conn: &Connection) -> i64 {
        conn.query_row("select count(*) from word where word match 'first OR second OR third'", [], |row| row.get(0))
            .expect("reads")
    }

    #[test]
    fn neighbours_of_a_failing_request_are_committed_with_one_commit() {
        let folder = tempfile::tempdir().expect("folder");
        let conn = crate::open::writer(&folder.path().join("t.db")).expect("opens");
        let mut writing = Writing { conn: &conn, next_n: 1, words: Vec::new(), erased: false };
        let (first, first_heard) = job(|writing| add(writing, "first"));
        let (refused, refused_heard) = job(|writing| {
            add(writing, "second")?;
            Err(Refused::KeyReused.into())
        });
        let (failing, failing_heard) = job(|writing| {
            add(writing, "second")?;
            add(writing, "first")
        });
        let (third, third_heard) = job(|writing| add(writing, "third"));
        let mut group = vec![first, refused, failing, third];

        commit_group(&mut writing, &mut group).expect("committed");
        assert!(conn.is_autocommit());
        group.into_iter().for_each(|request| request.settle(None));

        assert_eq!(names(&conn), ["first", "third"]);
        assert_eq!(indexed(&conn), 2);
        assert!(matches!(first_heard.blocking_recv(), Ok(Ok(1))));
        assert!(matches!(refused_heard.blocking_recv(), Ok(Err(CommitError::Refused(Refused::KeyReused)))));
        assert!(matches!(failing_heard.blocking_recv(), Ok(Err(CommitError::Fault(_)))));
        assert!(matches!(third_heard.blocking_recv(), Ok(Ok(2))), "the numbers of undone requests are given again");
    }

    #[test]
    fn nobody_is_told_of_success_when_the_commit_fails() {
        let folder = tempfile::tempdir().expect("folder");
        let conn = crate::open::writer(&folder.path().join("t.db")).expect("opens");
        let (queue, requests) = mpsc::channel(4);
        let (first, first_heard) = job(|writing| add(writing, "first"));
        // As SQLite does by itself when the disk is full: the whole transaction is gone.
        let (losing, losing_heard) = job(|writing| {
            writing.conn.execute_batch("rollback")?;
            Err(Undone::Broken("the disk is full"))
        });
        let (refused, refused_heard) = job(|_| Err(Refused::KeyReused.into()));
        for request in [first, losing, refused] {
            queue.try_send(request).expect("room");
        }
        drop(queue);
        serve(&conn, 1, requests);

        for heard in [first_heard, losing_heard, refused_heard] {
            assert!(matches!(heard.blocking_recv(), Ok(Err(CommitError::Fault(_)))));
        }
        assert_eq!(names(&conn), [""; 0]);
        assert_eq!(indexed(&conn), 0);
    }

    #[test]
    fn the_writer_goes_on_after_a_failed_commit() {
        let folder = tempfile::tempdir().expect("folder");
        let conn = crate::open::writer(&folder.path().join("t.db")).expect("opens");
        let mut writing = Writing { conn: &conn, next_n: 1, words: Vec::new(), erased: false };
        let (losing, _) = job(|writing| {
            writing.conn.execute_batch("rollback")?;
            Err(Undone::Broken("the disk is full"))
        });
        assert!(commit_group(&mut writing, &mut [losing]).is_err());
        let (next, _) = job(|writing| add(writing, "first"));
        commit_group(&mut writing, &mut [next]).expect("committed");
        assert_eq!(names(&conn), ["first"]);
    }
}
