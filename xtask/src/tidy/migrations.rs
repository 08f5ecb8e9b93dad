//! The two stores change shape together: the same migration numbers and names stand in both folders.

use super::repository::{Finding, Repository};
use std::collections::BTreeSet;

const FOLDERS: [&str; 2] = ["crates/store-sqlite/migrations/", "crates/store-postgres/migrations/"];

/// Compares the folders, and asks for numbers that run from 0001 without a gap.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let [sqlite, postgres] = FOLDERS.map(|folder| names(repository, folder));
    let mut findings = Vec::new();
    for (here, there, folder) in [(&sqlite, &postgres, FOLDERS[1]), (&postgres, &sqlite, FOLDERS[0])] {
        for name in here.difference(there) {
            findings.push(Finding::fault(format!("{folder}{name}"), "is missing: the other store has this migration"));
        }
    }
    let all: BTreeSet<_> = sqlite.union(&postgres).collect();
    for (name, number) in all.iter().zip(1..) {
        if !name.starts_with(&format!("{number:04}_")) {
            let message = format!("the migration at this place is numbered {number:04}: one number each, without gaps");
            findings.push(Finding::fault(format!("{}{name}", FOLDERS[0]), message));
            break;
        }
    }
    findings
}

fn names(repository: &Repository, folder: &str) -> BTreeSet<String> {
    let sql = repository.ending(".sql");
    sql.filter_map(|(path, _)| path.strip_prefix(folder)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(sqlite: &[&str], postgres: &[&str]) -> Repository {
        let paths: Vec<String> = [sqlite, postgres]
            .iter()
            .zip(FOLDERS)
            .flat_map(|(names, folder)| names.iter().map(move |name| format!("{folder}{name}")))
            .collect();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "select 1")).collect();
        Repository::of(&files)
    }

    #[test]
    fn equal_folders_are_in_order() {
        let both = ["0001_journal.sql", "0002_job.sql"];
        assert_eq!(check(&repository(&both, &both)), []);
    }

    #[test]
    fn a_migration_of_one_store_alone_is_named_where_it_is_missing() {
        let found = check(&repository(&["0001_journal.sql", "0002_job.sql"], &["0001_journal.sql"]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "crates/store-postgres/migrations/0002_job.sql");
    }

    #[test]
    fn the_same_number_under_two_names_is_no_pair() {
        assert!(!check(&repository(&["0001_journal.sql"], &["0001_events.sql"])).is_empty());
    }

    #[test]
    fn numbers_leave_no_gap() {
        let both = ["0001_journal.sql", "0003_job.sql"];
        assert!(check(&repository(&both, &both))[0].message.contains("0002"));
    }
}
