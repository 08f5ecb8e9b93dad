//! Every check of the project in one command, in the order that says "no" soonest, with a summary that hides nothing.

mod install;
mod steps;
mod summary;
mod supply;

use crate::{clauses, postgres::Cluster, run::Failure, tidy};
use summary::{Outcome, Summary};

/// What daily work needs: no service, no browser, nothing beyond the Rust toolchain.
pub fn fast() -> Result<(), Failure> {
    let mut summary = Summary::default();
    summary.step("formatting", || steps::formatting().into());
    summary.step("tidy", || tidy::run().into());
    summary.step("clauses and their proofs", || clauses::run(false).into());
    summary.step("clippy", || steps::clippy().into());
    summary.step("tests, embedded store", || steps::tests_without_postgres().into());
    summary.close()
}

/// Everything. A step that cannot run because an earlier one failed counts as failed, never as passed over.
pub fn full(install: bool) -> Result<(), Failure> {
    let mut summary = Summary::default();
    if install {
        summary.step("what the checks need", || install::everything().into());
    }
    summary.step("formatting", || steps::formatting().into());
    summary.step("tidy", || tidy::run().into());
    summary.step("dependencies: licences, bans, sources", || supply::rules(install).into());
    summary.step("dependencies: advisories", supply::advisories);
    summary.step("published schemas", || steps::schemas().into());
    summary.step("clauses and their proofs", || clauses::run(false).into());
    let built = summary.step("build, with every test", || steps::build().into());
    summary.step("browser harness tests itself", || steps::browser_self_test().into());
    if built {
        let cluster = Cluster::start();
        let url = cluster.as_ref().map(Cluster::url).map_err(Clone::clone);
        summary.step("tests, both stores", || url.clone().and_then(|url| steps::tests(&url)).into());
        summary.step("rules, screens and API on PostgreSQL", || {
            url.clone().and_then(|url| steps::tests_on_postgres(&url)).into()
        });
        summary.step("crash test, both stores", || url.clone().and_then(|url| steps::crash(&url)).into());
        drop(cluster);
        summary.step("browser stories", || steps::browser().into());
        summary.step("API against its own description", || steps::api().into());
        summary.step("calendar feed against icalendar", || steps::calendar().into());
    } else {
        for step in [
            "tests, both stores",
            "rules, screens and API on PostgreSQL",
            "crash test, both stores",
            "browser stories",
            "API against its own description",
            "calendar feed against icalendar",
        ] {
            summary.step(step, || Outcome::Failed("not reached: the build failed".to_owned()));
        }
    }
    summary.step("clippy", || steps::clippy().into());
    summary.close()
}
