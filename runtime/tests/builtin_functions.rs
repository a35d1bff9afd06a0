//! The built-in functions: `sorted`, `getattr`, `map`, ... as programs call them.

use halfsour_runtime::{
    Args, Context, Function, IntoValue, List, Result, Runtime, Tuple, Uncaught, Value,
};

fn call<'gc>(ctx: Context<'gc>, name: &str, args: &[Value<'gc>]) -> Result<'gc> {
    ctx.import_from("__builtin__", name)?.call(ctx, args)
}

#[track_caller]
fn check(work: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    let done: std::result::Result<(), Uncaught> = Runtime::python2().try_enter(work);
    if let Err(error) = done {
        panic!("{error}");
    }
}

#[track_caller]
fn ints<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Vec<i64> {
    value.to(ctx).unwrap_or_else(|error| panic!("{}", error.message(ctx)))
}

#[test]
fn sorted_is_stable_and_takes_cmp_key_and_reverse() {
    check(|ctx| {
        let numbers = vec![3, 1, 2, 5, 4].into_value(ctx);
        let sorted = ctx.import_from("__builtin__", "sorted")?;
        assert_eq!(ints(ctx, sorted.call(ctx, (numbers,))?), [1, 2, 3, 4, 5]);
        let reverse = Args::new(&[numbers]).keyword(ctx, "reverse", true);
        assert_eq!(ints(ctx, sorted.call(ctx, reverse)?), [5, 4, 3, 2, 1]);
        let odd = Function::new(ctx, "odd", |ctx, args| {
            let (number,): (i64,) = args.parse(ctx, "odd")?;
            Ok(Value::Bool(number % 2 == 1))
        });
        let by_key = Args::new(&[numbers]).keyword(ctx, "key", odd);
        assert_eq!(ints(ctx, sorted.call(ctx, by_key)?), [2, 4, 3, 1, 5]);
        let backwards = Function::new(ctx, "backwards", |ctx, args| {
            let (a, b): (i64, i64) = args.parse(ctx, "backwards")?;
            Ok(Value::Int(b - a))
        });
        assert_eq!(ints(ctx, sorted.call(ctx, (numbers, backwards))?), [5, 4, 3, 2, 1]);
        assert_eq!(ints(ctx, numbers), [3, 1, 2, 5, 4]);
        Ok(())
    });
}

#[test]
fn a_list_that_is_changed_while_it_is_sorted_says_so() {
    check(|ctx| {
        let list = List::from_vec(ctx, vec![Value::Int(2), Value::Int(1)]);
        let meddle = Function::capturing(ctx, "meddle", list, |ctx, list, _| {
            list.call_method(ctx, "append", (3,))?;
            Ok(Value::Int(0))
        });
        let sort = Value::from(list).call_method(ctx, "sort", (meddle,));
        assert_eq!(
            sort.map_err(|error| error.message(ctx)).err().as_deref(),
            Some("list modified during sort")
        );
        assert_eq!(ints(ctx, list.into()), [2, 1]);
        Ok(())
    });
}

#[test]
fn a_key_that_raises_leaves_the_list_as_it_was() {
    check(|ctx| {
        let list = vec![2, 1].into_value(ctx);
        let key = ctx.import_from("__builtin__", "len")?;
        let args = Args::new(&[]).keyword(ctx, "key", key);
        let raised = list.call_method(ctx, "sort", args).map_err(|error| error.message(ctx));
        assert_eq!(raised.err().as_deref(), Some("object of type 'int' has no len()"));
        assert_eq!(ints(ctx, list), [2, 1]);
        Ok(())
    });
}

#[test]
fn attributes_by_name() {
    check(|ctx| {
        let module: Value<'_> = ctx.new_module("larder")?.into();
        let (jars, twelve) = (ctx.str("jars"), Value::Int(12));
        assert!(call(ctx, "hasattr", &[module, jars])?.is(Value::Bool(false)));
        assert!(call(ctx, "getattr", &[module, jars, Value::None])?.is_none());
        call(ctx, "setattr", &[module, jars, twelve])?;
        assert!(call(ctx, "getattr", &[module, jars])?.is(twelve));
        call(ctx, "delattr", &[module, jars])?;
        assert!(call(ctx, "getattr", &[module, jars]).is_err());
        Ok(())
    });
}

#[test]
fn iteration() {
    check(|ctx| {
        let numbers = call(ctx, "range", &[Value::Int(1), Value::Int(4)])?;
        assert_eq!(ints(ctx, numbers), [1, 2, 3]);
        let iterator = call(ctx, "iter", &[numbers])?;
        assert!(call(ctx, "next", &[iterator])?.is(Value::Int(1)));
        assert!(call(ctx, "len", &[numbers])?.is(Value::Int(3)));
        let add = Function::new(ctx, "add", |ctx, args| {
            let (a, b): (i64, i64) = args.parse(ctx, "add")?;
            Ok(Value::Int(a + b))
        });
        let sum = call(ctx, "reduce", &[add.into(), numbers])?;
        assert!(sum.is(Value::Int(6)));
        assert!(call(ctx, "max", &[numbers])?.is(Value::Int(3)));
        let pairs = call(ctx, "zip", &[numbers, Tuple::new(ctx, &[Value::None]).into()])?;
        assert_eq!(pairs.len(ctx)?, 1);
        let empty = List::new(ctx).into();
        assert!(call(ctx, "next", &[call(ctx, "iter", &[empty])?, Value::None])?.is_none());
        let message = call(ctx, "min", &[empty]).map_err(|error| error.message(ctx)).err();
        assert_eq!(message.as_deref(), Some("min() arg is an empty sequence"));
        Ok(())
    });
}
