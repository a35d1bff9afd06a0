//! A map from memo numbers, which are small as a rule and of any size by right.

use std::collections::HashMap;

use num_bigint::BigInt;

use crate::decode::Integer;

/// Values by number, with little memory for each.
#[derive(Clone, Debug)]
pub(super) struct Numbered<T> {
    small: HashMap<i64, T>,
    big: HashMap<BigInt, T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { small: HashMap::new(), big: HashMap::new() }
    }
}

impl<T> Numbered<T> {
    /// Returns how many numbers have a value.
    pub(super) fn len(&self) -> usize {
        self.small.len() + self.big.len()
    }

    pub(super) fn get(&self, number: &Integer) -> Option<&T> {
        match number {
            Integer::Small(small) => self.small.get(small),
            Integer::Big(big) => self.big.get(big),
        }
    }

    pub(super) fn get_mut(&mut self, number: &Integer) -> Option<&mut T> {
        match number {
            Integer::Small(small) => self.small.get_mut(small),
            Integer::Big(big) => self.big.get_mut(big),
        }
    }

    pub(super) fn insert(&mut self, number: Integer, value: T) {
        match number {
            Integer::Small(small) => {
                self.small.insert(small, value);
            }
            Integer::Big(big) => {
                self.big.insert(big, value);
            }
        }
    }
}
