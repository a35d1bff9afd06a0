//! An evaluator for the part of Python that the tests of built-in types are written in: each line of a table is code
//! and what CPython 2.7.18 gave for it. `tables/measure.py` writes the right-hand sides.

mod classes;
mod parse;

use halfsour_runtime::codecs::{Codec, Errors};
use halfsour_runtime::{
    Args, Bytes, Context, Dialect, Dict, Error, Function, List, Long, Result, Runtime, Set, Slice,
    Tuple, Unicode, Value, exc,
};
use parse::{Expression, Statement, parse};

/// What separates code from its outcome.
const ARROW: &str = "  -->  ";

/// Checks every line of a table measured on Python 2.7.
pub(crate) fn check(table: &str) {
    check_in(Runtime::python2(), table);
}

/// Checks every line of a table measured on Python 3.13.
pub(crate) fn check_python3(table: &str) {
    check_in(Runtime::python3(), table);
}

fn check_in(mut runtime: Runtime, table: &str) {
    let mut failures = Vec::new();
    let mut lines = 0;
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (code, expected) = line.split_once(ARROW).expect("a line is code --> outcome");
        let outcome = outcome_of(&mut runtime, code.trim());
        lines += 1;
        if outcome != expected {
            failures.push(format!("{code}\n    expected {expected}\n    but got  {outcome}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {lines} lines differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(lines > 0, "the table is empty");
}

/// Runs code in a namespace of its own and returns the repr of its last expression, or the exception.
pub(crate) fn outcome_of(runtime: &mut Runtime, code: &str) -> String {
    runtime.enter(|ctx| match run(ctx, code).and_then(|value| text_of(ctx, value)) {
        Ok(repr) => repr,
        Err(error) => {
            let class = match error.class(ctx) {
                Value::Class(class) => class.name(),
                other => other.type_name(ctx),
            };
            without_addresses(&format!("!! {class}: {}", error.message(ctx)))
        }
    })
}

fn text_of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, String> {
    let repr = value.repr(ctx)?.to::<String>(ctx)?;
    Ok(without_addresses(&repr))
}

/// Addresses differ from run to run.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(" at 0x..");
        shown.push_str(part.trim_start_matches(|it: char| it.is_ascii_hexdigit()));
    }
    shown
}

fn run<'gc>(ctx: Context<'gc>, code: &str) -> Result<'gc> {
    let names = Dict::new(ctx);
    classes::define(ctx, names)?;
    let mut last = Value::None;
    for statement in parse(code) {
        match statement {
            Statement::Evaluate(expression) => last = evaluate(ctx, names, &expression)?,
            Statement::Assign(target, expression) => {
                let value = evaluate(ctx, names, &expression)?;
                assign(ctx, names, &target, value)?;
            }
            Statement::Augment(operator, target, expression) => {
                let old = evaluate(ctx, names, &target)?;
                let operand = evaluate(ctx, names, &expression)?;
                let value = match call_special(ctx, old, in_place_name(operator), operand)? {
                    Value::NotImplemented => binary(ctx, operator, old, operand)?,
                    value => value,
                };
                assign(ctx, names, &target, value)?;
            }
            Statement::Delete(Expression::Item(object, key)) => {
                let object = evaluate(ctx, names, &object)?;
                let key = evaluate(ctx, names, &key)?;
                object.del_item(ctx, key)?;
            }
            Statement::Delete(other) => panic!("cannot delete {other:?}"),
        }
    }
    Ok(last)
}

fn assign<'gc>(
    ctx: Context<'gc>,
    names: Dict<'gc>,
    target: &Expression,
    value: Value<'gc>,
) -> Result<'gc, ()> {
    match target {
        Expression::Name(name) => names.insert(ctx, ctx.str(name), value),
        Expression::Attribute(object, name) => {
            evaluate(ctx, names, object)?.set_attr(ctx, name, value)
        }
        Expression::Item(object, key) => {
            let object = evaluate(ctx, names, object)?;
            let key = evaluate(ctx, names, key)?;
            object.set_item(ctx, key, value)
        }
        other => panic!("cannot assign to {other:?}"),
    }
}

fn evaluate_all<'gc>(
    ctx: Context<'gc>,
    names: Dict<'gc>,
    expressions: &[Expression],
) -> Result<'gc, Vec<Value<'gc>>> {
    expressions.iter().map(|expression| evaluate(ctx, names, expression)).collect()
}

fn evaluate<'gc>(ctx: Context<'gc>, names: Dict<'gc>, expression: &Expression) -> Result<'gc> {
    Ok(match expression {
        Expression::Int(text) => Value::int(ctx, number(text)),
        Expression::Long(text) => Long::new(ctx, number(text)).into(),
        Expression::Float(number) => Value::Float(*number),
        Expression::Plain(text) => match ctx.dialect() {
            Dialect::Python3 => return evaluate(ctx, names, &Expression::Text(text.clone())),
            _ => return evaluate(ctx, names, &Expression::Bytes(text.clone().into_bytes())),
        },
        Expression::Bytes(text) => {
            let bytes = halfsour_runtime::codecs::unescape_bytes(text, Errors::Strict);
            Bytes::from_vec(ctx, bytes.expect("a byte string's literal")).into()
        }
        Expression::Text(text) => {
            let codec = Codec::named("unicode_escape").expect("a codec");
            Unicode::decode(ctx, text.as_bytes(), codec, Errors::Strict)?.into()
        }
        Expression::Name(name) => named(ctx, names, name)?,
        Expression::List(items) => List::from_vec(ctx, evaluate_all(ctx, names, items)?).into(),
        Expression::Tuple(items) => Tuple::from_vec(ctx, evaluate_all(ctx, names, items)?).into(),
        Expression::Set(items) => Set::from_items(ctx, &evaluate_all(ctx, names, items)?)?.into(),
        Expression::Dict(pairs) => {
            let dict = Dict::new(ctx);
            for (key, value) in pairs {
                dict.insert(ctx, evaluate(ctx, names, key)?, evaluate(ctx, names, value)?)?;
            }
            dict.into()
        }
        Expression::Lambda(lambda) => {
            let lambda = lambda.clone();
            Function::capturing(ctx, "<lambda>", names, move |ctx, names, args| {
                call_lambda(ctx, names, &lambda, &args)
            })
            .into()
        }
        Expression::Attribute(object, name) => evaluate(ctx, names, object)?.get_attr(ctx, name)?,
        Expression::Item(object, key) => {
            let object = evaluate(ctx, names, object)?;
            object.get_item(ctx, evaluate(ctx, names, key)?)?
        }
        Expression::Slice(parts) => {
            let [start, stop, step] = &**parts;
            let part = |part: &Option<Expression>| match part {
                Some(part) => evaluate(ctx, names, part),
                None => Ok(Value::None),
            };
            Slice::new(ctx, part(start)?, part(stop)?, part(step)?).into()
        }
        Expression::Call(function, positional, keywords) => {
            let function = evaluate(ctx, names, function)?;
            let mut args = Args::new(&evaluate_all(ctx, names, positional)?);
            for (name, value) in keywords {
                args = args.keyword(ctx, name, evaluate(ctx, names, value)?);
            }
            function.call(ctx, args)?
        }
        Expression::Negative(operand) => match evaluate(ctx, names, operand)? {
            Value::Float(number) => Value::Float(-number),
            number @ Value::Long(_) => {
                Long::new(ctx, -number.to::<num_bigint::BigInt>(ctx)?).into()
            }
            number => Value::int(ctx, -number.to::<num_bigint::BigInt>(ctx)?),
        },
        Expression::Binary(operator, left, right) => {
            let left = evaluate(ctx, names, left)?;
            binary(ctx, operator, left, evaluate(ctx, names, right)?)?
        }
    })
}

fn number(text: &str) -> num_bigint::BigInt {
    match text.strip_prefix("0x") {
        Some(digits) => num_bigint::BigInt::parse_bytes(digits.as_bytes(), 16),
        None => text.parse().ok(),
    }
    .expect("an int")
}

fn named<'gc>(ctx: Context<'gc>, names: Dict<'gc>, name: &str) -> Result<'gc> {
    match name {
        "None" => return Ok(Value::None),
        "True" => return Ok(Value::Bool(true)),
        "False" => return Ok(Value::Bool(false)),
        _ => {}
    }
    match names.get(ctx, ctx.str(name))? {
        Some(found) => Ok(found),
        None => match ctx.import(ctx.dialect().builtins_module())?.find_attr(ctx, name)? {
            Some(found) => Ok(found),
            None => ctx.import(name),
        },
    }
}

fn call_lambda<'gc>(
    ctx: Context<'gc>,
    names: Value<'gc>,
    lambda: &parse::Lambda,
    args: &Args<'gc>,
) -> Result<'gc> {
    let names = names.to::<Dict<'_>>(ctx)?.shallow_copy(ctx);
    for (at, parameter) in lambda.parameters.iter().enumerate() {
        if let Some(rest) = parameter.strip_prefix('*') {
            let given = args.positional().get(at..).unwrap_or_default();
            names.insert(ctx, ctx.str(rest), Tuple::new(ctx, given).into())?;
        } else {
            let given = args.positional().get(at).copied();
            let given = given.ok_or_else(|| Error::new(&exc::TYPE_ERROR, "too few arguments"))?;
            names.insert(ctx, ctx.str(parameter), given)?;
        }
    }
    evaluate(ctx, names, &lambda.body)
}

fn binary<'gc>(
    ctx: Context<'gc>,
    operator: &str,
    left: Value<'gc>,
    right: Value<'gc>,
) -> Result<'gc> {
    use halfsour_runtime::Operator;
    let compare = |operator| left.rich_compare(ctx, right, operator);
    match operator {
        "is" => return Ok(Value::Bool(left.is(right))),
        "is not" => return Ok(Value::Bool(!left.is(right))),
        "in" => return right.contains(ctx, left).map(Value::Bool),
        "not in" => return right.contains(ctx, left).map(|found| Value::Bool(!found)),
        "==" => return compare(Operator::Equal),
        "!=" => return compare(Operator::NotEqual),
        "<" => return compare(Operator::Less),
        "<=" => return compare(Operator::LessEqual),
        ">" => return compare(Operator::Greater),
        ">=" => return compare(Operator::GreaterEqual),
        _ => {}
    }
    let name = match operator {
        "+" => "add",
        "-" => "sub",
        "*" => "mul",
        "%" => "mod",
        "|" => "or",
        "&" => "and",
        _ => "xor",
    };
    let made = call_special(ctx, left, &format!("__{name}__"), right)?;
    if !matches!(made, Value::NotImplemented) {
        return Ok(made);
    }
    let made = call_special(ctx, right, &format!("__r{name}__"), left)?;
    if !matches!(made, Value::NotImplemented) {
        return Ok(made);
    }
    let (left, right) = (left.type_name(ctx), right.type_name(ctx));
    let message = format!("unsupported operand type(s) for {operator}: '{left}' and '{right}'");
    Err(Error::new(&exc::TYPE_ERROR, message))
}

fn in_place_name(operator: &str) -> &'static str {
    match operator {
        "+" => "__iadd__",
        "*" => "__imul__",
        "|" => "__ior__",
        "&" => "__iand__",
        "-" => "__isub__",
        _ => "__ixor__",
    }
}

fn call_special<'gc>(
    ctx: Context<'gc>,
    object: Value<'gc>,
    name: &str,
    operand: Value<'gc>,
) -> Result<'gc> {
    match object.special(ctx, ctx.intern(name))? {
        Some(hook) => hook.call(ctx, (operand,)),
        None => Ok(Value::NotImplemented),
    }
}
