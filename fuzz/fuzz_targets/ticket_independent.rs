//! A ticket depends on the key and the target's own id alone.
//! Never decides anything itself: see `draw_fuzz::ticket_independent`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| draw_fuzz::ticket_independent(bytes));
