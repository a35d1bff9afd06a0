//! `copy_reg`, `copy` and `deepcopy`.

pub mod copy;
