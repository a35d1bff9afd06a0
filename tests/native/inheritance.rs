//! Base classes: native ones, and classes of Python derived from native ones.

use halfsour::pickle::{self, Pickler};
use halfsour::{Class, NativeClass, Value, native_methods, value};

use super::classes::both;

#[derive(NativeClass, Debug, Default, PartialEq)]
#[class(module = "larder", methods, pickle)]
struct Vessel {
    litres: f64,
}

#[native_methods]
impl Vessel {
    fn fill(&mut self, litres: f64) -> f64 {
        self.litres += litres;
        self.litres
    }
}

#[derive(NativeClass, Debug, PartialEq)]
#[class(module = "larder", methods, pickle)]
struct Barrel {
    #[class(base)]
    vessel: Vessel,
    wood: String,
}

#[native_methods]
impl Barrel {
    #[new]
    fn new(wood: String) -> Self {
        Barrel { vessel: Vessel::default(), wood }
    }
}

#[test]
fn methods_of_the_base_work_on_its_part() {
    both(|ctx| {
        let barrel = Value::from(ctx.class_of::<Barrel>()?).call(ctx, ("oak",))?;
        assert!(barrel.is_instance(ctx, ctx.class_of::<Vessel>()?)?);
        barrel.call_method(ctx, "fill", (40.0,))?;
        assert!(barrel.get_attr(ctx, "litres")?.equals(ctx, Value::Float(40.0))?);
        assert_eq!(barrel.native::<Vessel>(ctx)?.litres, 40.0);
        assert_eq!(barrel.native::<Barrel>(ctx)?.wood, "oak");
        Ok(())
    });
}

#[test]
fn the_state_has_the_fields_of_the_base() {
    both(|ctx| {
        let barrel = Value::from(ctx.class_of::<Barrel>()?).call(ctx, ("oak",))?;
        barrel.call_method(ctx, "fill", (40.0,))?;
        for protocol in 0..=2 {
            let bytes = Pickler::new().protocol(protocol).dumps(ctx, barrel)?;
            let copy = pickle::loads(ctx, &bytes)?;
            assert_eq!(*copy.native::<Barrel>(ctx)?, *barrel.native::<Barrel>(ctx)?);
        }
        Ok(())
    });
}

#[test]
fn python_classes_derive_from_native_ones() {
    both(|ctx| {
        let tun =
            Class::builder(ctx, "Tun").base(ctx.class_of::<Barrel>()?).slots(&["seal", "__dict__"]);
        let tun = Value::from(tun.build()?);
        ctx.new_module("cellar")?.set(ctx, "Tun", tun)?;
        let Value::Class(class) = tun else { panic!("it is a class") };
        class.define(ctx, "__module__", "cellar")?;
        let made = tun.call(ctx, ("ash",))?;
        made.set_attr(ctx, "place", "left")?;
        made.set_attr(ctx, "seal", value!(ctx, ["wax"])?)?;
        made.call_method(ctx, "fill", (2.0,))?;
        for protocol in 0..=2 {
            let bytes = Pickler::new().protocol(protocol).dumps(ctx, made)?;
            let copy = pickle::loads(ctx, &bytes)?;
            assert!(copy.type_of(ctx).is(class));
            assert_eq!(copy.native::<Barrel>(ctx)?.wood, "ash");
            assert_eq!(copy.native::<Vessel>(ctx)?.litres, 2.0);
            assert_eq!(copy.get_attr(ctx, "place")?.to::<String>(ctx)?, "left");
            assert_eq!(copy.get_attr(ctx, "seal")?.len(ctx)?, 1);
        }
        Ok(())
    });
}
