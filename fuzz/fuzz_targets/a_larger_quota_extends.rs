//! A larger quota extends a smaller one.
//! Never decides anything itself: see `draw_fuzz::a_larger_quota_extends`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| draw_fuzz::a_larger_quota_extends(bytes));
