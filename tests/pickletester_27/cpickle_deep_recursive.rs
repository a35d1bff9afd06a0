//! Graphs with long ways through them.

use halfsour::{Context, Dict, Result, Value, exc};

use crate::assertions::assert_raises;
use crate::classes;
use crate::implementation::Implementation;
use crate::objects::list;
use crate::row::{Group, rows};

pub(crate) const GROUP: Group =
    Group { name: "cPickleDeepRecursive", rows: rows![test_issue2702, test_issue3179] };

/// Of 500 instances each refers to all others: the first way through them is too long.
fn test_issue2702<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let nodes: Vec<Value<'gc>> =
        (0..500).map(|_| classes::new(ctx, "Node")).collect::<Result<'gc, _>>()?;
    for node in &nodes {
        let others: Vec<_> = nodes.iter().copied().filter(|other| !other.is(*node)).collect();
        node.set_attr(ctx, "connections", list(ctx, &others))?;
    }
    let dumped = by.dumps(ctx, nodes[nodes.len() - 1], 0);
    assert_raises(ctx, &[&exc::RUNTIME_ERROR, &exc::ATTRIBUTE_ERROR], dumped, "500 nodes");
    Ok(())
}

/// Of many small dicts none is deep.
fn test_issue3179<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    let mut items = Vec::new();
    for number in 1..2000 {
        let dict = Dict::new(ctx);
        dict.insert(ctx, ctx.str("doc"), Value::Int(number))?;
        dict.insert(ctx, ctx.str("similar"), list(ctx, &[]))?;
        items.push(dict.into());
    }
    by.dumps(ctx, list(ctx, &items), 0).map(drop)
}
