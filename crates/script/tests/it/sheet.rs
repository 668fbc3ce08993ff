use script::Fault;
use script::sheet::{self, Field, PERSON, WEAPON, WeaponRow};

fn weapons(bytes: &[u8]) -> Result<Vec<WeaponRow>, Vec<Fault>> {
    let sheet = sheet::read(bytes, &WEAPON, &[]).map_err(|fault| vec![fault])?;
    let mapping = sheet.mapping(&WEAPON, &[]).map_err(|fault| vec![fault])?;
    sheet::weapons(&sheet, &mapping)
}

#[track_caller]
fn says(bytes: &[u8], line: u32, words: &str) {
    let faults = weapons(bytes).unwrap_err();
    assert!(
        faults
            .iter()
            .any(|fault| fault.line == line && fault.says.contains(words)),
        "{faults:?}"
    );
}

#[test]
fn headings_are_found_under_a_title_and_guessed() {
    let rows = weapons(
        "Armory,,\n15 Nov,,\nTag No.,Weapon,Serial Number\n\n01,Revolver,SA-1\n,,\n02,Rifle,SA-2\n"
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].line, rows[0].cell(Field::Serial)), (5, "SA-1"));
    assert_eq!(rows[1].line, 7);
}

#[test]
fn semicolons_tabs_and_other_encodings_are_read() {
    let rows = weapons(b"Nummer;Bezeichnung;Waffennummer\n1;B\xFCchse;77\n").unwrap();
    assert_eq!(rows[0].cell(Field::Name), "Büchse");
    let mut utf16 = vec![0xFE, 0xFF];
    utf16.extend(
        "Tag\tName\n1\tRifle\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes),
    );
    assert_eq!(weapons(&utf16).unwrap()[0].cell(Field::Name), "Rifle");
}

#[test]
fn formulas_are_kept_as_text_and_told() {
    let rows = weapons(b"Tag,Name,Serial\n1,\"=HYPERLINK(\"\"x\"\")\",-\n").unwrap();
    assert_eq!(rows[0].cell(Field::Name), "=HYPERLINK(\"x\")");
    assert_eq!(rows[0].formulas, [Field::Name]);
}

#[test]
fn double_marks_are_refused_with_both_lines() {
    says(
        b"Tag,Name,Serial\n1,a,SA-1142\n2,b,sa 1142\n",
        3,
        "stands on line 2",
    );
    says(b"Tag,Name\n1,a\n1,b\n", 3, "tag `1`");
}

#[test]
fn what_would_lose_rows_is_refused() {
    says(b"Tag,Name\n1,\"a\n2,b\n3,c\n", 2, "not closed");
    says(b"Tag,Name\n1,a,4 inch\n", 2, "3 cells under 2 headings");
    says(b"Tag,Name\n,a\n", 2, "no tag");
    says(b"Tag,Name\n", 1, "no row");
    says(b"a,b\nc,d\n", 1, "no heading");
    says(b"Tag,Colour\n1,black\n", 1, "no column gives the name");
    says(
        format!("Tag,Name\n1,{}\n", "x".repeat(3_000)).as_bytes(),
        2,
        "2000 characters",
    );
    says(",,,\n,,\n".as_bytes(), 1, "no heading");
}

#[test]
fn a_heading_that_was_named_and_is_not_there_is_told() {
    let sheet = sheet::read(b"Tag,Name\n1,a\n", &WEAPON, &[]).unwrap();
    let fault = sheet
        .mapping(&WEAPON, &[(Field::Serial, "Ser".to_owned())])
        .unwrap_err();
    assert!(fault.says.contains("no heading is called `Ser`"), "{fault}");
    let mapping = sheet
        .mapping(
            &WEAPON,
            &[
                (Field::Tag, "name".to_owned()),
                (Field::Name, "TAG".to_owned()),
            ],
        )
        .unwrap();
    assert_eq!(mapping, [(Field::Tag, 1), (Field::Name, 0)]);
}

#[test]
fn a_call_sheet_gives_people_and_the_rows_without_a_role() {
    let sheet = sheet::read(
        b"Name,Position,Dept\nx,First AD,Direction\ny,,\n",
        &PERSON,
        &[],
    )
    .unwrap();
    let mapping = sheet.mapping(&PERSON, &[]).unwrap();
    let people = sheet::people(&sheet, &mapping).unwrap();
    assert_eq!(people.rows[0].role, "First AD");
    assert_eq!(people.without_role, [3]);
}
