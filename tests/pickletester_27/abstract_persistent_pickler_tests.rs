//! Persistent ids by methods of subclasses.

use std::cell::Cell;
use std::rc::Rc;

use halfsour::{ClassicClass, ClassicClassBuilder, Context, Result, Value};

use crate::assertions::assert_equal;
use crate::implementation::{Implementation, bytes};
use crate::medium::Medium;
use crate::objects::{PROTOCOLS, list};
use crate::row::{Group, rows};

pub(crate) const GROUP: Group =
    Group { name: "AbstractPersistentPicklerTests", rows: rows![test_persistence] };

/// The text whose id is the empty string, which is not `None`.
const FALSE_VALUE: &str = "test_false_value";

/// How often each hook gave an id or an object, for numbers and for the text.
#[derive(Default)]
struct Counts {
    numbers: Cell<usize>,
    texts: Cell<usize>,
}

impl Counts {
    fn number(&self) {
        self.numbers.set(self.numbers.get() + 1);
    }

    fn text(&self) {
        self.texts.set(self.texts.get() + 1);
    }

    fn get(&self) -> (usize, usize) {
        (self.numbers.get(), self.texts.get())
    }
}

fn test_persistence<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let mut items: Vec<_> = (0..10).map(Value::Int).collect();
    items.push(ctx.str(FALSE_VALUE));
    let original = list(ctx, &items);
    for protocol in PROTOCOLS {
        let (saved, loaded) = (Rc::default(), Rc::default());
        let file = Medium::CStringIO.output(ctx)?;
        let pickler = Value::from(pickler(ctx, by, &saved)?).call(ctx, (file, protocol))?;
        pickler.call_method(ctx, "dump", (original,))?;
        let stream = bytes(ctx, file.call_method(ctx, "getvalue", ())?)?;

        let file = Medium::CStringIO.input(ctx, &stream)?;
        let unpickler = Value::from(unpickler(ctx, by, &loaded)?).call(ctx, (file,))?;
        assert_equal(ctx, unpickler.call_method(ctx, "load", ())?, original)?;
        assert_eq!((saved.get(), loaded.get()), ((5, 1), (5, 1)));
    }
    Ok(())
}

/// `class PersPickler(pickle.Pickler)`: even ints are objects outside of the pickle.
fn pickler<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    counts: &Rc<Counts>,
) -> Result<'gc, ClassicClass<'gc>> {
    let counts = counts.clone();
    derived(ctx, by, "PersPickler", "Pickler")?
        .method("persistent_id", move |ctx, _, args| {
            let (object,): (Value<'_>,) = args.parse(ctx, "persistent_id")?;
            if let Value::Int(number) = object
                && number % 2 == 0
            {
                counts.number();
                object.str(ctx)
            } else if object.equals(ctx, ctx.str(FALSE_VALUE))? {
                counts.text();
                Ok(ctx.str(""))
            } else {
                Ok(Value::None)
            }
        })
        .build()
}

/// `class PersUnpickler(pickle.Unpickler)`
fn unpickler<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    counts: &Rc<Counts>,
) -> Result<'gc, ClassicClass<'gc>> {
    let counts = counts.clone();
    derived(ctx, by, "PersUnpickler", "Unpickler")?
        .method("persistent_load", move |ctx, _, args| {
            let (id,): (Value<'_>,) = args.parse(ctx, "persistent_load")?;
            if !id.truth(ctx)? {
                counts.text();
                return Ok(ctx.str(FALSE_VALUE));
            }
            counts.number();
            let number = Value::from(ctx.types().int).call(ctx, (id,))?;
            assert_eq!(number.to::<i64>(ctx)? % 2, 0);
            Ok(number)
        })
        .build()
}

fn derived<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    name: &str,
    base: &str,
) -> Result<'gc, ClassicClassBuilder<'gc>> {
    let Value::ClassicClass(base) = by.module().get(ctx, base)? else {
        panic!("{base} is no classic class");
    };
    Ok(ClassicClass::builder(ctx, name).module("__main__").base(base))
}
