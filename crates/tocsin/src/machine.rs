//! The machine's own clock and source of randomness: the one place where either is asked.

use domain::ambient::{Clock, Random};
use domain::time::Instant;

/// The system clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> Instant {
        Instant::from_timestamp(jiff::Timestamp::now())
    }
}

/// The operating system's random source.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // It fails only when the system has no randomness at all; going on would make guessable secrets.
        #[expect(clippy::disallowed_methods, reason = "this is the randomness that everything else is given")]
        aws_lc_rs::rand::fill(bytes).expect("the operating system gives randomness");
    }
}
