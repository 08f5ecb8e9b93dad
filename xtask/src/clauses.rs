//! `cargo xtask clauses`: which statements of the policies and laws are proven by a test, by document and area.
//!
//! A test claims a clause with a comment above it: `// proves: DMH16-4.a, DMH16-FORM-IX` before a Rust test or a story in
//! JavaScript. A claim of an id that no pack lists, or one that no test follows, is a fault; a clause without a claim is
//! only listed, so that the table can be true before it is full.

use crate::run::{self, Failure};
use std::{collections::BTreeMap, fs};

const MARK: &str = "// proves:";
/// Lines between a claim and the test it speaks of: attributes and further comments.
const REACH: usize = 6;
/// Where a proof may stand: tests there go through HTTP, commands or a browser, never straight to a function.
const PLACES: [&str; 3] = ["crates/web/tests/", "tests/tests/", "tests/browser/stories/"];

/// A statement as the packs list it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause {
    id: String,
    area: String,
    pack: String,
}

/// A claim as a test makes it.
#[derive(Debug, PartialEq, Eq)]
struct Claim {
    id: String,
    place: String,
    test: Option<String>,
}

/// Prints the table; with `missing`, the clauses that nobody claims, by area.
pub fn run(missing: bool) -> Result<(), Failure> {
    let mut clauses = Vec::new();
    let mut claims = Vec::new();
    let listed =
        run::output(run::program("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let pack = path.strip_prefix("policy/").and_then(|p| p.rsplit_once('/')).map(|(pack, _)| pack);
        let test = path.ends_with(".rs") || path.ends_with(".mjs");
        if !(test || pack.is_some_and(|_| path.ends_with(".toml") && !path.contains("/cases/"))) {
            continue;
        }
        let Ok(text) = fs::read_to_string(run::root().join(path)) else { continue };
        match pack {
            Some(pack) => clauses.extend(listed_in(pack, &text)?),
            // The practice claims in this file's own tests are text, not claims.
            None if path == "xtask/src/clauses.rs" => {}
            None => claims.extend(claimed_in(path, &text)),
        }
    }
    let faults = report(&clauses, &claims, missing);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn listed_in(pack: &str, text: &str) -> Result<Vec<Clause>, Failure> {
    let table: toml::Table = text.parse().map_err(|why| format!("policy/{pack}: {why}"))?;
    let clauses = table.get("clause").and_then(toml::Value::as_array).into_iter().flatten();
    let word = |clause: &toml::Value, key: &str| clause.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    let clause = |c: &toml::Value| {
        Some(Clause {
            id: word(c, "id")?,
            area: word(c, "area").unwrap_or_else(|| "no area".to_owned()),
            // Duties of a pack may lie one folder down; its clauses stand at its top.
            pack: pack.to_owned(),
        })
    };
    Ok(clauses.filter_map(clause).collect())
}

fn claimed_in(path: &str, text: &str) -> Vec<Claim> {
    let lines: Vec<&str> = text.lines().collect();
    let mut claims = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let Some(ids) = line.trim().strip_prefix(MARK) else { continue };
        let after = lines.iter().skip(place + 1).take(REACH);
        let test = after.map(|line| line.trim()).find_map(test_named);
        for id in ids.split([',', ' ']).filter(|id| !id.is_empty()) {
            claims.push(Claim { id: id.to_owned(), place: format!("{path}:{}", place + 1), test: test.clone() });
        }
    }
    claims
}

/// The name of the test that a line begins: `fn name(` in Rust, `story("…"` or `test("…"` in JavaScript.
fn test_named(line: &str) -> Option<String> {
    let line = line.trim_start_matches("async ").trim_start_matches("export ");
    if let Some(rest) = line.strip_prefix("fn ") {
        return rest.split('(').next().map(str::to_owned);
    }
    let rest = ["story(", "test(", "await story(", "await test("].iter().find_map(|call| line.strip_prefix(call))?;
    Some(rest.trim_matches(|c| "\"'`".contains(c)).chars().take(60).collect())
}

/// Prints the table and gives what is wrong with the claims.
fn report(clauses: &[Clause], claims: &[Claim], missing: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for claim in claims {
        if !clauses.iter().any(|c| c.id == claim.id) {
            faults.push(format!("{}: no pack has a clause {}", claim.place, claim.id));
        }
        if !PLACES.iter().any(|place| claim.place.starts_with(place)) {
            let places = PLACES.join(", ");
            faults.push(format!(
                "{}: a proof goes through HTTP, commands or a browser; those are in {places}",
                claim.place
            ));
        }
        if claim.test.is_none() {
            faults.push(format!("{}: no test follows the claim of {}", claim.place, claim.id));
        }
    }
    let claimed = |clause: &Clause| claims.iter().any(|c| c.id == clause.id && c.test.is_some());
    let mut table: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for clause in clauses {
        let (all, done) = table.entry((&clause.pack, &clause.area)).or_default();
        *all += 1;
        *done += usize::from(claimed(clause));
    }
    println!("{:<20} {:<14} {:>7} {:>7} {:>7}", "pack", "area", "clauses", "claimed", "missing");
    for ((pack, area), (all, done)) in &table {
        println!("{pack:<20} {area:<14} {all:>7} {done:>7} {:>7}", all - done);
    }
    let (all, done) = table.values().fold((0, 0), |(a, d), (all, done)| (a + all, d + done));
    println!("{:<20} {:<14} {all:>7} {done:>7} {:>7}", "all", "", all - done);
    if missing {
        for clause in clauses.iter().filter(|c| !claimed(c)) {
            println!("{:<14} {}", clause.area, clause.id);
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACK: &str = "[[clause]]\nid = \"A-1\"\narea = \"forms\"\n[[clause]]\nid = \"A-2\"\n";

    fn faults(test: &str) -> Vec<String> {
        report(&listed_in("xx/a", PACK).expect("TOML"), &claimed_in("tests/tests/t.rs", test), true)
    }

    #[test]
    fn clauses_carry_their_area() {
        let found = listed_in("xx/a", PACK).expect("TOML");
        assert_eq!(found.iter().map(|c| c.area.as_str()).collect::<Vec<_>>(), ["forms", "no area"]);
    }

    #[test]
    fn a_claim_belongs_to_the_test_below_it() {
        let claims = claimed_in("t.rs", "// proves: A-1, A-2\n#[tokio::test]\nasync fn thirty_days() {\n");
        assert_eq!(claims.len(), 2);
        assert_eq!(claims[0].test.as_deref(), Some("thirty_days"));
        let story = claimed_in("s.mjs", "// proves: A-1\nstory(\"an officer signs\", async () => {\n");
        assert_eq!(story[0].test.as_deref().map(|t| t.starts_with("an officer signs")), Some(true));
    }

    #[test]
    fn a_claim_without_a_clause_or_without_a_test_is_a_fault() {
        assert_eq!(faults("// proves: A-1\n#[test]\nfn one() {}\n"), Vec::<String>::new());
        assert_eq!(faults("// proves: A-7\n#[test]\nfn one() {}\n").len(), 1);
        assert_eq!(faults("// proves: A-1\n\nconst X: u8 = 1;\n").len(), 1);
        let inside = claimed_in("crates/domain/src/a.rs", "// proves: A-1\n#[test]\nfn one() {}\n");
        assert_eq!(report(&listed_in("xx/a", PACK).expect("TOML"), &inside, true).len(), 1, "that proves a function");
    }
}
