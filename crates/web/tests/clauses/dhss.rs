//! The Department of Health and Senior Services.
