//! One input, one verdict: what a reader made of it, or what it must never do.

use crate::targets::Reader;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// An input may take so long.
const LONG: Duration = Duration::from_secs(3);
/// After so long it is taken to hang, and the run ends with the input on record.
const HANGS: u64 = 60;

/// What no input may bring about.
#[derive(Debug)]
pub enum Wrong {
    /// The reader panicked.
    Panicked(String),
    /// The server answered with an error of its own.
    Fault(String),
    /// It took seconds.
    Slow,
    /// A reader that is handed texts opened something by itself.
    ReadAFile,
}

impl fmt::Display for Wrong {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(words) => write!(to, "a panic: {words}"),
            Self::Fault(outcome) => write!(to, "an error of the server: {outcome}"),
            Self::Slow => write!(to, "it took longer than {} seconds", LONG.as_secs()),
            Self::ReadAFile => write!(to, "it read a file"),
        }
    }
}

/// Watches a target: a thread beside it notices when an input does not come to an end.
pub struct Judge {
    since: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
    input: Arc<Mutex<Vec<u8>>>,
    begun: Instant,
    /// Calls that one look at the count of readings adds to it.
    asking: u64,
}

impl Judge {
    /// Begins to watch.
    pub fn watching(name: &str) -> Self {
        let judge = Self {
            since: Arc::default(),
            ended: Arc::default(),
            input: Arc::default(),
            begun: Instant::now(),
            asking: asking(),
        };
        let (since, ended, input) = (judge.since.clone(), judge.ended.clone(), judge.input.clone());
        let (begun, name) = (judge.begun, name.to_owned());
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(200));
                let started = since.load(Ordering::Relaxed);
                if started > 0 && begun.elapsed().as_secs() + 1 > started + HANGS {
                    let input = input.lock().unwrap_or_else(PoisonError::into_inner);
                    eprintln!("{name}: it hangs on {:?}", String::from_utf8_lossy(&input));
                    std::process::exit(2);
                }
            }
        });
        judge
    }

    /// Lets the reader read.
    pub fn judge(&self, reader: &mut dyn Reader, input: &[u8]) -> Result<String, Wrong> {
        input.clone_into(&mut self.input.lock().unwrap_or_else(PoisonError::into_inner));
        self.since.store(self.begun.elapsed().as_secs() + 1, Ordering::Relaxed);
        let before = reader.is_pure().then(reads).flatten();
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| reader.read(input)));
        let took = started.elapsed();
        let after = before.and_then(|_| reads());
        self.since.store(0, Ordering::Relaxed);
        let outcome = outcome.map_err(|cause| {
            let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
            Wrong::Panicked(text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default())
        })?;
        if outcome.starts_with("status 5") && !outcome.starts_with("status 503") {
            return Err(Wrong::Fault(outcome));
        }
        // Asking how much was read is itself a reading, of the same number of calls each time.
        if let (Some(before), Some(after)) = (before, after)
            && after - before > self.asking
        {
            return Err(Wrong::ReadAFile);
        }
        if took > LONG { Err(Wrong::Slow) } else { Ok(outcome) }
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

/// What one look at the count adds to it.
fn asking() -> u64 {
    let once = || Some(reads()?.abs_diff(reads()?));
    (0..5).filter_map(|_| once()).max().unwrap_or(0)
}

/// How often this thread has read anything from outside so far; `None` where the system does not count it.
fn reads() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/io").ok()?;
    told.lines().find_map(|line| line.strip_prefix("syscr: "))?.trim().parse().ok()
}
