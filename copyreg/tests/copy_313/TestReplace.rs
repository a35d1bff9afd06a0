//! `copy.replace`.

use halfsour_runtime::{Args, Class, Dict, Function, List, Value, exc};

use crate::common::{assert_raises, shown};
use crate::python;

#[test]
fn test_unsupported() {
    python(|ctx| {
        let replace = ctx.import_from("copy", "replace")?;
        let class = Class::builder(ctx, "A").build()?;
        let cases = [
            (Value::Int(1), "int"),
            (List::new(ctx).into(), "list"),
            (Dict::new(ctx).into(), "dict"),
            (Function::new(ctx, "f", |_, _| Ok(Value::None)).into(), "function"),
            (class.into(), "type"),
            (Value::from(class).call(ctx, ())?, "A"),
        ];
        for (object, name) in cases {
            let message = assert_raises(ctx, &exc::TYPE_ERROR, replace.call(ctx, (object,)));
            assert_eq!(message, format!("replace() does not support {name} objects"));
        }
        Ok(())
    });
}

#[test]
fn test_replace_method() {
    python(|ctx| {
        let class = Class::builder(ctx, "A")
            .method("__init__", |ctx, this, args| {
                let (x, y): (i64, i64) = args.parse(ctx, "__init__")?;
                for (name, number) in [("x", x), ("y", y), ("z", x + y)] {
                    this.set_attr(ctx, name, number)?;
                }
                Ok(Value::None)
            })
            .method("__replace__", |ctx, this, args| {
                let [x, y] = args.bind("__replace__", ["x", "y"], 0)?;
                let x = x.map_or_else(|| this.get_attr(ctx, "x"), Ok)?;
                let y = y.map_or_else(|| this.get_attr(ctx, "y"), Ok)?;
                Value::from(this.type_of(ctx)).call(ctx, (x, y))
            })
            .build()?;
        let object = Value::from(class).call(ctx, (11, 22))?;
        let replace = ctx.import_from("copy", "replace")?;
        let plain = Args::new(&[object]);
        let cases = [
            (plain.clone(), (11, 22, 33)),
            (plain.clone().keyword(ctx, "x", 1), (1, 22, 23)),
            (plain.clone().keyword(ctx, "y", 2), (11, 2, 13)),
            (plain.keyword(ctx, "x", 1).keyword(ctx, "y", 2), (1, 2, 3)),
        ];
        for (args, expected) in cases {
            let made = replace.call(ctx, args)?;
            let found = (
                made.get_attr(ctx, "x")?.to::<i64>(ctx)?,
                made.get_attr(ctx, "y")?.to::<i64>(ctx)?,
                made.get_attr(ctx, "z")?.to::<i64>(ctx)?,
            );
            assert_eq!(found, expected, "{}", shown(ctx, made)?);
        }
        Ok(())
    });
}
