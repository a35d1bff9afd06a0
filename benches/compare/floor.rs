//! The floor: what a load and a dump take for someone who need not read, look up or decide anything.
//!
//! A load's is the same graph, built from a flat array of [`Step`]s directly through the runtime's API; a dump's the
//! same bytes, copied opcode by opcode. Both are made of a pickle at protocol 4.

use halfsour_pickle::{Opcode, tools};
use halfsour_runtime::{
    Bytes, Context, Dialect, Dict, Instance, List, Long, Result, Set, Tuple, Unicode, Value,
};
use num_bigint::BigInt;

use crate::child::{Outcome, answer_all};
use crate::job::{Job, Task};
use crate::ours;

/// The child.
pub(crate) fn serve(job: &Job, stream: &[u8]) -> Outcome {
    match job.task {
        Task::Load => {
            let optimized = tools::optimize(stream, Dialect::Python3)?;
            let steps = steps(&optimized)?;
            let mut runtime = ours::runtime(job.dialect)?;
            answer_all(job.task, || Ok(runtime.try_enter(|ctx| build(ctx, &steps).map(drop))?))
        }
        Task::Dump => {
            let operations = tools::genops(stream).collect::<std::result::Result<Vec<_>, _>>()?;
            let pieces: Vec<&[u8]> = operations.iter().map(|operation| operation.bytes).collect();
            answer_all(job.task, || {
                let mut bytes = Vec::new();
                pieces.iter().for_each(|piece| bytes.extend_from_slice(piece));
                Ok(bytes)
            })
        }
        Task::DeepCopy | Task::Hold => Err("there is no floor for that".into()),
    }
}

/// One step in the building of a graph, on a stack of values.
enum Step<'a> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Long(BigInt),
    Text(&'a str),
    Bytes(&'a [u8]),
    List,
    Dict,
    Set,
    /// The topmost values, as many.
    Tuple(usize),
    Extend(usize),
    /// The topmost keys and values, as many together.
    Update(usize),
    Add(usize),
    /// What a module has under a name.
    Global(&'a str, &'a str),
    /// An instance of a class without arguments.
    Bare,
    /// The state of an instance.
    State,
    Call,
    /// Remembers the topmost value.
    Keep,
    /// What was remembered under a number.
    Again(usize),
}

/// Turns a pickle without unused PUTs into steps.
fn steps(stream: &[u8]) -> Outcome<Vec<Step<'_>>> {
    let (mut steps, mut depth, mut marks) = (Vec::new(), 0, Vec::new());
    for operation in tools::genops(stream) {
        let operation = operation?;
        let data = operation.argument;
        let text = || std::str::from_utf8(data);
        let mut since_mark = || marks.pop().map(|mark| depth - mark).ok_or("no mark");
        // How many values it takes off the stack; all but some leave one.
        let (step, taken) = match operation.opcode {
            Opcode::PROTO | Opcode::FRAME => continue,
            Opcode::STOP => break,
            Opcode::MARK => {
                marks.push(depth);
                continue;
            }
            Opcode::NONE => (Step::None, 0),
            Opcode::NEWTRUE => (Step::Bool(true), 0),
            Opcode::NEWFALSE => (Step::Bool(false), 0),
            Opcode::BININT1 | Opcode::BININT2 | Opcode::BININT => {
                (Step::Int(small_int(operation.opcode, data)), 0)
            }
            Opcode::BINFLOAT => (Step::Float(f64::from_be_bytes(data.try_into()?)), 0),
            Opcode::LONG1 | Opcode::LONG4 => {
                let number = BigInt::from_signed_bytes_le(data);
                (i64::try_from(&number).map_or(Step::Long(number), Step::Int), 0)
            }
            Opcode::SHORT_BINUNICODE | Opcode::BINUNICODE | Opcode::BINUNICODE8 => {
                (Step::Text(text()?), 0)
            }
            Opcode::SHORT_BINBYTES | Opcode::BINBYTES | Opcode::BINBYTES8 => (Step::Bytes(data), 0),
            Opcode::EMPTY_LIST => (Step::List, 0),
            Opcode::EMPTY_DICT => (Step::Dict, 0),
            Opcode::EMPTY_SET => (Step::Set, 0),
            Opcode::EMPTY_TUPLE => (Step::Tuple(0), 0),
            Opcode::TUPLE1 => (Step::Tuple(1), 1),
            Opcode::TUPLE2 => (Step::Tuple(2), 2),
            Opcode::TUPLE3 => (Step::Tuple(3), 3),
            Opcode::TUPLE => since_mark().map(|count| (Step::Tuple(count), count))?,
            Opcode::APPEND => (Step::Extend(1), 2),
            Opcode::APPENDS => since_mark().map(|count| (Step::Extend(count), count + 1))?,
            Opcode::SETITEM => (Step::Update(2), 3),
            Opcode::SETITEMS => since_mark().map(|count| (Step::Update(count), count + 1))?,
            Opcode::ADDITEMS => since_mark().map(|count| (Step::Add(count), count + 1))?,
            Opcode::STACK_GLOBAL => {
                // Its names were pushed just before, or are fetched from the memo, which is all that is needed here.
                let names = (steps.pop(), steps.pop());
                let (Some(Step::Text(name)), Some(Step::Text(module))) = names else {
                    return Err("a name that was used before".into());
                };
                (Step::Global(module, name), 2)
            }
            Opcode::NEWOBJ => (Step::Bare, 2),
            Opcode::BUILD => (Step::State, 2),
            Opcode::REDUCE => (Step::Call, 2),
            Opcode::MEMOIZE => (Step::Keep, 1),
            Opcode::BINGET => (Step::Again(data[0].into()), 0),
            Opcode::LONG_BINGET => {
                (Step::Again(u32::from_le_bytes(data.try_into()?).try_into()?), 0)
            }
            other => return Err(format!("no step for {other:?}").into()),
        };
        depth = depth + 1 - taken;
        steps.push(step);
    }
    Ok(steps)
}

fn small_int(opcode: Opcode, data: &[u8]) -> i64 {
    let mut bytes = [0; 4];
    bytes[..data.len()].copy_from_slice(data);
    let number = u32::from_le_bytes(bytes);
    if opcode == Opcode::BININT { i64::from(number.cast_signed()) } else { i64::from(number) }
}

/// Builds the graph.
fn build<'gc>(ctx: Context<'gc>, steps: &[Step<'_>]) -> Result<'gc> {
    let (mut stack, mut kept): (Vec<Value<'gc>>, Vec<Value<'gc>>) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            Step::None => stack.push(Value::None),
            Step::Bool(truth) => stack.push(Value::Bool(*truth)),
            Step::Int(number) => stack.push(Value::Int(*number)),
            Step::Float(number) => stack.push(Value::Float(*number)),
            Step::Long(number) => stack.push(Long::new(ctx, number.clone()).into()),
            Step::Text(text) => stack.push(Unicode::new(ctx, text).into()),
            Step::Bytes(data) => stack.push(Bytes::new(ctx, data).into()),
            Step::List => stack.push(List::new(ctx).into()),
            Step::Dict => stack.push(Dict::new(ctx).into()),
            Step::Set => stack.push(Set::new(ctx).into()),
            Step::Tuple(count) => {
                let start = stack.len() - count;
                let tuple = Tuple::new(ctx, &stack[start..]);
                stack.truncate(start);
                stack.push(tuple.into());
            }
            Step::Extend(count) => {
                let start = stack.len() - count;
                let Value::List(list) = stack[start - 1] else { continue };
                list.extend(ctx, &stack[start..]);
                stack.truncate(start);
            }
            Step::Update(count) => {
                let start = stack.len() - count;
                let Value::Dict(dict) = stack[start - 1] else { continue };
                dict.reserve(ctx, count / 2);
                for pair in stack[start..].chunks_exact(2) {
                    dict.insert(ctx, pair[0], pair[1])?;
                }
                stack.truncate(start);
            }
            Step::Add(count) => {
                let start = stack.len() - count;
                let Value::Set(set) = stack[start - 1] else { continue };
                for item in &stack[start..] {
                    set.add(ctx, *item)?;
                }
                stack.truncate(start);
            }
            Step::Global(module, name) => {
                stack.push(ctx.import(module)?.get_attr(ctx, *name)?);
            }
            Step::Bare => {
                stack.pop();
                if let Some(top) = stack.last_mut()
                    && let Value::Class(class) = *top
                {
                    *top = Instance::bare(ctx, class).into();
                }
            }
            Step::State => {
                let state = stack.pop();
                let Some(&Value::Instance(instance)) = stack.last() else { continue };
                match state {
                    Some(Value::Dict(attributes)) => instance.set_dict(ctx, attributes),
                    Some(Value::Tuple(state)) => {
                        if let Some(Value::Dict(slots)) = state.as_slice().last() {
                            let slots: Vec<_> =
                                slots.entries().into_iter().map(|(_, value)| Some(value)).collect();
                            instance.set_slot_values(ctx, &slots);
                        }
                    }
                    _ => {}
                }
            }
            Step::Call => {
                let args = stack.pop();
                let (Some(top), Some(Value::Tuple(args))) = (stack.last_mut(), args) else {
                    continue;
                };
                *top = top.call(ctx, args.as_slice())?;
            }
            Step::Keep => kept.extend(stack.last().copied()),
            Step::Again(number) => stack.push(kept[*number]),
        }
    }
    Ok(stack.pop().unwrap_or(Value::None))
}
