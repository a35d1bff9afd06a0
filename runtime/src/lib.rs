//! The object runtime of halfsour.
