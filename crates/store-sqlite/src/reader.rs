//! The readers: a few threads, each with its own read-only connection, that take questions from one queue.
//!
//! One verb is one hop: the whole question runs on a reader inside one snapshot and its answer is moved back whole.

use crate::value::{Doing, Sql, run};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use store::{Answer, Fault};
use tokio::sync::oneshot;

type Question = Box<dyn FnOnce(&Connection) + Send>;

/// The handle that callers ask through.
pub(crate) struct Readers {
    queue: Option<mpsc::Sender<Question>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts one thread for each connection.
    pub fn start(connections: Vec<Connection>) -> Answer<Self> {
        let (queue, questions) = mpsc::channel::<Question>();
        let questions = Arc::new(Mutex::new(questions));
        let threads = connections
            .into_iter()
            .map(|conn| {
                let questions = Arc::clone(&questions);
                std::thread::Builder::new().name("store-reader".into()).spawn(move || answer_all(&conn, &questions))
            })
            .collect::<Result<_, _>>()
            .doing("starting a reader")?;
        Ok(Self { queue: Some(queue), threads })
    }

    /// Answers a question on one consistent state of the store.
    pub async fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        question: impl FnOnce(&Connection) -> Sql<T> + Send + 'static,
    ) -> Answer<T> {
        let stopped = || Fault::new(doing, "the readers have stopped");
        let (reply, answer) = oneshot::channel();
        let question: Question = Box::new(move |conn| {
            if !reply.is_closed() {
                let _ = reply.send(in_snapshot(conn, question));
            }
        });
        self.queue.as_ref().ok_or_else(stopped)?.send(question).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?.doing(doing)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn answer_all(conn: &Connection, questions: &Mutex<mpsc::Receiver<Question>>) {
    loop {
        // The guard is dropped before the question is answered, so that the next reader can wait for the next one.
        let next = questions.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(question) = next else { return };
        question(conn);
    }
}

fn in_snapshot<T>(conn: &Connection, question: impl FnOnce(&Connection) -> Sql<T>) -> Sql<T> {
    run(conn, "begin", [])?;
    let answer = question(conn);
    let ended = run(conn, "commit", []);
    let answer = answer?;
    ended?;
    Ok(answer)
}
