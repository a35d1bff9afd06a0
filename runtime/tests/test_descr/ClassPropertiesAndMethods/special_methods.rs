//! Special methods, their defaults, and `dir()`.

use std::cell::Cell;
use std::rc::Rc;

use halfsour_runtime::{Class, ClassBuilder, Context, Error, ExceptionType, Result, Value, exc};

use crate::common::{
    assert_attr, assert_equal, assert_raises, builtin, class, classic, function, lambda, list,
    make, plain, python,
};

type Operation = for<'gc> fn(Context<'gc>, Value<'gc>) -> Result<'gc, ()>;

/// A special method, what asks for it, what it returns, which attributes that may look at, and further methods.
struct Special {
    name: &'static str,
    operation: Operation,
    answer: for<'gc> fn(Context<'gc>, Value<'gc>) -> Value<'gc>,
    may_ask: &'static [&'static str],
    base: Option<for<'gc> fn(Context<'gc>) -> Class<'gc>>,
}

/// Of CPython's list, `__length_hint__`, `__sizeof__`, `__format__`, `__enter__` and `__exit__` are left out: nothing in
/// the runtime asks for them. Others take their place.
const SPECIALS: &[Special] = &[
    Special {
        name: "__unicode__",
        operation: |ctx, x| builtin(ctx, "unicode")?.call(ctx, (x,)).map(drop),
        answer: |ctx, _| ctx.str("hello"),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__reversed__",
        operation: |ctx, x| builtin(ctx, "reversed")?.call(ctx, (x,)).map(drop),
        answer: |ctx, _| list(ctx, &[]),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__instancecheck__",
        operation: |ctx, x| Value::from(ctx.types().int).is_instance(ctx, x).map(drop),
        answer: |_, _| Value::Bool(true),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__subclasscheck__",
        operation: |ctx, x| Value::from(ctx.types().int).is_subclass(ctx, x).map(drop),
        answer: |_, _| Value::Bool(true),
        may_ask: &["__bases__"],
        base: None,
    },
    Special {
        name: "__missing__",
        operation: |ctx, x| assert_equal(ctx, x.get_item(ctx, "hi")?, 4),
        answer: |_, _| Value::Int(4),
        may_ask: &["__class__"],
        base: Some(|ctx| ctx.types().dict),
    },
    Special {
        name: "__complex__",
        operation: |ctx, x| builtin(ctx, "complex")?.call(ctx, (x,)).map(drop),
        answer: |ctx, _| halfsour_runtime::Complex::new(ctx, 0.0, 1.0).into(),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__dir__",
        operation: |ctx, x| builtin(ctx, "dir")?.call(ctx, (x,)).map(drop),
        answer: |ctx, _| list(ctx, &[]),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__iter__",
        operation: |ctx, x| builtin(ctx, "list")?.call(ctx, (x,)).map(drop),
        answer: |ctx, _| {
            let empty = list(ctx, &[]).call_method(ctx, "__iter__", ());
            empty.expect("a list can be iterated over")
        },
        may_ask: &["__class__"],
        base: None,
    },
    Special {
        name: "__len__",
        operation: |ctx, x| x.len(ctx).map(drop),
        answer: |_, _| Value::Int(0),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__contains__",
        operation: |ctx, x| x.contains(ctx, Value::Int(0)).map(drop),
        answer: |_, _| Value::Bool(true),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__hash__",
        operation: |ctx, x| x.hash(ctx).map(drop),
        answer: |_, _| Value::Int(0),
        may_ask: &[],
        base: None,
    },
    Special {
        name: "__index__",
        operation: |ctx, x| x.index(ctx).map(drop),
        answer: |_, _| Value::Int(0),
        may_ask: &[],
        base: None,
    },
];

static MY_EXCEPTION: ExceptionType = ExceptionType::new("__main__", "MyException", &exc::EXCEPTION);

/// A class whose `__getattr__` and `__getattribute__` must not be called, but for some names.
fn checker<'gc>(ctx: Context<'gc>, special: &Special) -> ClassBuilder<'gc> {
    let may_ask = special.may_ask;
    let builder = class(ctx, "X")
        .method("__getattr__", |ctx, _, args| {
            let (name,): (String,) = args.parse(ctx, "__getattr__")?;
            panic!("__getattr__ called with {name}")
        })
        .method("__getattribute__", move |ctx, this, args| {
            let (name,): (String,) = args.parse(ctx, "__getattribute__")?;
            assert!(may_ask.contains(&&*name), "__getattribute__ called with {name}");
            let own = Value::from(ctx.types().object).get_attr(ctx, "__getattribute__")?;
            own.call(ctx, (this, name))
        });
    special.base.into_iter().fold(builder, |builder, base| builder.base(base(ctx)))
}

#[test]
fn test_special_method_lookup() {
    for special in SPECIALS {
        python(|ctx| {
            let answer = special.answer;
            let implementation =
                lambda(ctx, move |ctx, args| Ok(answer(ctx, args.positional()[0])));
            let x = checker(ctx, special).attr(special.name, implementation).build()?;
            (special.operation)(ctx, make(ctx, x)?)?;

            // A descriptor is asked, once.
            let record = Rc::new(Cell::new(0));
            let count = record.clone();
            let get = function(ctx, "__get__", implementation, move |ctx, implementation, args| {
                count.set(count.get() + 1);
                let (_, object, owner): (Value<'_>, Value<'_>, Value<'_>) =
                    args.parse(ctx, "__get__")?;
                implementation.call_method(ctx, "__get__", (object, owner))
            });
            let descriptor = class(ctx, "SpecialDescr").attr("__get__", get).build()?;
            let x = checker(ctx, special).attr(special.name, make(ctx, descriptor)?).build()?;
            (special.operation)(ctx, make(ctx, x)?)?;
            assert_eq!(record.get(), 1, "{}", special.name);

            // What it raises comes out.
            let fails = class(ctx, "ErrDescr")
                .method("__get__", |_, _, _| Err(Error::bare(&MY_EXCEPTION)))
                .build()?;
            let x = checker(ctx, special).attr(special.name, make(ctx, fails)?).build()?;
            assert_raises(ctx, &MY_EXCEPTION, (special.operation)(ctx, make(ctx, x)?));
            Ok(())
        });
    }
}

/// Indexable from 0 to 9.
fn ten_items<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, Class<'gc>> {
    class(ctx, name)
        .method("__getitem__", |ctx, _, args| {
            let (index,): (i64,) = args.parse(ctx, "__getitem__")?;
            match index {
                0..10 => Ok(Value::Int(index)),
                _ => Err(Error::bare(&exc::INDEX_ERROR)),
            }
        })
        .build()
}

#[track_caller]
fn assert_contains_ten<'gc>(ctx: Context<'gc>, object: Value<'gc>) -> Result<'gc, ()> {
    assert!(!object.contains(ctx, Value::Int(-1))?);
    for number in 0..10 {
        assert!(object.contains(ctx, Value::Int(number))?);
    }
    assert!(!object.contains(ctx, Value::Int(10))?);
    Ok(())
}

fn default_specials<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, ()> {
    let class = ten_items(ctx, name)?;
    let (c1, c2) = (make(ctx, class)?, make(ctx, class)?);
    assert!(c1.truth(ctx)?);
    let (id1, id2) = (c1.id(ctx), c2.id(ctx));
    assert!(!id1.equals(ctx, id2)?);
    c1.hash(ctx)?;
    c2.hash(ctx)?;
    let cmp = builtin(ctx, "cmp")?;
    assert_equal(ctx, cmp.call(ctx, (c1, c2))?, cmp.call(ctx, (id1, id2))?)?;
    let unequal = |a: Value<'gc>, b| a.rich_compare(ctx, b, halfsour_runtime::Operator::NotEqual);
    assert!(c1.equals(ctx, c1)?);
    assert!(unequal(c1, c2)?.truth(ctx)?);
    assert!(!unequal(c1, c1)?.truth(ctx)?);
    assert!(!c1.equals(ctx, c2)?);
    let text = c1.str(ctx)?;
    assert!(text.to::<String>(ctx)?.contains(&format!("{name} object at ")));
    assert_equal(ctx, text, c1.repr(ctx)?)?;
    assert_contains_ten(ctx, c1)
}

/// A class whose special methods answer for its attribute `x`.
fn proxy<'gc>(ctx: Context<'gc>, name: &'static str) -> Result<'gc, Class<'gc>> {
    class(ctx, name)
        .method("__init__", |ctx, this, args| {
            let (x,): (Value<'_>,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "x", x).map(Into::into)
        })
        .method("__nonzero__", |ctx, this, _| this.get_attr(ctx, "x")?.truth(ctx).map(Value::Bool))
        .method("__hash__", |ctx, this, _| this.get_attr(ctx, "x")?.hash(ctx).map(Value::Int))
        .method("__eq__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__eq__")?;
            this.get_attr(ctx, "x")?.equals(ctx, other).map(Value::Bool)
        })
        .method("__ne__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__ne__")?;
            Ok(Value::Bool(!this.get_attr(ctx, "x")?.equals(ctx, other)?))
        })
        .method("__cmp__", |ctx, this, args| {
            let (other,): (Value<'_>,) = args.parse(ctx, "__cmp__")?;
            let operands = (this.get_attr(ctx, "x")?, other.get_attr(ctx, "x")?);
            builtin(ctx, "cmp")?.call(ctx, operands)
        })
        .method("__str__", move |ctx, this, _| {
            let x = this.get_attr(ctx, "x")?.str(ctx)?.to::<String>(ctx)?;
            Ok(ctx.str(&format!("{name}:{x}")))
        })
        .method("__repr__", move |ctx, this, _| {
            let x = this.get_attr(ctx, "x")?.repr(ctx)?.to::<String>(ctx)?;
            Ok(ctx.str(&format!("{name}({x})")))
        })
        .method("__contains__", |ctx, this, args| {
            let (value,): (Value<'_>,) = args.parse(ctx, "__contains__")?;
            this.get_attr(ctx, "x")?.contains(ctx, value).map(Value::Bool)
        })
        .build()
}

fn overridden_specials<'gc>(ctx: Context<'gc>, name: &'static str) -> Result<'gc, ()> {
    let proxy = Value::from(proxy(ctx, name)?);
    let of = |x: i64| proxy.call(ctx, (x,));
    let (p0, p1, p_1) = (of(0)?, of(1)?, of(-1)?);
    assert!(!p0.truth(ctx)?);
    assert!(p1.truth(ctx)?);
    assert_eq!(p0.hash(ctx)?, Value::Int(0).hash(ctx)?);
    assert_equal(ctx, p0, p0)?;
    let unequal = |a: Value<'gc>, b| a.rich_compare(ctx, b, halfsour_runtime::Operator::NotEqual);
    assert!(unequal(p0, p1)?.truth(ctx)?);
    assert!(!unequal(p0, p0)?.truth(ctx)?);
    assert!(Value::Bool(!p0.truth(ctx)?).equals(ctx, p1)?);
    let cmp = builtin(ctx, "cmp")?;
    for (other, order) in [(p1, -1), (p0, 0), (p_1, 1)] {
        assert_equal(ctx, cmp.call(ctx, (p0, other))?, order)?;
    }
    assert_equal(ctx, p0.str(ctx)?, format!("{name}:0"))?;
    assert_equal(ctx, p0.repr(ctx)?, format!("{name}(0)"))?;
    let numbers: Vec<i64> = (0..10).collect();
    assert_contains_ten(ctx, proxy.call(ctx, (numbers,))?)
}

#[test]
fn test_specials() {
    python(|ctx| {
        for name in ["C", "D"] {
            default_specials(ctx, name)?;
        }
        for name in ["Proxy", "DProxy"] {
            overridden_specials(ctx, name)?;
        }
        // `__cmp__` of a built-in type takes its own kind only.
        let text = halfsour_runtime::Unicode::new(ctx, "123").into();
        let (one, long) = (Value::Int(1), Value::long(ctx, 1.into()));
        let pairs = [
            (text, ctx.str("123")),
            (ctx.str("123"), text),
            (one, Value::Float(1.0)),
            (Value::Float(1.0), one),
            (one, long),
            (long, one),
        ];
        for (a, b) in pairs {
            if a.find_attr(ctx, "__cmp__")?.is_some() {
                let compared = Value::from(a.type_of(ctx)).call_method(ctx, "__cmp__", (a, b));
                assert_raises(ctx, &exc::TYPE_ERROR, compared);
            }
        }
        Ok(())
    });
}

/// `dir(object)`.
fn dir<'gc>(ctx: Context<'gc>, object: impl Into<Value<'gc>>) -> Result<'gc, Vec<String>> {
    builtin(ctx, "dir")?.call(ctx, (object.into(),))?.to(ctx)
}

/// `dir(object)` without what every object has.
fn interesting<'gc>(ctx: Context<'gc>, object: impl Into<Value<'gc>>) -> Result<'gc, Vec<String>> {
    let mut names = dir(ctx, object)?;
    names.retain(|name| !name.starts_with('_'));
    Ok(names)
}

#[track_caller]
fn assert_dir_of_method<'gc>(ctx: Context<'gc>, owner: Value<'gc>, name: &str) -> Result<'gc, ()> {
    let names = dir(ctx, owner.get_attr(ctx, name)?)?;
    assert!(names.contains(&"im_self".to_owned()), "{names:?}");
    Ok(())
}

#[test]
fn test_dir() {
    python(|ctx| {
        let types = ctx.types();
        let one = Value::long(ctx, 2.into());
        let objects = [
            Value::Int(2),
            one,
            halfsour_runtime::Complex::new(ctx, 0.0, 2.0).into(),
            Value::Float(2.0),
            list(ctx, &[Value::Int(2)]),
            ctx.str("2"),
            halfsour_runtime::Unicode::new(ctx, "2").into(),
            crate::common::tuple(ctx, &[Value::Int(2)]),
            halfsour_runtime::Dict::new(ctx).into(),
            types.type_.into(),
            builtin(ctx, "len")?,
        ];
        for object in objects {
            dir(ctx, object)?;
        }
        assert_eq!(dir(ctx, Value::NotImplemented)?, dir(ctx, Value::Ellipsis)?);
        assert_eq!(dir(ctx, Value::None)?, dir(ctx, Value::Ellipsis)?);
        Ok(())
    });
    python(|ctx| {
        let nothing = || lambda(ctx, |_, _| Ok(Value::Int(0)));
        let c = classic(ctx, "C").attr("Cdata", 1).attr("Cmethod", nothing()).build()?;
        let a = classic(ctx, "A").base(c).attr("Adata", 1).attr("Amethod", nothing()).build()?;
        let hidden = ["__doc__", "__module__"];
        check_dir(ctx, [c.into(), a.into()], &hidden, |ctx, it| dir(ctx, it))?;
        let c = class(ctx, "C").attr("Cdata", 1).attr("Cmethod", nothing()).build()?;
        let a = class(ctx, "A").base(c).attr("Adata", 1).attr("Amethod", nothing()).build()?;
        check_dir(ctx, [c.into(), a.into()], &[], |ctx, it| interesting(ctx, it))
    });
    python(|ctx| {
        let m = plain(ctx, "M", &[ctx.types().module]);
        let it = Value::from(m).call(ctx, ("m",))?;
        it.set_attr(ctx, "b", 2)?;
        it.set_attr(ctx, "a", 1)?;
        let mut names = dir(ctx, it)?;
        names.retain(|name| name != "__name__" && name != "__doc__");
        assert_eq!(names, ["a", "b"]);
        let m2 = class(ctx, "M2").base(m).property("__dict__", |ctx, _| Ok(ctx.str("Not a dict!")));
        let it = Value::from(m2.build()?).call(ctx, ("m2",))?;
        it.set_attr(ctx, "b", 2)?;
        it.set_attr(ctx, "a", 1)?;
        assert_attr(ctx, it, "__dict__", "Not a dict!")?;
        assert_raises(ctx, &exc::TYPE_ERROR, dir(ctx, it));
        Ok(())
    });
    python(|ctx| dir_of_a_proxy(ctx));
}

type Names = for<'gc> fn(Context<'gc>, Value<'gc>) -> Result<'gc, Vec<String>>;

/// Checks the names of a class, one that derives from it, and their instances.
#[track_caller]
fn check_dir<'gc>(
    ctx: Context<'gc>,
    [c, a]: [Value<'gc>; 2],
    hidden: &[&str],
    names_of: Names,
) -> Result<'gc, ()> {
    let mut expected = [&["Cdata", "Cmethod"], hidden].concat();
    for (class, more, method) in
        [(c, vec!["cdata", "cmethod"], "Cmethod"), (a, vec!["adata", "amethod"], "Amethod")]
    {
        if class.is(a) {
            expected.splice(0..0, ["Adata", "Amethod"]);
        }
        assert_eq!(names_of(ctx, class)?, expected);
        assert_dir_of_method(ctx, class, method)?;
        let it = make(ctx, class)?;
        assert_eq!(names_of(ctx, it)?, expected);
        assert_dir_of_method(ctx, it, method)?;
        for name in &more {
            it.set_attr(ctx, *name, 2)?;
        }
        assert_eq!(names_of(ctx, it)?, [expected.clone(), more].concat());
        assert_dir_of_method(ctx, it, method)?;
    }
    Ok(())
}

/// An object that shows a wrapper of its class for its class.
fn dir_of_a_proxy<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    let wrapper = plain(ctx, "Wrapper", &[]);
    let init = lambda(ctx, |ctx, args| {
        let (this, object): (Value<'_>, Value<'_>) = args.parse(ctx, "__init__")?;
        this.set_attr(ctx, "_Wrapper__obj", object).map(Into::into)
    });
    wrapper.define(ctx, "__init__", init)?;
    let getitem = function(ctx, "__getitem__", wrapper, |ctx, wrapper, args| {
        let (this, key): (Value<'_>, Value<'_>) = args.parse(ctx, "__getitem__")?;
        let item = this.get_attr(ctx, "_Wrapper__obj")?.get_item(ctx, key)?;
        wrapper.call(ctx, (item,))
    });
    wrapper.define(ctx, "__getitem__", getitem)?;
    let len = lambda(ctx, |ctx, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "__len__")?;
        Ok(Value::Int(this.get_attr(ctx, "_Wrapper__obj")?.len(ctx)? as i64))
    });
    wrapper.define(ctx, "__len__", len)?;
    let getattr = function(ctx, "__getattr__", wrapper, |ctx, wrapper, args| {
        let (this, name): (Value<'_>, String) = args.parse(ctx, "__getattr__")?;
        let found = this.get_attr(ctx, "_Wrapper__obj")?.get_attr(ctx, &name)?;
        wrapper.call(ctx, (found,))
    });
    wrapper.define(ctx, "__getattr__", getattr)?;
    let get_class = function(ctx, "__getclass", wrapper, |ctx, wrapper, args| {
        let (this,): (Value<'_>,) = args.parse(ctx, "__getclass")?;
        wrapper.call(ctx, (this.type_of(ctx),))
    });
    let property = builtin(ctx, "property")?.call(ctx, (get_class,))?;
    let c = class(ctx, "C").attr("__class__", property).build()?;
    builtin(ctx, "dir")?.call(ctx, (make(ctx, c)?,)).map(drop)
}
