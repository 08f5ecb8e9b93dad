//! The pages and the API of Tocsin: turns requests into use cases and their results into documents for people.
//!
//! A screen is a view struct of finished words and a template of the same name; [`screens`] holds both. [`security`]
//! is the wall around every answer, [`serve`] the accept loop with its deadlines, [`assets`] what pages load.

pub mod api;
pub mod assets;
pub mod caller;
pub mod chart;
mod compression;
pub mod health;
pub mod intake;
pub mod query;
pub mod router;
pub mod screens;
pub mod security;
pub mod serve;
pub mod times;
pub mod typed;
pub mod upload;
pub mod words;

pub use router::router;
