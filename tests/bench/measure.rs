//! What is measured, in the order of the table of targets.

use super::figures::{Figures, Times};
use super::http::{Client, load};
use super::server::Server;
use super::{Choice, fill, raw};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const SECONDS: u64 = 6;

/// Everything.
pub fn everything(choice: &Choice, figures: &mut Figures) -> Outcome<()> {
    let sync = raw::fdatasync(&choice.folder)?;
    figures.note("fdatasync of 4 KiB, p50", sync.at(50.0), "ms");
    figures.note("fdatasync of 4 KiB, p99", sync.at(99.0), "ms");
    let small = stage(choice, figures, 10_000, "10⁴")?;
    let large = stage(choice, figures, choice.large, "large")?;
    figures.at_most("list page p99, large over 10⁴", large.list.at(99.0) / small.list.at(99.0), "×", 1.25);
    Ok(())
}

struct Stage {
    list: Times,
}

fn stage(choice: &Choice, figures: &mut Figures, incidents: u32, name: &str) -> Outcome<Stage> {
    let data = choice.folder.join(format!("data-{incidents}"));
    std::fs::create_dir_all(&data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let filled = runtime.block_on(async {
        let store = Arc::new(store_sqlite::SqliteStore::open(&data.join("tocsin.db"))?);
        fill::fill(&data, store, incidents).await
    })?;
    drop(runtime);
    figures.note(
        format!("filling, incidents per second ({name}: {incidents})"),
        f64::from(incidents) / filled.seconds,
        "/s",
    );

    let server = Server::start(&choice.tocsin, &data, None)?;
    figures.at_most(format!("start to ready ({name})"), server.start.as_secs_f64(), "s", 0.3);
    figures.at_most(format!("memory, idle ({name})"), server.megabytes(), "MB", 50.0);
    let cookie = format!("Cookie: tocsin={}\r\nAccept-Encoding: br\r\n", filled.session);
    let staff = || Client::connect(server.address, &cookie);
    let page = |path: String| -> Outcome<Times> {
        let mut client = staff()?;
        let answer = client.get(&path)?;
        if answer.status != 200 {
            return Err(format!("{path} answered {}", answer.status).into());
        }
        let times = load(1, SECONDS, staff, |client, _| expect(client.get(&path)?.status, 200))?.0;
        Ok(times)
    };
    let list = page("/incidents".into())?;
    figures.at_most(format!("list page of 50, p50 ({name})"), list.at(50.0), "ms", 2.0);
    figures.note(format!("list page of 50, p99 ({name})"), list.at(99.0), "ms");
    let inbox = page("/inbox".into())?;
    figures.at_most(format!("inbox, p50 ({name})"), inbox.at(50.0), "ms", 2.0);
    let (_, rate) = load(8, SECONDS, staff, |client, _| expect(client.get("/incidents")?.status, 200))?;
    figures.at_least(format!("list pages per second, 8 connections ({name})"), rate, "/s", 2_000.0);
    let busy = page(format!("/incidents/{}", filled.busy))?;
    figures.at_most(format!("incident page, 50 timeline entries, p50 ({name})"), busy.at(50.0), "ms", 2.0);
    for (kind, words) in [("common", "word1"), ("rare", "marker"), ("two words", "word3+word5")] {
        let found = page(format!("/search?q={words}"))?;
        figures.at_most(format!("search, {kind}, p99 ({name})"), found.at(99.0), "ms", 20.0);
    }
    let statistics = page("/stats".into())?;
    figures.at_most(format!("statistics page, p99 ({name})"), statistics.at(99.0), "ms", 7.0);
    weight(figures, &staff, name)?;
    intake(choice, figures, &server, &filled.unit, name)?;
    figures.at_most(format!("memory, under load ({name})"), server.megabytes(), "MB", 256.0);
    drop(server);
    verify(choice, figures, &data, name)?;
    Ok(Stage { list })
}

fn weight(figures: &mut Figures, staff: &impl Fn() -> std::io::Result<Client>, name: &str) -> Outcome<()> {
    let mut client = staff()?;
    let page = client.get("/incidents")?.body.len();
    figures.note(format!("list page, compressed ({name})"), page as f64 / 1024.0, "KB");
    Ok(())
}

fn intake(choice: &Choice, figures: &mut Figures, server: &Server, unit: &str, name: &str) -> Outcome<()> {
    let words = "The laptop with tag 44721 was taken from a car in the store lot on Monday afternoon. ".repeat(3);
    let body = serde_json::json!({ "unit": unit, "words": words, "happened": [] }).to_string();
    for connections in [8, 32] {
        let (limit_times, limit) = raw::group_commits(&choice.folder, connections, SECONDS)?;
        let plain = || Client::connect(server.address, "");
        let (times, rate) = load(connections, SECONDS, plain, |client, n| {
            let key = format!("bench-{name}-{connections}-{n:x}");
            expect(client.post("/api/v1/reports", &key, &body)?.status, 201)
        })?;
        figures.note(format!("raw group commits, {connections} callers ({name})"), limit, "/s");
        figures.note(format!("durable intake, {connections} connections ({name})"), rate, "/s");
        figures.at_least(format!("durable intake over raw limit, {connections} ({name})"), rate / limit, "×", 0.7);
        let ratio = times.at(99.0) / limit_times.at(99.0);
        figures.note(format!("durable intake p99, {connections} ({name})"), times.at(99.0), "ms");
        if connections == 32 {
            figures.at_most(format!("intake p99 over raw p99, 32 ({name})"), ratio, "×", 1.5);
        }
    }
    Ok(())
}

fn verify(choice: &Choice, figures: &mut Figures, data: &Path, name: &str) -> Outcome<()> {
    let before = Instant::now();
    let output = Command::new(&choice.tocsin).args(["verify", "--json", "--data"]).arg(data).output()?;
    let seconds = before.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("verify: {}", String::from_utf8_lossy(&output.stdout)).into());
    }
    figures.note(format!("verify of everything ({name})"), seconds, "s");
    Ok(())
}

fn expect(status: u16, wanted: u16) -> std::io::Result<()> {
    if status == wanted {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("status {status} where {wanted} was due")))
    }
}
