//! Every expected stream was printed by CPython 2.7.18's `pickle` or `cPickle`.

mod objects;

use halfsour_runtime::{Bytes, Context, Dict, List, Result, Runtime, Tuple, Unicode, Value};

use crate::flavour::Flavour;
use crate::pickler::Pickler;
use crate::tools::normalize;

type Make = for<'gc> fn(Context<'gc>) -> Result<'gc>;

fn dumps(flavour: Flavour, protocol: i32, make: Make) -> Vec<u8> {
    let pickler = Pickler::new().flavour(flavour).protocol(protocol);
    let dumped = Runtime::python2().try_enter(|ctx| pickler.dumps(ctx, make(ctx)?));
    dumped.unwrap_or_else(|error| panic!("{error}"))
}

/// Asserts what `pickle.py` writes.
fn assert_pickle(make: Make, protocol: i32, expected: &[u8]) {
    let dumped = dumps(Flavour::Pickle, protocol, make);
    assert_eq!(dumped.escape_ascii().to_string(), expected.escape_ascii().to_string());
}

/// Asserts what `cPickle` writes, apart from the PUTs that it leaves out.
fn assert_cpickle(make: Make, protocol: i32, expected: &[u8]) {
    let dumped = normalize(&dumps(Flavour::CPickle, protocol, make)).expect("a sound stream");
    let expected = normalize(expected).expect("a sound stream");
    assert_eq!(dumped.escape_ascii().to_string(), expected.escape_ascii().to_string());
}

fn error_of(pickler: &Pickler<'_>, make: Make) -> String {
    let dumped = Runtime::python2().try_enter(|ctx| pickler.dumps(ctx, make(ctx)?));
    dumped.expect_err("a failing dump").without_hint().to_string()
}

fn list<'gc>(ctx: Context<'gc>, items: &[Value<'gc>]) -> Value<'gc> {
    List::from_vec(ctx, items.to_vec()).into()
}

#[test]
fn lists_keep_identity() {
    let make: Make = |ctx| {
        let inner = list(ctx, &[]);
        Ok(list(ctx, &[inner, inner]))
    };
    assert_pickle(make, 0, b"(lp0\n(lp1\nag1\na.");
    assert_pickle(make, 1, b"]q\x00(]q\x01h\x01e.");
    assert_pickle(make, 2, b"\x80\x02]q\x00(]q\x01h\x01e.");
    assert_cpickle(make, 0, b"(lp1\n(lp2\nag2\na.");
    assert_cpickle(make, 2, b"\x80\x02]q\x01(]q\x02h\x02e.");
}

#[test]
fn a_list_of_1001_ends_in_a_single_append() {
    let make: Make = |ctx| Ok(List::from_vec(ctx, vec![Value::None; 1001]).into());
    let expected = [&b"]q\x00("[..], &[b'N'; 1000], b"eNa."].concat();
    assert_pickle(make, 1, &expected);
    assert_cpickle(make, 1, &[&b"]("[..], &[b'N'; 1000], b"eNa."].concat());
}

fn dict_of<'gc>(ctx: Context<'gc>, size: i64) -> Result<'gc> {
    let dict = Dict::new(ctx);
    for key in 0..size {
        dict.insert(ctx, Value::Int(key), Value::None)?;
    }
    Ok(dict.into())
}

#[test]
fn dicts_use_setitem_for_one_entry_and_batches_for_more() {
    assert_pickle(|ctx| dict_of(ctx, 0), 2, b"\x80\x02}q\x00.");
    assert_pickle(|ctx| dict_of(ctx, 1), 2, b"\x80\x02}q\x00K\x00Ns.");
    assert_pickle(|ctx| dict_of(ctx, 2), 2, b"\x80\x02}q\x00(K\x00NK\x01Nu.");
    assert_pickle(|ctx| dict_of(ctx, 2), 0, b"(dp0\nI0\nNsI1\nNs.");
    assert_cpickle(|ctx| dict_of(ctx, 0), 2, b"\x80\x02}.");
    assert_cpickle(|ctx| dict_of(ctx, 1), 2, b"\x80\x02}q\x01K\x00Ns.");
    assert_cpickle(|ctx| dict_of(ctx, 2), 0, b"(dp1\nI0\nNsI1\nNs.");
}

#[test]
fn cpickle_ends_a_full_dict_with_an_empty_batch() {
    let tail = |flavour, make| {
        let dumped = dumps(flavour, 1, make);
        dumped[dumped.len() - 8..].to_vec()
    };
    assert_eq!(tail(Flavour::CPickle, |ctx| dict_of(ctx, 1000)), b"M\xe7\x03Nu(u.");
    assert_eq!(tail(Flavour::Pickle, |ctx| dict_of(ctx, 1000)), b"\x03NM\xe7\x03Nu.");
    assert_eq!(tail(Flavour::CPickle, |ctx| dict_of(ctx, 1001)), b"u(M\xe8\x03Nu.");
    assert_eq!(tail(Flavour::Pickle, |ctx| dict_of(ctx, 1001)), b"NuM\xe8\x03Ns.");
}

#[test]
fn a_tuple_in_itself_is_dropped_and_fetched() {
    let make: Make = |ctx| {
        let inner = List::new(ctx);
        let tuple = Tuple::new(ctx, &[inner.into()]);
        inner.push(ctx, tuple.into());
        Ok(tuple.into())
    };
    assert_pickle(make, 0, b"((lp0\n(g0\ntp1\na00g1\n.");
    assert_pickle(make, 1, b"(]q\x00(h\x00tq\x01a1h\x01.");
    assert_pickle(make, 2, b"\x80\x02]q\x00h\x00\x85q\x01a0h\x01.");
}

#[test]
fn empty_tuples_are_not_memoized() {
    let make: Make = |ctx| {
        let empty = Tuple::new(ctx, &[]).into();
        Ok(Tuple::new(ctx, &[empty, empty]).into())
    };
    assert_pickle(make, 0, b"((t(ttp0\n.");
    assert_pickle(make, 1, b"())tq\x00.");
    assert_pickle(make, 2, b"\x80\x02))\x86q\x00.");
}

#[test]
fn cpickle_does_not_keep_short_strings() {
    let make: Make = |ctx| {
        let (short, long) = (ctx.str("a"), ctx.str("ab"));
        let text = Unicode::new(ctx, "é").into();
        Ok(list(ctx, &[short, short, long, long, text, text]))
    };
    assert_pickle(
        make,
        1,
        b"]q\x00(U\x01aq\x01h\x01U\x02abq\x02h\x02X\x02\0\0\0\xc3\xa9q\x03h\x03e.",
    );
    assert_eq!(
        dumps(Flavour::CPickle, 1, make),
        b"]q\x01(U\x01aU\x01aU\x02abq\x02h\x02X\x02\0\0\0\xc3\xa9X\x02\0\0\0\xc3\xa9e."
    );
}

/// A sink that keeps the size of its largest piece.
#[derive(Default)]
struct Pieces {
    largest: usize,
    total: usize,
}

impl std::io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.largest = self.largest.max(bytes.len());
        self.total += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_long_list_reaches_the_sink_in_pieces() {
    let mut pieces = Pieces::default();
    let dumped = Runtime::python2().try_enter(|ctx| {
        let long = list(ctx, &vec![Value::Float(0.5); 100_000]);
        let dict = Dict::new(ctx);
        for key in 0..100_000 {
            dict.insert(ctx, Value::Int(key), long)?;
        }
        Pickler::new().protocol(2).dump(ctx, dict.into(), &mut pieces)
    });
    dumped.expect("a pickle");
    assert!(pieces.total > 1_000_000 && pieces.largest < 100_000, "{}", pieces.largest);
}

#[test]
fn small_containers_at_the_edge_of_a_piece_are_written_as_anywhere() {
    for length in 65_480..65_540 {
        let dumped = Runtime::python2().try_enter(|ctx| {
            let dict = Dict::new(ctx);
            dict.insert(ctx, Value::Int(1), Value::Int(2))?;
            let flat = Tuple::new(ctx, &[Value::Int(3), Value::None]);
            let inner = list(ctx, &[dict.into(), flat.into(), list(ctx, &[Value::Int(4)])]);
            let text = Bytes::new(ctx, &vec![b'x'; length]).into();
            let all = list(ctx, &[text, list(ctx, &[Value::Int(5); 3]), dict.into(), inner]);
            for protocol in 0..=2 {
                let pickler = Pickler::new().protocol(protocol);
                let mut pieces = Vec::new();
                pickler.dump(ctx, all, &mut pieces)?;
                assert_eq!(pieces, pickler.dumps(ctx, all)?, "{length} at protocol {protocol}");
            }
            Ok(())
        });
        dumped.expect("pickles");
    }
}

#[test]
fn fast_writes_no_memo() {
    let make: Make = |ctx| {
        let inner = list(ctx, &[]);
        Ok(list(ctx, &[inner, inner]))
    };
    let pickler = Pickler::new().protocol(1).fast(true);
    let dumped = Runtime::python2().try_enter(|ctx| pickler.dumps(ctx, make(ctx)?));
    assert_eq!(dumped.expect("a pickle"), b"](]]e.");
}

#[test]
fn cpickle_finds_cycles_in_fast_mode() {
    let make: Make = |ctx| {
        let own = List::new(ctx);
        own.push(ctx, own.into());
        Ok(own.into())
    };
    let error = |flavour| error_of(&Pickler::new().flavour(flavour).fast(true), make);
    let expected =
        "ValueError: fast mode: can't pickle cyclic objects including object type list at 0x";
    assert!(error(Flavour::CPickle).starts_with(expected));
    assert!(error(Flavour::Pickle).starts_with("RuntimeError: maximum recursion depth exceeded"));
}

#[test]
fn nesting_is_bounded_by_the_recursion_limit_and_by_nothing_else() {
    const DEPTH: usize = 200_000;
    let nested: Make = |ctx| {
        let wrap = |inner, _| list(ctx, &[inner]);
        Ok((0..DEPTH).fold(list(ctx, &[]), wrap))
    };
    assert!(
        error_of(&Pickler::new(), nested)
            .starts_with("RuntimeError: maximum recursion depth exceeded")
    );
    let dumped = Runtime::python2().try_enter(|ctx| {
        ctx.set_recursion_limit(DEPTH + 1);
        Pickler::new().protocol(1).dumps(ctx, nested(ctx)?)
    });
    assert!(dumped.expect("a pickle").ends_with(b"aaaaa."));
}

#[test]
fn protocols_that_there_are_not() {
    let make: Make = |_| Ok(Value::None);
    let error = |flavour| error_of(&Pickler::new().flavour(flavour).protocol(3), make);
    assert_eq!(error(Flavour::Pickle), "ValueError: pickle protocol must be <= 2");
    assert_eq!(
        error(Flavour::CPickle),
        "ValueError: pickle protocol 3 asked for; the highest available protocol is 2"
    );
    assert_pickle(make, -5, b"\x80\x02N.");
}
