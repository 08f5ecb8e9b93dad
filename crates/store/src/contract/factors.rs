//! Signing in: a code is used once, a challenge is ended once, waits grow and end, a proof is for one act of one session.

use super::world::*;
use crate::*;
use domain::ids::FactorId;

fn factor(account: AccountId, n: u64, kind: FactorKind) -> FactorRow {
    FactorRow {
        id: id::<FactorId>(n),
        account,
        kind,
        found_by: hash(n),
        made_at: at(n as i64),
        used_at: None,
        step: 0,
        sealed: vec![n as u8; 4],
    }
}

/// Factors are listed oldest first, found by their hash, and taken away one by one, by kind, or all.
pub async fn factors_are_kept_by_account(w: World) {
    let a = here();
    let all = [(1, FactorKind::Program), (2, FactorKind::Passkey), (3, FactorKind::RecoveryCode)]
        .map(|(n, kind)| factor(a.officer, n, kind));
    let other = factor(a.clerk, 9, FactorKind::Program);
    w.commit(rows(all.iter().chain([&other]).cloned().map(RowChange::Factor).collect())).await;
    assert_eq!(w.store.factors(a.officer).await.expect("read"), all);
    assert_eq!(w.store.factor_by(&hash(2)).await.expect("read").as_ref(), Some(&all[1]));
    assert_eq!(w.store.factor_by(&hash(77)).await.expect("read"), None);
    let twice = FactorRow { id: id(10), ..all[1].clone() };
    assert_eq!(w.refused(rows(vec![RowChange::Factor(twice)])).await, Refused::Taken { what: "found_by" });
    w.broken(rows(vec![RowChange::Factor(FactorRow { account: a.clerk, ..all[0].clone() })])).await;
    w.commit(rows(vec![RowChange::DropFactor(a.clerk, all[1].id), RowChange::DropFactor(a.officer, all[0].id)])).await;
    assert_eq!(w.store.factors(a.officer).await.expect("read"), all[1..]);
    w.commit(rows(vec![RowChange::DropFactors(a.officer, Some(FactorKind::RecoveryCode))])).await;
    assert_eq!(w.store.factors(a.officer).await.expect("read"), all[1..2]);
    w.commit(rows(vec![RowChange::DropFactors(a.officer, None)])).await;
    assert!(w.store.factors(a.officer).await.expect("read").is_empty());
    assert_eq!(w.store.factors(a.clerk).await.expect("read"), [other]);
}

/// Of many who come with the same step or the same recovery code one is let in.
pub async fn a_code_is_used_once(w: World) {
    let a = here();
    let (program, code) = (factor(a.officer, 1, FactorKind::Program), factor(a.officer, 2, FactorKind::RecoveryCode));
    w.commit(rows(vec![RowChange::Factor(program.clone()), RowChange::Factor(code)])).await;
    let used = (0..8).map(|_| async { w.store.use_factor(program.id, 5, None, at(5)).await.expect("answered") });
    assert_eq!(futures::future::join_all(used).await.into_iter().filter(|used| *used).count(), 1);
    assert!(!w.store.use_factor(program.id, 4, None, at(6)).await.expect("answered"), "an older one");
    assert!(w.store.use_factor(program.id, 6, Some(vec![7]), at(7)).await.expect("answered"));
    let kept = &w.store.factors(a.officer).await.expect("read")[0];
    assert_eq!((kept.step, kept.used_at, kept.sealed.as_slice()), (6, Some(at(7)), &[7][..]));
    assert!(!w.store.spend_code(a.clerk, &hash(2)).await.expect("answered"), "another's");
    assert!(!w.store.spend_code(a.officer, &hash(1)).await.expect("answered"), "not a recovery code");
    let spent = (0..8).map(|_| async { w.store.spend_code(a.officer, &hash(2)).await.expect("answered") });
    assert_eq!(futures::future::join_all(spent).await.into_iter().filter(|spent| *spent).count(), 1);
}

/// Something begun lasts for its time, can be carried on, and is ended once.
pub async fn a_ceremony_is_ended_once(w: World) {
    let begun = CeremonyRow { secret: hash(1), account: None, ends_at: at(300), sealed: vec![1] };
    w.store.save_ceremony(begun.clone(), at(0)).await.expect("saved");
    let further = CeremonyRow { account: Some(here().officer), sealed: vec![2], ..begun };
    w.store.save_ceremony(further.clone(), at(0)).await.expect("saved");
    assert_eq!(w.store.ceremony(&hash(1), at(299)).await.expect("read"), Some(further));
    assert_eq!(w.store.ceremony(&hash(1), at(300)).await.expect("read"), None);
    assert_eq!(w.store.ceremony(&hash(2), at(1)).await.expect("read"), None);
    let ended = (0..8).map(|_| async { w.store.end_ceremony(&hash(1)).await.expect("answered") });
    assert_eq!(futures::future::join_all(ended).await.into_iter().filter(|ended| *ended).count(), 1);
    assert_eq!(w.store.ceremony(&hash(1), at(1)).await.expect("read"), None);
}

const PACE: Pace = Pace { free: 3, first_seconds: 2, longest_seconds: 10, forgets_seconds: 600 };

/// The first few attempts cost nothing, then each wait is twice the one before, up to the longest; a shut door counts
/// nothing; time forgets one by one, success all.
pub async fn waits_grow_and_end(w: World) {
    let take = async |now| w.store.take_turn(&hash(1), PACE, at(now)).await.expect("answered");
    for _ in 0..3 {
        assert_eq!(take(0).await, None);
    }
    let mut now = 0;
    for wait in [2, 4, 8, 10, 10, 10] {
        assert_eq!(take(now).await, None);
        for _ in 0..3 {
            assert_eq!(take(now + wait - 1).await, Some(at(now + wait)), "shut for {wait} seconds");
        }
        now += wait;
    }
    assert_eq!(w.store.take_turn(&hash(2), PACE, at(now)).await.expect("answered"), None, "another key");
    // Nine failures: after eight times ten minutes one is left, and the next three cost nothing.
    now += 8 * 600;
    assert_eq!(take(now).await, None);
    assert_eq!(take(now).await, None);
    assert_eq!(take(now).await, None);
    assert_eq!(take(now).await, Some(at(now + 2)));
    w.store.settle_turn(&hash(1), false).await.expect("settled");
    assert_eq!(take(now).await, None, "what succeeded is taken back");
    w.store.settle_turn(&hash(1), true).await.expect("settled");
    for _ in 0..4 {
        assert_eq!(take(now).await, None);
    }
    assert_eq!(take(now - 5_000).await, Some(at(now + 2)), "a clock that went back opens nothing");
}

/// Attempts at the same moment, on however many nodes, get no more than what is free.
pub async fn turns_at_the_same_moment_all_count(w: World) {
    let turns = (0..20).map(|_| async { w.store.take_turn(&hash(1), PACE, at(0)).await.expect("answered") });
    let free = futures::future::join_all(turns).await.into_iter().filter(Option::is_none).count();
    assert_eq!(free, 4, "three without a wait, and the one that begins it");
}

/// A proof is for one act in one session, and ends with it.
pub async fn a_proof_is_for_one_act_of_one_session(w: World) {
    let a = here();
    let (one, two) = (a.session(a.officer, 1), a.session(a.officer, 2));
    for session in [&one, &two] {
        w.store.save_session(session.clone()).await.expect("saved");
    }
    w.store.mark_proof(one.id, &hash(1), at(100)).await.expect("marked");
    let proved = async |session: &SessionRow, what, since| {
        w.store.proved(session.id, &hash(what), at(since)).await.expect("answered")
    };
    assert!(proved(&one, 1, 100).await && !proved(&one, 1, 101).await);
    assert!(!proved(&one, 2, 0).await && !proved(&two, 1, 0).await);
    w.store.mark_proof(one.id, &hash(1), at(200)).await.expect("marked");
    assert!(proved(&one, 1, 200).await);
    w.store.end_sessions(EndSessions::All(a.officer)).await.expect("ended");
    assert!(!proved(&one, 1, 0).await);
}

/// A subject of an identity provider leads to one account.
pub async fn an_identity_leads_to_one_account(w: World) {
    let a = here();
    let row = IdentityRow { found_by: hash(1), account: a.officer, made_at: at(1), sealed: vec![1, 2] };
    w.commit(rows(vec![RowChange::Identity(row.clone())])).await;
    let again = IdentityRow { account: a.clerk, ..row.clone() };
    assert_eq!(w.refused(rows(vec![RowChange::Identity(again)])).await, Refused::Taken { what: "found_by" });
    assert_eq!(w.store.identity(&hash(1)).await.expect("read"), Some(row.clone()));
    assert_eq!(w.store.identities(a.officer).await.expect("read"), [row]);
    w.commit(rows(vec![RowChange::DropIdentity(a.clerk, hash(1))])).await;
    assert!(w.store.identity(&hash(1)).await.expect("read").is_some(), "not another's to untie");
    w.commit(rows(vec![RowChange::DropIdentity(a.officer, hash(1))])).await;
    assert_eq!(w.store.identity(&hash(1)).await.expect("read"), None);
}
