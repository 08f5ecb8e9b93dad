//! The text index: which keyed words stand for which report or incident, and the questions it can be asked.

use crate::value::{Sql, run};
use data_encoding::BASE32_DNSSEC;
use domain::ids::TenantId;
use rusqlite::Connection;
use std::collections::BTreeMap;
use store::Token;

/// What a row of the index stands for; every text also holds a token that says so, tied to the agency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Report,
    Incident,
}

/// A text that is to be indexed with the commit.
#[derive(Debug)]
pub(crate) struct PendingWords {
    /// The row's `n`.
    pub n: i64,
    /// Whether nothing can be indexed for it yet.
    pub fresh: bool,
    /// The tokens as FTS5 reads them.
    pub text: String,
}

/// The token that every text of one kind of one agency holds, so that a search meets no other agency's rows.
/// Twenty-seven characters: no keyed word, which has thirteen, can be mistaken for it.
fn belonging(kind: Kind, tenant: TenantId) -> String {
    let letter = match kind {
        Kind::Report => 'r',
        Kind::Incident => 'i',
    };
    format!("{letter}{}", BASE32_DNSSEC.encode(tenant.bytes()))
}

/// The text that stands for an object.
pub(crate) fn text(kind: Kind, tenant: TenantId, tokens: &[Token]) -> String {
    let mut text = String::with_capacity(28 + tokens.len() * 14);
    text.push_str(&belonging(kind, tenant));
    for token in tokens {
        text.push(' ');
        BASE32_DNSSEC.encode_append(token, &mut text);
    }
    text
}

/// The FTS5 expression for incidents of an agency with all of `all` and one of each group of `any`; `None` when a
/// group is empty, which nothing can satisfy.
pub(crate) fn expression(tenant: TenantId, all: &[Token], any: &[Vec<Token>]) -> Option<String> {
    let mut expression = belonging(Kind::Incident, tenant);
    for token in all {
        expression.push_str(" AND ");
        BASE32_DNSSEC.encode_append(token, &mut expression);
    }
    for group in any {
        let alternatives: Vec<String> = group.iter().map(|token| BASE32_DNSSEC.encode(token)).collect();
        if alternatives.is_empty() {
            return None;
        }
        expression.push_str(" AND (");
        expression.push_str(&alternatives.join(" OR "));
        expression.push(')');
    }
    Some(expression)
}

/// Writes the texts of a whole commit: the last one for each row, in ascending order, which is how FTS5 takes them
/// without flushing between.
pub(crate) fn index(conn: &Connection, pending: Vec<PendingWords>) -> Sql<()> {
    let mut texts: BTreeMap<i64, PendingWords> = BTreeMap::new();
    for mut words in pending {
        words.fresh |= texts.get(&words.n).is_some_and(|earlier| earlier.fresh);
        texts.insert(words.n, words);
    }
    for (n, words) in texts {
        if words.fresh {
            run(conn, "insert into word (rowid, tokens) values (?1, ?2)", (n, words.text))?;
        } else {
            run(conn, "insert or replace into word (rowid, tokens) values (?1, ?2)", (n, words.text))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_search_names_the_agency_every_token_and_one_of_each_group() {
        let tenant = TenantId::new(Uuid::nil());
        let asked = expression(tenant, &[[0; 8]], &[vec![[255; 8], [0; 8]]]).expect("possible");
        assert_eq!(asked, "i00000000000000000000000000 AND 0000000000000 AND (vvvvvvvvvvvvu OR 0000000000000)");
        assert_eq!(expression(tenant, &[], &[vec![]]), None);
    }
}
