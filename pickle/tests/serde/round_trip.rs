//! Generated values, at every protocol, there and back.

use std::collections::BTreeMap;

use halfsour_pickle::Flavour;
use halfsour_pickle::serde::{Enums, Writer, from_reader, from_slice, from_value, to_value};
use halfsour_runtime::Runtime;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::bytes::ByteBuf;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Tree {
    Nothing,
    Bool(bool),
    Int(i64),
    Wide(i128),
    Float(f64),
    Text(String),
    Char(char),
    Bytes(ByteBuf),
    Maybe(Option<u32>),
    List(Vec<Tree>),
    Pair(Box<Tree>, Box<Tree>),
    Named { first: Box<Tree>, second: (u8, u16) },
    Map(BTreeMap<String, Tree>),
    Keyed(BTreeMap<(i8, Option<bool>), Vec<u8>>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Nothing),
        any::<bool>().prop_map(Tree::Bool),
        any::<i64>().prop_map(Tree::Int),
        any::<i128>().prop_map(Tree::Wide),
        prop::num::f64::NORMAL.prop_map(Tree::Float),
        ".{0,12}".prop_map(Tree::Text),
        any::<char>().prop_map(Tree::Char),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(|bytes| Tree::Bytes(ByteBuf(bytes))),
        any::<Option<u32>>().prop_map(Tree::Maybe),
        prop::collection::btree_map(any::<(i8, Option<bool>)>(), any::<Vec<u8>>(), 0..3)
            .prop_map(Tree::Keyed),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Tree::List),
            (boxed.clone(), boxed.clone()).prop_map(|(one, other)| Tree::Pair(one, other)),
            (boxed, any::<(u8, u16)>()).prop_map(|(first, second)| Tree::Named { first, second }),
            prop::collection::btree_map(".{0,4}", inner, 0..4).prop_map(Tree::Map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back(tree in tree(), protocol in 0..=5, enums in prop::bool::ANY, python2 in prop::bool::ANY) {
        let enums = if enums { Enums::Dicts } else { Enums::Tuples };
        let mut writer = Writer::new().protocol(protocol).enums(enums);
        if python2 && protocol <= 2 {
            writer = writer.flavour(Flavour::Pickle);
        }
        let bytes = writer.to_vec(&tree).unwrap();
        prop_assert_eq!(&from_slice::<Tree>(&bytes).unwrap(), &tree);
        prop_assert_eq!(&from_reader::<Tree>(&bytes[..]).unwrap(), &tree);
        for mut runtime in [Runtime::python2(), Runtime::python3()] {
            let read = runtime.try_enter(|ctx| {
                let value = to_value(ctx, &tree).unwrap();
                Ok(from_value::<Tree>(ctx, value).unwrap())
            });
            prop_assert_eq!(&read.unwrap(), &tree);
        }
    }
}
