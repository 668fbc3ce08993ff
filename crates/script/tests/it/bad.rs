use script::Fault;

fn fault(bytes: &[u8]) -> Fault {
    let fault = script::read(bytes).unwrap_err();
    assert!(!fault.cure.is_empty() && fault.line > 0);
    fault
}

fn fdx(content: &str) -> String {
    format!("<FinalDraft>\n<Content>\n{content}\n</Content>\n</FinalDraft>")
}

const HEADING: &str = "<Paragraph Type=\"Scene Heading\"><Text>INT. A</Text></Paragraph>";

#[track_caller]
fn says(bytes: &[u8], line: u32, words: &str) {
    let fault = fault(bytes);
    assert!(fault.says.contains(words), "{fault}");
    assert_eq!(fault.line, line, "{fault}");
}

#[test]
fn document_types_and_entities_are_refused_with_their_line() {
    let bomb = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>\n{}", fdx(HEADING));
    says(bomb.as_bytes(), 1, "document type");
    let outside = fdx("<Paragraph><Text>&outside;</Text></Paragraph>");
    says(outside.as_bytes(), 3, "entity `&outside;`");
}

#[test]
fn broken_xml_gives_no_scene_and_its_line() {
    let whole = fdx(HEADING);
    says(
        whole.replace("</Paragraph>", "</Paragraf>").as_bytes(),
        3,
        "broken",
    );
    says(
        whole
            .strip_suffix("</Content>\n</FinalDraft>")
            .unwrap()
            .as_bytes(),
        3,
        "ends within <Content>",
    );
    says(
        fdx("<Paragraph Type=\"a\" Type=\"b\"/>").as_bytes(),
        3,
        "broken",
    );
    says(fdx("a & b").as_bytes(), 3, "broken");
    says(b"<html><body/></html>", 1, "not Final Draft");
}

#[test]
fn nesting_without_end_is_refused() {
    says(fdx(&"<a>".repeat(100_000)).as_bytes(), 3, "deeper than 64");
}

#[test]
fn what_is_no_script_is_named() {
    says(b"%PDF-1.7 ...", 1, "PDF");
    says(b"PK\x03\x04....", 1, "zip");
    says(b"", 1, "empty");
    says(b"\xEF\xBB\xBFINT. A\n\xFF\xFE\n", 2, "UTF-8");
    says(b"\xFF\xFEI\x00N\x00T", 1, "UTF-16");
    says(b"INT. A\n\x00\x01\x02", 2, "zero bytes");
    says(
        b"Dear all,\nplease find the gun list.\n",
        1,
        "no scene heading",
    );
    says(
        b"<?xml version=\"1.0\" encoding=\"EBCDIC\"?><FinalDraft/>",
        1,
        "ebcdic",
    );
    says(b"INT. A\n\n/* never closed\nINT. B\n", 3, "comment");
}

#[test]
fn every_cut_and_every_flipped_byte_ends_in_scenes_or_in_a_sentence() {
    let whole = fdx(&format!(
        "{HEADING}<Paragraph><Text>a gun &amp; <![CDATA[x]]></Text></Paragraph>"
    ));
    for cut in 0..whole.len() {
        let _ = script::read(&whole.as_bytes()[..cut]);
        for flip in [0x01, 0x20, 0x80] {
            let mut bytes = whole.clone().into_bytes();
            bytes[cut] ^= flip;
            let _ = script::read(&bytes);
        }
    }
}
