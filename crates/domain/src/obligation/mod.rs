//! The obligation engine: which duties written rules attach to a set of facts, when each is due and by what sum,
//! which are not required and why not, so that no duty and no date on a screen is ever unexplained.
//!
//! It knows no policy and no law. Rules come from packs ([`crate::pack`]), facts from an incident or from a file;
//! the result depends on nothing else, neither on the order in which facts were written down nor on today's date.

mod assess;
mod condition;
mod counts;
mod due;
mod facts;
mod hold;
mod satisfied;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use assess::{Assessed, Outcome, Owed, assess, owed};
pub use condition::Holds;
pub(crate) use counts::figure;
pub use counts::{Count, Number, Residence};
pub(crate) use due::add_months;
pub use due::{Due, DuePoint, Reckoning, due, say_day, say_when};
pub use facts::{Facts, Happening, Known};
pub use hold::{Held, Hold, HoldEnd, HoldForm};
pub use satisfied::{Answered, Done, Gap, Timeliness, timeliness};
