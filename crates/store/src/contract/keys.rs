//! Wrapped keys: the first stored wins, so that nodes that start together use one key.

use super::world::*;
use crate::*;

fn key(tenant: Option<TenantId>, version: u32, wrapped: &[u8]) -> KeyRow {
    KeyRow { tenant, purpose: "summary".to_owned(), version, wrapped: wrapped.to_vec() }
}

fn find(keys: &[KeyRow], tenant: Option<TenantId>, version: u32) -> Vec<u8> {
    let mut found = keys.iter().filter(|key| key.tenant == tenant && key.version == version);
    let wrapped = found.next().expect("the key is among those stored").wrapped.clone();
    assert!(found.next().is_none(), "one key per purpose and version");
    wrapped
}

/// A key that exists stays as it is, and the latecomer is told which that is.
pub async fn the_first_key_wins(w: World) {
    let tenant = Some(here().tenant);
    w.store.add_keys(vec![key(None, 1, b"first"), key(tenant, 1, b"ours")]).await.expect("added");
    let late = vec![key(None, 1, b"late"), key(tenant, 1, b"late"), key(tenant, 2, b"rotated")];
    let told = w.store.add_keys(late).await.expect("answered");
    let stored = w.store.keys().await.expect("read");
    assert_eq!(stored.len(), 3);
    for keys in [told, stored] {
        assert_eq!(find(&keys, None, 1), b"first");
        assert_eq!(find(&keys, tenant, 1), b"ours");
        assert_eq!(find(&keys, tenant, 2), b"rotated");
    }
}

/// Nodes that add a key at the same moment agree on one.
pub async fn nodes_agree_on_a_key(w: World) {
    for tenant in [None, Some(here().tenant)] {
        let adds = (0..6_u8).map(|n| w.store.add_keys(vec![key(tenant, 1, &[n])]));
        let told = futures::future::join_all(adds).await;
        let stored = find(&w.store.keys().await.expect("read"), tenant, 1);
        for keys in told {
            assert_eq!(find(&keys.expect("answered"), tenant, 1), stored);
        }
    }
}
