//! `shelve` for halfsour.
