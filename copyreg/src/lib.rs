//! `copy_reg`, `copy` and `deepcopy`.
