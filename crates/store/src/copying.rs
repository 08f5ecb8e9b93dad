//! A store taken apart into plain rows and put together again: how an installation moves from one backend to the other.
//!
//! Both backends have the same tables and columns. What differs is how they write a value, and that ends here: a cell
//! is a number, a text or bytes, and both sides agree on the sum over all rows of a table, in whatever order they come.

use crate::{Answer, Fault};
use journal::Digest;

/// How a column's values are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Sixteen bytes.
    Id,
    /// Sixteen bytes, or none for what belongs to the installation as a whole.
    Owner,
    /// A whole number.
    Number,
    /// 0 or 1.
    Flag,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Keyed words of eight bytes each, in ascending order.
    Words,
}

/// A table, with its columns in the order in which they are copied.
#[derive(Debug)]
pub struct Table {
    /// Its name, the same in both backends.
    pub name: &'static str,
    /// Names and kinds of its columns.
    pub columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The names of its columns, for a statement.
    pub fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

macro_rules! tables {
    ($($table:ident { $($column:ident $kind:ident),+ })+) => {
        &[$(Table { name: stringify!($table), columns: &[$((stringify!($column), Kind::$kind)),+] }),+]
    };
}

/// Every table, in an order in which rows never come before what they refer to. A test of each backend compares this
/// list with its schema.
pub const TABLES: &[Table] = tables! {
    entry { place Number, stream Id, version Number, tenant Id, header Bytes, hash Bytes, wrapped_key Bytes, ciphertext Bytes }
    entry_unlogged { place Number }
    log_entry { log_index Number, stream Id, version Number }
    log_tile { level Number, tile_index Number, bytes Bytes }
    log_checkpoint { size Number, root Bytes, note Text, at Number }
    remembered { key Bytes, request Bytes, answer Bytes, at Number }
    report {
        n Number, id Id, tenant Id, unit Id, handling_unit Id, reference Text, secret Bytes, received_at Number, state Number,
        urgency Number, claimed_by Id, claimed_at Number, incident Id, version Number, summary Bytes
    }
    incident {
        n Number, id Id, tenant Id, unit Id, reference Text, opened_at Number, state Number, lead Id, next_due Number,
        source Bytes, version Number, summary Bytes
    }
    word { n Number, tokens Words }
    duty {
        incident Id, rule Text, tenant Id, unit Id, lead Id, pack Text, state Number, due_at Number,
        late_after Number, since Number, whole_day Flag, excused Flag, answered_at Number
    }
    exclusion { stream Id, account Id }
    rollup { tenant Id, year Number, dimension Text, value Text, incidents Number, people Number }
    running_number { tenant Id, year Number, last Number }
    wrapped_key { tenant Owner, purpose Text, version Number, wrapped Bytes }
    lease { name Text, holder Text, token Number, until Number }
    job { id Id, kind Text, body Bytes, key Text, state Number, due_at Number, attempt Number, token Number, note Text }
    mail {
        n Number, id Id, tenant Id, message_id Text, statutory Flag, sealed Bytes, state Number, due_at Number, attempt Number,
        token Number, answer Text, at Number, doubts Number
    }
    tenant { id Id, code Text, body Bytes }
    unit { id Id, tenant Id, parent Id, code Text, body Bytes }
    account { id Id, tenant Id, login Bytes, password Text, disabled_at Number, sealed Bytes }
    assignment { account Id, place Number, unit Id, role Text, valid_from Number, until Number }
    session {
        id Id, secret Bytes, account Id, started_at Number, seen_at Number, ends_at Number, idle_until Number,
        proved_at Number, sealed Bytes
    }
    factor {
        id Id, account Id, kind Number, found_by Bytes, made_at Number, used_at Number, step Number, sealed Bytes
    }
    ceremony { secret Bytes, account Id, ends_at Number, sealed Bytes }
    throttle { key Bytes, failures Number, at Number, open_at Number }
    step_up { session Id, what Bytes, at Number }
    identity { found_by Bytes, account Id, made_at Number, sealed Bytes }
    token { secret Bytes, account Id, scopes Text, ends_at Number, withdrawn_at Number }
    attempt { key Bytes, started_at Number, ends_at Number, count Number }
    setting { tenant Owner, name Text, value Bytes }
    directory_version { one Number, version Number }
    draft { token Bytes, tenant Id, version Number, expires_at Number, sealed Bytes }
    file {
        id Id, tenant Id, draft Bytes, stream Id, size Number, cipher_digest Bytes, wrapped_key Bytes, sealed Bytes, at Number
    }
};

/// One value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// None.
    Null,
    /// A number, or a flag as 0 or 1.
    Number(i64),
    /// Text.
    Text(String),
    /// Bytes: ids and words too.
    Bytes(Vec<u8>),
}

/// One row, in the order of its table's columns.
pub type Row = Vec<Cell>;

/// A part of a store on its way.
#[derive(Debug)]
pub enum Piece {
    /// Rows of the table with that place in [`TABLES`].
    Rows(usize, Vec<Row>),
    /// That was all, and this is what it comes to.
    End(Sums),
}

/// What the rows of every table come to: how many, and the sum of their digests. The order of rows does not matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sums(Vec<(u64, [u64; 4])>);

impl Default for Sums {
    fn default() -> Self {
        Self(vec![(0, [0; 4]); TABLES.len()])
    }
}

impl Sums {
    /// Counts one row of the table with that place.
    pub fn add(&mut self, table: usize, row: &Row) {
        let mut bytes = Vec::new();
        for cell in row {
            let (tag, content): (u8, &[u8]) = match cell {
                Cell::Null => (0, &[]),
                Cell::Number(number) => (1, &number.to_be_bytes()),
                Cell::Text(text) => (2, text.as_bytes()),
                Cell::Bytes(content) => (3, content),
            };
            bytes.push(tag);
            bytes.extend((content.len() as u64).to_be_bytes());
            bytes.extend(content);
        }
        let digest = Digest::of(&bytes).0;
        let Some((rows, sum)) = self.0.get_mut(table) else { return };
        *rows += 1;
        for (part, word) in sum.iter_mut().zip(digest.chunks_exact(8)) {
            *part = part.wrapping_add(word.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)));
        }
    }

    /// How many rows there are in all.
    pub fn rows(&self) -> u64 {
        self.0.iter().map(|(rows, _)| rows).sum()
    }

    /// Insists that the copy comes to the same as what it was made of.
    pub fn insist_same(&self, copy: &Self) -> Answer<()> {
        for ((table, of), is) in TABLES.iter().zip(&self.0).zip(&copy.0) {
            if of != is {
                let what = format!("the copy's table {} differs: {} rows instead of {}", table.name, is.0, of.0);
                return Err(Fault::new("comparing the copy", what));
            }
        }
        Ok(())
    }
}

/// Gathers rows into pieces.
#[derive(Debug, Default)]
pub struct Gathered {
    table: usize,
    rows: Vec<Row>,
    weight: usize,
}

/// Rows and bytes that travel together.
const MANY: usize = 500;
const HEAVY: usize = 1_000_000;

impl Gathered {
    /// Takes a row; gives back a piece when it is time to send one.
    pub fn take(&mut self, table: usize, row: Row) -> Option<Piece> {
        let piece = if table == self.table { None } else { self.rest() };
        self.table = table;
        self.weight += row.iter().map(weight).sum::<usize>();
        self.rows.push(row);
        let full = self.rows.len() >= MANY || self.weight >= HEAVY;
        piece.or_else(|| if full { self.rest() } else { None })
    }

    /// What has been gathered since the last piece.
    pub fn rest(&mut self) -> Option<Piece> {
        self.weight = 0;
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() { None } else { Some(Piece::Rows(self.table, rows)) }
    }
}

fn weight(cell: &Cell) -> usize {
    match cell {
        Cell::Null | Cell::Number(_) => 8,
        Cell::Text(text) => text.len(),
        Cell::Bytes(bytes) => bytes.len(),
    }
}

/// The taker has gone: it broke, and says why itself.
pub fn gone() -> Fault {
    Fault::new("copying the store", "the other side stopped")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_does_not_mind_the_order_and_minds_everything_else() {
        let row = |n, text: &str| vec![Cell::Number(n), Cell::Text(text.to_owned()), Cell::Null];
        let sum = |rows: &[Row]| {
            let mut sums = Sums::default();
            rows.iter().for_each(|row| sums.add(3, row));
            sums
        };
        let (one, two) = (row(1, "a"), row(2, "b"));
        let both = sum(&[one.clone(), two.clone()]);
        assert!(both.insist_same(&sum(&[two.clone(), one.clone()])).is_ok());
        for other in [&[one.clone()][..], &[one.clone(), one.clone()], &[one.clone(), row(2, "c")], &[]] {
            let told = both.insist_same(&sum(other)).expect_err("different").to_string();
            assert!(told.contains("comparing"), "{told}");
        }
        let apart = vec![Cell::Text("ab".into()), Cell::Text("c".into())];
        let shifted = vec![Cell::Text("a".into()), Cell::Text("bc".into())];
        assert_ne!(sum(&[apart]), sum(&[shifted]));
    }
}
