//! The end of a transaction: what counts as a durable commit, and what does not.
//!
//! Three traps of a server with a synchronous standby are closed here. A commit whose wait for the standby is cancelled
//! is reported as success with nothing but a warning; here a warning at commit is a fault. `statement_timeout` does not
//! end that wait; here a deadline does, and the answer is "unknown", which is a fault too. A client that goes away
//! leaves the server waiting; here an overdue commit keeps its connection, so that the bounded pool, not the server,
//! runs full, and recovers by itself when the standby is back.

use crate::fault::told;
use sqlx::{Postgres, Transaction};
use std::cell::Cell;
use std::sync::LazyLock;
use std::time::Duration;
use store::Fault;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Event, Level, Metadata, Subscriber, span};

const DOING: &str = "making a commit durable";

/// How long a commit may take before its outcome is called unknown.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// Commits, and is content only with a commit that the server confirmed in time and without a warning.
///
/// Any fault from here means "perhaps": the caller's key, where it gave one, tells on the next try. The commit runs in
/// a task of its own, so that a caller who gives up does not cut it short.
pub async fn commit(transaction: Transaction<'static, Postgres>, deadline: Duration) -> Result<(), Fault> {
    let ending = tokio::spawn(WARNED.scope(Cell::new(None), async move {
        let outcome = transaction.commit().with_subscriber(WATCH.clone()).await;
        (outcome, WARNED.with(Cell::take))
    }));
    match tokio::time::timeout(deadline, ending).await {
        Ok(Ok((Ok(()), None))) => Ok(()),
        Ok(Ok((Ok(()), Some(notice)))) => {
            tracing::error!(notice, "the server warned at commit; what was written may lack its standby copy");
            Err(Fault::new(DOING, "the server warned at commit, so the outcome is not relied on"))
        }
        Ok(Ok((Err(error), _))) => Err(Fault::new(DOING, told(&error))),
        Ok(Err(_)) => Err(Fault::new(DOING, "the commit was cut short; its outcome is unknown")),
        Err(_) => {
            tracing::error!("a commit is overdue; is the synchronous standby there?");
            Err(Fault::new(DOING, "no confirmation in time; the outcome is unknown"))
        }
    }
}

/// Runs one writing statement, which commits by itself, under the same conditions.
pub async fn statement<T>(doing: &'static str, statement: impl Future<Output = sqlx::Result<T>>) -> Result<T, Fault> {
    let watched = WARNED.scope(Cell::new(None), async {
        let outcome = statement.with_subscriber(WATCH.clone()).await;
        (outcome, WARNED.with(Cell::take))
    });
    match tokio::time::timeout(DEADLINE, watched).await {
        Ok((Ok(answer), None)) => Ok(answer),
        Ok((Ok(_), Some(notice))) => {
            tracing::error!(notice, "the server warned at commit; what was written may lack its standby copy");
            Err(Fault::new(doing, "the server warned at commit, so the outcome is not relied on"))
        }
        Ok((Err(error), _)) => Err(Fault::new(doing, told(&error))),
        Err(_) => Err(Fault::new(doing, "no confirmation in time; the outcome is unknown")),
    }
}

tokio::task_local! {
    static WARNED: Cell<Option<String>>;
}

/// Hears the notices that the client library gives to the log and to nobody else, while a commit is under way.
static WATCH: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Watch));

struct Watch;

impl Subscriber for Watch {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::postgres::notice" && *metadata.level() <= Level::WARN
    }
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::WARN)
    }
    fn event(&self, event: &Event<'_>) {
        let mut words = Words(String::new());
        event.record(&mut words);
        let _ = WARNED.try_with(|warned| warned.set(Some(words.0)));
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
        self.0 = format!("{value:?}");
    }
}
