//! `pickle` for halfsour.
