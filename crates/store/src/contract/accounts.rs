//! The organisation and who is signed in: one look tells a request all it needs, and a disabled account is nobody.

use super::world::*;
use crate::*;

async fn version(w: &World) -> i64 {
    w.store.directory_version().await.expect("read")
}

/// The directory holds what was written, of all agencies.
pub async fn the_directory_holds_the_organisation(w: World) {
    let (a, b) = (here(), there());
    let disabled =
        AccountRow { disabled_at: Some(at(1)), password: Some("$phc$".to_owned()), ..a.account_row(a.clerk) };
    let annex = UnitRow { body: b"{\"name\":\"Annex\"}".to_vec(), ..a.annex_row() };
    w.commit(rows(vec![
        RowChange::Account(disabled.clone()),
        RowChange::Unit(annex.clone()),
        RowChange::Assignments(a.officer, vec![a.assignment(a.officer, "officer")]),
    ]))
    .await;
    let mut directory = w.store.directory().await.expect("read");
    assert_eq!(directory.version, version(&w).await);
    directory.tenants.sort_by_key(|row| row.id);
    directory.units.sort_by_key(|row| row.id);
    directory.accounts.sort_by_key(|row| row.id);
    assert_eq!(directory.tenants, [a.row(), b.row()]);
    assert_eq!(directory.units, [a.unit_row(), annex, b.unit_row(), b.annex_row()]);
    let accounts = [a.account_row(a.officer), disabled, b.account_row(b.officer), b.account_row(b.clerk)];
    assert_eq!(directory.accounts, accounts);
    assert_eq!(directory.assignments, [a.assignment(a.officer, "officer")]);
}

/// Each change to the organisation raises the version; daily work does not.
pub async fn the_directory_version_grows(w: World) {
    let a = here();
    let changes = [
        RowChange::Tenant(a.row()),
        RowChange::Unit(a.unit_row()),
        RowChange::Account(a.account_row(a.clerk)),
        RowChange::Assignments(a.clerk, vec![]),
        RowChange::Setting(None, "tolerance".to_owned(), Some(b"15".to_vec())),
        RowChange::Setting(Some(a.tenant), "tolerance".to_owned(), None),
    ];
    for change in changes {
        let before = version(&w).await;
        w.commit(rows(vec![change.clone()])).await;
        assert!(version(&w).await > before, "{change:?}");
    }
    let before = version(&w).await;
    w.commit(Change { reports: vec![a.report(1)], ..a.appending(id(1), 0, 1) }).await;
    assert_eq!(version(&w).await, before);
}

/// Roles of an account are replaced as a whole, and keep their times.
pub async fn assignments_are_replaced(w: World) {
    let a = here();
    let ended = AssignmentRow { until: Some(at(1)), unit: a.annex, ..a.assignment(a.officer, "reader") };
    let both = vec![a.assignment(a.officer, "officer"), ended.clone()];
    w.commit(rows(vec![RowChange::Assignments(a.officer, both)])).await;
    w.commit(rows(vec![RowChange::Assignments(a.clerk, vec![a.assignment(a.clerk, "clerk")])])).await;
    assert_eq!(w.store.directory().await.expect("read").assignments.len(), 3);
    w.commit(rows(vec![RowChange::Assignments(a.officer, vec![ended.clone()])])).await;
    let mut left = w.store.directory().await.expect("read").assignments;
    left.sort_by_key(|row| row.account);
    assert_eq!(left, [ended, a.assignment(a.clerk, "clerk")]);
}

/// A sign-in name leads to its account, disabled or not: the caller says which sentence to show.
pub async fn a_login_leads_to_its_account(w: World) {
    let a = here();
    let row = AccountRow { password: Some("$phc$".to_owned()), disabled_at: Some(at(3)), ..a.account_row(a.officer) };
    w.commit(rows(vec![RowChange::Account(row.clone())])).await;
    assert_eq!(w.store.account_by_login(&row.login).await.expect("read"), Some(row));
    assert_eq!(w.store.account_by_login(&hash(1)).await.expect("read"), None);
}

/// One look at a session gives the account, its roles and the directory's version.
pub async fn a_session_is_seen_in_one_go(w: World) {
    let a = here();
    let assignments = vec![a.assignment(a.officer, "officer")];
    w.commit(rows(vec![RowChange::Assignments(a.officer, assignments.clone())])).await;
    let session = a.session(a.officer, 1);
    w.store.save_session(session.clone()).await.expect("saved");
    let view = w.store.session(&session.secret, at(10)).await.expect("read").expect("live");
    let account = a.account_row(a.officer);
    let directory_version = version(&w).await;
    assert_eq!(view, SessionView { session: session.clone(), account, assignments, directory_version });
    assert_eq!(w.store.session(&hash(1), at(10)).await.expect("read"), None);
}

/// Idling or the end of its time ends a session by itself; use extends the first, never the second.
pub async fn a_session_ends_by_itself(w: World) {
    let a = here();
    let session = a.session(a.officer, 1);
    w.store.save_session(session.clone()).await.expect("saved");
    let live = async |now| w.store.session(&session.secret, now).await.expect("read").is_some();
    assert!(live(at(3_599)).await);
    assert!(!live(at(3_601)).await, "idle");
    let used = SessionRow { seen_at: at(3_000), idle_until: at(100_000), ..session.clone() };
    w.store.save_session(used.clone()).await.expect("extended");
    assert!(live(at(3_601)).await);
    assert!(!live(at(8 * 3_600 + 1)).await, "over");
    assert_eq!(w.store.sessions_of(a.officer).await.expect("read"), [used]);
}

/// Disabling an account ends what it may do at once, signed in or by token.
pub async fn a_disabled_account_is_nobody(w: World) {
    let a = here();
    let (session, token) = (a.session(a.officer, 1), api_token(a.officer));
    w.store.save_session(session.clone()).await.expect("saved");
    w.commit(rows(vec![RowChange::Token(token.clone())])).await;
    assert!(w.store.token(&token.secret, at(1)).await.expect("read").is_some());
    let disabled = AccountRow { disabled_at: Some(at(0)), ..a.account_row(a.officer) };
    w.commit(rows(vec![RowChange::Account(disabled)])).await;
    assert_eq!(w.store.session(&session.secret, at(1)).await.expect("read"), None);
    assert_eq!(w.store.token(&token.secret, at(1)).await.expect("read"), None);
}

/// Sessions are listed newest first and ended one by one, all but this one, or all.
pub async fn sessions_are_ended_as_asked(w: World) {
    let a = here();
    for n in 1..=6 {
        w.store.save_session(a.session(a.officer, n)).await.expect("saved");
    }
    w.store.save_session(a.session(a.clerk, 7)).await.expect("saved");
    let end = async |which| w.store.end_sessions(which).await.expect("ended");
    let left = async |account| {
        let rows = w.store.sessions_of(account).await.expect("read");
        rows.into_iter().map(|row| row.secret).collect::<Vec<_>>()
    };
    let secret = |n| a.session(a.officer, n).secret;
    assert_eq!(left(a.officer).await, [6, 5, 4, 3, 2, 1].map(secret));

    assert_eq!(end(EndSessions::Secret(secret(6))).await, 1);
    assert_eq!(end(EndSessions::Secret(secret(6))).await, 0);
    assert_eq!(w.store.session(&secret(6), at(10)).await.expect("read"), None);
    assert_eq!(end(EndSessions::One(a.officer, a.session(a.officer, 5).id)).await, 1);
    assert_eq!(end(EndSessions::One(a.officer, a.session(a.clerk, 7).id)).await, 0, "not one of this account");
    assert_eq!(end(EndSessions::Others(a.officer, a.session(a.officer, 2).id)).await, 3);
    assert_eq!(left(a.officer).await, [secret(2)]);
    assert_eq!(end(EndSessions::All(a.officer)).await, 1);
    assert!(left(a.officer).await.is_empty());
    assert_eq!(left(a.clerk).await, [a.session(a.clerk, 7).secret]);
}

fn api_token(account: AccountId) -> TokenRow {
    TokenRow { secret: hash(1), account, scopes: "incidents.read".to_owned(), ends_at: at(100), withdrawn_at: None }
}

/// A token works with its account's roles until it ends or is withdrawn.
pub async fn a_token_works_until_it_ends(w: World) {
    let (a, token) = (here(), api_token(here().officer));
    let assignments = vec![a.assignment(a.officer, "officer")];
    w.commit(rows(vec![RowChange::Assignments(a.officer, assignments.clone()), RowChange::Token(token.clone())])).await;
    let view = w.store.token(&token.secret, at(99)).await.expect("read").expect("live");
    let (account, directory_version) = (a.account_row(a.officer), version(&w).await);
    assert_eq!(view, TokenView { token: token.clone(), account, assignments, directory_version });
    assert_eq!(w.store.token(&token.secret, at(101)).await.expect("read"), None);
    assert_eq!(w.store.token(&hash(2), at(1)).await.expect("read"), None);
    w.commit(rows(vec![RowChange::Token(TokenRow { withdrawn_at: Some(at(5)), ..token.clone() })])).await;
    assert_eq!(w.store.token(&token.secret, at(6)).await.expect("read"), None);
}

/// An agency's tokens are listed with those that ended or were withdrawn, and another agency's are not.
pub async fn tokens_are_listed_by_agency(w: World) {
    let (a, b) = (here(), there());
    let token = |n, account, until| TokenRow { secret: hash(n), ends_at: at(until), ..api_token(account) };
    let withdrawn = TokenRow { withdrawn_at: Some(at(5)), ..token(3, a.clerk, 300) };
    let all = [token(1, a.officer, 100), token(2, a.officer, 200), withdrawn.clone(), token(4, b.officer, 400)];
    w.commit(rows(all.iter().cloned().map(RowChange::Token).collect())).await;
    let listed = w.store.tokens(a.tenant).await.expect("read");
    assert_eq!(listed, [withdrawn, token(2, a.officer, 200), token(1, a.officer, 100)]);
    assert_eq!(w.store.tokens(b.tenant).await.expect("read"), [token(4, b.officer, 400)]);
}

/// Attempts are counted within their window, and a new window starts again at one.
pub async fn attempts_are_counted_in_a_window(w: World) {
    let count = async |key, now| w.store.count_attempt(&hash(key), 600, now).await.expect("counted");
    // A multiple of the window, so that a window aligned to the clock begins here too.
    let start = 600_000;
    assert_eq!(count(1, at(start)).await, 1);
    assert_eq!(count(1, at(start + 1)).await, 2);
    assert_eq!(count(2, at(start + 1)).await, 1, "another key");
    assert_eq!(count(1, at(start + 500)).await, 3);
    assert_eq!(count(1, at(start + 1_300)).await, 1, "a new window");
}

/// Attempts at the same moment are all counted.
pub async fn attempts_at_the_same_moment_all_count(w: World) {
    let attempts = (0..20).map(|_| async { w.store.count_attempt(&hash(1), 600, at(600_000)).await.expect("counted") });
    let mut counts = futures::future::join_all(attempts).await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<u32>>());
}

/// Settings of an agency and of the installation stand apart; an empty one is not a missing one.
pub async fn settings_are_kept_apart(w: World) {
    let (a, b) = (here(), there());
    let set = async |tenant, value: Option<&[u8]>| {
        w.commit(rows(vec![RowChange::Setting(tenant, "tolerance".to_owned(), value.map(<[u8]>::to_vec))])).await;
    };
    let get = async |tenant| w.store.setting(tenant, "tolerance").await.expect("read");
    set(None, Some(b"15")).await;
    set(None, Some(b"20")).await;
    set(Some(a.tenant), Some(b"")).await;
    assert_eq!(get(None).await.as_deref(), Some(&b"20"[..]));
    assert_eq!(get(Some(a.tenant)).await.as_deref(), Some(&b""[..]));
    assert_eq!(get(Some(b.tenant)).await, None);
    set(None, None).await;
    assert_eq!(get(None).await, None);
    assert!(get(Some(a.tenant)).await.is_some());
}
