//! What is measured, in the order of the table of targets.

use super::figures::{Figures, Times};
use super::http::{Client, load};
use super::server::Server;
use super::{Choice, backend::Backend, duties, fill, paper, raw};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const SECONDS: u64 = 6;

/// Everything.
pub fn everything(choice: &Choice, figures: &mut Figures) -> Outcome<()> {
    if choice.wants("disk") {
        let sync = raw::fdatasync(&choice.folder)?;
        figures.note("fdatasync of 4 KiB, p50", sync.at(50.0), "ms");
        figures.note("fdatasync of 4 KiB, p99", sync.at(99.0), "ms");
    }
    if choice.wants("paper") {
        paper::typesetting(&choice.tocsin, figures)?;
    }
    duties::everything(choice, figures)?;
    for backend in choice.backends().into_iter().filter(|_| choice.wants("pages")) {
        let small = stage(choice, figures, &backend, 10_000)?;
        let large = stage(choice, figures, &backend, choice.large)?;
        let growth = large.list.at(99.0) / small.list.at(99.0);
        figures.at_most(format!("{}: list page p99, {} over 10000", backend.name(), choice.large), growth, "×", 1.25);
    }
    Ok(())
}

struct Stage {
    list: Times,
}

fn stage(choice: &Choice, figures: &mut Figures, backend: &Backend, incidents: u32) -> Outcome<Stage> {
    let data = choice.folder.join(format!("{}-{incidents}", backend.name()));
    std::fs::create_dir_all(&data)?;
    let name = &format!("{} {incidents}", backend.name());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (filled, database) = runtime.block_on(async {
        let (store, database) = backend.open(&data).await?;
        Ok::<_, Box<dyn std::error::Error>>((fill::fill(&data, store, incidents).await?, database))
    })?;
    drop(runtime);
    let url = database.as_ref().map(ground::Database::url);
    figures.note(format!("filling, incidents per second ({name})"), f64::from(incidents) / filled.seconds, "/s");

    let server = Server::start(&choice.tocsin, &data, url.as_deref())?;
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
        let found = page(format!("/incidents?words={words}"))?;
        figures.at_most(format!("search, {kind}, p99 ({name})"), found.at(99.0), "ms", 20.0);
    }
    let statistics = page("/stats".into())?;
    figures.at_most(format!("statistics page, p99 ({name})"), statistics.at(99.0), "ms", 7.0);
    weight(figures, &staff, name)?;
    intake(choice, figures, backend, &server, &filled.unit, name)?;
    figures.at_most(format!("memory, under load ({name})"), server.megabytes(), "MB", 256.0);
    drop(server);
    verify(choice, figures, &data, url.as_deref(), name)?;
    Ok(Stage { list })
}

/// The list page and everything it names, as a browser that keeps nothing yet loads it.
fn weight(figures: &mut Figures, staff: &impl Fn() -> std::io::Result<Client>, name: &str) -> Outcome<()> {
    let mut client = staff()?;
    let page = client.get("/incidents")?;
    let mut bytes = page.body.len();
    let mut requests = 1;
    for path in named(&client.plainly("/incidents")?) {
        let answer = client.get(&path)?;
        expect(answer.status, 200)?;
        bytes += answer.body.len();
        requests += 1;
    }
    figures.at_most(format!("list page, requests ({name})"), f64::from(requests), "", 4.0);
    figures.note(format!("list page alone, compressed ({name})"), page.body.len() as f64 / 1024.0, "KB");
    figures.at_most(format!("list page with what it loads, compressed ({name})"), bytes as f64 / 1024.0, "KB", 35.0);
    Ok(())
}

/// Addresses of style sheets, scripts, icons and pictures that a page asks a browser to load.
fn named(page: &str) -> Vec<String> {
    let tags = page.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
    let loads = |tag: &&str| {
        let starts = |name| tag.starts_with(name);
        starts("script ") || starts("img ") || (starts("link ") && (tag.contains("stylesheet") || tag.contains("icon")))
    };
    let address = |tag: &str| {
        let rest = tag.split_once("src=\"").or_else(|| tag.split_once("href=\""))?.1;
        Some(rest.split('"').next()?.to_owned())
    };
    tags.filter(loads).filter_map(address).collect()
}

fn intake(
    choice: &Choice,
    figures: &mut Figures,
    backend: &Backend,
    server: &Server,
    unit: &str,
    name: &str,
) -> Outcome<()> {
    let words = "The laptop with tag 44721 was taken from a car in the store lot on Monday afternoon. ".repeat(3);
    let body = serde_json::json!({ "unit": unit, "words": words, "happened": [], "reporter": { "name": "Sam Lee" } })
        .to_string();
    for connections in [8, 32] {
        let (limit_times, limit) = backend.limit(&choice.folder, connections, SECONDS)?;
        let plain = || Client::connect(server.address, "");
        let (times, rate) = load(connections, SECONDS, plain, |client, n| {
            let key = format!("bench-{}-{connections}-{n:x}", name.replace(' ', "-"));
            expect(client.post("/api/v1/reports", &key, &body)?.status, 201)
        })?;
        figures.note(format!("raw commits, {connections} callers ({name})"), limit, "/s");
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

fn verify(choice: &Choice, figures: &mut Figures, data: &Path, url: Option<&str>, name: &str) -> Outcome<()> {
    let before = Instant::now();
    let mut command = Command::new(&choice.tocsin);
    command.args(["verify", "--json", "--data"]).arg(data);
    if let Some(url) = url {
        command.args(["--database-url", url]);
    }
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    // Read beside the waiting: a verdict with many findings is longer than what a pipe holds.
    let mut output = child.stdout.take().ok_or("verify says something")?;
    let reading = std::thread::spawn(move || {
        let mut told = String::new();
        output.read_to_string(&mut told).map(|_| told)
    });
    let mut most = 0f64;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        most = most.max(super::server::resident(child.id(), "VmHWM:").max(0.0));
        std::thread::sleep(Duration::from_millis(20));
    };
    let seconds = before.elapsed().as_secs_f64();
    let told = reading.join().map_err(|_| "the reader of the verdict died")??;
    if !status.success() {
        return Err(format!("verify: {}", told.chars().take(2_000).collect::<String>()).into());
    }
    let entries = serde_json::from_str::<serde_json::Value>(&told)?["checked"]["entries"].as_f64().unwrap_or(f64::NAN);
    figures.note(format!("verify, entries ({name})"), entries, "");
    figures.note(format!("verify, the whole ({name})"), seconds, "s");
    figures.at_most(format!("verify, of a million entries ({name})"), seconds / entries * 1e6, "s", 60.0);
    figures.note(format!("verify, most memory ({name})"), most, "MB");
    Ok(())
}

fn expect(status: u16, wanted: u16) -> std::io::Result<()> {
    if status == wanted {
        Ok(())
    } else {
        Err(std::io::Error::other(format!("status {status} where {wanted} was due")))
    }
}
