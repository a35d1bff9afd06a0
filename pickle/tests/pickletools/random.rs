//! Streams that no pickler would write, made of opcodes at random, so that most of them get far.
//!
//! `HALFSOUR_RANDOM_STREAMS` says how many, 2,000 by default; each is made from its own number, which a failure names.

use halfsour_pickle::tools::{self, Disassembler};
use halfsour_pickle::{Argument, Flavour, Opcode, StackItem};
use halfsour_runtime::{Dialect, Runtime};

use crate::load::check;
use crate::streams::Stream;

#[test]
fn tools_get_through_anything() {
    for stream in streams() {
        for dialect in [Dialect::Python2, Dialect::Python3] {
            Disassembler::new(dialect).lines(&stream.bytes).for_each(drop);
            let _ = tools::optimize(&stream.bytes, dialect);
        }
        let _ = tools::normalize(&stream.bytes);
        let _ = tools::globals_of_all(&stream.bytes);
    }
}

#[test]
fn loads_do_what_globals_lists() {
    let (mut python2, mut python3) = (Runtime::python2(), Runtime::python3());
    let mut loaded = 0;
    for stream in streams() {
        check(&mut python2, Flavour::Pickle, &stream);
        check(&mut python2, Flavour::CPickle, &stream);
        loaded += usize::from(check(&mut python3, Flavour::Python3, &stream));
    }
    println!("{loaded} random streams load in Python 3");
    assert!(loaded > 0);
}

fn streams() -> impl Iterator<Item = Stream> {
    let count = std::env::var("HALFSOUR_RANDOM_STREAMS").ok().and_then(|count| count.parse().ok());
    (0..count.unwrap_or(2000)).map(|seed| {
        let bytes =
            Maker { dice: Dice(seed), bytes: Vec::new(), depth: 0, marks: Vec::new() }.make();
        Stream { name: format!("random stream {seed}"), is_golden: false, loads: false, bytes }
    })
}

/// Numbers that look random: SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((number ^ (number >> 31)) % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())]
    }
}

/// A stream in the making.
struct Maker {
    dice: Dice,
    bytes: Vec<u8>,
    /// How many objects there should be above the topmost mark.
    depth: usize,
    /// How many objects there are below each mark and above the one before.
    marks: Vec<usize>,
}

const NAMES: [&str; 6] = ["os", "system", "copy_reg", "_reconstructor", "__newobj__", "a.b"];

/// What streams reach the outside with, which is picked more often than the rest.
const INTERESTING: [Opcode; 12] = [
    Opcode::GLOBAL,
    Opcode::STACK_GLOBAL,
    Opcode::SHORT_BINUNICODE,
    Opcode::REDUCE,
    Opcode::NEWOBJ,
    Opcode::BUILD,
    Opcode::EMPTY_TUPLE,
    Opcode::EMPTY_DICT,
    Opcode::TUPLE1,
    Opcode::BINPUT,
    Opcode::BINGET,
    Opcode::DUP,
];

impl Maker {
    fn make(mut self) -> Vec<u8> {
        for _ in 0..3 + self.dice.roll(40) {
            let opcode = match self.dice.roll(3) {
                0 => self.dice.pick(Opcode::ALL),
                _ => self.dice.pick(&INTERESTING),
            };
            // One in thirty is written although it cannot work.
            if opcode != Opcode::STOP && (self.fits(opcode) || self.dice.roll(30) == 0) {
                self.write(opcode);
            }
        }
        if self.depth == 0 {
            self.write(Opcode::NONE);
        }
        self.write(Opcode::STOP);
        self.bytes
    }

    fn fits(&self, opcode: Opcode) -> bool {
        let before = opcode.before();
        match before.iter().position(|item| *item == StackItem::Mark) {
            Some(below) => self.marks.last().is_some_and(|count| *count >= below),
            None if fetches(opcode) => self.bytes.contains(&Opcode::BINPUT.byte()),
            None => self.depth >= before.len().max(usize::from(stores(opcode))),
        }
    }

    fn write(&mut self, opcode: Opcode) {
        let before = opcode.before();
        if opcode == Opcode::STACK_GLOBAL && self.dice.roll(4) > 0 {
            self.write(Opcode::SHORT_BINUNICODE);
            self.write(Opcode::BINUNICODE);
        }
        if opcode == Opcode::MARK {
            self.marks.push(std::mem::take(&mut self.depth));
        } else {
            let mut taken = before.len();
            if let Some(below) = before.iter().position(|item| *item == StackItem::Mark) {
                self.depth = self.marks.pop().unwrap_or(0);
                taken = below;
            }
            self.depth = self.depth.saturating_sub(taken) + opcode.after().len();
        }
        self.bytes.push(opcode.byte());
        self.write_argument(opcode);
    }

    fn write_argument(&mut self, opcode: Opcode) {
        // Few numbers, so that what is fetched was often stored.
        let number = self.dice.roll(2) as u8;
        let name = self.dice.pick(&NAMES);
        let argument = match opcode.argument() {
            Argument::None => Vec::new(),
            Argument::DecimalLine => format!("{number}\n").into_bytes(),
            Argument::LongLine => format!("{number}L\n").into_bytes(),
            Argument::FloatLine => format!("{number}.5\n").into_bytes(),
            Argument::QuotedLine => format!("'{name}'\n").into_bytes(),
            Argument::PlainLine | Argument::UnicodeLine => format!("{name}\n").into_bytes(),
            Argument::TwoLines => format!("{name}\n{}\n", self.dice.pick(&NAMES)).into_bytes(),
            // The protocol that PROTO says is 0 or 1; opcodes of others work all the same.
            Argument::Uint1 => vec![number],
            Argument::Uint2 => vec![number, 0],
            Argument::Int4 | Argument::Uint4 => vec![number, 0, 0, 0],
            Argument::Uint8 | Argument::Float8 => vec![0; 8],
            Argument::Long1 => vec![1, number],
            Argument::Long4 => vec![1, 0, 0, 0, number],
            Argument::String1 | Argument::Bytes1 | Argument::Unicode1 => counted(name, 1),
            Argument::String4 | Argument::Bytes4 | Argument::Unicode4 => counted(name, 4),
            Argument::Bytes8 | Argument::ByteArray8 | Argument::Unicode8 => counted(name, 8),
        };
        self.bytes.extend(argument);
    }
}

fn stores(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::PUT | Opcode::BINPUT | Opcode::LONG_BINPUT)
}

fn fetches(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::GET | Opcode::BINGET | Opcode::LONG_BINGET)
}

fn counted(text: &str, prefix: usize) -> Vec<u8> {
    let mut counted = text.len().to_le_bytes()[..prefix].to_vec();
    counted.extend_from_slice(text.as_bytes());
    counted
}
