//! The assignment is the one that mcd1 defines, recomputed with a greatest flow for every candidate.
//! Never decides anything itself: see `draw_fuzz::assignment_equals_definition`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| draw_fuzz::assignment_equals_definition(bytes));
