//! What unreachable objects refer to one another: which of them are in a cycle, and in which order they go.

use gc_arena::Finalization;
use gc_arena::Gc;

use crate::address_table::AddressTable;
use crate::context::Context;
use crate::value::Value;

/// A part of the unreachable objects: the given ones, and all that these lead to.
pub(super) struct Garbage<'gc> {
    /// The given ones first.
    nodes: Vec<Value<'gc>>,
    n_given: usize,
    /// The positions of the nodes that each node refers to.
    edges: Vec<Vec<usize>>,
}

/// How the given objects go.
pub(super) struct Order<'gc> {
    /// Those in no cycle, and that no cycle of a given one leads to: who refers to another comes first.
    pub(super) free: Vec<Value<'gc>>,
    /// The others, likewise.
    pub(super) cyclic: Vec<Value<'gc>>,
}

impl<'gc> Garbage<'gc> {
    pub(super) fn new(fc: &Finalization<'gc>, ctx: Context<'gc>, given: Vec<Value<'gc>>) -> Self {
        let mut positions = AddressTable::new();
        let mut garbage = Self { nodes: Vec::new(), n_given: 0, edges: Vec::new() };
        for object in given {
            garbage.position(&mut positions, object);
        }
        garbage.n_given = garbage.nodes.len();
        let mut next = 0;
        while let Some(&object) = garbage.nodes.get(next) {
            let referents = object.referents(ctx).into_iter().filter(|it| is_dead(fc, *it));
            let edges = referents.map(|it| garbage.position(&mut positions, it)).collect();
            garbage.edges.push(edges);
            next += 1;
        }
        garbage
    }

    fn position(&mut self, positions: &mut AddressTable, object: Value<'gc>) -> usize {
        let address = object.addr().unwrap_or_default();
        if let Some(known) = positions.get(address) {
            return known as usize;
        }
        let position = self.nodes.len();
        positions.insert(address, position as u32);
        self.nodes.push(object);
        position
    }

    pub(super) fn order(&self) -> Order<'gc> {
        let mut held = vec![false; self.nodes.len()];
        let mut order = Order { free: Vec::new(), cyclic: Vec::new() };
        for component in self.components().iter().rev() {
            let given = component.iter().any(|&at| at < self.n_given);
            let is_held = component.iter().any(|&at| held[at]) || given && self.is_cycle(component);
            for &at in component {
                if is_held {
                    self.edges[at].iter().for_each(|&next| held[next] = true);
                }
                if at < self.n_given {
                    let list = if is_held { &mut order.cyclic } else { &mut order.free };
                    list.push(self.nodes[at]);
                }
            }
        }
        order
    }

    fn is_cycle(&self, component: &[usize]) -> bool {
        match *component {
            [at] => self.edges[at].contains(&at),
            _ => true,
        }
    }

    /// The strongly connected components (Tarjan's algorithm): what a component refers to comes before it.
    fn components(&self) -> Vec<Vec<usize>> {
        const UNSEEN: usize = usize::MAX;
        let n = self.nodes.len();
        let (mut seen, mut low, mut open) = (vec![UNSEEN; n], vec![0; n], vec![false; n]);
        let (mut n_seen, mut stack, mut found) = (0, Vec::new(), Vec::new());
        for start in 0..n {
            let mut path = if seen[start] == UNSEEN { vec![(start, 0)] } else { Vec::new() };
            while let Some((at, edge)) = path.last_mut() {
                let at = *at;
                if *edge == 0 {
                    (seen[at], low[at], open[at]) = (n_seen, n_seen, true);
                    n_seen += 1;
                    stack.push(at);
                }
                let next = self.edges[at].get(*edge).copied();
                *edge += 1;
                match next {
                    Some(next) if seen[next] == UNSEEN => path.push((next, 0)),
                    Some(next) if open[next] => low[at] = low[at].min(seen[next]),
                    Some(_) => {}
                    None => {
                        path.pop();
                        if let Some(&(before, _)) = path.last() {
                            low[before] = low[before].min(low[at]);
                        }
                        if low[at] == seen[at] {
                            let first = stack.iter().rposition(|&it| it == at).unwrap_or_default();
                            let component = stack.split_off(first);
                            component.iter().for_each(|&it| open[it] = false);
                            found.push(component);
                        }
                    }
                }
            }
        }
        found
    }
}

/// Whether the collector did not reach an object that refers to others.
fn is_dead<'gc>(fc: &Finalization<'gc>, object: Value<'gc>) -> bool {
    match object {
        Value::Tuple(it) => Gc::is_dead(fc, it.0),
        Value::List(it) => Gc::is_dead(fc, it.0),
        Value::Dict(it) => Gc::is_dead(fc, it.0),
        Value::Set(it) => Gc::is_dead(fc, it.0),
        Value::FrozenSet(it) => Gc::is_dead(fc, it.0),
        Value::Slice(it) => Gc::is_dead(fc, it.0),
        Value::Class(it) => Gc::is_dead(fc, it.0),
        Value::ClassicClass(it) => Gc::is_dead(fc, it.0),
        Value::Instance(it) => Gc::is_dead(fc, it.0),
        Value::ClassicInstance(it) => Gc::is_dead(fc, it.0),
        Value::Function(it) => Gc::is_dead(fc, it.0),
        Value::Builtin(it) => Gc::is_dead(fc, it.0),
        Value::Method(it) => Gc::is_dead(fc, it.0),
        Value::Module(it) => Gc::is_dead(fc, it.0),
        _ => false,
    }
}
