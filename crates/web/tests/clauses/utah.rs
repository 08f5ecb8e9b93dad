//! The Department of Technology Services of Utah.
