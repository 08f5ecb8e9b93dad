//! Whole-system stories: the real binary over HTTP and in a browser, on both stores, as its users meet it.

pub mod installation;
pub mod mail_server;
pub mod postgres;

pub use installation::{Installation, Serving, Told};
