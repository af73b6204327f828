//! Quotas are kept exactly, and tiers in their order.
//! Never decides anything itself: see `draw_fuzz::quotas_kept`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| draw_fuzz::quotas_kept(bytes));
