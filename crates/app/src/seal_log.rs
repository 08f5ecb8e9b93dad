//! The sealer: gathers new entries into the log, signs a checkpoint over it, and shows the log to the outside.

use crate::{App, Trouble};
use domain::time::Instant;
use journal::log::{TileId, append, empty_root, tiles_for_append};
use journal::{Checkpoint, Digest};
use std::collections::HashMap;
use store::{CheckpointRow, LogExtension, TileRow};

/// Entries taken into the log at once. A checkpoint is signed over each batch.
const BATCH: u32 = 2_000;

impl App {
    /// Takes what was committed since into the log and signs a checkpoint; says how many entries it took. Another
    /// node that seals at the same time makes this one take nothing, never a fork.
    pub async fn seal_log(&self) -> Result<usize, Trouble> {
        let rows = self.store().unlogged(BATCH).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let now = self.now();
        let latest = self.store().latest_checkpoint().await?;
        let (size, root) = latest.as_ref().map_or((0, empty_root()), |c| (c.size, Digest(c.root)));
        let tiles = self.read_tiles(&tiles_for_append(size)).await?;
        let leaves: Vec<Digest> = rows.iter().map(|row| journal::header::leaf(&row.header)).collect();
        let appended = append(size, root, &leaves, |id| tiles.get(&id).cloned())
            .map_err(|e| Trouble::fault("extending the log", e))?;
        let checkpoint = self.sign(appended.size, appended.root, now)?;
        let extension = LogExtension {
            expected_size: size,
            leaves: rows.iter().map(|row| (row.stream, row.version)).collect(),
            tiles: appended
                .tiles
                .into_iter()
                .map(|tile| TileRow {
                    id: store::TileId { level: tile.id.level, index: tile.id.index },
                    bytes: tile.bytes,
                })
                .collect(),
            checkpoint: checkpoint.clone(),
        };
        if !self.store().extend_log(extension).await? {
            return Ok(0);
        }
        self.publish(&checkpoint).await;
        Ok(rows.len())
    }

    fn sign(&self, size: u64, root: Digest, at: Instant) -> Result<CheckpointRow, Trouble> {
        let origin = self.settings().log_origin.clone();
        let key = self.keyring().signing().map_err(|e| Trouble::fault("finding the signing key", e))?;
        let note =
            Checkpoint { origin, size, root }.sign(&key).map_err(|e| Trouble::fault("signing a checkpoint", e))?;
        Ok(CheckpointRow { size, root: root.0, note, at })
    }

    /// Copies a checkpoint to the folder outside. The log is sealed whether or not that works; a failure is loud.
    async fn publish(&self, checkpoint: &CheckpointRow) {
        let Some(folder) = &self.settings().checkpoints else { return };
        let path = folder.join(format!("checkpoint-{:012}.txt", checkpoint.size));
        let latest = folder.join("checkpoint");
        for path in [path, latest] {
            let fresh = path.with_extension("new");
            let written = async {
                tokio::fs::create_dir_all(folder).await?;
                tokio::fs::write(&fresh, &checkpoint.note).await?;
                tokio::fs::rename(&fresh, &path).await
            };
            if let Err(cause) = written.await {
                tracing::error!(%cause, path = %path.display(), "a checkpoint could not be copied to the outside folder");
            }
        }
    }

    async fn read_tiles(&self, ids: &[TileId]) -> Result<HashMap<TileId, Vec<u8>>, Trouble> {
        let wanted: Vec<store::TileId> =
            ids.iter().map(|id| store::TileId { level: id.level, index: id.index }).collect();
        let found = self.store().tiles(&wanted).await?;
        Ok(ids.iter().zip(found).filter_map(|(id, tile)| Some((*id, tile?.bytes))).collect())
    }

    /// The newest checkpoint, as a signed note.
    pub async fn latest_checkpoint(&self) -> Result<Option<String>, Trouble> {
        Ok(self.store().latest_checkpoint().await?.map(|c| c.note))
    }

    /// The public key that checkpoints are checked with.
    pub fn log_key(&self) -> Result<String, Trouble> {
        let key = self.keyring().signing().map_err(|e| Trouble::fault("finding the signing key", e))?;
        let verifier = key.verifier(&self.settings().log_origin).map_err(|e| Trouble::fault("naming the log", e))?;
        Ok(verifier.to_string())
    }

    /// The bytes of a tile by the address of C2SP tlog-tiles: groups of three digits, all but the last with an `x`,
    /// and `.p/W` for a partial one of width W.
    pub async fn tile(&self, level: u8, place: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let Some((index, width)) = tile_place(place) else { return Ok(None) };
        let found = self.store().tiles(&[store::TileId { level, index }]).await?;
        let Some(tile) = found.into_iter().next().flatten() else { return Ok(None) };
        let wanted = width.unwrap_or(256) * 32;
        Ok((tile.bytes.len() >= wanted).then(|| tile.bytes[..wanted].to_vec()))
    }
}

fn tile_place(place: &str) -> Option<(u64, Option<usize>)> {
    let (number, width) = match place.split_once(".p/") {
        Some((number, width)) => (number, Some(width.parse::<usize>().ok().filter(|w| (1..256).contains(w))?)),
        None => (place, None),
    };
    let groups: Vec<&str> = number.split('/').collect();
    let (last, first) = groups.split_last()?;
    let digits = |group: &str| if group.len() == 3 { group.parse::<u64>().ok() } else { None };
    let mut index = 0u64;
    for group in first {
        index = index.checked_mul(1000)?.checked_add(digits(group.strip_prefix('x')?)?)?;
    }
    index = index.checked_mul(1000)?.checked_add(digits(last)?)?;
    Some((index, width))
}

#[cfg(test)]
mod tests {
    use super::tile_place;

    #[test]
    fn tile_addresses_are_read_as_c2sp_writes_them() {
        assert_eq!(tile_place("000"), Some((0, None)));
        assert_eq!(tile_place("x001/x234/067"), Some((1_234_067, None)));
        assert_eq!(tile_place("x001/067.p/8"), Some((1_067, Some(8))));
        for bad in ["", "1", "x001", "067/x001", "000.p/256", "000.p/0", "00a", "x99999999999999999999/000"] {
            assert_eq!(tile_place(bad), None, "{bad}");
        }
    }
}
