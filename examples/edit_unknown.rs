//! Changes one field of an object whose class is not here, and writes it back.
//!
//! The class is `types.SimpleNamespace` of Python 3.13, which nobody has registered. Everything but the edit goes back
//! as it was, and CPython loads it.

use halfsour::pickle::{Missing, Opaque, Pickler, Unpickler};
use halfsour::{Runtime, Uncaught};

/// What CPython 3.13 writes for `[types.SimpleNamespace(title='Rye bread', grams=500), 'and butter']`.
const RECIPE: &[u8] = b"\x80\x04\x95U\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x05types\x94\x8c\x0fSimpleNamespace\
    \x94\x93\x94)R\x94}\x94(\x8c\x05title\x94\x8c\tRye bread\x94\x8c\x05grams\x94M\xf4\x01ub\x8c\nand butter\x94e.";

fn main() -> std::result::Result<(), Uncaught> {
    let mut runtime = Runtime::python3();
    let written = runtime.try_enter(|ctx| {
        let list = Unpickler::new().missing(Missing::Opaque).loads(ctx, RECIPE)?;
        let bread = list.get_item(ctx, 0)?;
        let class = Opaque::of(bread).map(|it| it.callable_name(ctx)).unwrap_or_default();
        println!(
            "a {class} with title {}",
            bread.get_attr(ctx, "title")?.repr(ctx)?.to::<String>(ctx)?
        );

        let pickler = Pickler::new().protocol(4);
        println!(
            "written again: {}",
            if pickler.dumps(ctx, list)? == RECIPE { "the same bytes" } else { "other bytes" }
        );

        bread.set_attr(ctx, "title", "Pumpernickel")?;
        bread.set_attr(ctx, "hours", 16)?;
        pickler.dumps(ctx, list)
    })?;
    let hexadecimal: String = written.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("edited, which CPython shows by");
    println!("  python3 -c 'import pickle; print(pickle.loads(bytes.fromhex(\"{hexadecimal}\")))'");
    Ok(())
}
