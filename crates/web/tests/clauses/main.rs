//! Proofs of clauses: each test performs the acceptance line of the statements it claims, over HTTP, on either store.
//! One module per policy. `cargo xtask clauses` counts the claims; `docs/clauses-decisions.md` says where a proof does
//! something better than the line asks for.

#[path = "../common/paper.rs"]
mod paper;
#[path = "../common/site.rs"]
mod site;

mod casework;
mod dhss;
mod dmh04_readiness;
mod dmh_2004;
mod dmh_2016;
mod export;
mod form;
mod modot;
mod utah;

mod keeping;
mod personnel;
mod policy_authority;
mod policy_dates;
mod policy_hand;
mod policy_reach;
mod reviews;

mod hands;
mod org_offices;
mod org_people;
mod routing_dhss;
mod routing_dmh;
mod routing_utah;
