//! Hash slots: the one of a key, and the nodes that have them.

use std::ops::RangeInclusive;

use redis::Value;

/// How many there are.
const SLOTS: u16 = 16_384;

/// Host and port of a node.
pub(super) type Node = (String, u16);

/// Returns the slot of the keys whose braces have something between them: its CRC-16 (XMODEM).
pub(super) fn slot_of(braced: &[u8]) -> u16 {
    let crc = braced.iter().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| match crc & 0x8000 {
            0 => crc << 1,
            _ => (crc << 1) ^ 0x1021,
        })
    });
    crc % SLOTS
}

/// Which node is the master of which slots.
#[derive(Debug, Default)]
pub(super) struct SlotMap(Vec<(RangeInclusive<u16>, Node)>);

impl SlotMap {
    /// Returns the map of a server that is no cluster: it has everything.
    pub(super) fn of_one(node: Node) -> Self {
        Self(vec![(0..=SLOTS - 1, node)])
    }

    /// Reads the answer to `CLUSTER SLOTS`; `None` if it is something else.
    ///
    /// A node that does not know its own address leaves it out: it is the one that was `asked`.
    pub(super) fn read(answer: &Value, asked: &Node) -> Option<Self> {
        let Value::Array(ranges) = answer else { return None };
        let ranges = ranges.iter().map(|range| {
            let Value::Array(range) = range else { return None };
            let [Value::Int(first), Value::Int(last), Value::Array(master), ..] = range.as_slice()
            else {
                return None;
            };
            let [host, Value::Int(port), ..] = master.as_slice() else { return None };
            let host = match host {
                Value::BulkString(host) if !host.is_empty() => {
                    String::from_utf8(host.clone()).ok()?
                }
                _ => asked.0.clone(),
            };
            let slots = u16::try_from(*first).ok()?..=u16::try_from(*last).ok()?;
            Some((slots, (host, u16::try_from(*port).ok()?)))
        });
        ranges.collect::<Option<_>>().map(Self)
    }

    /// Returns the master of a slot, if there is one.
    pub(super) fn node(&self, slot: u16) -> Option<&Node> {
        self.0.iter().find(|(slots, _)| slots.contains(&slot)).map(|(_, node)| node)
    }

    /// Returns every master.
    pub(super) fn nodes(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.0.iter().map(|(_, node)| node.clone()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::slot_of;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(slot_of(b"123456789"), 0x31C3);
        assert_eq!(slot_of(b"foo"), 12_182);
        assert_eq!(slot_of(b""), 0);
    }
}
