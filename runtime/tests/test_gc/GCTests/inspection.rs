//! What the collector tells about objects.

use halfsour_runtime::{ByteArray, Complex, Context, Dict, Result, Set, Unicode, Value};

use crate::common::{list, make, plain, plain_classic, python, tuple};

/// The sorted result of `gc.get_referents(*objects)`.
fn referents<'gc>(ctx: Context<'gc>, objects: &[Value<'gc>]) -> Result<'gc, Vec<i64>> {
    let found = ctx.import_from("gc", "get_referents")?.call(ctx, objects)?;
    let mut found: Vec<i64> = found.to::<Vec<i64>>(ctx)?;
    found.sort_unstable();
    Ok(found)
}

#[test]
fn test_get_referents() {
    python(|ctx| {
        let numbers = [Value::Int(1), Value::Int(3), Value::Int(5)];
        assert_eq!(referents(ctx, &[list(ctx, &numbers)])?, [1, 3, 5]);
        assert_eq!(referents(ctx, &[tuple(ctx, &numbers)])?, [1, 3, 5]);
        let dict = Dict::new(ctx);
        dict.insert(ctx, Value::Int(1), Value::Int(3))?;
        dict.insert(ctx, Value::Int(5), Value::Int(7))?;
        assert_eq!(referents(ctx, &[dict.into()])?, [1, 3, 5, 7]);
        let dict = Dict::new(ctx);
        dict.insert(ctx, Value::Int(3), Value::Int(4))?;
        let several = [
            list(ctx, &[Value::Int(1), Value::Int(2)]),
            dict.into(),
            tuple(ctx, &[Value::Int(0), Value::Int(0), Value::Int(0)]),
        ];
        assert_eq!(referents(ctx, &several)?, [0, 0, 0, 1, 2, 3, 4]);
        let atoms = [Value::Int(1), ctx.str("a"), Complex::new(ctx, 0.0, 4.0).into()];
        assert_eq!(referents(ctx, &atoms)?, []);
        Ok(())
    });
}

#[test]
fn test_is_tracked() {
    python(|ctx| {
        let is_tracked = ctx.import_from("gc", "is_tracked")?;
        let untracked = [
            Value::None,
            Value::Int(1),
            Value::Float(1.0),
            Complex::new(ctx, 1.0, 5.0).into(),
            Value::Bool(true),
            Value::Bool(false),
            ctx.str("a"),
            Unicode::new(ctx, "a").into(),
            ByteArray::from_vec(ctx, b"a".to_vec()).into(),
            ctx.types().type_.into(),
            ctx.types().int.into(),
            ctx.types().object.into(),
            make(ctx, ctx.types().object)?,
        ];
        for object in untracked {
            assert!(!is_tracked.call(ctx, (object,))?.truth(ctx)?, "{object:?}");
        }
        let (old, new) = (plain_classic(ctx, "OldStyle", &[]), plain(ctx, "NewStyle", &[]));
        let tracked = [
            ctx.import("gc")?,
            old.into(),
            make(ctx, old)?,
            new.into(),
            make(ctx, new)?,
            list(ctx, &[]),
            Set::new(ctx).into(),
        ];
        for object in tracked {
            assert!(is_tracked.call(ctx, (object,))?.truth(ctx)?, "{object:?}");
        }
        Ok(())
    });
}
