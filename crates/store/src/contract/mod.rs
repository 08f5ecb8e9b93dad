//! The contract suite: what every backend must do, as tests that run by name on each.
