//! Throws damaged input at every reader of what strangers send: `cargo xtask fuzz`. No input may end in a panic, an error
//! of the server, a long wait, or a file being read.
//!
//! Inputs are made from the corpus by small accidents, seeded, so that a run can be had again. An input whose outcome was
//! not seen before is kept for the rest of the run and damaged further. What is found is written beside the corpus, where
//! the daily tests replay it from then on.

#![allow(clippy::disallowed_methods)] // a run lasts so many minutes of the real clock

mod accidents;
mod judged;
mod targets;

use judged::{Judge, Wrong};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use targets::{Reader, TARGETS};

/// Inputs kept besides the corpus, at most.
const KEPT: usize = 2_000;
/// Bytes of an input that goes into the corpus.
const SMALL: usize = 2 * 1024;
/// Bytes of an input that is kept during a run: large ones are damaged in the same ways as small ones, only slower.
const LARGEST: usize = 64 * 1024;

/// Where the corpus of a target lies.
fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// The kept inputs of a target, in the order of their names.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(corpus(target)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

struct Asked {
    minutes: f64,
    seed: u64,
    /// So many of the smallest inputs with outcomes of their own are added to the corpus.
    keep: usize,
    targets: Vec<String>,
}

fn asked() -> Result<Asked, String> {
    let mut asked = Asked { minutes: 10.0, seed: 1, keep: 0, targets: Vec::new() };
    let mut arguments = std::env::args().skip(1);
    while let Some(word) = arguments.next() {
        let mut number =
            || arguments.next().and_then(|n| n.parse::<f64>().ok()).ok_or_else(|| format!("{word} needs a number"));
        match word.as_str() {
            "--minutes" => asked.minutes = number()?,
            "--seed" => asked.seed = number()? as u64,
            "--keep" => asked.keep = number()? as usize,
            name if TARGETS.iter().any(|(known, _)| *known == name) => asked.targets.push(word),
            _ => {
                let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
                return Err(format!("{word}: there is no such target; there are {}", names.join(", ")));
            }
        }
    }
    if asked.targets.is_empty() {
        asked.targets = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    }
    Ok(asked)
}

fn main() -> std::process::ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(words) => {
            eprintln!("{words}");
            return std::process::ExitCode::FAILURE;
        }
    };
    let mut findings = 0;
    for name in &asked.targets {
        let Some((name, make)) = TARGETS.iter().find(|(known, _)| known == name) else { continue };
        findings += run(name, make().as_mut(), &asked);
    }
    if findings == 0 { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}

/// Runs one target for so long; says how many different things were found.
fn run(name: &str, reader: &mut dyn Reader, asked: &Asked) -> u32 {
    let long = Duration::from_secs_f64(asked.minutes * 60.0);
    let judge = Judge::watching(name);
    let mut pool = kept(name);
    pool.extend(reader.seeds());
    let (mut outcomes, mut found) = (HashSet::new(), HashSet::new());
    let mut chance = accidents::Chance::new(asked.seed);
    let (mut tried, begun) = (0u64, Instant::now());
    let words = reader.words();
    let firsts = pool.len();
    while begun.elapsed() < long {
        // What is kept is tried as it is before anything is damaged.
        let input = match usize::try_from(tried).ok().filter(|n| *n < firsts) {
            Some(n) => pool[n].clone(),
            None => accidents::damaged(&pool, &words, &mut chance),
        };
        tried += 1;
        match judge.judge(reader, &input) {
            Ok(outcome) => {
                if outcomes.insert(outcome) && pool.len() < KEPT && input.len() <= LARGEST {
                    pool.push(input);
                }
            }
            Err(wrong) => {
                if found.insert(wrong.to_string()) {
                    report(name, &input, &wrong);
                }
            }
        }
    }
    let mut fresh = pool.split_off(firsts);
    fresh.sort_by_key(Vec::len);
    for input in fresh.iter().take(asked.keep).filter(|input| input.len() <= SMALL) {
        if let Err(e) = write(name, "kept", input) {
            println!("{name}: an input could not be kept: {e}");
        }
    }
    let seconds = begun.elapsed().as_secs();
    println!("{name}: {tried} inputs in {seconds} s, {} different outcomes, {} findings", outcomes.len(), found.len());
    u32::try_from(found.len()).unwrap_or(u32::MAX)
}

/// Adds an input to the corpus.
fn write(name: &str, what: &str, input: &[u8]) -> std::io::Result<PathBuf> {
    let digest = journal::Digest::of(input).0;
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let path = corpus(name).join(format!("{what}-{short}"));
    std::fs::create_dir_all(corpus(name))?;
    std::fs::write(&path, input)?;
    Ok(path)
}

/// Writes a finding into the corpus, where it is replayed from then on.
fn report(name: &str, input: &[u8], wrong: &Wrong) {
    match write(name, "found", input) {
        Ok(path) => println!("{name}: {wrong}; the input is in {}", path.display()),
        Err(e) => println!("{name}: {wrong}; the input could not be kept: {e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inputs made for each target besides its corpus: enough to notice a target that is broken itself.
    const DAMAGED: u64 = 40;

    #[test]
    fn nothing_in_the_corpus_and_little_besides_breaks_a_reader() {
        for (name, make) in TARGETS {
            let mut reader = make();
            let judge = Judge::watching(name);
            let mut pool = kept(name);
            pool.extend(reader.seeds());
            assert!(!pool.is_empty(), "{name} has nothing to begin with");
            let (mut chance, words) = (accidents::Chance::new(7), reader.words());
            let damaged: Vec<Vec<u8>> = (0..DAMAGED).map(|_| accidents::damaged(&pool, &words, &mut chance)).collect();
            for input in pool.iter().chain(&damaged) {
                if let Err(wrong) = judge.judge(reader.as_mut(), input) {
                    panic!("{name}: {wrong}: {:?}", String::from_utf8_lossy(input));
                }
            }
        }
    }

    #[test]
    fn a_reader_that_breaks_is_found() {
        struct Broken;
        impl Reader for Broken {
            fn seeds(&self) -> Vec<Vec<u8>> {
                vec![b"abc".to_vec()]
            }
            fn read(&mut self, input: &[u8]) -> String {
                match input {
                    b"panic" => panic!("broken"),
                    b"fault" => "status 500".to_owned(),
                    b"file" => std::fs::read_to_string("/proc/self/stat").map(|_| String::new()).unwrap_or_default(),
                    _ => String::new(),
                }
            }
            fn is_pure(&self) -> bool {
                true
            }
        }
        let judge = Judge::watching("broken");
        assert!(judge.judge(&mut Broken, b"fine").is_ok());
        assert!(matches!(judge.judge(&mut Broken, b"panic"), Err(Wrong::Panicked(_))));
        assert!(matches!(judge.judge(&mut Broken, b"fault"), Err(Wrong::Fault(_))));
        if Path::new("/proc/self/io").exists() {
            assert!(matches!(judge.judge(&mut Broken, b"file"), Err(Wrong::ReadAFile)));
        }
    }
}
