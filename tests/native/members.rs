//! Enums.

use halfsour::pickle::{self, Pickler};
use halfsour::{NativeClass, Value, exc, native_methods};

use super::classes::{both, python3, shown};

#[derive(NativeClass, Clone, Copy, Debug, PartialEq)]
#[class(module = "larder", methods, pickle, value)]
enum Colour {
    Red = 3,
    #[class(name = "GREEN", value = "green")]
    Green,
}

#[native_methods]
impl Colour {
    fn is_red(&self) -> bool {
        *self == Colour::Red
    }
}

#[derive(NativeClass, Debug, PartialEq)]
#[class(module = "larder", new, pickle)]
struct Lid {
    colour: Colour,
}

#[test]
fn members_are_one_object_each() {
    both(|ctx| {
        let class = Value::from(ctx.class_of::<Colour>()?);
        let red = class.get_attr(ctx, "Red")?;
        assert!(class.call(ctx, (3,))?.is(red));
        assert!(Colour::Red.into_object(ctx)?.is(red));
        assert!(class.call(ctx, ("green",))?.is(class.get_attr(ctx, "GREEN")?));
        assert_eq!(shown(ctx, red)?, "<Colour.Red: 3>");
        assert_eq!(class.get_attr(ctx, "GREEN")?.str(ctx)?.to::<String>(ctx)?, "Colour.GREEN");
        assert_eq!(red.get_attr(ctx, "name")?.to::<String>(ctx)?, "Red");
        assert!(red.call_method(ctx, "is_red", ())?.is(Value::Bool(true)));
        let unknown = class.call(ctx, (4,)).unwrap_err();
        assert!(unknown.is(ctx, &exc::VALUE_ERROR));
        assert_eq!(unknown.message(ctx), "4 is not a valid Colour");
        Ok(())
    });
}

#[test]
fn a_pickle_gives_the_member_itself() {
    both(|ctx| {
        ctx.class_of::<Colour>()?;
        for member in [Colour::Red, Colour::Green] {
            let object = member.into_object(ctx)?;
            for protocol in 0..=2 {
                let bytes = Pickler::new().protocol(protocol).dumps(ctx, object)?;
                assert!(pickle::loads(ctx, &bytes)?.is(object));
            }
            assert!(halfsour::copyreg::copy::deepcopy(ctx, object)?.is(object));
        }
        Ok(())
    });
}

#[test]
fn members_are_fields() {
    python3(|ctx| {
        let lid = Lid { colour: Colour::Green }.into_object(ctx)?;
        assert!(lid.get_attr(ctx, "colour")?.is(Colour::Green.into_object(ctx)?));
        lid.set_attr(ctx, "colour", Colour::Red.into_object(ctx)?)?;
        let copy = pickle::loads(ctx, &pickle::dumps(ctx, lid)?)?;
        assert_eq!(*copy.native::<Lid>(ctx)?, Lid { colour: Colour::Red });
        Ok(())
    });
}
