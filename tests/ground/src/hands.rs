//! What an application is handed from outside, held still: time, chance and the typesetter.

use domain::ambient::{Clock, Random};
use domain::time::Instant;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};

pub use domain::pack::Words;

/// A clock that moves only when a test moves it.
pub struct Hand(AtomicI64);

impl Hand {
    /// Stands at so many microseconds since 1970.
    pub const fn at(micros: i64) -> Self {
        Self(AtomicI64::new(micros))
    }

    /// So many seconds pass.
    pub fn later(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for Hand {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Different bytes at every draw, the same ones in every run.
pub struct Counting(AtomicU64);

impl Counting {
    /// Begins anew.
    #[allow(clippy::new_without_default, reason = "beginning is said, not defaulted")]
    pub const fn new() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Typesets nothing, and says so.
pub struct NoTypesetter;

#[async_trait::async_trait]
impl app::Typesetter for NoTypesetter {
    async fn typeset(&self, _: documents::Job) -> Result<Vec<u8>, app::Trouble> {
        Err(app::Trouble::fault("typesetting", "no document is set in this test"))
    }
}

/// A typesetter that says what it was given, counts its papers, and stops in the middle of one when told to.
#[derive(Default)]
pub struct Press {
    /// How many papers it was asked for.
    pub papers: AtomicUsize,
    /// Whether it stops in the middle of the next one.
    pub stuck: AtomicBool,
}

#[async_trait::async_trait]
impl app::Typesetter for Press {
    async fn typeset(&self, job: documents::Job) -> Result<Vec<u8>, app::Trouble> {
        self.papers.fetch_add(1, Ordering::Relaxed);
        if self.stuck.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Ok(format!("%PDF {}", serde_json::to_string(&job).expect("JSON")).into_bytes())
    }
}

/// The same words in both languages.
pub fn words(text: &str) -> Words {
    Words { en: text.to_owned(), es: text.to_owned() }
}
