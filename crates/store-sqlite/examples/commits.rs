//! Measures durable report commits per second, and lists and searches beside a growing store.
//!
//! `cargo run --release -p tocsin-store-sqlite --example commits -- FOLDER [CALLERS] [SECONDS]`
//! The raw `fdatasync` of the same disk is measured first, because every figure after it is a multiple of that one.

#![allow(clippy::disallowed_methods)] // a measurement is about the real clock

use domain::ids::{AccountId, IncidentId, JobId, ReportId, StreamId, TenantId, UnitId};
use domain::time;
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::*;
use tocsin_store_sqlite::SqliteStore;
use uuid::Uuid;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("a folder to measure in is needed")?;
    let callers: u64 = args.next().map_or(Ok(32), |text| text.parse())?;
    let seconds: u64 = args.next().map_or(Ok(10), |text| text.parse())?;
    std::fs::create_dir_all(&folder)?;
    println!("fdatasync of 4 KiB, median    {:>9.2?}", fdatasync(Path::new(&folder))?);

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    runtime.block_on(async {
        let store = Arc::new(SqliteStore::open(&Path::new(&folder).join("commits.db"))?);
        let serial = Arc::new(AtomicU64::new(first_free(&*store).await?));
        commits(&store, &serial, callers, Duration::from_secs(seconds)).await?;
        lists(&*store, serial.load(Ordering::Relaxed)).await?;
        println!("{:?}", store.health().await?);
        println!("{}", memory());
        Ok(())
    })
}

/// A folder measured before holds rows: their serial numbers are their running numbers.
async fn first_free(store: &dyn Store) -> Result<u64, Box<dyn std::error::Error>> {
    let newest = store.list_incidents(&search(&[], None)).await?;
    Ok(newest.first().map_or(1, |incident| incident.n.unsigned_abs() + 10_000_000))
}

fn fdatasync(folder: &Path) -> std::io::Result<Duration> {
    let mut file = std::fs::File::create(folder.join("fdatasync"))?;
    let mut took = Vec::new();
    for _ in 0..500 {
        file.rewind()?;
        file.write_all(&[7; 4096])?;
        let start = Instant::now();
        file.sync_data()?;
        took.push(start.elapsed());
    }
    took.sort();
    Ok(took[took.len() / 2])
}

async fn commits(
    store: &Arc<SqliteStore>,
    serial: &Arc<AtomicU64>,
    callers: u64,
    length: Duration,
) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (store, serial) = (Arc::clone(store), Arc::clone(serial));
            tokio::spawn(async move {
                let mut took = Vec::new();
                while start.elapsed() < length {
                    let change = report(serial.fetch_add(1, Ordering::Relaxed));
                    let begun = Instant::now();
                    store.commit(change).await.map_err(|error| error.to_string())?;
                    took.push(begun.elapsed());
                }
                Ok::<_, String>(took)
            })
        })
        .collect();
    let mut took = Vec::new();
    for task in tasks {
        took.append(&mut task.await??);
    }
    let rate = took.len() as f64 / start.elapsed().as_secs_f64();
    // The ceiling on a machine that has a processor to spare for the writer, whatever else runs on this one.
    println!("the writer's own processor time per commit  {:.0?}", writer_time() / took.len().max(1) as u32);
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    println!(
        "{callers} callers: {rate:.0} report commits/s   p50 {:.2?}   p99 {:.2?}   max {:.2?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

async fn lists(store: &dyn Store, serial: u64) -> Result<(), Box<dyn std::error::Error>> {
    for (name, query) in [
        ("newest incidents", search(&[], None)),
        ("a common word", search(&[1], None)),
        ("two common words", search(&[1, 2], None)),
        ("a middling word", search(&[900], None)),
        ("a rare word", search(&[100_000 + serial as u32 % 30_000], None)),
        ("common word in 2 of 60 units", search(&[1], Some(vec![token(70_000), token(70_001)]))),
    ] {
        let mut took = Vec::new();
        let mut found = 0;
        for _ in 0..200 {
            let begun = Instant::now();
            found = store.list_incidents(&query).await?.len();
            took.push(begun.elapsed());
        }
        took.sort();
        println!("{name:<30} {found:>3} rows   p50 {:>9.2?}   p99 {:>9.2?}", took[100], took[198]);
    }
    Ok(())
}

/// User and system time of the writer thread, which Linux counts in hundredths of a second.
fn writer_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let stats = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    let ticks = stats.filter_map(|stat| {
        let (name, rest) = stat.rsplit_once(") ")?;
        let times = rest.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
        name.ends_with("(store-writer").then(|| times.sum::<u64>())
    });
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("memory unknown").to_owned()
}

// --- what a typical commit holds

fn id<T: From<Uuid>>(kind: u128, n: u64) -> T {
    T::from(Uuid::from_u128((u128::from(n) << 64) | (kind << 56) | 0x8000_0000))
}

/// Spreads numbers over the whole range, as keyed hashes do.
fn spread(n: u64) -> u64 {
    n.wrapping_add(0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .rotate_left(31)
        .wrapping_mul(0x94d0_49bb_1331_11eb)
}

fn hash(n: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (place, eight) in (0_u64..).zip(bytes.chunks_exact_mut(8)) {
        eight.copy_from_slice(&spread(n.wrapping_add(place << 40)).to_le_bytes());
    }
    bytes
}

fn token(n: u32) -> Token {
    spread(u64::from(n)).to_le_bytes()
}

/// Sixty words: twenty that half of all texts hold, thirty of some thousands, a rare one, the units above.
fn words(serial: u64) -> Vec<Token> {
    let mut numbers: Vec<u32> =
        (0..40).filter(|word| spread(serial ^ (u64::from(*word) << 32)).is_multiple_of(2)).collect();
    numbers.extend((0..38).map(|place| 40 + (spread(serial * 64 + place) % 5_000) as u32));
    numbers.push(100_000 + serial as u32 % 30_000);
    numbers.push(70_000 + (serial % 60) as u32);
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(token).collect()
}

/// Every fourth arrival opens an incident, so that lists have something to show; the others are reports.
fn report(serial: u64) -> Change {
    let (tenant, unit): (TenantId, UnitId) = (id(1, 1), id(2, serial % 60));
    let stream: StreamId = id(3, serial);
    let now = time::Instant::from_micros(1_790_000_000_000_000 + serial as i64);
    let entry = |version| JournalRow {
        stream,
        version,
        tenant,
        header: vec![b'h'; 420],
        hash: hash(serial * 2 + u64::from(version)),
        wrapped_key: Some(vec![1; 60]),
        ciphertext: Some(vec![2; 700]),
    };
    let mut change = Change {
        appends: vec![Append { stream, expected: 0, rows: vec![entry(1), entry(2)] }],
        words: vec![Words { object: stream, tokens: words(serial) }],
        jobs: vec![NewJob {
            id: id::<JobId>(4, serial),
            kind: "alert".into(),
            body: vec![3; 32],
            run_at: now,
            key: None,
        }],
        remember: Some(Remembered { key: hash(serial ^ 1 << 60), request: hash(serial), answer: vec![4; 160] }),
        ..Change::default()
    };
    if serial.is_multiple_of(4) {
        change.incidents.push(IncidentRow {
            id: IncidentId::from(stream),
            n: 0,
            tenant,
            unit,
            reference: format!("DMH-2026-{serial}"),
            opened_at: now,
            state: IncidentState::Open,
            lead: None,
            next_due: Some(now),
            source: None,
            version: 2,
            summary: vec![5; 220],
        });
    } else {
        change.reports.push(ReportRow {
            id: ReportId::from(stream),
            n: 0,
            tenant,
            unit,
            handling_unit: unit,
            reference: format!("R-{:016x}", spread(serial)),
            secret: hash(serial ^ 1 << 61),
            received_at: now,
            state: ReportState::Waiting,
            urgency: (serial % 5) as i16,
            claimed_by: None,
            claimed_at: None,
            incident: None,
            version: 2,
            summary: vec![5; 220],
        });
    }
    change
}

fn search(all: &[u32], units: Option<Vec<Token>>) -> IncidentQuery {
    IncidentQuery {
        tenant: id(1, 1),
        state: None,
        all: all.iter().copied().map(token).collect(),
        any: units.into_iter().collect(),
        viewer: id::<AccountId>(5, 1),
        before: None,
        limit: 50,
    }
}
