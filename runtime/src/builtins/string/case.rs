//! `upper`, `lower`, `title` and their kin, and the tests from `isalpha` to `isupper`.

use super::super::arguments::none;
use super::kind::Kind;
use super::unit::Unit;
use crate::args::Args;
use crate::context::Context;
use crate::error::Result;
use crate::value::Value;

macro_rules! mappings {
    ($($method:ident: $map:expr;)*) => {
        $(pub(super) fn $method<'gc, K: Kind>(
            ctx: Context<'gc>,
            this: Value<'gc>,
            args: Args<'gc>,
        ) -> Result<'gc> {
            none(&args, stringify!($method))?;
            let mut units = K::units(ctx, this)?.into_owned();
            let map: fn(&mut [K::Unit]) = $map;
            map(&mut units);
            Ok(K::make(ctx, &units))
        })*
    };
}

mappings! {
    capitalize: |units| {
        for (at, unit) in units.iter_mut().enumerate() {
            *unit = if at == 0 { unit.upper() } else { unit.lower() };
        }
    };
    lower: |units| units.iter_mut().for_each(|unit| *unit = unit.lower());
    swapcase: |units| {
        for unit in units {
            *unit = if unit.is_upper() { unit.lower() } else { unit.upper() };
        }
    };
    title: |units| {
        let mut inside_word = false;
        for unit in units {
            *unit = if inside_word { unit.lower() } else { unit.title() };
            inside_word = unit.is_cased();
        }
    };
    upper: |units| units.iter_mut().for_each(|unit| *unit = unit.upper());
}

macro_rules! tests {
    ($($method:ident: $test:expr;)*) => {
        $(pub(super) fn $method<'gc, K: Kind>(
            ctx: Context<'gc>,
            this: Value<'gc>,
            args: Args<'gc>,
        ) -> Result<'gc> {
            none(&args, stringify!($method))?;
            let units = K::units(ctx, this)?;
            let test: fn(&[K::Unit]) -> bool = $test;
            Ok(Value::Bool(test(&units)))
        })*
    };
}

tests! {
    isalnum: |units| all(units, Unit::is_alphanumeric);
    isalpha: |units| all(units, Unit::is_alpha);
    isdigit: |units| all(units, Unit::is_digit);
    islower: |units| cased(units, Unit::is_lower, |unit| unit.is_upper() || unit.is_title());
    isspace: |units| all(units, Unit::is_space);
    istitle: is_title;
    isupper: |units| cased(units, Unit::is_upper, |unit| unit.is_lower() || unit.is_title());
}

/// Whether there are units and all of them pass.
pub(super) fn all<U: Unit>(units: &[U], test: fn(U) -> bool) -> bool {
    !units.is_empty() && units.iter().all(|&unit| test(unit))
}

/// Whether some unit is of one case and none of the other.
fn cased<U: Unit>(units: &[U], is: fn(U) -> bool, is_other: fn(U) -> bool) -> bool {
    units.iter().any(|&unit| is(unit)) && !units.iter().any(|&unit| is_other(unit))
}

/// Whether capitals begin words, small letters go on with them, and there is a word.
fn is_title<U: Unit>(units: &[U]) -> bool {
    let (mut found, mut inside_word) = (false, false);
    for &unit in units {
        let is_capital = unit.is_upper() || unit.is_title();
        if is_capital && inside_word || unit.is_lower() && !inside_word {
            return false;
        }
        inside_word = is_capital || unit.is_lower();
        found |= inside_word;
    }
    found
}
