//! Whatever bytes a folder is made of, a verifier says what it finds and ends.
//! Never decides anything itself: see `draw_fuzz::verify_never_panics`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| draw_fuzz::verify_never_panics(bytes));
