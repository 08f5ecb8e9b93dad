//! tocsin-stories.
