use super::*;
use alloc::format;
use alloc::string::ToString;
use proptest::prelude::*;
use serde_json::{Map, Value};

fn why(text: &str) -> Option<(Why, usize)> {
    check(text.as_bytes(), 10_000, DEPTH_MAX)
        .err()
        .map(|error| (error.why, error.offset))
}

#[test]
fn plain_objects_are_taken() {
    for text in [
        "{}",
        " { } \n",
        r#"{"a":0,"b":-1,"c":[true,false,"",{}],"d":9007199254740991,"e":-9007199254740991}"#,
        r#"{"line":"one\ntwo","quote":"\"\\\/","clef":"\ud834\udd1e","é":"ü"}"#,
        r#"{"a":{"b":1},"b":{"b":1}}"#,
    ] {
        assert_eq!(why(text), None, "{text}");
        assert!(serde_json::from_str::<Value>(text).is_ok(), "{text}");
    }
}

#[test]
fn everything_that_readers_disagree_on_is_refused_where_it_stands() {
    let table: &[(&str, Why, usize)] = &[
        ("", Why::Ended, 0),
        ("[]", Why::NotAnObject, 0),
        ("1", Why::NotAnObject, 0),
        ("\u{feff}{}", Why::ByteOrderMark, 0),
        ("{} {}", Why::Trailing, 3),
        ("{}\0", Why::Trailing, 2),
        (r#"{"a":null}"#, Why::Null, 5),
        (r#"{"a":1.0}"#, Why::NotAnInteger, 6),
        (r#"{"a":1e3}"#, Why::NotAnInteger, 6),
        (r#"{"a":-0}"#, Why::MinusZero, 5),
        (r#"{"a":-0.0}"#, Why::NotAnInteger, 7),
        (r#"{"a":01}"#, Why::Unexpected, 5),
        (r#"{"a":+1}"#, Why::Unexpected, 5),
        (r#"{"a":-}"#, Why::Unexpected, 6),
        (r#"{"a":9007199254740992}"#, Why::IntegerTooLarge, 5),
        (r#"{"a":-9007199254740992}"#, Why::IntegerTooLarge, 5),
        (
            r#"{"a":99999999999999999999999999}"#,
            Why::IntegerTooLarge,
            5,
        ),
        (r#"{"a":NaN}"#, Why::Unexpected, 5),
        (r#"{"a":1,"a":2}"#, Why::DuplicateMember, 7),
        (r#"{"a":1,"\u0061":2}"#, Why::DuplicateMember, 7),
        (r#"{"x":{"a":1,"b":1,"a":2}}"#, Why::DuplicateMember, 18),
        (r#"{"a":1,}"#, Why::Unexpected, 7),
        (r#"{"a":[1,]}"#, Why::Unexpected, 8),
        ("{a:1}", Why::Unexpected, 1),
        (r#"{"a" 1}"#, Why::Unexpected, 5),
        (r#"{"a":'b'}"#, Why::Unexpected, 5),
        (r#"{"a":tru}"#, Why::Unexpected, 8),
        (r#"{"a":1"#, Why::Ended, 6),
        (r#"{"a":"b"#, Why::Ended, 7),
        (r#"{"a":"\x"}"#, Why::Unexpected, 7),
        (r#"{"a":"\u12g4"}"#, Why::Unexpected, 10),
        (r#"{"a":"\ud834"}"#, Why::LoneSurrogate, 6),
        (r#"{"a":"\udd1e"}"#, Why::LoneSurrogate, 6),
        (r#"{"a":"\ud834\u0041"}"#, Why::LoneSurrogate, 6),
        (r#"{"a":"\u0000"}"#, Why::Control, 6),
        (r#"{"a":"\t"}"#, Why::Control, 6),
        (r#"{"a":"\u202e"}"#, Why::Control, 6),
        ("{\"a\":\"\u{202e}\"}", Why::Control, 6),
        ("{\"a\":\"\u{2069}\"}", Why::Control, 6),
        ("{\"a\":\"\u{85}\"}", Why::Control, 6),
        ("{\"a\":\"\u{7f}\"}", Why::Control, 6),
        ("{\"a\":\"\n\"}", Why::Control, 6),
        ("{\"\u{9}\":1}", Why::Control, 2),
        ("{// c\n}", Why::Unexpected, 1),
    ];
    for (text, expected, offset) in table {
        assert_eq!(why(text), Some((*expected, *offset)), "{text}");
    }
}

#[test]
fn bytes_that_are_not_text_are_refused_at_their_place() {
    let error = check(b"{\"a\":\"\xff\"}", 100, DEPTH_MAX).unwrap_err();
    assert_eq!((error.why, error.offset), (Why::NotUtf8, 6));
    let surrogate = check(b"{\"a\":\"\xed\xa0\x80\"}", 100, DEPTH_MAX).unwrap_err();
    assert_eq!(surrogate.why, Why::NotUtf8);
}

#[test]
fn limits_hold_on_the_last_allowed_and_the_first_refused() {
    assert!(check(b"{}", 2, 1).is_ok());
    assert_eq!(
        check(b"{} ", 2, 1).unwrap_err().why,
        Why::TooLong { max: 2 }
    );
    let deep = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n - 1), "]".repeat(n - 1));
    assert_eq!(why(&deep(16)), None);
    assert_eq!(why(&deep(17)).unwrap().0, Why::TooDeep { max: 16 });
    let hostile = deep(5_000);
    assert_eq!(
        check(hostile.as_bytes(), 1_000_000, usize::MAX)
            .unwrap_err()
            .why,
        Why::TooDeep { max: 64 }
    );
}

#[test]
fn the_sentence_names_the_cause_and_the_place() {
    let error = check(br#"{"a":null}"#, 100, DEPTH_MAX).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`null` is not allowed: leave the member out (at byte 5)"
    );
}

fn value() -> impl Strategy<Value = Value> {
    let text = "[a-zA-Z0-9 \"\\\\/é\u{1f3ac}\n]{0,12}";
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            object(inner),
        ]
    })
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-zé\"]{0,6}", inner, 0..6)
        .prop_map(|members| Value::Object(Map::from_iter(members)))
}

proptest! {
    #[test]
    fn what_serde_writes_without_null_and_fraction_is_taken(value in object(value())) {
        let text = value.to_string();
        prop_assert!(check(text.as_bytes(), usize::MAX, DEPTH_MAX).is_ok(), "{}", text);
        let spaced = serde_json::to_string_pretty(&value).unwrap();
        prop_assert!(check(spaced.as_bytes(), usize::MAX, DEPTH_MAX).is_ok(), "{}", spaced);
    }

    #[test]
    fn whatever_is_taken_serde_reads_too(
        value in object(value()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 0..4),
    ) {
        let mut bytes = value.to_string().into_bytes();
        for (at, byte, what) in edits {
            let at = at.index(bytes.len().max(1));
            match what {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(at.min(bytes.len()), b"{}[]\",:0-en\\u"[usize::from(byte) % 13]),
            }
        }
        if check(&bytes, usize::MAX, DEPTH_MAX).is_ok() {
            let read = serde_json::from_slice::<Value>(&bytes);
            prop_assert!(matches!(read, Ok(Value::Object(_))), "{:?}", alloc::string::String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = check(&bytes, 150, 3);
    }
}
