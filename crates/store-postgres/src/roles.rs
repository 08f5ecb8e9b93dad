//! The second wall: roles that may do no more than their part, and rows that belong to one agency alone.
//!
//! An installation with one role works without any of this. Where a database was prepared, the application connects as a
//! member of `tocsin_app`: the server itself then refuses to change the journal, and to show one agency the rows of
//! another when a query forgot to ask for one.

use crate::fault::Doing;
use crate::{connect, migrate};
use domain::ids::TenantId;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{Connection, Executor};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::Answer;

/// What each role may do.
pub const GRANTS: &str = include_str!("roles.sql");

/// The roles, without a way to sign in: whoever keeps the server makes logins and puts each into one of them.
const ROLES: &str = "
    do $$
    declare
        name text;
    begin
        foreach name in array array['tocsin_app', 'tocsin_intake', 'tocsin_verifier']
        loop
            begin
                execute format('create role %I nologin', name);
            exception when duplicate_object or unique_violation then
                null;
            end;
        end loop;
    end
    $$;";

/// Connections that read for one agency, where rows are walled off.
const READERS_OF_ONE: u32 = 4;
/// The name of the setting that says for whom a connection works, and its value for all.
pub const TENANT: &str = "tocsin.tenant";
pub const ALL: &str = "*";

/// Brings a database to this version's schema and makes the roles, as its owner. Doing it again changes nothing.
pub async fn prepare(url: &str) -> Answer<()> {
    let doing = "preparing the database's roles";
    let options = connect::options(url)?;
    let mut owner = connect::single(&options).await?;
    connect::check_server(&mut owner).await?;
    migrate::migrate(&mut owner, migrate::NEWEST).await?;
    owner.execute(ROLES).await.doing(doing)?;
    grant(&mut owner).await?;
    owner.close().await.doing(doing)
}

async fn grant(owner: &mut PgConnection) -> Answer<()> {
    let doing = "granting the database's roles their parts";
    let mut transaction = owner.begin().await.doing(doing)?;
    transaction.execute(GRANTS).await.doing(doing)?;
    transaction.commit().await.doing(doing)
}

/// Whether whoever is connected owns the schema, or will: there is none yet.
pub async fn owns(connection: &mut PgConnection) -> Answer<bool> {
    let asked = "select coalesce((select pg_has_role(current_user, relowner, 'usage')
                                    from pg_class where oid = to_regclass('entry')), true)";
    sqlx::query_scalar(asked).fetch_one(connection).await.doing("asking who owns the database")
}

/// After a migration, tables that are new get their grants, where the roles are in use.
pub async fn renew(owner: &mut PgConnection) -> Answer<()> {
    let prepared = "select exists (select from pg_policies where policyname = 'agency' and tablename = 'entry')";
    let prepared: bool = sqlx::query_scalar(prepared).fetch_one(&mut *owner).await.doing("looking for roles")?;
    if prepared { grant(owner).await } else { Ok(()) }
}

/// Whether rows are walled off for whoever is connected.
pub async fn walled(connection: &mut PgConnection) -> Answer<bool> {
    let asked = "select coalesce((select relrowsecurity and row_security_active(oid)
                                    from pg_class where oid = to_regclass('entry')), false)";
    sqlx::query_scalar(asked).fetch_one(connection).await.doing("looking for walls")
}

/// Pools that read the rows of one agency each.
#[derive(Clone)]
pub struct Wall {
    options: PgConnectOptions,
    pools: Arc<Mutex<HashMap<TenantId, PgPool>>>,
}

impl Wall {
    pub fn new(options: PgConnectOptions) -> Self {
        Self { options, pools: Arc::default() }
    }

    /// Connections on which the rows of other agencies do not exist.
    pub fn of(&self, tenant: TenantId) -> PgPool {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || connect::pool(self.options.clone().options([(TENANT, tenant.to_string())]), READERS_OF_ONE);
        pools.entry(tenant).or_insert_with(made).clone()
    }

    pub async fn close(&self) {
        let pools: Vec<PgPool> =
            self.pools.lock().unwrap_or_else(PoisonError::into_inner).drain().map(|(_, p)| p).collect();
        for pool in pools {
            pool.close().await;
        }
    }
}
