//! The binary: commands, configuration and wiring. The only room that knows every other.

mod backup;
mod commands;
mod configuration;
mod database;
mod demo;
mod doctor;
mod erase;
mod export;
mod import;
mod machine;
mod migrate_store;
mod open;
mod packs;
mod policy_assess;
mod policy_files;
mod policy_install;
mod policy_reassess;
mod render;
mod root_key;
mod serve;
mod user;
mod verify;
mod wrong;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = commands::Command::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return wrong::tell(&wrong::Wrong::new(format!("the runtime did not start: {cause}"))),
    };
    match runtime.block_on(command.run()) {
        Ok(code) => code,
        Err(wrong) => wrong::tell(&wrong),
    }
}
