//! Walks, differences and pictures of graphs.

use halfsour_graph::{Comparison, Tree, Walk, difference, dot, instances_of, json};
use halfsour_pickle::{Missing, Unpickler};
use halfsour_runtime::{Class, ClassicClass, Context, List, Result, Runtime, Value, value};

#[track_caller]
fn python3(test: impl for<'gc> FnOnce(Context<'gc>) -> Result<'gc, ()>) {
    let mut runtime = Runtime::python3();
    let result = runtime.try_enter(|ctx| {
        halfsour_copyreg::install(ctx)?;
        halfsour_stdlib::install(ctx)?;
        test(ctx)
    });
    if let Err(error) = result {
        panic!("the test raised {error}");
    }
}

fn opaque<'gc>(ctx: Context<'gc>, bytes: &[u8]) -> Result<'gc> {
    Unpickler::new().missing(Missing::Opaque).loads(ctx, bytes)
}

/// `larder.Jar(1, lid=2)` with the state `{'label': 'dill', 'self': itself}`, of an unknown class.
const JAR: &[u8] = b"\x80\x04\x8c\x06larder\x8c\x03Jar\x93(K\x01t}\x8c\x03lidK\x02s\x92\x94}(\x8c\x05label\x8c\x04dill\x8c\x04selfh\x00ub.";

fn texts(found: Vec<halfsour_graph::Difference>) -> Vec<String> {
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn every_object_is_entered_once_and_visited_everywhere() {
    python3(|ctx| {
        let list = List::new(ctx);
        list.push(ctx, value!(ctx, {"a": list, (1, 2): {3}})?);
        list.push(ctx, list.into());
        let mut walk = Walk::new(ctx, list.into());
        let mut seen = Vec::new();
        while let Some(visit) = walk.next()? {
            seen.push((walk.path(&visit).to_string(), visit.depth, visit.known));
        }
        let expected = [
            ("root", 0, false),
            ("root[0]", 1, false),
            ("root[0]['a']", 2, true),
            ("root[0].keys()[1]", 2, false),
            ("root[0].keys()[1][0]", 3, false),
            ("root[0].keys()[1][1]", 3, false),
            ("root[0][(...)]", 2, false),
            ("root[0][(...)].items()[0]", 3, false),
            ("root[1]", 1, true),
        ];
        assert_eq!(seen, expected.map(|(path, depth, known)| (path.to_owned(), depth, known)));
        Ok(())
    });
}

#[test]
fn attributes_slots_and_content_are_parts() {
    python3(|ctx| {
        let class = Class::builder(ctx, "Jars").base(ctx.types().list);
        let class = class.slots(&["slot", "__dict__"]).build()?;
        let jars = Value::from(class).call(ctx, (vec![7],))?;
        jars.set_attr(ctx, "label", "dill")?;
        jars.set_attr(ctx, "slot", 5)?;
        assert_eq!(
            Tree::new().draw(ctx, jars)?,
            "Jars object, list of 1\n  [0]: 7\n  .label: 'dill'\n  .slot: 5\n"
        );
        Ok(())
    });
    Runtime::python2()
        .try_enter(|ctx| {
            let class = ClassicClass::builder(ctx, "Jar").build()?;
            let jar = Value::from(class).call(ctx, ())?;
            jar.set_attr(ctx, "label", "dill")?;
            assert_eq!(Tree::new().draw(ctx, jar)?, "Jar object\n  .label: 'dill'\n");
            Ok(())
        })
        .unwrap();
}

#[test]
fn unknown_objects_show_what_they_are_made_of() {
    python3(|ctx| {
        let jar = opaque(ctx, JAR)?;
        assert_eq!(
            Tree::new().draw(ctx, jar)?,
            "larder.Jar object, unknown class #1\n  argument 0: 1\n  argument 'lid': 2\n  .label: 'dill'\n  .self: -> #1\n"
        );
        assert_eq!(
            json::to_string(ctx, jar)?,
            r#"{"$class":"larder.Jar","$args":[1],"$keywords":["lid",2],"label":"dill","self":{"$ref":"root"}}"#
        );
        assert_eq!(instances_of(ctx, value!(ctx, [jar, 1, jar])?, "larder.Jar")?.len(), 1);
        Ok(())
    });
}

#[test]
fn what_is_kept_in_rust_is_shown_by_its_class() {
    python3(|ctx| {
        let date = ctx.import_from("datetime", "date")?.call(ctx, (2026, 11, 25))?;
        let other = ctx.import_from("datetime", "date")?.call(ctx, (2026, 11, 24))?;
        let deque = ctx.import_from("collections", "deque")?.call(ctx, (vec![1, 2],))?;
        assert_eq!(
            Tree::new().draw(ctx, value!(ctx, [date, deque])?)?,
            "list of 2\n  [0]: datetime.date(2026, 11, 25)\n  [1]: deque([1, 2])\n    .<held 0>: 1\n    .<held 1>: 2\n"
        );
        assert_eq!(
            texts(difference(ctx, date, other)?),
            [
                "root: datetime.date(2026, 11, 25) on the left, datetime.date(2026, 11, 24) on the right"
            ]
        );
        Ok(())
    });
}

#[test]
fn differences_between_what_looks_alike_are_told() {
    python3(|ctx| {
        let called = opaque(ctx, b"clarder\nJar\n)R.")?;
        let made = opaque(ctx, b"clarder\nJar\n)\x81.")?;
        let jar = "larder.Jar object, unknown class, made by";
        let expected = format!("root: {jar} Reduce on the left, {jar} NewObj on the right");
        assert_eq!(texts(difference(ctx, called, made)?), [expected]);
        Ok(())
    });
}

#[test]
fn names_stay_on_their_line() {
    python3(|ctx| {
        let odd = opaque(ctx, b"\x80\x04\x8c\x03a\nb\x8c\x03c\x1bd\x93)\x81}\x8c\x03e\nfK\x01sb.")?;
        assert_eq!(
            Tree::new().draw(ctx, odd)?,
            "a\\nb.c\\u{1b}d object, unknown class\n  .e\\nf: 1\n"
        );
        Ok(())
    });
}

#[test]
fn persistent_ids_stand_for_objects() {
    python3(|ctx| {
        let outside = opaque(ctx, b"Pthe database\n.")?;
        assert_eq!(
            Tree::new().draw(ctx, outside)?,
            "object with a persistent id\n  argument 0: 'the database'\n"
        );
        Ok(())
    });
}

#[test]
fn instances_are_found_by_class_with_those_of_derived_classes() {
    python3(|ctx| {
        let base = Class::builder(ctx, "Base").module("larder").build()?;
        let derived = Class::builder(ctx, "Derived").module("larder").base(base).build()?;
        let [a, b] = [base, derived].map(|class| Value::from(class).call(ctx, ()));
        let root = value!(ctx, {"a": [a?], "b": b?})?;
        let paths = |found: Vec<(halfsour_graph::Path<'_>, Value<'_>)>| -> Vec<String> {
            found.iter().map(|(path, _)| path.to_string()).collect()
        };
        assert_eq!(
            paths(instances_of(ctx, root, Value::from(base))?),
            ["root['a'][0]", "root['b']"]
        );
        assert_eq!(paths(instances_of(ctx, root, "larder.Base")?), ["root['a'][0]"]);
        Ok(())
    });
}

#[test]
fn equal_graphs_do_not_differ() {
    python3(|ctx| {
        let make = || -> Result<'_> {
            let list = List::new(ctx);
            list.push(ctx, value!(ctx, {"a": list, "nan": f64::NAN, "set": {1, 2}, "big": 7})?);
            list.push(ctx, value!(ctx, b"bytes")?);
            Ok(list.into())
        };
        assert_eq!(texts(difference(ctx, make()?, make()?)?), [""; 0]);
        let (jar, other) = (opaque(ctx, JAR)?, opaque(ctx, JAR)?);
        assert_eq!(texts(difference(ctx, jar, other)?), [""; 0]);
        let day = ctx.import_from("datetime", "date")?;
        let day = |year| day.call(ctx, (year, 11, 24));
        assert_eq!(texts(difference(ctx, day(2026)?, day(2026)?)?), [""; 0]);
        assert_eq!(difference(ctx, day(2026)?, day(2027)?)?.len(), 1);
        Ok(())
    });
}

#[test]
fn differences_say_where_and_what() {
    python3(|ctx| {
        let left = value!(ctx, {"a": [1, 2, 3], "b": "x", "c": (1,), "only": None, "z": 0.0})?;
        let right = value!(ctx, {"a": [1, 5], "b": b"x", "c": [1], "more": 1, "z": -0.0})?;
        assert_eq!(
            texts(difference(ctx, left, right)?),
            [
                "root['only']: None on the left only",
                "root['more']: 1 on the right only",
                "root['a'][2]: 3 on the left only",
                "root['a'][1]: 2 on the left, 5 on the right",
                "root['b']: 'x' on the left, b'x' on the right",
                "root['c']: tuple of 1 on the left, list of 1 on the right",
                "root['z']: 0.0 on the left, -0.0 on the right",
            ]
        );
        Ok(())
    });
}

#[test]
fn sharing_is_compared() {
    python3(|ctx| {
        let one = value!(ctx, [])?;
        let shared = value!(ctx, [one, one])?;
        let apart = value!(ctx, [[], []])?;
        let found = texts(difference(ctx, shared, apart)?);
        assert_eq!(found, ["root[1]: shared with root[0] on the left only"]);
        let found = texts(difference(ctx, apart, shared)?);
        assert_eq!(found, ["root[1]: shared with root[0] on the right only"]);
        Ok(())
    });
}

#[test]
fn the_order_of_entries_counts_if_asked() {
    python3(|ctx| {
        let (left, right) = (value!(ctx, [{"a": 1, "b": 2}])?, value!(ctx, [{"b": 2, "a": 1}])?);
        assert_eq!(texts(difference(ctx, left, right)?), [""; 0]);
        let found = texts(Comparison::new().order(true).compare(ctx, left, right)?);
        assert_eq!(found, ["root[0]: the same entries in another order"]);
        Ok(())
    });
}

#[test]
fn the_number_of_differences_is_bounded() {
    python3(|ctx| {
        let left = value!(ctx, [[1], [2], [3]])?;
        let right = value!(ctx, [[4], [5], [6]])?;
        assert_eq!(Comparison::new().most(2).compare(ctx, left, right)?.len(), 2);
        Ok(())
    });
}

#[test]
fn a_tree_can_be_cut() {
    python3(|ctx| {
        let root = value!(ctx, {"a": [1, 2, 3, [4]], "b": {"c": [5]}})?;
        assert_eq!(
            Tree::new().items(2).depth(2).draw(ctx, root)?,
            "dict of 2\n  'a': list of 4\n    [0]: 1\n    [1]: 2\n    ...\n  'b': dict of 1\n    'c': list of 1\n"
        );
        assert_eq!(Tree::new().lines(2).draw(ctx, root)?, "dict of 2\n  'a': list of 4\n...\n");
        // Marks are of what is drawn, and lead to what is drawn.
        let shared = value!(ctx, [6])?;
        let root = value!(ctx, [[1, [2]], [shared, shared], {"a": 1, "b": shared}])?;
        assert_eq!(
            Tree::new().depth(2).draw(ctx, root)?,
            "list of 3\n  [0]: list of 2\n    [0]: 1\n    [1]: list of 1\n  [1]: list of 2\n    [0]: list of 1 #1\n    \
             [1]: -> #1\n  [2]: dict of 2\n    'a': 1\n    'b': -> #1\n"
        );
        let root = value!(ctx, [[1, [2], shared], {"b": shared}])?;
        assert_eq!(
            Tree::new().items(2).draw(ctx, root)?,
            "list of 2\n  [0]: list of 3\n    [0]: 1\n    [1]: list of 1\n      [0]: 2\n    ...\n  \
             [1]: dict of 1\n    'b': list of 1\n"
        );
        Ok(())
    });
}

#[test]
fn everything_has_a_text_in_json() {
    python3(|ctx| {
        let class = Class::builder(ctx, "Jar").module("larder").base(ctx.types().dict).build()?;
        let jar = Value::from(class).call(ctx, ())?;
        jar.set_item(ctx, "k", 1)?;
        jar.set_item(ctx, (1,), vec![2])?;
        jar.set_attr(ctx, "label", "a\"b")?;
        let day = ctx.import_from("datetime", "date")?.call(ctx, (2026, 11, 24))?;
        let root = value!(
            ctx,
            [None, True, 1.5, f64::INFINITY, b"\x00a", {1, 2}, {(1, 2): [3], 4: {}}, jar, day, class, ()]
        )?;
        assert_eq!(
            json::to_string(ctx, root)?,
            concat!(
                r#"[null,true,1.5,{"$float":"inf"},{"$bytes":"0061"},{"$set":[1,2]},"#,
                r#"{"$dict":[[[1,2],[3]],[4,{}]]},"#,
                r#"{"$class":"larder.Jar","$items":["k",1,[1],[2]],"label":"a\"b"},"#,
                r#"{"$class":"datetime.date","$repr":"datetime.date(2026, 11, 24)"},"#,
                r#"{"$global":"larder.Jar"},[]]"#
            )
        );
        Ok(())
    });
}

#[test]
fn no_depth_is_too_deep_and_no_sharing_too_much() {
    python3(|ctx| {
        let mut deep = Value::None;
        for _ in 0..200_000 {
            deep = List::from_vec(ctx, vec![deep]).into();
        }
        assert!(Tree::new().lines(100).draw(ctx, deep)?.len() < 20_000);
        assert!(json::to_string(ctx, deep)?.ends_with("]]"));
        assert_eq!(difference(ctx, deep, deep)?, []);
        // A laugh: each level refers to the next one twice.
        let mut laugh = value!(ctx, [])?;
        for _ in 0..5000 {
            laugh = value!(ctx, [laugh, laugh])?;
        }
        let text = json::to_string(ctx, laugh)?;
        assert!(text.len() < 1_000_000);
        // The path to the innermost list is all first items, and its middle is left out.
        let path = format!("root{} ... {}", "[0]".repeat(16), "[0]".repeat(16));
        assert!(text.contains(&format!("[[],{{\"$ref\":\"{path}\"}}]")), "no {path}");
        assert!(dot::to_string(ctx, laugh, 2000)?.len() < 200_000);
        assert_eq!(difference(ctx, laugh, laugh)?, []);
        Ok(())
    });
}

#[test]
fn a_picture_has_a_box_for_each_object() {
    python3(|ctx| {
        let text = dot::to_string(ctx, value!(ctx, {"a": [1], "b": [[], "q\"uote"]})?, 3)?;
        assert_eq!(text.matches(" [label=").count(), 6, "{text}");
        assert!(text.contains("more [label"), "{text}");
        assert!(text.contains(r#"q\"uote"#), "{text}");
        Ok(())
    });
}
