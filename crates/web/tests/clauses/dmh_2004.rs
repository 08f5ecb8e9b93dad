//! The Department of Mental Health, edition of 2004.
