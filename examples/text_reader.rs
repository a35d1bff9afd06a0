//! A reader of a text file, saved in the middle of the file by one process and taken up at that line by another.
//!
//! The documentation's `TextReader`. An open file cannot be pickled, so `__getstate__` leaves it out of the state, and
//! `__setstate__` opens it again and moves to the line. The example runs itself twice, as `text_reader save FOLDER` and as
//! `text_reader resume FOLDER`.

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use halfsour::pickle::{dumps, loads};
use halfsour::{ClassicClass, Context, IntoValue, Result, Runtime, Value};

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["save", folder] => save(Path::new(folder)),
        ["resume", folder] => resume(Path::new(folder)),
        _ => both(),
    }
}

fn both() -> std::result::Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("text_reader-{}", std::process::id()));
    fs::create_dir(&folder)?;
    fs::write(folder.join("hello.txt"), "Hello world!\nI am line number two.\nAnd I the third.\n")?;
    for what in ["save", "resume"] {
        let status = Command::new(std::env::current_exe()?).arg(what).arg(&folder).status()?;
        if !status.success() {
            return Err(format!("{what}: {status}").into());
        }
    }
    Ok(fs::remove_dir_all(&folder)?)
}

fn save(folder: &Path) -> std::result::Result<(), Box<dyn Error>> {
    println!("One process reads a line and saves the reader:");
    let hello = folder.join("hello.txt").display().to_string();
    let bytes = Runtime::python2().try_enter(|ctx| {
        let reader = define_text_reader(ctx)?.call(ctx, (hello,))?;
        show_line(ctx, reader)?;
        dumps(ctx, reader)
    })?;
    Ok(fs::write(folder.join("reader.pkl"), bytes)?)
}

fn resume(folder: &Path) -> std::result::Result<(), Box<dyn Error>> {
    println!("Another loads it and reads on:");
    let bytes = fs::read(folder.join("reader.pkl"))?;
    Runtime::python2().try_enter(|ctx| {
        define_text_reader(ctx)?;
        let reader = loads(ctx, &bytes)?;
        show_line(ctx, reader)?;
        show_line(ctx, reader)
    })?;
    Ok(())
}

fn show_line<'gc>(ctx: Context<'gc>, reader: Value<'gc>) -> Result<'gc, ()> {
    println!("  {}", reader.call_method(ctx, "readline", ())?.to::<String>(ctx)?);
    Ok(())
}

/// Puts the class into `__main__`, as a script would.
fn define_text_reader(ctx: Context<'_>) -> Result<'_> {
    let class = ClassicClass::builder(ctx, "TextReader")
        .method("__init__", |ctx, this, args| {
            let (file,): (String,) = args.parse(ctx, "__init__")?;
            this.set_attr(ctx, "fh", open(ctx, &file)?)?;
            this.set_attr(ctx, "file", file)?;
            this.set_attr(ctx, "lineno", 0)?;
            Ok(Value::None)
        })
        .method("readline", |ctx, this, _| {
            let lineno = this.get_attr(ctx, "lineno")?.to::<i64>(ctx)? + 1;
            this.set_attr(ctx, "lineno", lineno)?;
            let line: String =
                this.get_attr(ctx, "fh")?.call_method(ctx, "readline", ())?.to(ctx)?;
            Ok(format!("{lineno}: {}", line.trim_end_matches('\n')).into_value(ctx))
        })
        .method("__getstate__", |ctx, this, _| {
            let state = this.get_attr(ctx, "__dict__")?.call_method(ctx, "copy", ())?;
            state.del_item(ctx, "fh")?;
            Ok(state)
        })
        .method("__setstate__", |ctx, this, args| {
            let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
            let fh = open(ctx, &state.get_item(ctx, "file")?.to::<String>(ctx)?)?;
            for _ in 0..state.get_item(ctx, "lineno")?.to::<i64>(ctx)? {
                fh.call_method(ctx, "readline", ())?;
            }
            this.get_attr(ctx, "__dict__")?.call_method(ctx, "update", (state,))?;
            this.set_attr(ctx, "fh", fh)?;
            Ok(Value::None)
        })
        .build()?;
    ctx.new_module("__main__")?.class_named(ctx, class)?;
    Ok(class.into())
}

fn open<'gc>(ctx: Context<'gc>, path: &str) -> Result<'gc> {
    Ok(ctx.new_file(path, "r", File::open(path)?).into())
}
