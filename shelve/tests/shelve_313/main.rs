//! CPython 3.13's `test_shelve.py`, `test_dbm.py` and `test_dbm_dumb.py`, each test under its name, through the modules that
//! Python-shaped code imports.

#[path = "../common/mod.rs"]
mod common;

mod any_dbm_test_case;
mod basic_test_mapping_protocol;
mod dumb_dbm_test_case;
mod test_case;
mod which_db_test_case;
