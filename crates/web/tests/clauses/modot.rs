//! The Department of Transportation.
