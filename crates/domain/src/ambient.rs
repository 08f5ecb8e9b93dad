//! The two things a rule may not reach for itself, time and chance, as handles that the outermost shell passes in.

use crate::time::Instant;
use uuid::{Builder, Uuid};

/// Tells the time. Asked once per request, at the edge; rules receive the answer as `now`.
pub trait Clock: Send + Sync {
    /// The present instant, to the microsecond.
    fn now(&self) -> Instant;
}

/// Gives unpredictable bytes. In service these come from the operating system's generator and nowhere else.
pub trait Random: Send + Sync {
    /// Overwrites the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// Draws a fixed number of unpredictable bytes: a secret, a salt, the raw material of a reference.
pub fn draw_bytes<const LENGTH: usize>(random: &dyn Random) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    random.fill(&mut bytes);
    bytes
}

/// Draws an identifier of any kind: a version 7 UUID, which sorts by `at` to the millisecond. Instants before 1970
/// count as 1970.
pub fn draw_id<Id: From<Uuid>>(at: Instant, random: &dyn Random) -> Id {
    let millis = u64::try_from(at.micros() / 1_000).unwrap_or(0);
    Id::from(Builder::from_unix_timestamp_millis(millis, &draw_bytes(random)).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ReportId;

    struct Counting(std::sync::atomic::AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn ids_sort_by_time_and_differ_within_a_millisecond() {
        let random = Counting(250.into());
        let at = Instant::from_micros(1_792_000_000_123_456);
        let drawn: Vec<ReportId> = [at, at, at.plus_seconds(1)].iter().map(|at| draw_id(*at, &random)).collect();
        assert_ne!(drawn[0], drawn[1]);
        assert!(drawn[0] < drawn[2] && drawn[1] < drawn[2]);
        assert_eq!(drawn[0].uuid().get_version_num(), 7);
        let (seconds, nanos) = drawn[0].uuid().get_timestamp().expect("version 7 tells its time").to_unix();
        assert_eq!((seconds, nanos), (1_792_000_000, 123_000_000));
    }
}
