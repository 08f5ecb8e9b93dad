//! The organisation: agencies, units, accounts and roles; sessions, tokens, attempts and settings.

use crate::value::{Sql, Undone, at, id, maybe_at, maybe_id, row, rows, run, taken};
use domain::ids::{AccountId, TenantId, UnitId};
use domain::time::Instant;
use rusqlite::{Connection, Row};
use store::{
    AccountRow, AssignmentRow, DirectoryRows, EndSessions, SessionRow, SessionView, TenantRow, TokenRow, TokenView,
    UnitRow,
};

// --- the directory

pub(crate) fn bump_directory(conn: &Connection) -> Sql<()> {
    run(conn, "update directory_version set version = version + 1", []).map(drop)
}

pub(crate) fn directory_version(conn: &Connection) -> Sql<i64> {
    conn.prepare_cached("select version from directory_version")?.query_row([], |row| row.get(0))
}

pub(crate) fn put_tenant(conn: &Connection, new: &TenantRow) -> Result<(), Undone> {
    let put = run(
        conn,
        "insert into tenant (id, code, body)
         values (?1, ?2, ?3)
             on conflict (id) do update
            set code = excluded.code,
                body = excluded.body",
        (new.id.bytes(), &new.code, &new.body),
    );
    put.map(drop).map_err(taken)
}

pub(crate) fn put_unit(conn: &Connection, new: &UnitRow) -> Result<(), Undone> {
    let put = run(
        conn,
        "insert into unit (id, tenant, parent, code, body)
         values (?1, ?2, ?3, ?4, ?5)
             on conflict (id) do update
            set parent = excluded.parent,
                code   = excluded.code,
                body   = excluded.body
          where tenant = excluded.tenant",
        (new.id.bytes(), new.tenant.bytes(), new.parent.as_ref().map(UnitId::bytes), &new.code, &new.body),
    );
    if put.map_err(taken)? == 1 { Ok(()) } else { Err(Undone::Broken("the unit belongs to another agency")) }
}

pub(crate) fn put_account(conn: &Connection, new: &AccountRow) -> Result<(), Undone> {
    let put = run(
        conn,
        "insert into account (id, tenant, login, password, disabled_at, sealed)
         values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (id) do update
            set login       = excluded.login,
                password    = excluded.password,
                disabled_at = excluded.disabled_at,
                sealed      = excluded.sealed
          where tenant = excluded.tenant",
        (
            new.id.bytes(),
            new.tenant.bytes(),
            new.login,
            &new.password,
            new.disabled_at.map(|at| at.micros()),
            &new.sealed,
        ),
    );
    if put.map_err(taken)? == 1 { Ok(()) } else { Err(Undone::Broken("the account belongs to another agency")) }
}

pub(crate) fn put_assignments(conn: &Connection, account: AccountId, roles: &[AssignmentRow]) -> Result<(), Undone> {
    run(conn, "delete from assignment where account = ?1", [account.bytes()])?;
    for (place, role) in (0_u32..).zip(roles) {
        if role.account != account {
            return Err(Undone::Broken("a role of another account than the one whose roles are replaced"));
        }
        run(
            conn,
            "insert into assignment (account, place, unit, role, valid_from, until)
             values (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                account.bytes(),
                place,
                role.unit.bytes(),
                &role.role,
                role.from.micros(),
                role.until.map(|at| at.micros()),
            ),
        )?;
    }
    Ok(())
}

fn account(row: &Row<'_>) -> Sql<AccountRow> {
    Ok(AccountRow {
        id: id(row, 0)?,
        tenant: id(row, 1)?,
        login: row.get(2)?,
        password: row.get(3)?,
        disabled_at: maybe_at(row, 4)?,
        sealed: row.get(5)?,
    })
}

fn assignment(row: &Row<'_>) -> Sql<AssignmentRow> {
    Ok(AssignmentRow {
        account: id(row, 0)?,
        unit: id(row, 1)?,
        role: row.get(2)?,
        from: at(row, 3)?,
        until: maybe_at(row, 4)?,
    })
}

pub(crate) fn directory(conn: &Connection) -> Sql<DirectoryRows> {
    Ok(DirectoryRows {
        version: directory_version(conn)?,
        tenants: rows(conn, "select id, code, body from tenant order by id", [], |row| {
            Ok(TenantRow { id: id(row, 0)?, code: row.get(1)?, body: row.get(2)? })
        })?,
        units: rows(conn, "select id, tenant, parent, code, body from unit order by id", [], |row| {
            Ok(UnitRow {
                id: id(row, 0)?,
                tenant: id(row, 1)?,
                parent: maybe_id(row, 2)?,
                code: row.get(3)?,
                body: row.get(4)?,
            })
        })?,
        accounts: rows(
            conn,
            "select id, tenant, login, password, disabled_at, sealed from account order by id",
            [],
            account,
        )?,
        assignments: rows(
            conn,
            "select account, unit, role, valid_from, until from assignment order by account, place",
            [],
            assignment,
        )?,
    })
}

pub(crate) fn account_by_login(conn: &Connection, login: &[u8; 32]) -> Sql<Option<AccountRow>> {
    row(conn, "select id, tenant, login, password, disabled_at, sealed from account where login = ?1", [login], account)
}

fn enabled_account(conn: &Connection, wanted: AccountId) -> Sql<Option<AccountRow>> {
    row(
        conn,
        "select id, tenant, login, password, disabled_at, sealed
           from account
          where id = ?1 and disabled_at is null",
        [wanted.bytes()],
        account,
    )
}

fn assignments_of(conn: &Connection, account: AccountId) -> Sql<Vec<AssignmentRow>> {
    rows(
        conn,
        "select account, unit, role, valid_from, until
           from assignment
          where account = ?1
          order by place",
        [account.bytes()],
        assignment,
    )
}

// --- sessions

macro_rules! session {
    () => {
        "id, secret, account, started_at, seen_at, ends_at, idle_until, proved_at, sealed"
    };
}

fn session(row: &Row<'_>) -> Sql<SessionRow> {
    Ok(SessionRow {
        id: id(row, 0)?,
        secret: row.get(1)?,
        account: id(row, 2)?,
        started_at: at(row, 3)?,
        seen_at: at(row, 4)?,
        ends_at: at(row, 5)?,
        idle_until: at(row, 6)?,
        proved_at: at(row, 7)?,
        sealed: row.get(8)?,
    })
}

/// A live session with its account, roles and the directory's version: one statement, a row for each role.
pub(crate) fn live_session(conn: &Connection, secret: &[u8; 32], now: Instant) -> Sql<Option<SessionView>> {
    let found = rows(
        conn,
        "select session.id, secret, session.account, started_at, seen_at, ends_at, idle_until, proved_at,
                session.sealed,
                account.id as held_by, tenant, login, password, disabled_at, account.sealed as account_sealed,
                unit, role, valid_from, until,
                (select version from directory_version) as directory_version
           from session
           join account
             on account.id = session.account
            and account.disabled_at is null
           left join assignment
             on assignment.account = account.id
          where secret = ?1
            and ends_at > ?2
            and idle_until > ?2
          order by place",
        (secret, now.micros()),
        |row| {
            let role: Option<String> = row.get("role")?;
            let held = |role| {
                Ok::<_, rusqlite::Error>(AssignmentRow {
                    account: id(row, 9)?,
                    unit: id(row, 15)?,
                    role,
                    from: at(row, 17)?,
                    until: maybe_at(row, 18)?,
                })
            };
            let account = AccountRow {
                id: id(row, 9)?,
                tenant: id(row, 10)?,
                login: row.get("login")?,
                password: row.get("password")?,
                disabled_at: maybe_at(row, 13)?,
                sealed: row.get("account_sealed")?,
            };
            let assignments = role.map(held).transpose()?.into_iter().collect();
            let directory_version = row.get("directory_version")?;
            Ok(SessionView { session: session(row)?, account, assignments, directory_version })
        },
    )?;
    Ok(found.into_iter().reduce(|mut view, next| {
        view.assignments.extend(next.assignments);
        view
    }))
}

/// Saves a session, and forgets a few that ended long before it was used.
pub(crate) fn save_session(conn: &Connection, new: &SessionRow) -> Sql<()> {
    run(
        conn,
        "insert into session (id, secret, account, started_at, seen_at, ends_at, idle_until, proved_at, sealed)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             on conflict (id) do update
            set secret     = excluded.secret,
                seen_at    = excluded.seen_at,
                ends_at    = excluded.ends_at,
                idle_until = excluded.idle_until,
                proved_at  = excluded.proved_at,
                sealed     = excluded.sealed
          where account = excluded.account",
        (
            new.id.bytes(),
            new.secret,
            new.account.bytes(),
            new.started_at.micros(),
            new.seen_at.micros(),
            new.ends_at.micros(),
            new.idle_until.micros(),
            new.proved_at.micros(),
            &new.sealed,
        ),
    )?;
    run(
        conn,
        "delete from session
          where id in (select id from session where ends_at < ?1 order by ends_at limit 8)",
        [new.seen_at.plus_seconds(-86_400).micros()],
    )
    .map(drop)
}

pub(crate) fn sessions_of(conn: &Connection, account: AccountId) -> Sql<Vec<SessionRow>> {
    rows(
        conn,
        concat!("select ", session!(), " from session where account = ?1 order by started_at desc, id desc"),
        [account.bytes()],
        session,
    )
}

pub(crate) fn end_sessions(conn: &Connection, which: EndSessions) -> Sql<usize> {
    match which {
        EndSessions::Secret(secret) => run(conn, "delete from session where secret = ?1", [secret]),
        EndSessions::One(account, one) => {
            run(conn, "delete from session where account = ?1 and id = ?2", (account.bytes(), one.bytes()))
        }
        EndSessions::All(account) => run(conn, "delete from session where account = ?1", [account.bytes()]),
        EndSessions::Others(account, kept) => {
            run(conn, "delete from session where account = ?1 and id <> ?2", (account.bytes(), kept.bytes()))
        }
    }
}

/// Counts within a window that begins with its first attempt, and forgets a few windows that are over.
pub(crate) fn count_attempt(conn: &Connection, key: &[u8; 32], window_seconds: u32, now: Instant) -> Sql<u32> {
    let count = conn
        .prepare_cached(
            "insert into attempt (key, started_at, ends_at, count)
             values (?1, ?2, ?3, 1)
                 on conflict (key) do update
                set started_at = iif(ends_at <= ?2, ?2, started_at),
                    count      = iif(ends_at <= ?2, 1, count + 1),
                    ends_at    = iif(ends_at <= ?2, ?3, ends_at)
             returning count",
        )?
        .query_row((key, now.micros(), now.plus_seconds(i64::from(window_seconds)).micros()), |row| row.get(0))?;
    run(
        conn,
        "delete from attempt
          where key in (select key from attempt where ends_at <= ?1 order by ends_at limit 8)",
        [now.micros()],
    )?;
    Ok(count)
}

// --- tokens and settings

pub(crate) fn put_token(conn: &Connection, new: &TokenRow) -> Result<(), Undone> {
    let put = run(
        conn,
        "insert into token (secret, account, scopes, ends_at, withdrawn_at)
         values (?1, ?2, ?3, ?4, ?5)
             on conflict (secret) do update
            set scopes       = excluded.scopes,
                ends_at      = excluded.ends_at,
                withdrawn_at = excluded.withdrawn_at
          where account = excluded.account",
        (new.secret, new.account.bytes(), &new.scopes, new.ends_at.micros(), new.withdrawn_at.map(|at| at.micros())),
    )?;
    if put == 1 { Ok(()) } else { Err(Undone::Broken("the token belongs to another account")) }
}

fn token(row: &Row<'_>) -> Sql<TokenRow> {
    Ok(TokenRow {
        secret: row.get(0)?,
        account: id(row, 1)?,
        scopes: row.get(2)?,
        ends_at: at(row, 3)?,
        withdrawn_at: maybe_at(row, 4)?,
    })
}

pub(crate) fn tokens(conn: &Connection, tenant: TenantId) -> Sql<Vec<TokenRow>> {
    rows(
        conn,
        "select secret, token.account, scopes, ends_at, withdrawn_at
           from token
           join account on account.id = token.account
          where account.tenant = ?1
          order by ends_at desc, secret",
        [tenant.bytes()],
        token,
    )
}

pub(crate) fn live_token(conn: &Connection, secret: &[u8; 32], now: Instant) -> Sql<Option<TokenView>> {
    let found = row(
        conn,
        "select secret, account, scopes, ends_at, withdrawn_at
           from token
          where secret = ?1 and ends_at > ?2 and withdrawn_at is null",
        (secret, now.micros()),
        token,
    )?;
    let Some(token) = found else { return Ok(None) };
    let Some(account) = enabled_account(conn, token.account)? else { return Ok(None) };
    let assignments = assignments_of(conn, account.id)?;
    Ok(Some(TokenView { token, account, assignments, directory_version: directory_version(conn)? }))
}

/// The installation's own settings lie under an empty agency.
fn owner(tenant: Option<&TenantId>) -> &[u8] {
    tenant.map_or(&[], |tenant| tenant.bytes())
}

pub(crate) fn put_setting(conn: &Connection, tenant: Option<TenantId>, name: &str, value: Option<Vec<u8>>) -> Sql<()> {
    let owner = owner(tenant.as_ref());
    match value {
        Some(value) => run(
            conn,
            "insert into setting (tenant, name, value)
             values (?1, ?2, ?3)
                 on conflict (tenant, name) do update
                set value = excluded.value",
            (owner, name, value),
        ),
        None => run(conn, "delete from setting where tenant = ?1 and name = ?2", (owner, name)),
    }
    .map(drop)
}

pub(crate) fn setting(conn: &Connection, tenant: Option<TenantId>, name: &str) -> Sql<Option<Vec<u8>>> {
    row(conn, "select value from setting where tenant = ?1 and name = ?2", (owner(tenant.as_ref()), name), |row| {
        row.get(0)
    })
}
