//! Whole-system stories: the real binary over HTTP and in a browser, on both stores, as its users meet it.
