//! Every table and the columns that are copied, in an order in which rows never come before what they refer to.

/// A table as backups carry it.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The columns copied; generated ones and transaction numbers of the old server stay behind.
    pub columns: &'static str,
    /// The migration that made it.
    pub since: u32,
    /// Columns that a later migration added.
    added: &'static [(u32, &'static str)],
}

impl Table {
    /// The columns it has in the schema of that number: what a copy from then holds.
    pub fn columns_at(&self, schema: u32) -> String {
        let later: Vec<&str> = self.added.iter().filter(|(since, _)| *since > schema).map(|(_, name)| *name).collect();
        self.columns.split(", ").filter(|name| !later.contains(name)).collect::<Vec<_>>().join(", ")
    }
}

const fn table(since: u32, name: &'static str, columns: &'static str) -> Table {
    Table { name, columns, since, added: &[] }
}

/// Every table; a test compares this list with the schema.
pub const TABLES: [Table; 33] = [
    table(1, "entry", "place, stream, version, tenant, header, hash, wrapped_key, ciphertext"),
    table(1, "entry_unlogged", "place"),
    table(1, "log_entry", "log_index, stream, version"),
    table(1, "log_tile", "level, tile_index, bytes"),
    table(1, "log_checkpoint", "size, root, note, at"),
    table(1, "remembered", "key, request, answer, at"),
    table(
        2,
        "report",
        "n, id, tenant, unit, handling_unit, reference, secret, received_at, state, urgency, claimed_by, claimed_at, \
         incident, version, summary",
    ),
    table(2, "incident", "n, id, tenant, unit, reference, opened_at, state, lead, next_due, source, version, summary"),
    table(2, "word", "n, tokens"),
    table(
        7,
        "duty",
        "incident, rule, tenant, unit, lead, pack, state, due_at, late_after, since, whole_day, excused, answered_at",
    ),
    table(2, "exclusion", "stream, account"),
    table(2, "rollup", "tenant, year, dimension, value, incidents, people"),
    table(2, "running_number", "tenant, year, last"),
    table(3, "wrapped_key", "tenant, purpose, version, wrapped"),
    table(3, "lease", "name, holder, token, until"),
    table(3, "job", "id, kind, body, key, state, due_at, attempt, token, note"),
    Table {
        added: &[(6, "doubts")],
        ..table(
            3,
            "mail",
            "n, id, tenant, message_id, statutory, sealed, state, due_at, attempt, token, answer, at, doubts",
        )
    },
    table(4, "tenant", "id, code, body"),
    table(4, "unit", "id, tenant, parent, code, body"),
    table(4, "account", "id, tenant, login, password, disabled_at, sealed"),
    table(4, "assignment", "account, place, unit, role, valid_from, until"),
    table(4, "session", "id, secret, account, started_at, seen_at, ends_at, idle_until, proved_at, sealed"),
    table(8, "factor", "id, account, kind, found_by, made_at, used_at, step, sealed"),
    table(8, "ceremony", "secret, account, ends_at, sealed"),
    table(8, "throttle", "key, failures, at, open_at"),
    table(8, "step_up", "session, what, at"),
    table(8, "identity", "found_by, account, made_at, sealed"),
    table(4, "token", "secret, account, scopes, ends_at, withdrawn_at"),
    table(4, "attempt", "key, started_at, ends_at, count"),
    table(4, "setting", "tenant, name, value"),
    table(4, "directory_version", "one, version"),
    table(5, "draft", "token, tenant, version, expires_at, sealed"),
    table(5, "file", "id, tenant, draft, stream, size, cipher_digest, wrapped_key, sealed, at"),
];
