//! `==`, ordering, `cmp`, `hash`.

use std::cmp::Ordering;

use halfsour_runtime::{ByteArray, Operator, Slice};

use crate::support::*;

#[test]
fn numbers_compare_by_value_across_types() {
    in_python2(|ctx| {
        let ones =
            [1.into_value(ctx), true.into(), 1.0.into(), long(ctx, 1), complex(ctx, 1.0, 0.0)];
        for a in ones {
            for b in ones {
                assert!(a.equals(ctx, b)?);
                assert_eq!(a.hash(ctx)?, b.hash(ctx)?);
            }
        }
        let large = Value::Float(9_007_199_254_740_992.0);
        assert!(!large.equals(ctx, Value::Int(9_007_199_254_740_993))?);
        assert_eq!(large.compare(ctx, Value::Int(9_007_199_254_740_993))?, Ordering::Less);
        let power = Value::long(ctx, num_bigint::BigInt::from(1) << 70);
        assert!(power.equals(ctx, Value::Float(2.0_f64.powi(70)))?);
        assert_eq!(power.hash(ctx)?, Value::Float(2.0_f64.powi(70)).hash(ctx)?);
        assert!(Value::Float(f64::INFINITY).compare(ctx, power)?.is_gt());
        assert!(Value::Float(-1.5).less_than(ctx, Value::Int(-1))?);
        assert_eq!(Value::Int(-1).hash(ctx)?, -2);
        assert_eq!(Value::Int(5).hash(ctx)?, 5);
        Ok(())
    });
}

#[test]
fn nan_equals_itself_only_inside_containers() {
    in_python2(|ctx| {
        let nan = Value::Float(f64::NAN);
        assert!(!nan.equals(ctx, nan)?);
        assert!(!nan.less_than(ctx, 1.into())?);
        assert!(list(ctx, &[nan]).equals(ctx, list(ctx, &[nan]))?);
        Ok(())
    });
}

#[test]
fn byte_strings_equal_ascii_text_in_python_2_only() {
    in_python2(|ctx| {
        let (bytes, text) = (ctx.str("a"), unicode(ctx, "a"));
        assert!(bytes.equals(ctx, text)?);
        assert_eq!(bytes.hash(ctx)?, text.hash(ctx)?);
        let high = Value::from(Bytes::new(ctx, b"\xff"));
        assert!(!high.equals(ctx, unicode(ctx, "\u{ff}"))?);
        let error = text.less_than(ctx, high).unwrap_err();
        assert!(error.is(ctx, &exc::UNICODE_DECODE_ERROR));
        let array = Value::from(ByteArray::from_vec(ctx, b"a".to_vec()));
        assert!(array.equals(ctx, bytes)?);
        assert!(!array.equals(ctx, text)?);
        assert!(array.less_than(ctx, ctx.str("b"))?);
        Ok(())
    });
    in_python3(|ctx| {
        let bytes = Value::from(Bytes::new(ctx, b"a"));
        assert!(!bytes.equals(ctx, ctx.str("a"))?);
        Ok(())
    });
}

#[test]
fn containers_compare_by_content() {
    in_python2(|ctx| {
        let one = Value::Int(1);
        let two = Value::Int(2);
        assert!(list(ctx, &[one, two]).equals(ctx, list(ctx, &[1.0.into(), two]))?);
        assert!(!list(ctx, &[one]).equals(ctx, tuple(ctx, &[one]))?);
        assert!(!list(ctx, &[one]).equals(ctx, list(ctx, &[one, two]))?);
        let left = dict(ctx, &[(one, list(ctx, &[two])), (two, one)])?;
        let right = dict(ctx, &[(two, one), (1.0.into(), list(ctx, &[2.0.into()]))])?;
        assert!(left.equals(ctx, right)?);
        assert!(!left.equals(ctx, dict(ctx, &[(two, one), (one, list(ctx, &[one]))])?)?);
        assert!(!left.equals(ctx, dict(ctx, &[(two, one), (ctx.str("x"), one)])?)?);
        assert!(set(ctx, &[one, two])?.equals(ctx, frozenset(ctx, &[two, one])?)?);
        assert!(!set(ctx, &[one])?.equals(ctx, frozenset(ctx, &[two])?)?);
        let slice = |stop| Value::from(Slice::new(ctx, Value::None, stop, Value::None));
        assert!(slice(one).equals(ctx, slice(long(ctx, 1)))?);
        assert!(slice(one).less_than(ctx, slice(two))?);
        Ok(())
    });
}

#[test]
fn frozensets_and_tuples_hash_by_content() {
    in_python2(|ctx| {
        let (a, b) = (ctx.str("a"), ctx.str("b"));
        let inner = tuple(ctx, &[a, Value::Int(1)]);
        let left = frozenset(ctx, &[inner, b])?;
        let right = frozenset(ctx, &[unicode(ctx, "b"), tuple(ctx, &[a, 1.0.into()])])?;
        assert_eq!(left.hash(ctx)?, right.hash(ctx)?);
        assert_ne!(tuple(ctx, &[a, b]).hash(ctx)?, tuple(ctx, &[b, a]).hash(ctx)?);
        assert_ne!(tuple(ctx, &[inner]).hash(ctx)?, inner.hash(ctx)?);
        for (unhashable, message) in [
            (list(ctx, &[]), "unhashable type: 'list'"),
            (dict(ctx, &[])?, "unhashable type: 'dict'"),
            (tuple(ctx, &[a, set(ctx, &[])?]), "unhashable type: 'set'"),
            (Slice::new(ctx, a, a, a).into(), "unhashable type"),
        ] {
            let error = unhashable.hash(ctx).unwrap_err();
            assert!(error.is(ctx, &exc::TYPE_ERROR));
            assert_eq!(error.message(ctx), message);
        }
        Ok(())
    });
}

#[test]
fn deep_nesting_raises_and_a_raised_limit_allows_it() {
    in_python2(|ctx| {
        let nested = |depth: usize| (0..depth).fold(Value::None, |inner, _| list(ctx, &[inner]));
        assert!(nested(900).equals(ctx, nested(900))?);
        for depth in [1001, 200_000] {
            let error = nested(depth).equals(ctx, nested(depth)).unwrap_err();
            assert!(error.is(ctx, &exc::RUNTIME_ERROR));
            assert_eq!(error.message(ctx), "maximum recursion depth exceeded in cmp");
        }
        let (a, b) = (List::new(ctx), List::new(ctx));
        a.push(ctx, a.into());
        b.push(ctx, b.into());
        assert!(Value::from(a).equals(ctx, a.into())?);
        assert!(Value::from(a).equals(ctx, b.into()).unwrap_err().is(ctx, &exc::RUNTIME_ERROR));
        ctx.set_recursion_limit(1_000_000_000);
        assert!(nested(200_000).equals(ctx, nested(200_000))?);
        assert_eq!(nested(200_000).compare(ctx, nested(200_000))?, Ordering::Equal);
        assert_eq!(nested(200_000).compare(ctx, nested(199_999))?, Ordering::Greater);
        Ok(())
    });
}

#[test]
fn shared_parts_are_compared_and_hashed_once() {
    in_python2(|ctx| {
        let doubled =
            |depth: usize| (0..depth).fold(ctx.str("lol"), |inner, _| tuple(ctx, &[inner, inner]));
        assert!(doubled(100).equals(ctx, doubled(100))?);
        assert_eq!(doubled(100).hash(ctx)?, doubled(100).hash(ctx)?);
        assert_eq!(doubled(100).compare(ctx, doubled(100))?, Ordering::Equal);
        let mut towers = [frozenset(ctx, &[])?, frozenset(ctx, &[])?];
        for tower in &mut towers {
            for _ in 0..100 {
                *tower = frozenset(ctx, &[*tower, tuple(ctx, &[*tower])])?;
            }
        }
        assert!(towers[0].equals(ctx, towers[1])?);
        Ok(())
    });
}

#[test]
fn python_2_orders_any_two_objects() {
    in_python2(|ctx| {
        let ascending = [
            Value::None,
            1.into(),
            dict(ctx, &[])?,
            list(ctx, &[]),
            ctx.str("text"),
            tuple(ctx, &[]),
        ];
        for (at, low) in ascending.iter().enumerate() {
            for high in &ascending[at + 1..] {
                assert_eq!(low.compare(ctx, *high)?, Ordering::Less, "{low:?} {high:?}");
                assert_eq!(high.compare(ctx, *low)?, Ordering::Greater);
                assert!(low.less_than(ctx, *high)?);
                assert!(!high.less_than(ctx, *low)?);
            }
        }
        Ok(())
    });
}

#[test]
fn sequences_are_ordered_by_the_first_difference() {
    in_python2(|ctx| {
        let ints = |items: &[i64]| {
            let items: Vec<Value<'_>> = items.iter().map(|&it| it.into()).collect();
            list(ctx, &items)
        };
        assert_eq!(ints(&[1, 2]).compare(ctx, ints(&[1, 3]))?, Ordering::Less);
        assert_eq!(ints(&[1, 2]).compare(ctx, ints(&[1]))?, Ordering::Greater);
        assert!(ints(&[2]).rich_compare(ctx, ints(&[1, 9]), Operator::GreaterEqual)?.truth(ctx)?);
        let nested = list(ctx, &[ints(&[1, 2]), 5.into()]);
        let other = list(ctx, &[ints(&[1, 3, 4]), 4.into()]);
        assert_eq!(nested.compare(ctx, other)?, Ordering::Less);
        let (one, two) = (Value::Int(1), Value::Int(2));
        let cases = [
            (dict(ctx, &[(one, two)])?, dict(ctx, &[(one, 3.into())])?),
            (dict(ctx, &[(one, two)])?, dict(ctx, &[(one, one), (two, one)])?),
            (dict(ctx, &[(one, two)])?, dict(ctx, &[(two, one)])?),
        ];
        for (a, b) in cases {
            assert_eq!(a.compare(ctx, b)?, Ordering::Less);
        }
        Ok(())
    });
}

#[test]
fn sets_are_ordered_by_inclusion() {
    in_python2(|ctx| {
        let small = set(ctx, &[1.into()])?;
        let large = frozenset(ctx, &[1.into(), 2.into()])?;
        assert!(small.less_than(ctx, large)?);
        assert!(!large.less_than(ctx, small)?);
        assert!(small.rich_compare(ctx, small, Operator::LessEqual)?.truth(ctx)?);
        assert!(!small.less_than(ctx, list(ctx, &[]))?);
        let error = small.compare(ctx, set(ctx, &[])?).unwrap_err();
        assert_eq!(error.message(ctx), "cannot compare sets using cmp()");
        assert_eq!(small.compare(ctx, list(ctx, &[]))?, Ordering::Greater);
        Ok(())
    });
}

#[test]
fn complex_numbers_have_no_order() {
    in_python2(|ctx| {
        let i = complex(ctx, 0.0, 1.0);
        for other in [2.into(), complex(ctx, 0.0, 2.0)] {
            let message = "no ordering relation is defined for complex numbers";
            assert_eq!(i.less_than(ctx, other).unwrap_err().message(ctx), message);
            assert_eq!(i.compare(ctx, other).unwrap_err().message(ctx), message);
        }
        assert_eq!(i.compare(ctx, complex(ctx, 0.0, 1.0))?, Ordering::Equal);
        Ok(())
    });
}

#[test]
fn python_3_orders_only_what_has_an_order() {
    in_python3(|ctx| {
        let error = Value::Int(1).less_than(ctx, ctx.str("a")).unwrap_err();
        let message = "'<' not supported between instances of 'int' and 'str'";
        assert_eq!(error.message(ctx), message);
        assert!(Value::Int(1).less_than(ctx, 1.5.into())?);
        assert_eq!(ctx.str("a").compare(ctx, ctx.str("b"))?, Ordering::Less);
        Ok(())
    });
}

/// A class whose instances compare by an attribute.
fn by_weight<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    Class::builder(ctx, "Stone")
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            let Some(weight) = other.find_attr(ctx, "weight")? else {
                return Ok(Value::NotImplemented);
            };
            Ok(this.get_attr(ctx, "weight")?.equals(ctx, weight)?.into())
        })
        .method("__lt__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__lt__")?;
            let weight = other.get_attr(ctx, "weight")?;
            Ok(this.get_attr(ctx, "weight")?.less_than(ctx, weight)?.into())
        })
        .method("__hash__", |ctx, this, _| Ok(this.get_attr(ctx, "weight")?.hash(ctx)?.into()))
        .build()
}

#[test]
fn special_methods_decide() {
    in_python2(|ctx| {
        let class = by_weight(ctx)?;
        let stone = |weight: i64| {
            let stone = Value::from(Instance::bare(ctx, class));
            stone.set_attr(ctx, "weight", weight).map(|()| stone)
        };
        let (light, also_light, heavy) = (stone(1)?, stone(1)?, stone(2)?);
        assert!(light.equals(ctx, also_light)?);
        assert!(!light.equals(ctx, heavy)?);
        assert!(!light.equals(ctx, 1.into())?);
        assert!(light.less_than(ctx, heavy)?);
        assert!(heavy.rich_compare(ctx, light, Operator::Greater)?.truth(ctx)?);
        assert_eq!(light.hash(ctx)?, 1);
        assert!(list(ctx, &[light]).equals(ctx, list(ctx, &[also_light]))?);
        assert!(list(ctx, &[light]).less_than(ctx, list(ctx, &[heavy]))?);
        let dict = dict(ctx, &[(light, ctx.str("found"))])?.as_dict().unwrap();
        assert!(dict.get(ctx, also_light)?.is_some());
        assert!(dict.get(ctx, heavy)?.is_none());
        assert!(dict.get(ctx, 1.into())?.is_none());
        Ok(())
    });
}

#[test]
fn a_subclass_is_asked_before_its_base() {
    in_python2(|ctx| {
        let contrary = Class::builder(ctx, "Contrary")
            .base(ctx.types().list)
            .method("__eq__", |_, _, _| Ok(true.into()))
            .build()?;
        let odd = Value::from(Instance::with_content(ctx, contrary, list(ctx, &[])));
        assert!(list(ctx, &[1.into()]).equals(ctx, odd)?);
        assert!(odd.equals(ctx, 5.into())?);
        let plain = Class::builder(ctx, "Plain").base(ctx.types().list).build()?;
        let plain = Value::from(Instance::with_content(ctx, plain, list(ctx, &[1.into()])));
        assert!(plain.equals(ctx, list(ctx, &[1.into()]))?);
        assert_eq!(plain.hash(ctx).unwrap_err().message(ctx), "unhashable type: 'Plain'");
        // Lists compare as lists: an unrelated subclass on the right is not asked.
        assert!(!plain.equals(ctx, odd)?);
        Ok(())
    });
}

#[test]
fn cmp_is_asked_when_rich_comparison_is_silent() {
    in_python2(|ctx| {
        let modulo = Class::builder(ctx, "Modulo")
            .base(ctx.types().int)
            .method("__cmp__", |ctx, this, args| {
                let (other,): (i64,) = args.parse(ctx, "__cmp__")?;
                let own: i64 = this.to(ctx)?;
                Ok((own % 10 - other % 10).into())
            })
            .build()?;
        let seven = Value::from(Instance::with_content(ctx, modulo, 7.into()));
        assert!(seven.equals(ctx, 17.into())?);
        assert!(Value::Int(17).equals(ctx, seven)?);
        assert!(Value::Int(16).less_than(ctx, seven)?);
        assert_eq!(seven.compare(ctx, 18.into())?, Ordering::Less);
        Ok(())
    });
}

#[test]
fn classic_instances_compare_and_hash_by_their_rules() {
    in_python2(|ctx| {
        let plain = Value::from(ClassicClass::builder(ctx, "Plain").build()?);
        let (a, b) = (plain.call(ctx, ())?, plain.call(ctx, ())?);
        assert!(!a.equals(ctx, b)?);
        assert!(a.equals(ctx, a)?);
        assert_eq!(a.hash(ctx)?, a.hash(ctx)?);
        let with_cmp =
            ClassicClass::builder(ctx, "C").method("__cmp__", |_, _, _| Ok(0.into())).build()?;
        let c = Value::from(with_cmp).call(ctx, ())?;
        assert!(c.equals(ctx, 1.into())?);
        assert!(Value::Int(1).equals(ctx, c)?);
        assert_eq!(c.hash(ctx).unwrap_err().message(ctx), "unhashable instance");
        let wrong = ClassicClass::builder(ctx, "W")
            .method("__cmp__", |ctx, _, _| Ok(ctx.str("x")))
            .method("__hash__", |ctx, _, _| Ok(ctx.str("x")))
            .build()?;
        let w = Value::from(wrong).call(ctx, ())?;
        let error = w.equals(ctx, 1.into()).unwrap_err();
        assert_eq!(error.message(ctx), "comparison did not return an int");
        assert_eq!(w.hash(ctx).unwrap_err().message(ctx), "__hash__() should return an int");
        let coercing = ClassicClass::builder(ctx, "Coercing")
            .method("__coerce__", |ctx, _, args| {
                let (other,): (Value<'_>,) = args.parse(ctx, "__coerce__")?;
                Ok((7, other).into_value(ctx))
            })
            .build()?;
        let coercing = Value::from(coercing).call(ctx, ())?;
        assert!(coercing.equals(ctx, 7.into())?);
        assert_eq!(Value::Int(8).compare(ctx, coercing)?, Ordering::Greater);
        Ok(())
    });
}

#[test]
fn hash_none_is_unhashable() {
    in_python2(|ctx| {
        let class = Class::builder(ctx, "H").attr("__hash__", Value::None).build()?;
        let object = Value::from(Instance::bare(ctx, class));
        assert_eq!(object.hash(ctx).unwrap_err().message(ctx), "unhashable type: 'H'");
        let class = Class::builder(ctx, "Q").method("__eq__", |_, _, _| Ok(true.into())).build()?;
        assert!(Value::from(Instance::bare(ctx, class)).hash(ctx).is_ok());
        Ok(())
    });
    in_python3(|ctx| {
        let class = Class::builder(ctx, "Q").method("__eq__", |_, _, _| Ok(true.into())).build()?;
        let object = Value::from(Instance::bare(ctx, class));
        assert_eq!(object.hash(ctx).unwrap_err().message(ctx), "unhashable type: 'Q'");
        assert!(!object.rich_compare(ctx, 1.into(), Operator::NotEqual)?.truth(ctx)?);
        Ok(())
    });
}
