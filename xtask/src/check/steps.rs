//! The single steps, each one command line that a person could type.
//!
//! All of them use the same profile and, by always naming the whole workspace, the same features, so that nothing is
//! built twice on the way.

use crate::{
    postgres,
    run::{self, Failure, run},
    server::Server,
};
use std::process::Command;

/// rustfmt has nothing to change.
pub fn formatting() -> Result<(), Failure> {
    run(run::cargo().args(["fmt", "--all", "--check"]))
}

/// clippy, with every warning an error.
pub fn clippy() -> Result<(), Failure> {
    run(run::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// The binary and every test program, once.
pub fn build() -> Result<(), Failure> {
    run(run::cargo().args(["build", "--workspace", "--all-targets"]))
}

/// Every test that runs without being asked for by name, on both stores.
pub fn tests(postgres_url: &str) -> Result<(), Failure> {
    run(workspace_tests().env(postgres::URL, postgres_url))
}

/// The rules, screens and the interface for programs once more, now standing on PostgreSQL.
pub fn tests_on_postgres(postgres_url: &str) -> Result<(), Failure> {
    let mut command = run::cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    for program in ["journey", "importing", "proof", "officer", "public", "lists", "api", "statements", "clauses"] {
        command.args(["--test", program]);
    }
    run(command.env(postgres::URL, postgres_url).env("TOCSIN_TEST_STORE", "postgres"))
}

/// The same as all, less the room of the PostgreSQL store and the tests elsewhere that are named for it or for a mail
/// server.
pub fn tests_without_postgres() -> Result<(), Failure> {
    let mut command = workspace_tests();
    command.args(["--exclude", "tocsin-store-postgres", "--", "--skip", "postgres", "--skip", "mail_server"]);
    run(command.env_remove(postgres::URL))
}

/// The published schemas against the types they are made from, and every shipped pack against them. By itself, because
/// what it needs is needed by nothing else.
pub fn schemas() -> Result<(), Failure> {
    run(run::cargo().args(["test", "-p", "tocsin-policy", "--features", "schema", "--test", "schemas"]))
}

/// Documentation examples would be linked one by one; ours are in unit tests instead.
fn workspace_tests() -> Command {
    let mut command = run::cargo();
    command.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    command
}

/// Fifty times `kill -9` under load: too slow for every day, so it is marked `ignored` and asked for here.
pub fn crash(postgres_url: &str) -> Result<(), Failure> {
    run(run::cargo()
        .args(["test", "--workspace", "--test", "crash", "--", "--ignored", "--nocapture", "--test-threads=1"])
        .env(postgres::URL, postgres_url))
}

/// The browser harness finds the faults that its own practice pages hold.
pub fn browser_self_test() -> Result<(), Failure> {
    run(run::program("node").args(["tests/browser/run.mjs", "--self-test"]))
}

/// The stories in Chromium, with and without script, on a narrow and a wide screen.
pub fn browser() -> Result<(), Failure> {
    let (binary, pictures) = (run::target().join("debug/tocsin"), run::target().join("screenshots"));
    run(run::program("node")
        .arg("tests/browser/run.mjs")
        .arg("--binary")
        .arg(binary)
        .arg("--screenshots")
        .arg(pictures))
}

/// schemathesis reads the API's own description and holds the running server to it.
pub fn api() -> Result<(), Failure> {
    let server = Server::demo()?;
    let token = server.demo.api_token.as_ref().ok_or("demo.json has no api_token")?;
    let tester = run::target().join("python/bin/schemathesis");
    run(Command::new(tester)
        .arg("--config-file")
        .arg(run::root().join("tests/api/schemathesis.toml"))
        .arg("run")
        .arg(format!("{}/api/openapi.json", server.demo.address))
        .env("TOCSIN_API_TOKEN", token)
        .current_dir(run::target()))
}

/// A calendar program's own parser reads an officer's private feed from the running server, until the link is ended.
pub fn calendar() -> Result<(), Failure> {
    let server = Server::demo()?;
    let python = run::target().join("python/bin/python");
    run(Command::new(python).arg(run::root().join("tests/api/calendar_feed.py")).arg(server.told()))
}
