//! What the proofs of the store share.
#![allow(dead_code)]

pub mod lapse;
pub mod ledger;
