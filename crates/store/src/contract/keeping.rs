//! Keeping: the store says what it is, and gives a copy of itself while others write.

use super::world::*;

/// The store names its version, how it makes commits durable, its size and its schema.
pub async fn health_is_told(w: World) {
    let health = w.store.health().await.expect("answers");
    assert!(health.version.chars().any(|c| c.is_ascii_digit()), "{}", health.version);
    assert!(!health.durability.is_empty());
    assert!(health.bytes > 0);
    assert!(health.schema >= 5);
}

/// A copy is made to a new file while a writer goes on, and never over a file that exists.
pub async fn a_copy_is_made_while_others_write(w: World) {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("copy");
    w.commit(here().appending(id(1), 0, 5)).await;
    let writer = async {
        for expected in 5..25 {
            w.commit(here().appending(id(1), expected, 1)).await;
        }
    };
    let (copied, ()) = futures::future::join(w.store.backup(&to), writer).await;
    copied.expect("copied");
    let size = std::fs::metadata(&to).expect("the file exists").len();
    assert!(size > 0);
    w.store.backup(&to).await.expect_err("a file that exists is not overwritten");
    assert_eq!(std::fs::metadata(&to).expect("the file exists").len(), size);
}
