//! `namedtuple`: classes of tuples whose places have names.

use std::rc::Rc;

use halfsour_runtime::{
    Args, Class, ClassBuilder, Context, Dict, Error, Function, Instance, Module, Result, Tuple,
    Value, exc,
};

use crate::support::{
    self, class_name, given_class, python3, repr, text, tuple, type_error, value_error,
};

/// The names of the places, and what the last of them hold when nothing is given.
struct Fields {
    class: String,
    names: Vec<String>,
}

/// Returns a class as `collections.namedtuple(name, fields)` makes it, in the module of the name `module`.
///
/// # Errors
///
/// `ValueError` if a name cannot be used as one.
///
/// # Examples
///
/// ```
/// use halfsour_runtime::{Runtime, Value};
/// use halfsour_stdlib::collections::named_tuple;
///
/// let mut runtime = Runtime::python2();
/// runtime.try_enter(|ctx| {
///     halfsour_stdlib::install(ctx)?;
///     let kitchen = ctx.new_module("kitchen")?;
///     let jar = named_tuple(ctx, "kitchen", "Jar", &["label", "litres"])?;
///     kitchen.class_named(ctx, jar)?;
///     let dill = Value::from(jar).call(ctx, ("dill", 2))?;
///     assert_eq!(dill.repr(ctx)?.to::<String>(ctx)?, "Jar(label='dill', litres=2)");
///     assert_eq!(dill.get_attr(ctx, "litres")?.to::<i64>(ctx)?, 2);
///     Ok(())
/// })?;
/// # Ok::<(), halfsour_runtime::Uncaught>(())
/// ```
pub fn named_tuple<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    fields: &[&str],
) -> Result<'gc, Class<'gc>> {
    let names: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    check(ctx, name, &names)?;
    make(ctx, module, name, names, &[])
}

fn make<'gc>(
    ctx: Context<'gc>,
    module: &str,
    name: &str,
    names: Vec<String>,
    defaults: &[Value<'gc>],
) -> Result<'gc, Class<'gc>> {
    let interned: Vec<Value<'gc>> = names.iter().map(|name| ctx.intern(name).value()).collect();
    let fields = Rc::new(Fields { class: name.to_owned(), names });
    let default_values = Dict::new(ctx);
    let with_defaults = fields.names.iter().rev().zip(defaults.iter().rev());
    for (field, default) in with_defaults.collect::<Vec<_>>().into_iter().rev() {
        default_values.insert_name(ctx, ctx.intern(field), *default)?;
    }
    let builder = support::python_class(ctx, module, name)
        .base(ctx.types().tuple)
        .slots(&[])
        .attr("__doc__", format!("{name}({})", fields.names.join(", ")))
        .attr("_fields", tuple(ctx, &interned))
        .attr("__new__", constructor(ctx, &fields, default_values));
    let builder = methods(builder, &fields);
    let mut builder = if python3(ctx) {
        builder
            .attr("_field_defaults", default_values)
            .attr("__match_args__", tuple(ctx, &interned))
    } else {
        parts_of_python2(builder, &fields)
    };
    for (index, field) in fields.names.iter().enumerate() {
        let get = Function::new(ctx, field, move |ctx, args| {
            let this = args.positional().first().copied().unwrap_or(Value::None);
            let item = content(ctx, this)?.as_slice().get(index).copied();
            item.ok_or_else(|| Error::new(&exc::INDEX_ERROR, "tuple index out of range"))
        });
        let property = Value::property(ctx, get.into(), Value::None, Value::None);
        builder = builder.attr(field, property);
    }
    builder.build()
}

/// `__new__`, which refers to the defaults.
fn constructor<'gc>(ctx: Context<'gc>, fields: &Rc<Fields>, defaults: Dict<'gc>) -> Value<'gc> {
    let fields = fields.clone();
    let new = Function::capturing(ctx, "__new__", defaults, move |ctx, defaults, mut args| {
        let class = args.take_first().unwrap_or(Value::None);
        let items = bound(ctx, &fields, &args, defaults)?;
        let class = given_class(ctx, class)?;
        Ok(Instance::with_content(ctx, class, tuple(ctx, &items)).into())
    });
    Value::staticmethod(ctx, new.into())
}

/// The items from positional and keyword arguments and defaults.
fn bound<'gc>(
    ctx: Context<'gc>,
    fields: &Fields,
    args: &Args<'gc>,
    defaults: Value<'gc>,
) -> Result<'gc, Vec<Value<'gc>>> {
    let (names, given) = (&fields.names, args.positional());
    let name = if python3(ctx) { format!("{}.__new__", fields.class) } else { "__new__".into() };
    if given.len() > names.len() {
        return Err(type_error(wrong_number(ctx, &name, names.len(), given.len())));
    }
    let mut items: Vec<Option<Value<'gc>>> = given.iter().copied().map(Some).collect();
    items.resize(names.len(), None);
    for (keyword, value) in args.keywords() {
        let keyword = keyword.to_string_lossy();
        let place = names.iter().position(|name| *name == keyword);
        let Some(place) = place.and_then(|place| items.get_mut(place)) else {
            let message = format!("{name}() got an unexpected keyword argument '{keyword}'");
            return Err(type_error(message));
        };
        if place.replace(*value).is_some() {
            let kind = if python3(ctx) { "argument" } else { "keyword argument" };
            let message = format!("{name}() got multiple values for {kind} '{keyword}'");
            return Err(type_error(message));
        }
    }
    let mut missing = Vec::new();
    for (field, item) in names.iter().zip(&mut items) {
        let default = defaults.as_dict().and_then(|it| it.get_name(ctx, ctx.intern(field)));
        *item = item.or(default);
        if item.is_none() {
            missing.push(format!("'{field}'"));
        }
    }
    if missing.is_empty() {
        return Ok(items.into_iter().flatten().collect());
    }
    Err(type_error(if python3(ctx) {
        missing_arguments(&name, &missing)
    } else {
        wrong_number(ctx, &name, names.len(), given.len() + args.keywords().len())
    }))
}

fn wrong_number(ctx: Context<'_>, name: &str, expected: usize, given: usize) -> String {
    let (expected, given) = (expected + 1, given + 1);
    let plural = if expected == 1 { "" } else { "s" };
    if python3(ctx) {
        return format!(
            "{name}() takes {expected} positional argument{plural} but {given} were given"
        );
    }
    format!("{name}() takes exactly {expected} argument{plural} ({given} given)")
}

fn missing_arguments(name: &str, missing: &[String]) -> String {
    let listed = match missing {
        [one] => return format!("{name}() missing 1 required positional argument: {one}"),
        [one, other] => format!("{one} and {other}"),
        many => match many.split_last() {
            Some((last, others)) => format!("{}, and {last}", others.join(", ")),
            None => String::new(),
        },
    };
    format!("{name}() missing {} required positional arguments: {listed}", missing.len())
}

fn content<'gc>(ctx: Context<'gc>, this: Value<'gc>) -> Result<'gc, Tuple<'gc>> {
    this.as_tuple().ok_or_else(|| support::wrong_receiver(ctx, this, "tuple"))
}

fn methods<'gc>(builder: ClassBuilder<'gc>, fields: &Rc<Fields>) -> ClassBuilder<'gc> {
    let (shown, mapped, replaced) = (fields.clone(), fields.clone(), fields.clone());
    let made = fields.names.len();
    let builder = builder
        .method("__repr__", move |ctx, this, _| {
            let items = content(ctx, this)?.as_slice().iter();
            let parts = shown
                .names
                .iter()
                .zip(items)
                .map(|(name, item)| Ok(format!("{name}={}", repr(ctx, *item)?)));
            let parts = parts.collect::<Result<'_, Vec<_>>>()?.join(", ");
            Ok(ctx.str(&format!("{}({parts})", class_name(ctx, this))))
        })
        .method("__getnewargs__", |ctx, this, _| Ok(tuple(ctx, content(ctx, this)?.as_slice())))
        .method("_asdict", move |ctx, this, _| as_dict(ctx, this, &mapped))
        .method("_replace", move |ctx, this, args| replace(ctx, this, &args, &replaced));
    builder.class_method("_make", move |ctx, class, args| {
        let (items,): (Value<'_>,) = args.parse(ctx, "_make")?;
        let items = items.iter(ctx)?.collect_vec(ctx)?;
        if items.len() != made {
            return Err(type_error(format!("Expected {made} arguments, got {}", items.len())));
        }
        Ok(Instance::with_content(ctx, given_class(ctx, class)?, tuple(ctx, &items)).into())
    })
}

/// An OrderedDict in 2.7, a dict in Python 3.
fn as_dict<'gc>(ctx: Context<'gc>, this: Value<'gc>, fields: &Fields) -> Result<'gc> {
    let made = if python3(ctx) {
        Dict::new(ctx).into()
    } else {
        ctx.import_from(super::MODULE, "OrderedDict")?.call(ctx, ())?
    };
    for (field, item) in fields.names.iter().zip(content(ctx, this)?.as_slice()) {
        made.set_item(ctx, ctx.intern(field).value(), *item)?;
    }
    Ok(made)
}

fn replace<'gc>(
    ctx: Context<'gc>,
    this: Value<'gc>,
    args: &Args<'gc>,
    fields: &Fields,
) -> Result<'gc> {
    let mut items = content(ctx, this)?.as_slice().to_vec();
    let mut unknown = Vec::new();
    for (keyword, value) in args.keywords() {
        let keyword_text = keyword.to_string_lossy();
        let place = fields.names.iter().position(|name| *name == keyword_text);
        match place.and_then(|place| items.get_mut(place)) {
            Some(item) => *item = *value,
            None => unknown.push(repr(ctx, keyword.value())?),
        }
    }
    if !unknown.is_empty() {
        let class = ctx.dialect().pick(&exc::VALUE_ERROR, &exc::TYPE_ERROR);
        let message = format!("Got unexpected field names: [{}]", unknown.join(", "));
        return Err(Error::new(class, message));
    }
    Value::from(this.type_of(ctx)).call_method(ctx, "_make", (tuple(ctx, &items),))
}

/// 2.7's `__dict__` is a property, and its `__getstate__` keeps the dict of a subclass out of pickles.
fn parts_of_python2<'gc>(builder: ClassBuilder<'gc>, fields: &Rc<Fields>) -> ClassBuilder<'gc> {
    let fields = fields.clone();
    builder
        .method("__getstate__", |_, _, _| Ok(Value::None))
        .property("__dict__", move |ctx, this| as_dict(ctx, this, &fields))
}

/// Words that no name can be; those of one dialect only are told apart below.
const KEYWORDS: [&str; 30] = [
    "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "not", "or", "pass",
    "raise", "return", "try", "while", "with", "yield", "None",
];
const KEYWORDS_OF_2: [&str; 2] = ["exec", "print"];
const KEYWORDS_OF_3: [&str; 5] = ["False", "True", "async", "await", "nonlocal"];

fn is_keyword(ctx: Context<'_>, name: &str) -> bool {
    let own = if python3(ctx) { &KEYWORDS_OF_3[..] } else { &KEYWORDS_OF_2[..] };
    own.contains(&name) || KEYWORDS.contains(&name) && (python3(ctx) || name != "None")
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Refuses names that Python could not write.
fn check<'gc>(ctx: Context<'gc>, class: &str, names: &[String]) -> Result<'gc, ()> {
    for name in std::iter::once(class).chain(names.iter().map(String::as_str)) {
        let shown = repr(ctx, ctx.str(name))?;
        let starts_with_digit = name.starts_with(|c: char| c.is_ascii_digit());
        let problem = match python3(ctx) {
            true if !is_word(name) || starts_with_digit => {
                "Type names and field names must be valid identifiers"
            }
            false if !is_word(name) || !name.is_ascii() => {
                "Type names and field names can only contain alphanumeric characters and underscores"
            }
            _ if is_keyword(ctx, name) => "Type names and field names cannot be a keyword",
            false if starts_with_digit => "Type names and field names cannot start with a number",
            _ => continue,
        };
        return Err(value_error(format!("{problem}: {shown}")));
    }
    for (at, name) in names.iter().enumerate() {
        let shown = repr(ctx, ctx.str(name))?;
        if name.starts_with('_') {
            let problem = "Field names cannot start with an underscore";
            return Err(value_error(format!("{problem}: {shown}")));
        }
        if names.get(..at).is_some_and(|before| before.contains(name)) {
            return Err(value_error(format!("Encountered duplicate field name: {shown}")));
        }
    }
    Ok(())
}

pub(super) fn fill<'gc>(ctx: Context<'gc>, module: Module<'gc>) -> Result<'gc, ()> {
    module.function(ctx, "namedtuple", from_python).map(|_| ())
}

/// `namedtuple(typename, field_names, ...)`. A caller in Rust has no module of its own; `module` names one, and
/// `__main__` stands for none.
fn from_python<'gc>(ctx: Context<'gc>, args: Args<'gc>) -> Result<'gc> {
    let [name, fields, rename, defaults, module] = if python3(ctx) {
        args.bind("namedtuple", ["typename", "field_names", "rename", "defaults", "module"], 2)?
    } else {
        let parameters = ["typename", "field_names", "verbose", "rename"];
        let [name, fields, _, rename] = args.bind("namedtuple", parameters, 2)?;
        [name, fields, rename, None, None]
    };
    let (name, fields) = (name.unwrap_or(Value::None), fields.unwrap_or(Value::None));
    let mut names: Vec<String> = match fields.content() {
        Value::Bytes(_) | Value::Unicode(_) => {
            text(fields).replace(',', " ").split_whitespace().map(str::to_owned).collect()
        }
        _ => {
            let fields = fields.iter(ctx)?.collect_vec(ctx)?;
            fields.into_iter().map(|field| support::shown(ctx, field)).collect::<Result<'_, _>>()?
        }
    };
    let name = support::shown(ctx, name)?;
    if rename.map_or(Ok(false), |rename| rename.truth(ctx))? {
        check(ctx, &name, &[])?;
        rename_unfit(ctx, &mut names);
    } else {
        check(ctx, &name, &names)?;
    }
    let defaults = match defaults.filter(|it| !it.is_none()) {
        Some(defaults) => defaults.iter(ctx)?.collect_vec(ctx)?,
        None => Vec::new(),
    };
    if defaults.len() > names.len() {
        return Err(type_error("Got more default values than field names"));
    }
    let module = module.filter(|it| !it.is_none()).map_or_else(|| "__main__".to_owned(), text);
    make(ctx, &module, &name, names, &defaults).map(Value::from)
}

fn rename_unfit(ctx: Context<'_>, names: &mut [String]) {
    for at in 0..names.len() {
        let (before, rest) = names.split_at_mut(at);
        let Some(name) = rest.first_mut() else { continue };
        let unfit = !is_word(name)
            || is_keyword(ctx, name)
            || name.starts_with(|c: char| c == '_' || c.is_ascii_digit())
            || before.contains(name);
        if unfit {
            *name = format!("_{at}");
        }
    }
}
