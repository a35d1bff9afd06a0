//! The classes of paths.

use halfsour_runtime::{Args, Class, ClassBuilder, Context, List, Operator, Result, Value};

use super::MODULE;
use super::flavour::{Flavour, Parsed};
use crate::support::{
    self, Kind, class_name, comparisons, content, given_class, make, one, reduced, repr, text,
    tuple, type_error, value_error,
};

/// A path; its values are the strings that it was made of, which is what is pickled.
#[derive(Clone, Copy, Debug)]
struct Path(Flavour);

/// The six classes, bases first.
pub(super) fn classes<'gc>(ctx: Context<'gc>) -> Result<'gc, Vec<Class<'gc>>> {
    let pure = pure_path(ctx)?;
    let derived = |name: &str, bases: &[Class<'gc>]| {
        let mut builder = support::class(ctx, MODULE, name, Kind::Python).slots(&[]);
        for base in bases {
            builder = builder.base(*base);
        }
        builder.build()
    };
    let posix = derived("PurePosixPath", &[pure])?;
    let windows = derived("PureWindowsPath", &[pure])?;
    let path = derived("Path", &[pure])?;
    let posix_path = derived("PosixPath", &[path, posix])?;
    // DIFFERENCE: CPython makes only paths of its own system; here both are mere text.
    let windows_path = derived("WindowsPath", &[path, windows])?;
    Ok(vec![pure, posix, windows, path, posix_path, windows_path])
}

/// Whose paths a class has: those of Windows say so among their bases.
fn flavour_of<'gc>(ctx: Context<'gc>, class: Class<'gc>) -> Flavour {
    let windows = format!("{MODULE}.PureWindowsPath");
    let is_windows = |base: &Value<'gc>| match base {
        Value::Class(base) => base.dotted_name(ctx) == windows,
        _ => false,
    };
    if class.mro().as_slice().iter().any(is_windows) { Flavour::Windows } else { Flavour::Posix }
}

fn pure_path<'gc>(ctx: Context<'gc>) -> Result<'gc, Class<'gc>> {
    let builder = support::class(ctx, MODULE, "PurePath", Kind::Python)
        .native()
        .slots(&["__weakref__"])
        .method("__new__", new)
        .method("__reduce__", |ctx, this, _| {
            let (_, raw) = own(ctx, this)?;
            Ok(reduced(ctx, this, &raw, &[]))
        })
        .method("__str__", |ctx, this, _| Ok(ctx.str(&shown(ctx, this)?)))
        .method("__fspath__", |ctx, this, _| this.str(ctx))
        .method("as_posix", |ctx, this, _| Ok(ctx.str(&shown(ctx, this)?.replace('\\', "/"))))
        .method("__repr__", |ctx, this, _| {
            let posix = this.call_method(ctx, "as_posix", ())?;
            Ok(ctx.str(&format!("{}({})", class_name(ctx, this), repr(ctx, posix)?)))
        })
        .method("__hash__", |ctx, this, _| {
            let (flavour, _) = own(ctx, this)?;
            Ok(Value::Int(ctx.str(&folded(flavour, &shown(ctx, this)?)).hash(ctx)?))
        });
    derived_paths(parts(comparisons(builder, compare))).build()
}

fn own<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, (Flavour, Vec<Value<'gc>>)> {
    let content =
        content::<Path>(this).ok_or_else(|| support::wrong_receiver(ctx, this, "PurePath"))?;
    let raw = (0..content.len()).filter_map(|at| content.get(at)).collect();
    Ok((content.data::<Path>()?.0, raw))
}

fn parsed<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Parsed> {
    let (flavour, raw) = own(ctx, this)?;
    let raw: Vec<String> = raw.into_iter().map(text).collect();
    Ok(flavour.parse(&raw))
}

fn shown<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, String> {
    Ok(own(ctx, this)?.0.text(&parsed(ctx, this)?))
}

/// Windows does not tell cases apart.
fn folded(flavour: Flavour, text: &str) -> String {
    match flavour {
        Flavour::Posix => text.to_owned(),
        Flavour::Windows => text.to_lowercase(),
    }
}

/// `PurePath` and `Path` stand for the class of this system's paths, which is POSIX here.
fn new<'gc>(ctx: Context<'gc>, class: Value<'gc>, args: Args<'gc>) -> Result<'gc> {
    let mut class = given_class(ctx, class)?;
    for (general, own) in [("PurePath", "PurePosixPath"), ("Path", "PosixPath")] {
        if Value::from(class).is(ctx.import_from(MODULE, general)?) {
            class = given_class(ctx, ctx.import_from(MODULE, own)?)?;
        }
    }
    let flavour = flavour_of(ctx, class);
    let raw = raw_paths(ctx, flavour, args.positional())?;
    Ok(make(ctx, class, Path(flavour), &raw))
}

fn raw_paths<'gc>(
    ctx: Context<'gc>,
    flavour: Flavour,
    args: &[Value<'gc>],
) -> Result<'gc, Vec<Value<'gc>>> {
    let mut raw = Vec::new();
    for arg in args {
        if let Some(path) = content::<Path>(*arg) {
            let from_windows = path.data::<Path>()?.0 == Flavour::Windows;
            for part in own(ctx, *arg)?.1 {
                let convert = from_windows && flavour == Flavour::Posix;
                raw.push(if convert { ctx.str(&text(part).replace('\\', "/")) } else { part });
            }
            continue;
        }
        let given = match arg.find_attr(ctx, "__fspath__")? {
            Some(convert) => convert.call(ctx, ())?,
            None => *arg,
        };
        if !matches!(given.content(), Value::Unicode(_)) {
            let found = class_name(ctx, given);
            return Err(type_error(format!(
                "argument should be a str or an os.PathLike object where __fspath__ returns a str, \
                 not '{found}'"
            )));
        }
        raw.push(given);
    }
    Ok(raw)
}

/// Another path of the object's class.
fn like<'gc>(ctx: Context<'gc>, this: Value<'gc>, path: &Parsed) -> Result<'gc> {
    let text = own(ctx, this)?.0.text(path);
    Value::from(this.type_of(ctx)).call(ctx, (text,))
}

fn compare<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    other: Value<'gc>,
    operator: Operator,
) -> Result<'gc> {
    if content::<Path>(other).is_none() || own(ctx, this)?.0 != own(ctx, other)?.0 {
        return Ok(Value::NotImplemented);
    }
    let key = |path: Value<'gc>| -> Result<'gc, Vec<String>> {
        let (flavour, _) = own(ctx, path)?;
        let parts = parsed(ctx, path)?.parts();
        Ok(parts.iter().map(|part| folded(flavour, part)).collect())
    };
    Ok(Value::Bool(operator.holds(key(this)?.cmp(&key(other)?))))
}

/// The name without its last suffix, and that suffix.
fn split_name(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && at + 1 < name.len() => name.split_at(at),
        _ => (name, ""),
    }
}

fn parts(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    let name = |path: &Parsed| path.names.last().cloned().unwrap_or_default();
    builder
        .property("parts", |ctx, this| {
            let parts = parsed(ctx, this)?.parts();
            let parts: Vec<Value<'_>> = parts.iter().map(|part| ctx.str(part)).collect();
            Ok(tuple(ctx, &parts))
        })
        .property("drive", |ctx, this| Ok(ctx.str(&parsed(ctx, this)?.drive)))
        .property("root", |ctx, this| Ok(ctx.str(&parsed(ctx, this)?.root)))
        .property("anchor", |ctx, this| Ok(ctx.str(&parsed(ctx, this)?.anchor())))
        .property("name", move |ctx, this| Ok(ctx.str(&name(&parsed(ctx, this)?))))
        .property("suffix", move |ctx, this| Ok(ctx.str(split_name(&name(&parsed(ctx, this)?)).1)))
        .property("stem", move |ctx, this| Ok(ctx.str(split_name(&name(&parsed(ctx, this)?)).0)))
        .property("suffixes", move |ctx, this| {
            let name = name(&parsed(ctx, this)?);
            let shown = if name.ends_with('.') { "" } else { name.trim_start_matches('.') };
            let suffixes = shown.split('.').skip(1).map(|part| ctx.str(&format!(".{part}")));
            Ok(List::from_vec(ctx, suffixes.collect()).into())
        })
        .method("is_absolute", |ctx, this, _| {
            let path = parsed(ctx, this)?;
            let has_drive = own(ctx, this)?.0 == Flavour::Posix || !path.drive.is_empty();
            Ok(Value::Bool(!path.root.is_empty() && has_drive))
        })
}

fn derived_paths(builder: ClassBuilder<'_>) -> ClassBuilder<'_> {
    builder
        .property("parent", |ctx, this| {
            let mut path = parsed(ctx, this)?;
            if path.names.pop().is_none() {
                return Ok(this);
            }
            like(ctx, this, &path)
        })
        .property("parents", |ctx, this| {
            let mut path = parsed(ctx, this)?;
            let mut parents = Vec::new();
            while path.names.pop().is_some() {
                parents.push(like(ctx, this, &path)?);
            }
            Ok(tuple(ctx, &parents))
        })
        .method("joinpath", |ctx, this, args| {
            let all: Vec<Value<'_>> =
                std::iter::once(this).chain(args.positional().iter().copied()).collect();
            Value::from(this.type_of(ctx)).call(ctx, all.as_slice())
        })
        .method("__truediv__", |ctx, this, args| {
            Value::from(this.type_of(ctx)).call(ctx, (this, one(&args, "__truediv__")?))
        })
        .method("with_name", |ctx, this, args| {
            let name = text(one(&args, "with_name")?);
            renamed(ctx, this, &name)
        })
        .method("with_suffix", |ctx, this, args| {
            let suffix = text(one(&args, "with_suffix")?);
            let name = parsed(ctx, this)?.names.last().cloned().unwrap_or_default();
            renamed(ctx, this, &format!("{}{suffix}", split_name(&name).0))
        })
        .method("relative_to", |ctx, this, args| {
            let base = one(&args, "relative_to")?;
            let base = Value::from(this.type_of(ctx)).call(ctx, (base,))?;
            let (path, above) = (parsed(ctx, this)?, parsed(ctx, base)?);
            let behind = path.names.strip_prefix(above.names.as_slice());
            match behind {
                Some(names) if path.anchor() == above.anchor() => {
                    like(ctx, this, &Parsed { names: names.to_vec(), ..Parsed::default() })
                }
                _ => {
                    let (path, above) = (shown(ctx, this)?, shown(ctx, base)?);
                    let problem = format!("'{path}' is not in the subpath of '{above}'");
                    Err(value_error(problem))
                }
            }
        })
}

fn renamed<'gc>(ctx: Context<'gc>, this: Value<'gc>, name: &str) -> Result<'gc> {
    let mut path = parsed(ctx, this)?;
    match path.names.last_mut() {
        Some(last) => name.clone_into(last),
        None => return Err(value_error(format!("{} has an empty name", repr(ctx, this)?))),
    }
    like(ctx, this, &path)
}
