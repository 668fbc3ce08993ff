use script::find::{self, Group, Words};

const FOUNTAIN: &str = "Title: Dust Line\nAuthor: Nobody\n\nINT. SALOON - NIGHT #12#\n\nMARA draws a revolver. /* the gun\nis not meant */ She drinks a shot of whiskey.\n\nCAL\nPut the rifle down.\n\nEXT. STREET - DAY\n\nChildren play. [[no gun here]]\n\n.A CHURCH #14A#\n\nHe fires. A knife falls.\n";

fn found(text: &[u8]) -> Vec<find::Found> {
    let script = script::read(text).unwrap();
    find::scenes(&script, &Words::shipped("en").unwrap())
}

fn fdx(content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>\n<FinalDraft DocumentType=\"Script\" Version=\"5\">\n<Content>\n{content}\n</Content>\n</FinalDraft>\n"
    )
}

#[test]
fn fountain_gives_scenes_numbers_and_words_with_their_lines() {
    let scenes = found(FOUNTAIN.as_bytes());
    let ids: Vec<&str> = scenes.iter().map(|scene| scene.id.as_str()).collect();
    assert_eq!(ids, ["12", "#2", "14A"]);
    assert_eq!(scenes[0].heading, "INT. SALOON - NIGHT");
    assert_eq!(scenes[0].line, 4);
    let words: Vec<(&str, u32)> = scenes[0]
        .uses
        .iter()
        .map(|one| (one.word.as_str(), one.line))
        .collect();
    assert_eq!(words, [("revolver", 6), ("rifle", 10)]);
    assert!(scenes[1].uses.is_empty());
    assert_eq!(scenes[2].groups(), [Group::Shot, Group::Edged]);
    assert!(
        scenes[2]
            .asks()
            .contains(&"Is a person in the muzzle line?")
    );
}

#[test]
fn final_draft_gives_the_same_and_leaves_notes_and_title_page_out() {
    let xml = fdx(
        "<Paragraph Number=\"7\" Type=\"Scene Heading\"><SceneProperties/><Text>INT. BARN &amp; YARD</Text></Paragraph>\n<Paragraph Type=\"Action\"><ScriptNote><Paragraph><Text>a gun?</Text></Paragraph></ScriptNote><Text>She lifts the </Text><Text Style=\"Bold\">shotgun</Text><Text>.</Text></Paragraph>",
    )
    .replace("</Content>", "</Content><TitlePage><Content><Paragraph><Text>GUN</Text></Paragraph></Content></TitlePage>");
    let scenes = found(xml.as_bytes());
    assert_eq!(scenes.len(), 1);
    assert_eq!(
        (scenes[0].id.as_str(), scenes[0].heading.as_str()),
        ("7", "INT. BARN & YARD")
    );
    assert_eq!(scenes[0].uses.len(), 1);
    assert_eq!(
        (scenes[0].uses[0].word.as_str(), scenes[0].uses[0].line),
        ("shotgun", 5)
    );
}

#[test]
fn utf16_and_latin_1_are_read_and_the_guess_is_told() {
    let text = "INT. CAFÉ\n\nUn revólver.\n";
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let script = script::read(&utf16).unwrap();
    assert_eq!(script.note.as_deref(), Some("read as UTF-16"));
    assert_eq!(
        find::scenes(&script, &Words::shipped("es").unwrap())[0].uses[0].word,
        "revólver"
    );

    let latin: Vec<u8> = text
        .chars()
        .map(|one| u8::try_from(u32::from(one)).unwrap())
        .collect();
    let script = script::read(&latin).unwrap();
    assert!(script.note.as_deref().unwrap().contains("Windows-1252"));
    assert_eq!(script.scenes[0].heading, "INT. CAFÉ");

    let xml = fdx("<Paragraph Type=\"Scene Heading\"><Text>INT. CAF\u{c9}</Text></Paragraph>")
        .replace("UTF-8", "ISO-8859-1");
    let latin: Vec<u8> = xml
        .chars()
        .map(|one| u8::try_from(u32::from(one)).unwrap())
        .collect();
    assert_eq!(script::read(&latin).unwrap().scenes[0].heading, "INT. CAFÉ");
}

#[test]
fn each_language_is_known_by_its_small_words_and_every_list_reads() {
    for (language, text) in [
        ("en", "INT. A\n\nThe man is with his gun and the girl.\n"),
        (
            "es",
            "INT. A\n\nEl hombre entra con una pistola y los niños.\n",
        ),
        (
            "fr",
            "INT. A\n\nLes hommes sont dans la rue avec une arme et des balles.\n",
        ),
        (
            "de",
            "INT. A\n\nDer Mann ist mit dem Gewehr auf der Straße und schießt.\n",
        ),
    ] {
        let script = script::read(text.as_bytes()).unwrap();
        assert_eq!(find::language(&script), language);
        let words = Words::shipped(language).unwrap();
        assert!(
            !find::scenes(&script, &words)[0].uses.is_empty(),
            "{language}"
        );
    }
}

#[test]
fn five_hundred_pages_are_read_whole() {
    let page = "INT. ROOM - DAY\n\n".to_owned()
        + &"He looks at the gun and waits for the others to come.\n".repeat(53);
    let scenes = found(page.repeat(500).as_bytes());
    assert_eq!(scenes.len(), 500);
    assert!(scenes.iter().all(|scene| scene.uses.len() == 53));
}

#[test]
fn two_scenes_with_one_number_are_marked() {
    let scenes = found(b"INT. A #1#\n\ngun\n\nINT. B #1#\n\ngun\n");
    assert!(scenes.iter().all(|scene| scene.is_double));
}
