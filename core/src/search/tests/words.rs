//! Which words find whom, and what stands under the name.

use super::*;

#[tokio::test]
async fn names_are_found_without_accents_case_or_umlauts() {
    check(&[
        ("zoe", "Zoe Weiß, Zoë Müller"),
        ("ZOË", "Zoe Weiß, Zoë Müller"),
        ("muller", "Zoë Müller"),
        ("Müller", "Zoë Müller"),
        ("mueller", "Zoë Müller"),
        ("weiß", "Zoe Weiß"),
        ("weiss", "Zoe Weiß"),
    ])
    .await;
}

#[tokio::test]
async fn names_of_other_scripts_are_found_by_their_parts() {
    check(&[
        ("петр", "Ана Петрова"),
        ("АНА", "Ана Петрова"),
        ("田", "田中太郎"),
        ("太郎", "田中太郎"),
        ("中太郎", "田中太郎"),
        ("郎太", ""),
    ])
    .await;
}

#[tokio::test]
async fn beginnings_are_found_and_every_word_counts() {
    check(&[
        ("lop", "Anna Maria Lopez"),
        ("an lop", "Anna Maria Lopez"),
        ("lop an", "Anna Maria Lopez"),
        ("zo acm", "Zoë Müller"),
        ("zo nobody", ""),
        ("constantinopoli", "Constantinopolitan Smith"),
        ("constxntinopolx", ""),
        ("o'br", "Jonathan O'Brien"),
        ("obrien", "Jonathan O'Brien"),
        ("…", ""),
    ])
    .await;
}

#[tokio::test]
async fn whole_words_come_before_beginnings_and_names_before_the_rest() {
    check(&[
        ("anna", "Anna Maria Lopez, Maria Annas, Ана Петрова"),
        ("annas", "Maria Annas, Anna Maria Lopez"),
        ("maria", "Maria Annas, Anna Maria Lopez"),
        ("maria annas", "Maria Annas, Anna Maria Lopez"),
        ("smith", "Constantinopolitan Smith"),
    ])
    .await;
}

#[tokio::test]
async fn one_typo_is_forgiven_in_longer_words() {
    check(&[
        ("mulelr", "Zoë Müller"),
        ("jonahtan", "Jonathan O'Brien"),
        ("jonthan", "Jonathan O'Brien"),
        ("lopes", "Anna Maria Lopez"),
        ("weis", "Zoe Weiß"),
        ("wess", "Zoe Weiß"),
        ("zie", ""),
        ("jnathn", ""),
        ("constantinopolitxn", "Constantinopolitan Smith"),
    ])
    .await;
}

#[tokio::test]
async fn numbers_are_found_whole_by_their_end_and_as_they_are_dialled() {
    check(&[
        ("+49 30 23125-014", "Zoë Müller"),
        ("030 23125014", "Zoë Müller"),
        ("0049 30 23125014", "Zoë Müller"),
        ("5014", "Zoë Müller"),
        ("014", ""),
        ("900123", "Zoe Weiß"),
        ("+447700", "Zoe Weiß"),
        ("zoe 0123", "Zoe Weiß"),
        ("900124", ""),
    ])
    .await;
}

#[tokio::test]
async fn addresses_ids_companies_and_own_properties_are_found() {
    check(&[
        ("zoe.mueller@example.org", "Zoë Müller"),
        ("ZOE.MUELLER@EXAMPLE.ORG", "Zoë Müller"),
        ("zoe.muel", "Zoë Müller"),
        ("mueller@", "Zoë Müller"),
        ("example.org", "Zoë Müller"),
        ("anna.lopez@examp", "Anna Maria Lopez"),
        ("acme", "Zoë Müller"),
        ("globex", "Zoe Weiß"),
        ("octo-jon", "Jonathan O'Brien"),
        ("u-1005", "田中太郎"),
        ("gold", "Ана Петрова"),
        ("A-77812", "Anna Maria Lopez"),
        // Somebody whose number ends like it, and whose name begins like it, comes after.
        ("A-4567", "Cem Kaya, Anna Maria Lopez"),
        ("lighthouses", "Jonathan O'Brien"),
    ])
    .await;
}

#[tokio::test]
async fn the_line_under_a_name_says_what_was_found() {
    let world = World::with_people().await;
    let line = async |text: &str| world.page(asking(text)).await.hits[0].line.clone().unwrap_or_default();
    assert_eq!(line("octo").await, "octo-jon");
    assert_eq!(line("0123").await, "+447700900123");
    assert_eq!(line("zoe glob").await, "Globex");
    assert_eq!(line("lopez").await, "anna.lopez@example.com");
}
