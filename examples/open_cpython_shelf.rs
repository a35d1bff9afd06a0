//! A shelf that CPython 2.7 wrote: opened, looked into, upgraded and changed; CPython goes on with it.
//!
//! It was made by `shelve.Shelf(dumbdbm.open('cellar', 'n'))`. The class `cellar.Barrel` has moved since, to `larder`.

use std::error::Error;
use std::path::{Path, PathBuf};

use halfsour::shelve::{Flag, Shelf, which};
use halfsour::{ClassicClass, Context, Dialect, Result, Runtime, Value};

/// The file `cellar.dir`: where each value is in `cellar.dat`.
const INDEX: &str = "'barrel', (0, 44)\n'jars', (512, 26)\n'caf\\xc3\\xa9', (1024, 22)\n";

/// The values, each of which begins at a multiple of 512.
const VALUES: [&[u8]; 3] = [
    b"(icellar\nBarrel\np1\n(dp2\nS'litres'\np3\nI50\nsb.",
    b"(lp1\nI3\naI4\naS'dill'\np2\na.",
    b"(dp1\nS'open'\np2\nI01\ns.",
];

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("cellar-{}", std::process::id()));
    write_as_cpython(&path)?;
    let format = which(&path)?.ok_or("there is a database")?;
    println!("written by {}", format.module_name(Dialect::Python2));

    let mut shelf = Shelf::open(&path, Flag::Write)?;
    Runtime::python2().try_enter(|ctx| {
        define_larder(ctx)?;
        // What is in it, and what of that this program does not have.
        for global in shelf.globals(ctx)?.globals {
            println!("{} in {} value: {:?}", global.target, global.values, global.unresolved);
        }
        let moved = shelf.rename_globals(
            ctx,
            |module, name| (module == "cellar").then(|| ("larder".to_owned(), name.to_owned())),
            |_| {},
        )?;
        println!("renamed in {} of {} values", moved.changed, moved.values);

        let barrel = shelf.get_item(ctx, "barrel")?;
        barrel.set_attr(ctx, "litres", 40)?;
        shelf.set(ctx, "barrel", barrel)?;
        for key in shelf.keys(ctx)? {
            let value = shelf.get_item(ctx, &key)?;
            println!("{}: {}", key.escape_ascii(), value.repr(ctx)?.to::<String>(ctx)?);
        }
        shelf.close(ctx)
    })?;
    for file in files(&path).into_iter().chain([with(&path, ".bak")]) {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

fn write_as_cpython(path: &Path) -> std::io::Result<()> {
    let mut values = Vec::new();
    for value in VALUES {
        values.resize(values.len().next_multiple_of(512), 0);
        values.extend(value);
    }
    let [dat, dir] = files(path);
    std::fs::write(dat, values)?;
    std::fs::write(dir, INDEX)
}

fn files(path: &Path) -> [PathBuf; 2] {
    [".dat", ".dir"].map(|suffix| with(path, suffix))
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// ```python
/// class Barrel:
///     def __repr__(self):
///         return 'a barrel of %d litres' % self.litres
/// ```
fn define_larder(ctx: Context<'_>) -> Result<'_, ()> {
    let barrel = ClassicClass::builder(ctx, "Barrel")
        .module("larder")
        .method("__repr__", |ctx, this, _| {
            let litres: i64 = this.get_attr(ctx, "litres")?.to(ctx)?;
            Ok(ctx.str(&format!("a barrel of {litres} litres")))
        })
        .build()?;
    ctx.new_module("larder")?.class_named(ctx, Value::from(barrel))
}
