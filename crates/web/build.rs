//! Builds the style sheets and scripts from pinned npm packages, because vendored code is not committed.
//!
//! `TOCSIN_ASSETS_DIR` names a folder that an earlier build has filled, for machines that cannot reach a package
//! registry. Otherwise `npm ci` follows the committed lockfile and `build.mjs` picks the few files that pages use.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const LOCK: &str = "package-lock.json";

fn main() {
    println!("cargo:rerun-if-env-changed=TOCSIN_ASSETS_DIR");
    // Messages are read by a macro that notices changed files but not new ones.
    for watched in ["assets", "locales"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let folder = match env::var_os("TOCSIN_ASSETS_DIR") {
        Some(given) => prepared(PathBuf::from(given)),
        None => build(),
    };
    println!("cargo:rustc-env=TOCSIN_ASSETS={}", folder.display());
}

fn prepared(folder: PathBuf) -> PathBuf {
    assert!(
        folder.join("public.css").is_file(),
        "TOCSIN_ASSETS_DIR={} holds no public.css. Point it at the `assets` folder of an earlier build, or unset it.",
        folder.display()
    );
    folder
}

fn build() -> PathBuf {
    let source = PathBuf::from(required("CARGO_MANIFEST_DIR")).join("assets");
    let out = PathBuf::from(required("OUT_DIR"));
    let packages = out.join("npm");
    install(&source, &packages);

    let folder = out.join("assets");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the build folder can be written");
    run(Command::new("node").arg(source.join("build.mjs")).args([&source, &packages, &folder]), "node");
    folder
}

/// Installs once per lockfile: a change of our own style sheet must not wait for the network.
fn install(source: &Path, packages: &Path) {
    let lock = fs::read(source.join(LOCK)).expect("the lockfile is committed");
    let stamp = packages.join("installed.lock");
    if fs::read(&stamp).is_ok_and(|done| done == lock) {
        return;
    }
    fs::create_dir_all(packages).expect("the build folder can be written");
    for name in ["package.json", LOCK] {
        fs::copy(source.join(name), packages.join(name)).expect("the build folder can be written");
    }
    run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(packages),
        "npm",
    );
    fs::write(stamp, lock).expect("the build folder can be written");
}

fn run(command: &mut Command, tool: &str) {
    const OFFLINE: &str = "Or set TOCSIN_ASSETS_DIR to the `assets` folder of an earlier build.";
    match command.output() {
        Ok(done) if done.status.success() => {}
        Ok(done) => panic!(
            "{tool} could not prepare the style sheets and scripts.\n{}{}\nIs a package registry reachable? {OFFLINE}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        ),
        Err(cause) => panic!(
            "{tool} did not start ({cause}). The pages need Node.js 20 or later with npm at build time: \
             install the Debian packages `nodejs` and `npm`. {OFFLINE}"
        ),
    }
}

fn required(name: &str) -> std::ffi::OsString {
    env::var_os(name).unwrap_or_else(|| panic!("cargo always sets {name}"))
}
