//! Writing rows that are not event-sourced, one change at a time and in order.

use super::Stop;
use crate::columns::INSTALLATION;
use sqlx::{Postgres, Transaction};
use store::{
    AccountRow, AssignmentRow, FactorKind, FactorRow, FileOwner, IdentityRow, RowChange, TenantRow, TokenRow, UnitRow,
};

type Tx = Transaction<'static, Postgres>;

/// Applies one change.
pub async fn write(t: &mut Tx, change: &RowChange) -> Result<(), Stop> {
    match change {
        RowChange::Tenant(row) => {
            grow(t).await?;
            tenant(t, row).await
        }
        RowChange::Unit(row) => {
            grow(t).await?;
            unit(t, row).await
        }
        RowChange::Account(row) => {
            grow(t).await?;
            account(t, row).await
        }
        RowChange::Assignments(account, rows) => {
            grow(t).await?;
            assignments(t, account.uuid(), rows).await
        }
        RowChange::Setting(tenant, name, value) => {
            grow(t).await?;
            setting(t, tenant.map_or(INSTALLATION, |id| id.uuid()), name, value.as_deref()).await
        }
        RowChange::Token(row) => token(t, row).await,
        RowChange::Exclude(stream, account) => {
            let query = "insert into exclusion (stream, account) values ($1, $2) on conflict do nothing";
            run(t, sqlx::query(query).bind(stream.uuid()).bind(account.uuid())).await
        }
        RowChange::Readmit(stream, account) => {
            let query = "delete from exclusion where stream = $1 and account = $2";
            run(t, sqlx::query(query).bind(stream.uuid()).bind(account.uuid())).await
        }
        RowChange::RemoveDraft(key) => {
            run(t, sqlx::query("delete from draft where token = $1").bind(key.as_slice())).await
        }
        RowChange::MoveFile(file, owner) => move_file(t, file.uuid(), owner).await,
        RowChange::Erase(stream, version) => {
            let query = "update entry
                            set wrapped_key = null,
                                ciphertext  = null
                          where stream = $1 and version = $2";
            let query = sqlx::query(query).bind(stream.uuid()).bind(*version as i32);
            run_on_one(t, query, "the entry to erase does not exist").await
        }
        RowChange::EraseFile(file) => {
            let query = "update file
                            set wrapped_key = null,
                                sealed      = ''
                          where id = $1";
            run_on_one(t, sqlx::query(query).bind(file.uuid()), "the file to erase does not exist").await
        }
        RowChange::ForgetDuties(incident) => {
            run(t, sqlx::query("delete from duty where incident = $1").bind(incident.uuid())).await
        }
        RowChange::Factor(row) => factor(t, row).await,
        RowChange::DropFactor(account, factor) => {
            let query = "delete from factor where account = $1 and id = $2";
            run(t, sqlx::query(query).bind(account.uuid()).bind(factor.uuid())).await
        }
        RowChange::DropFactors(account, kind) => {
            let query = "delete from factor where account = $1 and ($2::smallint is null or kind = $2)";
            run(t, sqlx::query(query).bind(account.uuid()).bind(kind.map(FactorKind::number))).await
        }
        RowChange::Identity(row) => identity(t, row).await,
        RowChange::DropIdentity(account, found_by) => {
            let query = "delete from identity where account = $1 and found_by = $2";
            run(t, sqlx::query(query).bind(account.uuid()).bind(found_by.as_slice())).await
        }
    }
}

/// The directory's version grows first: it is the one row that all such changes share, so they queue here.
async fn grow(t: &mut Tx) -> Result<(), Stop> {
    run(t, sqlx::query("update directory_version set version = version + 1")).await
}

async fn run(t: &mut Tx, query: sqlx::query::Query<'_, Postgres, sqlx::postgres::PgArguments>) -> Result<(), Stop> {
    query.execute(&mut **t).await?;
    Ok(())
}

/// Runs a statement that must find its row; what else it means is a mistake of the caller's program.
async fn run_on_one(
    t: &mut Tx,
    query: sqlx::query::Query<'_, Postgres, sqlx::postgres::PgArguments>,
    otherwise: &'static str,
) -> Result<(), Stop> {
    let found = query.execute(&mut **t).await?.rows_affected();
    if found == 1 { Ok(()) } else { Err(Stop::Broken(otherwise)) }
}

async fn tenant(t: &mut Tx, row: &TenantRow) -> Result<(), Stop> {
    let query = "insert into tenant (id, code, body)
                 values ($1, $2, $3)
                 on conflict (id) do update
                    set code = excluded.code,
                        body = excluded.body";
    run(t, sqlx::query(query).bind(row.id.uuid()).bind(&row.code).bind(&row.body)).await
}

async fn unit(t: &mut Tx, row: &UnitRow) -> Result<(), Stop> {
    let query = "insert into unit (id, tenant, parent, code, body)
                 values ($1, $2, $3, $4, $5)
                 on conflict (id) do update
                    set parent = excluded.parent,
                        code   = excluded.code,
                        body   = excluded.body
                  where unit.tenant = excluded.tenant";
    let parent = row.parent.map(|id| id.uuid());
    let query = sqlx::query(query).bind(row.id.uuid()).bind(row.tenant.uuid()).bind(parent);
    run_on_one(t, query.bind(&row.code).bind(&row.body), "the unit belongs to another agency").await
}

async fn account(t: &mut Tx, row: &AccountRow) -> Result<(), Stop> {
    let query = "insert into account (id, tenant, login, password, disabled_at, sealed)
                 values ($1, $2, $3, $4, $5, $6)
                 on conflict (id) do update
                    set login       = excluded.login,
                        password    = excluded.password,
                        disabled_at = excluded.disabled_at,
                        sealed      = excluded.sealed
                  where account.tenant = excluded.tenant";
    let query = sqlx::query(query)
        .bind(row.id.uuid())
        .bind(row.tenant.uuid())
        .bind(row.login.as_slice())
        .bind(&row.password)
        .bind(row.disabled_at.map(|at| at.micros()))
        .bind(&row.sealed);
    run_on_one(t, query, "the account belongs to another agency").await
}

async fn assignments(t: &mut Tx, account: uuid::Uuid, rows: &[AssignmentRow]) -> Result<(), Stop> {
    if rows.iter().any(|row| row.account.uuid() != account) {
        return Err(Stop::Broken("a role of another account than the one whose roles are replaced"));
    }
    run(t, sqlx::query("delete from assignment where account = $1").bind(account)).await?;
    let query = sqlx::query(
        "insert into assignment (account, place, unit, role, valid_from, until)
         select $1, place, unit, role, valid_from, until
           from unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[])
                with ordinality
                as given (unit, role, valid_from, until, place)",
    )
    .bind(account)
    .bind(rows.iter().map(|row| row.unit.uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.role.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.from.micros()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.until.map(|at| at.micros())).collect::<Vec<_>>());
    run(t, query).await
}

async fn token(t: &mut Tx, row: &TokenRow) -> Result<(), Stop> {
    let query = "insert into token (secret, account, scopes, ends_at, withdrawn_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (secret) do update
                    set scopes       = excluded.scopes,
                        ends_at      = excluded.ends_at,
                        withdrawn_at = excluded.withdrawn_at
                  where token.account = excluded.account";
    let query = sqlx::query(query)
        .bind(row.secret.as_slice())
        .bind(row.account.uuid())
        .bind(&row.scopes)
        .bind(row.ends_at.micros())
        .bind(row.withdrawn_at.map(|at| at.micros()));
    run_on_one(t, query, "the token belongs to another account").await
}

async fn factor(t: &mut Tx, row: &FactorRow) -> Result<(), Stop> {
    let query = "insert into factor (id, account, kind, found_by, made_at, used_at, step, sealed)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (id) do update
                    set used_at = excluded.used_at,
                        step    = excluded.step,
                        sealed  = excluded.sealed
                  where factor.account = excluded.account";
    let query = sqlx::query(query)
        .bind(row.id.uuid())
        .bind(row.account.uuid())
        .bind(row.kind.number())
        .bind(row.found_by.as_slice())
        .bind(row.made_at.micros())
        .bind(row.used_at.map(|at| at.micros()))
        .bind(row.step)
        .bind(&row.sealed);
    run_on_one(t, query, "the factor belongs to another account").await
}

async fn identity(t: &mut Tx, row: &IdentityRow) -> Result<(), Stop> {
    let query = "insert into identity (found_by, account, made_at, sealed)
                 values ($1, $2, $3, $4)";
    let query = sqlx::query(query).bind(row.found_by.as_slice()).bind(row.account.uuid());
    run(t, query.bind(row.made_at.micros()).bind(&row.sealed)).await
}

async fn setting(t: &mut Tx, tenant: uuid::Uuid, name: &str, value: Option<&[u8]>) -> Result<(), Stop> {
    let query = match value {
        Some(_) => {
            "insert into setting (tenant, name, value)
             values ($1, $2, $3)
             on conflict (tenant, name) do update
                set value = excluded.value"
        }
        None => "delete from setting where tenant = $1 and name = $2 and $3::bytea is null",
    };
    run(t, sqlx::query(query).bind(tenant).bind(name).bind(value)).await
}

async fn move_file(t: &mut Tx, file: uuid::Uuid, owner: &FileOwner) -> Result<(), Stop> {
    let (draft, stream) = crate::files::owner_columns(owner);
    let query = "update file set draft = $2, stream = $3 where id = $1";
    let query = sqlx::query(query).bind(file).bind(draft).bind(stream);
    run_on_one(t, query, "the file to move does not exist").await
}
