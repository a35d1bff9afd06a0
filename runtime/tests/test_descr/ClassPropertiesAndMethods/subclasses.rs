//! Subclasses of built-in types, and how objects are made.

use halfsour_runtime::{Args, Class, Context, Dict, Error, Operator, Result, Value, exc};

use crate::common::{
    assert_attr, assert_call, assert_equal, assert_is, assert_lacks, assert_raises, builtin, class,
    classic, function, lambda, list, make, plain, plain_classic, python, tuple,
};

#[test]
fn test_python_dicts() {
    python(|ctx| {
        let dict = ctx.types().dict;
        assert!(Value::from(dict).is_subclass(ctx, dict)?);
        let d = make(ctx, dict)?;
        assert!(Value::from(Dict::new(ctx)).is_instance(ctx, dict)?);
        assert_equal(ctx, d, Dict::new(ctx))?;
        assert_is(d.get_attr(ctx, "__class__")?, dict);
        assert!(d.is_instance(ctx, dict)?);
        let c = class(ctx, "C")
            .base(dict)
            .attr("state", -1)
            .method("__init__", |ctx, this, args| {
                if let [state] = *args.positional() {
                    this.set_attr(ctx, "state", state)?;
                }
                for &(key, value) in args.keywords() {
                    this.set_item(ctx, value, key.value())?;
                }
                Ok(Value::None)
            })
            .method("__getitem__", |ctx, this, args| {
                let (key,): (Value<'_>,) = args.parse(ctx, "__getitem__")?;
                this.call_method(ctx, "get", (key, 0))
            })
            .method("__setitem__", |ctx, this, args| {
                let (key, value): (i64, Value<'_>) = args.parse(ctx, "__setitem__")?;
                let dict = Value::from(ctx.types().dict);
                dict.call_method(ctx, "__setitem__", (this, key, value))
            })
            .method("setstate", |ctx, this, args| {
                let (state,): (Value<'_>,) = args.parse(ctx, "setstate")?;
                this.set_attr(ctx, "state", state).map(Into::into)
            })
            .method("getstate", |ctx, this, _| this.get_attr(ctx, "state"))
            .build()?;
        let c = Value::from(c);
        assert!(c.is_subclass(ctx, dict)?);
        assert_attr(ctx, c.call(ctx, (12,))?, "state", 12)?;
        let a2 = c.call(ctx, Args::default().keyword(ctx, "foo", 1).keyword(ctx, "bar", 2))?;
        assert_equal(ctx, a2.get_item(ctx, 1)?, "foo")?;
        assert_equal(ctx, a2.get_item(ctx, 2)?, "bar")?;
        let a = make(ctx, c)?;
        assert_attr(ctx, a, "state", -1)?;
        assert_call(ctx, a, "getstate", -1)?;
        for state in [0, 10] {
            a.call_method(ctx, "setstate", (state,))?;
            assert_attr(ctx, a, "state", state)?;
            assert_call(ctx, a, "getstate", state)?;
        }
        assert_equal(ctx, a.get_item(ctx, 42)?, 0)?;
        a.set_item(ctx, 42, 24)?;
        assert_equal(ctx, a.get_item(ctx, 42)?, 24)?;
        const N: i64 = 50;
        for i in 0..N {
            a.set_item(ctx, i, make(ctx, c)?)?;
            for j in 0..N {
                a.get_item(ctx, i)?.set_item(ctx, j, i * j)?;
            }
        }
        for i in 0..N {
            for j in 0..N {
                assert_equal(ctx, a.get_item(ctx, i)?.get_item(ctx, j)?, i * j)?;
            }
        }
        Ok(())
    });
}

#[test]
fn test_python_lists() {
    python(|ctx| {
        let c = class(ctx, "C")
            .base(ctx.types().list)
            .method("__getitem__", |ctx, this, args| {
                let (index,): (Value<'_>,) = args.parse(ctx, "__getitem__")?;
                let list = Value::from(ctx.types().list);
                let item = list.call_method(ctx, "__getitem__", (this, index))?.to::<i64>(ctx)?;
                Ok(Value::Int(item + 100))
            })
            .method("__getslice__", |ctx, _, args| Ok(args.to_tuple(ctx).into()))
            .build()?;
        let a = make(ctx, c)?;
        a.call_method(ctx, "extend", (vec![0, 1, 2],))?;
        for index in 0..3 {
            assert_equal(ctx, a.get_item(ctx, index)?, index + 100)?;
        }
        assert_equal(ctx, a.call_method(ctx, "__getslice__", (100, 200))?, (100, 200))
    });
}

#[test]
fn test_module_subclasses() {
    python(|ctx| {
        let log = list(ctx, &[]);
        let module = ctx.types().module;
        let mm = plain(ctx, "MM", &[module]);
        let init = lambda(ctx, |ctx, args| {
            Value::from(ctx.types().module).call_method(ctx, "__init__", args)
        });
        mm.define(ctx, "__init__", init)?;
        for (hook, noted) in [
            ("__getattribute__", "getattr"),
            ("__setattr__", "setattr"),
            ("__delattr__", "delattr"),
        ] {
            let code = function(ctx, hook, log, move |ctx, log, args| {
                let mut entry = args.positional().to_vec();
                entry[0] = ctx.str(noted);
                log.call_method(ctx, "append", (tuple(ctx, &entry),))?;
                Value::from(ctx.types().module).call_method(ctx, hook, args)
            });
            mm.define(ctx, hook, code)?;
        }
        let a = Value::from(mm).call(ctx, ("a",))?;
        a.set_attr(ctx, "foo", 12)?;
        assert_attr(ctx, a, "foo", 12)?;
        a.del_attr(ctx, "foo")?;
        let expected = [
            tuple(ctx, &[ctx.str("setattr"), ctx.str("foo"), Value::Int(12)]),
            tuple(ctx, &[ctx.str("getattr"), ctx.str("foo")]),
            tuple(ctx, &[ctx.str("delattr"), ctx.str("foo")]),
        ];
        assert_equal(ctx, log, list(ctx, &expected))?;
        let bases = [module.into(), ctx.types().bytes.into()];
        assert_raises(ctx, &exc::TYPE_ERROR, crate::common::new_type(ctx, "Module", &bases));
        Ok(())
    });
}

#[test]
fn test_uninitialized_modules() {
    python(|ctx| {
        let module = Value::from(ctx.types().module);
        let m = module.call_method(ctx, "__new__", (module,))?;
        m.str(ctx)?;
        for name in ["__name__", "__file__", "foo"] {
            assert_lacks(ctx, m, name)?;
        }
        assert!(!m.get_attr(ctx, "__dict__")?.truth(ctx)?);
        m.set_attr(ctx, "foo", 1)?;
        let items = m.get_attr(ctx, "__dict__")?.call_method(ctx, "items", ())?;
        assert_equal(ctx, items, vec![("foo", 1)])
    });
}

#[test]
fn test_newslots() {
    python(|ctx| {
        let c = class(ctx, "C")
            .base(ctx.types().list)
            .method("__new__", |ctx, class, _| {
                let list = Value::from(ctx.types().list);
                let made = list.call_method(ctx, "__new__", (class,))?;
                made.set_attr(ctx, "foo", 1)?;
                Ok(made)
            })
            .method("__init__", |ctx, this, _| {
                let value = this.get_attr(ctx, "foo")?.to::<i64>(ctx)?;
                this.set_attr(ctx, "foo", value + 2).map(Into::into)
            })
            .build()?;
        for class in [c, plain(ctx, "D", &[c])] {
            let it = make(ctx, class)?;
            assert_attr(ctx, it, "foo", 3)?;
            assert_is(it.get_attr(ctx, "__class__")?, class);
        }
        Ok(())
    });
}

#[test]
fn test_funny_new() {
    python(|ctx| {
        let c = plain(ctx, "C", &[]);
        let d = class(ctx, "D")
            .base(c)
            .method("__init__", |ctx, this, args| {
                let (argument,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                this.set_attr(ctx, "foo", argument).map(Into::into)
            })
            .build()?;
        let new = function(ctx, "__new__", d, |ctx, d, args| {
            let (class, argument): (Value<'_>, Value<'_>) = args.parse(ctx, "__new__")?;
            let object = Value::from(ctx.types().object);
            if argument.is_instance(ctx, ctx.types().bytes)? {
                Ok(list(ctx, &[1.into(), 2.into(), 3.into()]))
            } else if argument.is_instance(ctx, ctx.types().int)? {
                object.call_method(ctx, "__new__", (d,))
            } else {
                object.call_method(ctx, "__new__", (class,))
            }
        });
        c.define(ctx, "__new__", builtin(ctx, "staticmethod")?.call(ctx, (new,))?)?;
        let (c, d) = (Value::from(c), Value::from(d));
        assert_equal(ctx, c.call(ctx, ("1",))?, vec![1, 2, 3])?;
        assert_equal(ctx, d.call(ctx, ("1",))?, vec![1, 2, 3])?;
        assert_attr(ctx, d.call(ctx, (Value::None,))?, "foo", Value::None)?;
        for class in [c, d] {
            let it = class.call(ctx, (1,))?;
            assert!(it.is_instance(ctx, d)?);
            assert_attr(ctx, it, "foo", 1)?;
        }
        // `__new__` as a static method, and as a class method, which gets the class twice.
        for (kind, repeat) in [("staticmethod", 1), ("classmethod", 2)] {
            let new = lambda(ctx, |ctx, args| Ok(args.to_tuple(ctx).into()));
            let new = builtin(ctx, kind)?.call(ctx, (new,))?;
            let c = class_with_new(ctx, new)?;
            for class in [c, plain(ctx, "D", &[c])] {
                let mut expected = vec![class.into(); repeat];
                expected.extend([Value::Int(1), Value::Int(2)]);
                let made = Value::from(class).call(ctx, (1, 2))?;
                assert_equal(ctx, made, tuple(ctx, &expected))?;
            }
        }
        Ok(())
    });
}

fn class_with_new<'gc>(ctx: Context<'gc>, new: Value<'gc>) -> Result<'gc, Class<'gc>> {
    class(ctx, "C").attr("__new__", new).build()
}

/// `def __new__(cls, foo): return object.__new__(cls)`.
fn new_of_foo<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (_foo,): (Value<'_>,) = args.parse(ctx, "__new__")?;
    Value::from(ctx.types().object).call_method(ctx, "__new__", (class,))
}

/// `def __init__(self, foo): self.foo = foo`.
fn init_of_foo<'gc>(ctx: Context<'gc>, this: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
    this.set_attr(ctx, "foo", value).map(Into::into)
}

#[test]
fn test_object_new() {
    python(|ctx| {
        let object = Value::from(ctx.types().object);
        let neither = Value::from(plain(ctx, "A", &[]));
        object.call_method(ctx, "__new__", (neither,))?;
        let refused = object.call_method(ctx, "__new__", (neither, 5));
        assert_raises(ctx, &exc::TYPE_ERROR, refused);
        object.call_method(ctx, "__init__", (make(ctx, neither)?,))?;
        let refused = object.call_method(ctx, "__init__", (make(ctx, neither)?, 5));
        assert_raises(ctx, &exc::TYPE_ERROR, refused);

        let own_init = Value::from(class(ctx, "A").method("__init__", init_of_foo).build()?);
        object.call_method(ctx, "__new__", (own_init,))?;
        object.call_method(ctx, "__new__", (own_init, 5))?;
        let a = own_init.call(ctx, (3,))?;
        object.call_method(ctx, "__init__", (a,))?;
        assert_raises(ctx, &exc::TYPE_ERROR, object.call_method(ctx, "__init__", (a, 5)));

        let own_new = Value::from(class(ctx, "A").method("__new__", new_of_foo).build()?);
        object.call_method(ctx, "__new__", (own_new,))?;
        let refused = object.call_method(ctx, "__new__", (own_new, 5));
        assert_raises(ctx, &exc::TYPE_ERROR, refused);
        let a = own_new.call(ctx, (3,))?;
        object.call_method(ctx, "__init__", (a,))?;
        object.call_method(ctx, "__init__", (a, 5))?;

        // With both, 2.7 only warns, which takes a module that is not here.
        let both = class(ctx, "A").method("__new__", new_of_foo).method("__init__", init_of_foo);
        let both = Value::from(both.build()?);
        object.call_method(ctx, "__new__", (both,))?;
        let a = object.call_method(ctx, "__new__", (both, 5))?;
        assert_is(a.type_of(ctx), both);
        object.call_method(ctx, "__init__", (both.call(ctx, (3,))?,))?;
        let a = both.call(ctx, (3,))?;
        object.call_method(ctx, "__init__", (a, 5))?;
        assert_attr(ctx, a, "foo", 3)
    });
}

#[test]
fn test_hash_inheritance() {
    python(|ctx| {
        for base in [ctx.types().dict, ctx.types().list] {
            let d = make(ctx, plain(ctx, "mine", &[base]))?;
            assert_raises(ctx, &exc::TYPE_ERROR, d.hash(ctx));
        }
        Ok(())
    });
}

#[test]
fn test_str_subclass_as_dict_key() {
    python(|ctx| {
        let cistr = class(ctx, "cistr")
            .base(ctx.types().bytes)
            .method("__init__", |ctx, this, args| {
                let (value,): (Value<'_>,) = args.parse(ctx, "__init__")?;
                let canonical = value.call_method(ctx, "lower", ())?;
                this.set_attr(ctx, "canonical", canonical)?;
                this.set_attr(ctx, "hashcode", canonical.hash(ctx)?)?;
                Ok(Value::None)
            })
            .method("__hash__", |ctx, this, _| this.get_attr(ctx, "hashcode"))
            .build()?;
        let eq = function(ctx, "__eq__", cistr, |ctx, cistr, args| {
            let (this, mut other): (Value<'_>, Value<'_>) = args.parse(ctx, "__eq__")?;
            if !other.is_instance(ctx, cistr)? {
                other = cistr.call(ctx, (other,))?;
            }
            let canonical = other.get_attr(ctx, "canonical")?;
            Ok(Value::Bool(this.get_attr(ctx, "canonical")?.equals(ctx, canonical)?))
        });
        cistr.define(ctx, "__eq__", eq)?;
        let cistr = Value::from(cistr);
        let abc = cistr.call(ctx, ("ABC",))?;
        assert_equal(ctx, abc, "abc")?;
        assert_equal(ctx, "aBc", abc)?;
        assert_equal(ctx, abc.str(ctx)?, "ABC")?;
        let d = Value::from(Dict::new(ctx));
        for (key, value) in [("one", 1), ("two", 2), ("tHree", 3)] {
            d.set_item(ctx, cistr.call(ctx, (key,))?, value)?;
        }
        for (key, value) in [("one", 1), ("tWo", 2), ("THrEE", 3)] {
            assert_equal(ctx, d.get_item(ctx, cistr.call(ctx, (key,))?)?, value)?;
        }
        assert!(d.contains(ctx, cistr.call(ctx, ("ONe",))?)?);
        assert_equal(ctx, d.call_method(ctx, "get", (cistr.call(ctx, ("thrEE",))?,))?, 3)
    });
}

const OPERATORS: [Operator; 6] = [
    Operator::Less,
    Operator::LessEqual,
    Operator::Equal,
    Operator::NotEqual,
    Operator::Greater,
    Operator::GreaterEqual,
];

#[track_caller]
fn assert_compares<'gc>(
    ctx: Context<'gc>,
    operator: Operator,
    (a, x): (Value<'gc>, i64),
    (b, y): (Value<'gc>, i64),
) -> Result<'gc, ()> {
    let found = a.rich_compare(ctx, b, operator)?.truth(ctx)?;
    assert_eq!(found, operator.holds(x.cmp(&y)), "{x} {} {y}", operator.symbol());
    Ok(())
}

/// A class over each kind of base whose `__init__` keeps `value`, before its comparisons are defined.
fn comparable<'gc>(
    ctx: Context<'gc>,
    bases: &[Option<Class<'gc>>],
) -> Result<'gc, Vec<Value<'gc>>> {
    let init = lambda(ctx, |ctx, args| {
        let (this, value): (Value<'_>, Value<'_>) = args.parse(ctx, "__init__")?;
        let value = builtin(ctx, "int")?.call(ctx, (value,))?;
        this.set_attr(ctx, "value", value).map(Into::into)
    });
    let old = plain_classic(ctx, "classic", &[]);
    bases
        .iter()
        .map(|base| {
            let class: Value<'gc> = match base {
                None => classic(ctx, "C").base(old).build()?.into(),
                Some(base) => class(ctx, "C").base(*base).build()?.into(),
            };
            class.set_attr(ctx, "__init__", init)?;
            class.set_attr(ctx, "__hash__", Value::None)?;
            if base.is_some_and(|base| base.is(ctx.types().list)) {
                let new = lambda(ctx, |ctx, args| {
                    let class = args.positional()[0];
                    Value::from(ctx.types().list).call_method(ctx, "__new__", (class,))
                });
                class.set_attr(ctx, "__new__", builtin(ctx, "staticmethod")?.call(ctx, (new,))?)?;
            }
            Ok(class)
        })
        .collect()
}

/// What the operand of a comparison counts for: an instance of the class, an int or a long.
fn operand<'gc>(
    ctx: Context<'gc>,
    class: Value<'gc>,
    other: Value<'gc>,
) -> Result<'gc, Option<Value<'gc>>> {
    if other.is_instance(ctx, class)? {
        return other.get_attr(ctx, "value").map(Some);
    }
    let number =
        other.is_instance(ctx, ctx.types().int)? || other.is_instance(ctx, ctx.types().long)?;
    Ok(number.then_some(other))
}

#[test]
fn test_classic_comparisons() {
    python(|ctx| {
        let bases = [None, Some(ctx.types().int), Some(ctx.types().object)];
        for class in comparable(ctx, &bases)? {
            let cmp = function(ctx, "__cmp__", class, |ctx, class, args| {
                let (this, other): (Value<'_>, Value<'_>) = args.parse(ctx, "__cmp__")?;
                let own = this.get_attr(ctx, "value")?;
                match operand(ctx, class, other)? {
                    Some(other) => builtin(ctx, "cmp")?.call(ctx, (own, other)),
                    None => Ok(Value::NotImplemented),
                }
            });
            class.set_attr(ctx, "__cmp__", cmp)?;
            let of = |number: i64| class.call(ctx, (number,));
            assert_equal(ctx, of(1)?, 1)?;
            let cmp = builtin(ctx, "cmp")?;
            for x in 1..=3 {
                for y in 1..=3 {
                    let order = Value::Int(x.cmp(&y) as i64);
                    assert_equal(ctx, cmp.call(ctx, (of(x)?, of(y)?))?, order)?;
                    for operator in OPERATORS {
                        assert_compares(ctx, operator, (of(x)?, x), (of(y)?, y))?;
                    }
                    assert_equal(ctx, cmp.call(ctx, (of(x)?, y))?, order)?;
                    assert_equal(ctx, cmp.call(ctx, (x, of(y)?))?, order)?;
                }
            }
        }
        Ok(())
    });
}

#[test]
fn test_rich_comparisons() {
    python(|ctx| {
        let complex = ctx.types().complex;
        let one = Value::from(complex).call(ctx, (1,))?;
        let z = Value::from(plain(ctx, "Z", &[complex])).call(ctx, (1,))?;
        assert_equal(ctx, z, one)?;
        assert_equal(ctx, one, z)?;
        let near = lambda(ctx, |ctx, args| {
            let (this, other): (Value<'_>, Value<'_>) = args.parse(ctx, "__eq__")?;
            let distance = |ctx| -> Result<'_, f64> {
                let difference = this.call_method(ctx, "__sub__", (other,))?;
                builtin(ctx, "abs")?.call(ctx, (difference,))?.to(ctx)
            };
            Ok(distance(ctx).map_or(Value::NotImplemented, |it| Value::Bool(it <= 1e-6)))
        });
        let zz = class(ctx, "ZZ").base(complex).attr("__eq__", near).attr("__hash__", Value::None);
        let zz = Value::from(zz.build()?).call(ctx, (1.000_000_3,))?;
        assert_equal(ctx, zz, one)?;
        assert_equal(ctx, one, zz)?;

        let types = ctx.types();
        let bases = [None, Some(types.int), Some(types.object), Some(types.list)];
        for class in comparable(ctx, &bases)? {
            let cmp = lambda(ctx, |_, _| {
                Err(Error::new(&exc::ASSERTION_ERROR, "shouldn't call __cmp__"))
            });
            class.set_attr(ctx, "__cmp__", cmp)?;
            for (operator, name) in OPERATORS
                .into_iter()
                .zip(["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"])
            {
                let method = function(ctx, name, class, move |ctx, class, args| {
                    let (this, other): (Value<'_>, Value<'_>) = args.parse(ctx, "compare")?;
                    match operand(ctx, class, other)? {
                        Some(other) => {
                            this.get_attr(ctx, "value")?.rich_compare(ctx, other, operator)
                        }
                        None => Ok(Value::NotImplemented),
                    }
                });
                class.set_attr(ctx, name, method)?;
            }
            let of = |number: i64| class.call(ctx, (number,));
            assert_equal(ctx, of(1)?, 1)?;
            for x in 1..=3 {
                for y in 1..=3 {
                    for operator in OPERATORS {
                        assert_compares(ctx, operator, (of(x)?, x), (of(y)?, y))?;
                        assert_compares(ctx, operator, (of(x)?, x), (y.into(), y))?;
                        assert_compares(ctx, operator, (x.into(), x), (of(y)?, y))?;
                    }
                }
            }
        }
        Ok(())
    });
}
