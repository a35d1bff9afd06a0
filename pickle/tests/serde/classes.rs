//! Instances: by the name of their class, old and new, with slots, as enums, and written as such.

use std::collections::HashMap;

use halfsour_pickle::serde::{
    Category, Classes, Parts, Reader, Writer, from_slice, from_value, to_value,
};
use halfsour_pickle::{Missing, Unpickler};
use halfsour_runtime::{Class, ClassicClass, Runtime, Value};
use halfsour_stdlib::enumeration::{EnumKind, Enumeration};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Jar {
    label: String,
    #[serde(default)]
    grams: u32,
}

fn jar(grams: u32) -> Jar {
    Jar { label: "dill".into(), grams }
}

/// An instance of `kitchen.Jar`, however CPython makes one.
const JARS: [&[u8]; 7] = [
    // A classic class, in text and binary.
    b"(ikitchen\nJar\np0\n(dp1\nS'grams'\np2\nI500\nsS'label'\np3\nS'dill'\np4\nsb.",
    b"(ckitchen\nJar\noq\0}q\x01(U\x05gramsq\x02M\xf4\x01U\x05labelq\x03U\x04dillq\x04ub.",
    // A new-style class at protocol 0, 2 and 4.
    b"ccopy_reg\n_reconstructor\n(ckitchen\nJar\nc__builtin__\nobject\nNtR(dS'grams'\nI500\nsS'label'\nS'dill'\nsb.",
    b"\x80\x02ckitchen\nJar\n)\x81}(U\x05gramsM\xf4\x01U\x05labelU\x04dillub.",
    b"\x80\x04\x8c\x07kitchen\x8c\x03Jar\x93)\x81}(\x8c\x05gramsM\xf4\x01\x8c\x05label\x8c\x04dillub.",
    // With slots; with slots and a dict.
    b"\x80\x02ckitchen\nJar\n)\x81N}(U\x05gramsM\xf4\x01U\x05labelU\x04dillu\x86b.",
    b"\x80\x02ckitchen\nJar\n)\x81}U\x05labelU\x04dills}U\x05gramsM\xf4\x01s\x86b.",
];

#[test]
fn an_instance_is_a_struct_of_its_name() {
    for bytes in JARS {
        assert_eq!(from_slice::<Jar>(bytes).unwrap(), jar(500), "{}", bytes.escape_ascii());
        let error = from_slice::<HashMap<String, IgnoredAny>>(bytes).unwrap_err();
        assert_eq!(error.category(), Category::Class);
        assert_eq!(error.message(), "the class kitchen.Jar needs a type of its name");
        let any = Reader::new().classes(Classes::Any);
        let fields = any.from_slice::<serde_json::Value>(bytes).unwrap();
        assert_eq!(fields, serde_json::json!({"grams": 500, "label": "dill"}));
    }
}

/// The heap's instances, and the stand-ins for those whose class is not there.
#[test]
fn instances_in_the_heap() {
    let mut runtime = Runtime::python2();
    let checked = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        // The one of protocol 4 is not for Python 2.
        for bytes in JARS.into_iter().filter(|bytes| !bytes.starts_with(b"\x80\x04")) {
            let object = Unpickler::new().missing(Missing::Opaque).loads(ctx, bytes)?;
            assert_eq!(from_value::<Jar>(ctx, object).unwrap(), jar(500));
        }
        let module = ctx.new_module("kitchen")?;
        module.class_named(ctx, Class::builder(ctx, "Jar").build()?)?;
        for bytes in &JARS[2..4] {
            let object = halfsour_pickle::loads(ctx, bytes)?;
            assert_eq!(from_value::<Jar>(ctx, object).unwrap(), jar(500));
        }
        module.class_named(ctx, ClassicClass::builder(ctx, "Jar").build()?)?;
        let object = halfsour_pickle::loads(ctx, JARS[0])?;
        assert_eq!(from_value::<Jar>(ctx, object).unwrap(), jar(500));
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn which_classes_are_read() {
    #[derive(Debug, Deserialize)]
    struct Other {
        label: String,
    }
    #[derive(Debug, Deserialize)]
    #[serde(rename = "kitchen.Jar")]
    struct Whole {
        grams: u32,
    }
    let bytes = JARS[3];
    assert_eq!(from_slice::<Whole>(bytes).unwrap().grams, 500);
    let error =
        from_slice::<Vec<Other>>(&[b"(".as_slice(), &bytes[2..bytes.len() - 1], b"l."].concat());
    let error = error.unwrap_err();
    assert_eq!(error.message(), "the class kitchen.Jar is not what the type Other is called");
    assert_eq!(error.path().unwrap(), "root[0]");
    assert!(error.hint().unwrap().contains("Reader::classes"));
    let read = |classes| Reader::new().classes(classes).from_slice::<Other>(bytes);
    assert_eq!(read(Classes::Any).unwrap().label, "dill");
    assert_eq!(read(Classes::listed(["kitchen.Jar"])).unwrap().label, "dill");
    for classes in [Classes::listed(["pantry.Jar"]), Classes::None] {
        let error = read(classes).unwrap_err();
        assert_eq!(error.category(), Category::Class);
        assert_eq!(error.message(), "the class kitchen.Jar is not allowed");
    }
    // A field of the type IgnoredAny is not looked at.
    from_slice::<IgnoredAny>(bytes).unwrap();
}

#[test]
fn paths_lead_to_attributes() {
    let error =
        from_slice::<Jar>(b"\x80\x02ckitchen\nJar\n)\x81}(U\x05labelU\x01aU\x05gramsU\x01bub.");
    let error = error.unwrap_err();
    assert_eq!(error.path().unwrap(), "root.grams");
    assert_eq!(error.message(), "invalid type: string \"b\", expected u32");
}

#[test]
fn members_of_enums() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Color {
        #[serde(rename = "1")]
        Red,
        #[serde(rename = "green")]
        Green,
        #[serde(rename = "BLUE")]
        Blue,
    }
    // By an int, by a string, and by name as Python 3.11 and 3.12 do.
    assert_eq!(
        from_slice::<Color>(b"\x80\x04\x8c\x01m\x8c\x05Color\x93K\x01\x85R.").unwrap(),
        Color::Red
    );
    assert_eq!(from_slice::<Color>(b"cm\nColor\n(S'green'\ntR.").unwrap(), Color::Green);
    let by_name =
        b"\x80\x04\x8c\x08builtins\x8c\x07getattr\x93\x8c\x01m\x8c\x05Color\x93\x8c\x04BLUE\x86R.";
    assert_eq!(from_slice::<Color>(by_name).unwrap(), Color::Blue);
    let other = from_slice::<Color>(b"cm\nSize\n(S'green'\ntR.").unwrap_err();
    assert_eq!(other.category(), Category::Class);
    let unknown = from_slice::<Color>(b"cm\nColor\n(S'pink'\ntR.").unwrap_err();
    assert!(unknown.message().starts_with("unknown variant `pink`"), "{unknown}");
    // The value alone, where the type is that of the value.
    let any = Reader::new().classes(Classes::Any);
    assert_eq!(any.from_slice::<u8>(b"cm\nColor\n(I1\ntR.").unwrap(), 1);
    assert_eq!(any.from_slice::<String>(b"cm\nColor\n(S'green'\ntR.").unwrap(), "green");
}

#[test]
fn members_of_enums_in_the_heap() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Color {
        #[serde(rename = "red")]
        Red,
    }
    let mut runtime = Runtime::python3();
    let checked = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        halfsour_stdlib::install(ctx)?;
        let class = Enumeration::new("Color", EnumKind::Enum).member("RED", ctx.str("red"));
        let red = Value::from(class.build(ctx, "m")?).get_attr(ctx, "RED")?;
        assert_eq!(from_value::<Color>(ctx, red).unwrap(), Color::Red);
        Ok(())
    });
    checked.unwrap();
}

/// Several classes in one list: an enum with a variant for each.
#[test]
fn classes_as_variants() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Shape {
        Circle {
            radius: f64,
        },
        #[serde(rename = "plane.Square")]
        Square {
            side: f64,
            name: Option<String>,
        },
        Point,
        Pair(i64, i64),
        Count(i64),
    }
    let bytes = b"\x80\x02](cplane\nCircle\n)\x81}U\x06radiusG?\xf8\0\0\0\0\0\0sbcplane\nSquare\n)\x81}U\x04sideK\x02sb\
                  cplane\nPoint\n)\x81cplane\nPair\nK\x01K\x02\x86\x81cplane\nCount\nK\x05\x85\x81e.";
    let shapes: Vec<Shape> = from_slice(bytes).unwrap();
    assert_eq!(
        shapes,
        [
            Shape::Circle { radius: 1.5 },
            Shape::Square { side: 2.0, name: None },
            Shape::Point,
            Shape::Pair(1, 2),
            Shape::Count(5),
        ]
    );
    let refused = from_slice::<Shape>(b"\x80\x02cplane\nLine\n)\x81.").unwrap_err();
    assert_eq!(refused.category(), Category::Class);
}

#[test]
fn a_dataclass_with_a_list_for_state() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i64,
        y: i64,
    }
    // As frozen dataclasses with slots are pickled.
    let bytes = b"\x80\x04\x8c\x01m\x8c\x05Point\x93)\x81](K\x01K\x02eb.";
    assert_eq!(from_slice::<Point>(bytes).unwrap(), Point { x: 1, y: 2 });
}

#[test]
fn subclasses_of_built_in_types() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row(Vec<i64>);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Config {
        debug: bool,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Meters(f64);
    let row = b"\x80\x02cm\nRow\n)\x81(K\x01K\x02e}U\x01aK\x03sb.";
    assert_eq!(from_slice::<Row>(row).unwrap(), Row(vec![1, 2]));
    assert_eq!(from_slice::<Row>(b"\x80\x02cm\nRow\n)\x81.").unwrap(), Row(vec![]));
    let old = b"ccopy_reg\n_reconstructor\n(cm\nRow\nc__builtin__\nlist\n(lI1\naI2\natR.";
    assert_eq!(from_slice::<Row>(old).unwrap(), Row(vec![1, 2]));
    assert_eq!(
        from_slice::<Config>(b"\x80\x02cm\nConfig\n)\x81U\x05debug\x88s.").unwrap(),
        Config { debug: true }
    );
    assert_eq!(
        from_slice::<Config>(b"cm\nConfig\n((dS'debug'\nI01\nstR.").unwrap(),
        Config { debug: true }
    );
    assert_eq!(
        from_slice::<Meters>(b"\x80\x02cm\nMeters\nG?\xf8\0\0\0\0\0\0\x85\x81.").unwrap(),
        Meters(1.5)
    );
}

#[test]
fn keywords_of_new() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Jar {
        grams: u8,
    }
    let bytes = b"\x80\x04cm\nJar\n)}\x8c\x05gramsK\x07s\x92.";
    assert_eq!(from_slice::<Jar>(bytes).unwrap(), Jar { grams: 7 });
    let both = b"\x80\x04cm\nJar\nK\x01\x85}\x8c\x05gramsK\x07s\x92.";
    assert_eq!(from_slice::<Jar>(both).unwrap_err().category(), Category::Unsupported);
}

#[test]
fn parts_of_instances() {
    let bytes = b"cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNtb.";
    let dtype: Parts<(String, i32, i32), (i32, String, ())> = from_slice(bytes).unwrap();
    assert_eq!(dtype.class, "numpy.dtype");
    assert_eq!(dtype.args, ("f8".to_owned(), 0, 1));
    assert_eq!(dtype.state, Some((3, "<".to_owned(), ())));
    let none = Reader::new().classes(Classes::None).from_slice::<Parts>(bytes);
    assert_eq!(none.unwrap_err().category(), Category::Class);
    let plain = from_slice::<Parts>(b"K\x07.").unwrap_err();
    assert_eq!(plain.category(), Category::Data);
}

/// A state that a function sets, as Python 3.8 writes for the sixth item of a reduce value.
#[test]
fn a_state_setter() {
    let bytes = b"\x80\x04cm\nJar\n)\x81\x94cm\nset_state\nh\0}(\x8c\x05label\x8c\x04dill\x8c\x05gramsK\x05u\x86R0.";
    assert_eq!(from_slice::<Jar>(bytes).unwrap(), jar(5));
}

#[test]
fn global_names_and_persistent_ids() {
    let reader = Reader::new().classes(Classes::Any);
    assert_eq!(reader.from_slice::<String>(b"cos\nsystem\n.").unwrap(), "os.system");
    assert_eq!(from_slice::<String>(b"cos\nsystem\n.").unwrap_err().category(), Category::Class);
    assert_eq!(reader.from_slice::<String>(b"\x82\x07.").unwrap(), "extension code 7");
    assert_eq!(reader.from_slice::<String>(b"Pjar-7\n.").unwrap(), "jar-7");
    assert_eq!(reader.from_slice::<(u8, u8)>(b"K\x01K\x02\x86Q.").unwrap(), (1, 2));
    let error = from_slice::<String>(b"Pjar-7\n.").unwrap_err();
    assert_eq!(error.category(), Category::Unsupported);
}

#[test]
fn structs_are_written_as_instances() {
    let mut runtime = Runtime::python3();
    let checked = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        let module = ctx.new_module("kitchen")?;
        let class = Class::builder(ctx, "Jar").build()?;
        module.class_named(ctx, class)?;
        for protocol in 0..=5 {
            let writer = Writer::new().protocol(protocol).classes_in("kitchen");
            let bytes = writer.to_vec(&vec![jar(1), jar(2)]).unwrap();
            assert_eq!(from_slice::<Vec<Jar>>(&bytes).unwrap(), [jar(1), jar(2)]);
            let jars = halfsour_pickle::loads(ctx, &bytes)?;
            for (index, grams) in [1, 2].into_iter().enumerate() {
                let object = jars.get_item(ctx, index as i64)?;
                assert!(object.type_of(ctx).is(class));
                assert_eq!(object.get_attr(ctx, "grams")?.to::<i64>(ctx)?, grams);
            }
        }
        let made = Writer::new().classes_in("kitchen").to_value(ctx, &jar(3)).unwrap();
        assert!(made.type_of(ctx).is(class));
        assert_eq!(from_value::<Jar>(ctx, made).unwrap(), jar(3));
        let error = Writer::new().classes_in("pantry").to_value(ctx, &jar(3)).unwrap_err();
        assert_eq!(error.category(), Category::Python);
        assert_eq!(error.exception().unwrap().class(), "ModuleNotFoundError");
        assert!(to_value(ctx, &jar(3)).unwrap().as_dict().is_some());
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn names_of_classes_that_a_protocol_has_not() {
    let writer = |protocol| {
        Writer::new()
            .protocol(protocol)
            .classes(|_| Some(("kitchen".to_owned(), "Shelf.Jar".to_owned())))
    };
    assert_eq!(from_slice::<Jar>(&writer(4).to_vec(&jar(1)).unwrap()).unwrap(), jar(1));
    assert_eq!(writer(3).to_vec(&jar(1)).unwrap_err().category(), Category::Class);
    let split = Writer::new().classes(|name| Some(("a\nb".to_owned(), name.to_owned())));
    assert_eq!(split.to_vec(&jar(1)).unwrap_err().category(), Category::Class);
}

/// What code of an object raises while it is taken apart.
#[test]
fn an_object_that_raises() {
    let mut runtime = Runtime::python3();
    let checked = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        let class = Class::builder(ctx, "Jar")
            .method("__reduce_ex__", |_, _, _| {
                Err(halfsour_runtime::Error::new(&halfsour_runtime::exc::KEY_ERROR, "lid"))
            })
            .build()?;
        let jar = Value::from(class).call(ctx, ())?;
        let list = halfsour_runtime::List::from_vec(ctx, vec![jar]).into();
        let error = from_value::<Vec<Jar>>(ctx, list).unwrap_err();
        assert_eq!(error.category(), Category::Python);
        assert_eq!(error.path().unwrap(), "root[0]");
        assert_eq!(error.exception().unwrap().class(), "KeyError");
        // Inside of a runtime the error is an exception again.
        let raised: halfsour_runtime::Error<'_> = error.into();
        assert!(raised.is(ctx, &halfsour_runtime::exc::VALUE_ERROR));
        Ok(())
    });
    checked.unwrap();
}
