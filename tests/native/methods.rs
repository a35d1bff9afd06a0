//! `#[native_methods]`.

use halfsour::{Args, Class, Context, NativeClass, Result, Value, exc, native_methods, value};

use super::classes::{both, python3};

#[derive(NativeClass, Debug, PartialEq)]
#[class(module = "geometry", methods)]
struct Point {
    x: f64,
    y: f64,
}

#[native_methods]
impl Point {
    #[new]
    fn new(x: f64, y: Option<f64>) -> Self {
        Point { x, y: y.unwrap_or(x) }
    }

    fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }

    fn scale<'gc>(&mut self, ctx: Context<'gc>, factor: Value<'gc>) -> Result<'gc, ()> {
        let factor: f64 = factor.to(ctx)?;
        self.x *= factor;
        self.y *= factor;
        Ok(())
    }

    fn distance(&self, other: &Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    fn swap(&mut self, other: &mut Point) {
        std::mem::swap(self, other);
    }

    fn mirrored(&self) -> Self {
        Point { x: -self.x, y: -self.y }
    }

    fn origin() -> Self {
        Point { x: 0.0, y: 0.0 }
    }

    fn named(name: &str, scale: Option<i64>) -> String {
        format!("{name} x{}", scale.unwrap_or(1))
    }

    #[classmethod]
    fn unit<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Result<'gc, Value<'gc>> {
        Value::from(class).call(ctx, (1.0, 0.0))
    }

    #[getter]
    fn length(&self) -> f64 {
        self.norm()
    }

    #[setter]
    fn set_length(&mut self, length: f64) {
        let factor = length / self.norm();
        self.x *= factor;
        self.y *= factor;
    }

    #[name("__len__")]
    fn dimensions(&self) -> usize {
        2
    }

    fn count<'gc>(&self, args: Args<'gc>) -> usize {
        args.positional().len()
    }

    fn call_with_itself<'gc>(
        &mut self,
        ctx: Context<'gc>,
        function: Value<'gc>,
        this: Value<'gc>,
    ) -> Result<'gc, Value<'gc>> {
        function.call(ctx, (this,))
    }

    #[skip]
    fn inner<T: Into<f64>>(&self, scale: T) -> f64 {
        self.x * scale.into()
    }
}

fn point(ctx: Context<'_>, x: f64, y: f64) -> Result<'_> {
    Point { x, y }.into_object(ctx)
}

#[test]
fn the_receiver_decides_what_a_function_is() {
    both(|ctx| {
        let class = Value::from(ctx.class_of::<Point>()?);
        let made = class.call(ctx, (3.0, 4.0))?;
        assert!(made.call_method(ctx, "norm", ())?.equals(ctx, Value::Float(5.0))?);
        made.call_method(ctx, "scale", (2,))?;
        assert_eq!(*made.native::<Point>(ctx)?, Point { x: 6.0, y: 8.0 });
        let origin = class.call_method(ctx, "origin", ())?;
        assert_eq!(*origin.native::<Point>(ctx)?, Point { x: 0.0, y: 0.0 });
        assert_eq!(
            *made.call_method(ctx, "mirrored", ())?.native::<Point>(ctx)?,
            Point { x: -6.0, y: -8.0 }
        );
        let unit = class.call_method(ctx, "unit", ())?;
        assert_eq!(*unit.native::<Point>(ctx)?, Point { x: 1.0, y: 0.0 });
        assert_eq!(made.len(ctx)?, 2);
        assert!(made.get_attr(ctx, "inner").is_err());
        assert!((made.native::<Point>(ctx)?.inner(0.5_f32) - 3.0).abs() < 1e-9);
        assert!(made.call_method(ctx, "count", (1, 2, 3))?.equals(ctx, Value::Int(3))?);
        Ok(())
    });
}

#[test]
fn arguments_are_converted_borrowed_and_may_be_left_out() {
    python3(|ctx| {
        let class = Value::from(ctx.class_of::<Point>()?);
        assert_eq!(*class.call(ctx, (2.0,))?.native::<Point>(ctx)?, Point { x: 2.0, y: 2.0 });
        assert_eq!(class.call_method(ctx, "named", ("p",))?.to::<String>(ctx)?, "p x1");
        let by_name = Args::new(&[ctx.str("p")]).keyword(ctx, "scale", 3);
        assert_eq!(class.get_attr(ctx, "named")?.call(ctx, by_name)?.to::<String>(ctx)?, "p x3");
        let (a, b) = (point(ctx, 0.0, 0.0)?, point(ctx, 3.0, 4.0)?);
        assert!(a.call_method(ctx, "distance", (b,))?.equals(ctx, Value::Float(5.0))?);
        a.call_method(ctx, "swap", (b,))?;
        assert_eq!(*a.native::<Point>(ctx)?, Point { x: 3.0, y: 4.0 });
        for mistake in [
            class.call(ctx, ()),
            class.call(ctx, ("far",)),
            a.call_method(ctx, "distance", (1,)),
            a.call_method(ctx, "norm", (1,)),
            class.call_method(ctx, "named", (7,)),
        ] {
            assert!(mistake.unwrap_err().is(ctx, &exc::TYPE_ERROR));
        }
        Ok(())
    });
}

#[test]
fn getters_and_setters_are_attributes() {
    python3(|ctx| {
        let made = point(ctx, 3.0, 4.0)?;
        assert!(made.get_attr(ctx, "length")?.equals(ctx, Value::Float(5.0))?);
        made.set_attr(ctx, "length", 10.0)?;
        assert_eq!(*made.native::<Point>(ctx)?, Point { x: 6.0, y: 8.0 });
        Ok(())
    });
}

#[test]
fn a_value_in_use_is_a_runtime_error() {
    python3(|ctx| {
        let made = point(ctx, 3.0, 4.0)?;
        let norm = Value::from(ctx.class_of::<Point>()?).get_attr(ctx, "norm")?;
        let error = made.call_method(ctx, "call_with_itself", (norm, made)).unwrap_err();
        assert!(error.is(ctx, &exc::RUNTIME_ERROR));
        assert!(made.call_method(ctx, "swap", (made,)).unwrap_err().is(ctx, &exc::RUNTIME_ERROR));
        // It is free again.
        assert!(made.call_method(ctx, "norm", ())?.equals(ctx, Value::Float(5.0))?);
        Ok(())
    });
}

#[test]
fn what_cannot_be_pickled_says_so() {
    both(|ctx| {
        let made = value!(ctx, [point(ctx, 3.0, 4.0)?])?;
        for protocol in 0..=2 {
            let error =
                halfsour::pickle::Pickler::new().protocol(protocol).dumps(ctx, made).unwrap_err();
            assert!(error.message(ctx).contains("Point"), "{}", error.message(ctx));
        }
        Ok(())
    });
}
