//! `random.Random`: a source of numbers whose state is pickled.

mod twister;

use std::hash::BuildHasher;

use halfsour_runtime::{Args, Class, Context, Error, Module, Result, Tuple, Value, exc};
use num_bigint::{BigInt, BigUint};
use num_traits::{Signed, ToPrimitive};

use self::twister::{STATE, Twister};
use crate::support::{
    self, Kind, content, given_class, make, none, one, own, python3, reduced, tuple, type_error,
    value_error,
};

const MODULE: &str = "random";
/// The version of the state.
const VERSION: i64 = 3;
/// The second of a pair of normally distributed numbers, kept for the next call.
const NEXT: &str = "gauss_next";

/// No number of more bits is made.
const MOST_BITS: u32 = 1 << 28;

pub(crate) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.class_named(ctx, class(ctx)?)
}

fn class<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    support::class(ctx, MODULE, "Random", Kind::Python)
        .native()
        .attr("VERSION", VERSION)
        .method("__new__", |ctx, class, _| {
            Ok(make(ctx, given_class(ctx, class)?, Twister::seeded(&[0]), &[]))
        })
        .method("__init__", |ctx, this, args| {
            let [seed] = args.bind("__init__", ["x"], 0)?;
            this.call_method(ctx, "seed", (seed.unwrap_or(Value::None),))
        })
        .method("seed", |ctx, this, args| {
            let [seed, _version] = args.bind("seed", ["a", "version"], 0)?;
            let key = seed_key(ctx, seed.unwrap_or(Value::None))?;
            change(ctx, this, |twister| *twister = Twister::seeded(&key))?;
            this.set_attr(ctx, NEXT, Value::None)?;
            Ok(Value::None)
        })
        .method("random", |ctx, this, args| {
            none(&args, "random")?;
            Ok(Value::Float(change(ctx, this, Twister::float)?))
        })
        .method("getrandbits", |ctx, this, args| {
            let bits: i64 = one(&args, "getrandbits")?.to(ctx)?;
            let bits = bits.to_u32().filter(|bits| *bits > 0 || python3(ctx));
            let bits =
                bits.ok_or_else(|| value_error("number of bits must be greater than zero"))?;
            if bits > MOST_BITS {
                return Err(Error::bare(&exc::MEMORY_ERROR));
            }
            let number = change(ctx, this, |twister| twister.bits(bits))?;
            Ok(whole(ctx, number.into()))
        })
        .method("getstate", |ctx, this, _| state(ctx, this))
        .method("setstate", |ctx, this, args| {
            set_state(ctx, this, one(&args, "setstate")?)?;
            Ok(Value::None)
        })
        .method("__getstate__", |ctx, this, _| this.call_method(ctx, "getstate", ()))
        .method("__setstate__", |ctx, this, args| {
            this.call_method(ctx, "setstate", (one(&args, "__setstate__")?,))
        })
        .method("__reduce__", |ctx, this, args: Args<'_>| {
            none(&args, "__reduce__")?;
            let state = this.call_method(ctx, "getstate", ())?;
            Ok(reduced(ctx, this, &[], &[state]))
        })
        .build()
}

fn change<'gc, T>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    change: impl FnOnce(&mut Twister) -> T,
) -> Result<'gc, T> {
    let content = content::<Twister>(this)
        .ok_or_else(|| support::wrong_receiver(ctx, this, "random.Random"))?;
    Ok(change(&mut *content.data_mut::<Twister>()?))
}

/// The C code of 2.7 makes longs.
fn whole<'gc>(ctx: Context<'gc>, number: BigInt) -> Value<'gc> {
    if python3(ctx) { Value::int(ctx, number) } else { Value::long(ctx, number) }
}

/// The words that a seed stands for; None stands for any.
// DIFFERENCE: Python 3 seeds by the SHA-512 of a string; here strings seed by their hash, as other objects do.
fn seed_key<'gc>(ctx: Context<'gc>, seed: Value<'gc>) -> Result<'gc, Vec<u32>> {
    let number: BigUint = match seed.content() {
        Value::None => {
            // Keys of hash tables are the one source of chance that needs no I/O.
            let chance = std::collections::hash_map::RandomState::new();
            BigUint::from(chance.hash_one(0)) << 64 | BigUint::from(chance.hash_one(1))
        }
        Value::Int(_) | Value::Bool(_) | Value::Long(_) => {
            seed.to::<BigInt>(ctx)?.abs().magnitude().clone()
        }
        _ => BigUint::from(seed.hash(ctx)?.cast_unsigned()),
    };
    Ok(number.to_u32_digits())
}

/// `(3, (words..., position), gauss_next)`
fn state<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc> {
    let twister: Twister = own(ctx, this, "random.Random")?;
    let words = twister.words.iter().map(|word| whole(ctx, (*word).into()));
    let words: Vec<Value<'gc>> = words.chain([whole(ctx, twister.position.into())]).collect();
    let next = this.get_attr(ctx, NEXT)?;
    Ok(tuple(ctx, &[Value::Int(VERSION), Tuple::from_vec(ctx, words).into(), next]))
}

fn set_state<'gc>(ctx: Context<'gc>, this: Value<'gc>, state: Value<'gc>) -> Result<'gc, ()> {
    let version = state.get_item(ctx, 0)?;
    // State of version 2 has the same parts, with words that may be negative.
    if !matches!(version, Value::Int(2 | 3)) {
        let shown = support::shown(ctx, version)?;
        return Err(value_error(format!(
            "state with version {shown} passed to Random.setstate() of version {VERSION}"
        )));
    }
    let [_, words, next] = state.iter(ctx)?.collect_vec(ctx)?[..] else {
        return Err(value_error("too many values to unpack"));
    };
    let words = words.as_tuple().ok_or_else(|| type_error("state vector must be a tuple"))?;
    if words.len() != STATE + 1 {
        return Err(value_error("state vector is the wrong size"));
    }
    let mut numbers = Vec::with_capacity(STATE + 1);
    for word in words.as_slice() {
        let word: BigInt = word.to(ctx)?;
        let modulus = BigInt::from(1_u64 << 32);
        let word = num_integer::Integer::mod_floor(&word, &modulus);
        numbers.push(word.to_u32().unwrap_or_default());
    }
    let position = numbers.pop().unwrap_or_default() as usize;
    if position > STATE {
        return Err(value_error("invalid state"));
    }
    change(ctx, this, |twister| *twister = Twister { words: numbers, position })?;
    this.set_attr(ctx, NEXT, next)
}
