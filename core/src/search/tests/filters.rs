//! Filters: what the index answers is what a look at every profile gives, and what is written reads back.

use super::*;
use crate::{
    model::{Cardinality, PropertyDefinition, PropertyType, Schema},
    search::{
        Direction, Filter, FilterError, Vocabulary,
        filter::{Facts, Group, How, Meaning, Op, Part, Place, Test},
    },
};

fn vocabulary() -> Vocabulary {
    let mut schema = Schema::built_in();
    for (key, kind, options) in [
        ("tier", PropertyType::Choice, &["free", "pro", "enterprise"][..]),
        ("seats", PropertyType::Number, &[]),
        ("renewal", PropertyType::Date, &[]),
        ("at_risk", PropertyType::YesNo, &[]),
    ] {
        let key = PropertyKey::fold(key).unwrap();
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let base = PropertyDefinition::text(key, "Test");
        schema.define(PropertyDefinition { kind, options, cardinality: Cardinality::One, ..base });
    }
    Vocabulary::new(&schema, ["plan_code".to_owned()])
}

fn read(text: &str) -> Result<Filter, FilterError> {
    Filter::read(text, &vocabulary(), now())
}

#[test]
fn what_is_written_reads_back_as_it_is_meant() {
    for (given, canonical) in [
        (
            "tier:enterprise last_seen<30d company:\"Acme Ltd\"",
            "tier:enterprise last_seen<30d company:\"Acme Ltd\"",
        ),
        ("tier=pro and seats>=3", "tier:pro seats>=3"),
        ("tags:vip or tags:beta", "tags:vip or tags:beta"),
        ("seats:5..20 (tier:free OR tier:pro)", "seats:5..20 (tier:free or tier:pro)"),
        (
            "-tier:free,pro has:phone no:birthday is:visitor",
            "tier!=free,pro has:phone no:birthday kind:visitor",
        ),
        ("-company~inc  renewal>2026-02-01 at_risk:yes", "company!~inc renewal>2026-02-01 at_risk:yes"),
        ("company:\"a \\\"b\\\" (c), d\"", "company:\"a \\\"b\\\" (c), d\""),
        ("(tier:pro)", "tier:pro"),
        ("channel:whatsapp last_seen>1y plan_code~x", "channel:whatsapp last_seen>1y plan_code~x"),
        ("orwell:x", "orwell"),
        ("", ""),
    ] {
        match read(given) {
            Ok(filter) => {
                assert_eq!(filter.to_string(), canonical, "`{given}`");
                assert_eq!(read(canonical), Ok(filter.clone()), "`{canonical}`");
                let json = serde_json::to_string(&filter).unwrap();
                assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter);
            }
            Err(error) => assert!(error.to_string().contains(canonical), "`{given}`: {error}"),
        }
    }
}

#[test]
fn what_is_written_wrongly_is_refused_at_its_place() {
    for (given, at, why) in [
        ("teir:pro", 1, "did you mean `tier`?"),
        ("tier:pro seats>many", 10, "`many` is none"),
        ("tier:gold", 1, "one of free, pro, enterprise"),
        ("tier:pro or seats:1 company:x", 21, "side by side"),
        ("(tier:pro", 1, "not closed"),
        ("tier:pro)", 9, "closes nothing"),
        ("((tier:pro))", 2, "one level deep"),
        ("acme", 1, "is no condition"),
        ("company:", 8, "needs a value"),
        ("company:\"acme", 9, "not closed"),
        ("tier:pro or", 12, "nothing after it"),
        ("or tier:pro", 1, "nothing before it"),
        ("last_seen<soon", 1, "write it like"),
        ("company<5", 1, "neither a number nor a date"),
        ("at_risk:perhaps", 1, "yes or no"),
        ("seats:1,", 9, "after the comma"),
        ("-seats>3", 1, "`-` stands before"),
        ("()", 1, "nothing in these brackets"),
        ("seats<>3", 6, "compares nothing"),
        ("last_seen<99999999999d", 1, "write it like"),
    ] {
        let error = read(given).expect_err(given);
        assert_eq!(error.place, Place::Character(at), "`{given}`: {error}");
        assert!(error.to_string().contains(why), "`{given}`: {error}");
    }
    let many = vec!["tier:pro"; 60].join(" ");
    assert!(read(&many).unwrap_err().to_string().contains("at most 40 conditions"));
}

#[test]
fn one_condition_more_holds_besides() {
    let more = Test { property: "seats".into(), op: Op::Greater, values: vec!["3".into()] };
    let filter = read("tags:vip or tags:beta").unwrap().and(more.clone());
    assert_eq!(filter.to_string(), "(tags:vip or tags:beta) seats>3");
    assert_eq!(read("tier:pro").unwrap().and(more).to_string(), "tier:pro seats>3");
}

/// Numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len() as u64) as usize]
    }
}

const PROPERTIES: [&str; 9] = [
    "company",
    "job_title",
    "seats_code",
    "birthday",
    "tags",
    "location",
    "messages",
    "last_seen",
    "channel",
];

fn random_test(dice: &mut Dice) -> Test {
    let property = dice.one(&PROPERTIES).to_owned();
    let dates = ["2026-02-01", "2026-02-01T12:10:00Z", "1980-05-05", "2027-01-01"];
    let (ops, values): (&[Op], &[&str]) = match property.as_str() {
        "birthday" | "last_seen" => (
            &[
                Op::Is,
                Op::IsNot,
                Op::Less,
                Op::AtMost,
                Op::Greater,
                Op::AtLeast,
                Op::Between,
                Op::Within,
                Op::Older,
                Op::Known,
                Op::Empty,
            ],
            &dates,
        ),
        "messages" => (&[Op::Is, Op::Less, Op::AtLeast, Op::Between, Op::Known], &["0", "1", "-3", "7.5"]),
        _ => (
            &[Op::Is, Op::IsNot, Op::Contains, Op::Lacks, Op::Known, Op::Empty],
            &["acme", "Zoë", "vip", "beta", "engineer", "Bonn", "email", "phone", "o", "gmbh"],
        ),
    };
    let op = ops[dice.roll(ops.len() as u64) as usize];
    let count = match op {
        Op::Known | Op::Empty => 0,
        Op::Between => 2,
        Op::Is | Op::IsNot => 1 + dice.roll(3),
        _ => 1,
    };
    let pick = |dice: &mut Dice| match op {
        Op::Within | Op::Older => dice.one(&["1h", "0d", "3d", "20000"]).to_owned(),
        _ => dice.one(values).to_owned(),
    };
    let values = (0..count).map(|_| pick(dice)).collect();
    Test { property, op, values }
}

fn random_filter(dice: &mut Dice) -> Filter {
    let how = if dice.roll(3) == 0 { How::Any } else { How::All };
    let tests = (0..=dice.roll(3)).map(|_| {
        if dice.roll(4) == 0 {
            let how = if dice.roll(2) == 0 { How::Any } else { How::All };
            Part::Group(Group { how, tests: (0..=dice.roll(3)).map(|_| random_test(dice)).collect() })
        } else {
            Part::Test(random_test(dice))
        }
    });
    Filter { how, tests: tests.collect() }
}

async fn world_of_many() -> World {
    let mut dice = Dice(7);
    let mut world = World::empty().await;
    for number in 0..240 {
        let mut line = format!("Person {number} | email:p{number}@example.net");
        for (property, values) in [
            ("company", &["Acme Robotics", "ACME", "Globex GmbH", "Café Zoë"][..]),
            ("job_title", &["Engineer", "Head of o"]),
            ("birthday", &["1980-05-05", "2001-12-24", "not a day"]),
            ("tags", &["vip", "beta"]),
            ("location", &["Bonn", "Lyon"]),
            ("seats_code", &["o-1", "vip"]),
        ] {
            if dice.roll(2) == 0 {
                line += &format!(" | {property}={}", dice.one(values));
            }
        }
        if dice.roll(3) == 0 {
            line += &format!(" | phone:+4930231{number:05}");
        }
        world.arrive(&line).await;
        if number == 150 {
            // Half of them lie in the index, half in memory, and some in both.
            world.search.settle(now()).await.unwrap();
        }
    }
    world
}

/// Every profile that the same filter means when each is looked at by itself.
async fn scan(world: &World, filter: &Filter, at: Timestamp) -> Vec<ProfileId> {
    let vocabulary = world.search.vocabulary();
    let meaning = Meaning::of(filter, &vocabulary, at).unwrap();
    let rules = world.engine.rules();
    let mut found = Vec::new();
    for row in world.engine.store().profiles_after(None, 10_000).await.unwrap() {
        let view = world.engine.view(row.id, at).await.unwrap();
        if meaning.fits(&Facts::of(&view, row.created, rules.schema())) {
            found.push(row.id);
        }
    }
    found.sort_unstable();
    found
}

#[tokio::test]
async fn the_index_finds_what_a_look_at_everybody_finds() {
    let world = world_of_many().await;
    let mut dice = Dice(42);
    let at = Timestamp::from_millis(now().as_millis() + 200 * 60_000);
    let (mut some, mut none) = (0, 0);
    for round in 0..160 {
        if round == 80 {
            world.search.settle(at).await.unwrap();
        }
        let filter = random_filter(&mut dice);
        let written = filter.to_string();
        let expected = scan(&world, &filter, at).await;
        let query = Query { filter, ..Query::default() };
        let mut ids = world.search.ids(query.clone(), 10_000, at).await.unwrap();
        ids.sort_unstable();
        assert_eq!(ids, expected, "round {round}: {written}");
        let count = world.search.count(query.clone(), 10_000, at).await.unwrap();
        assert_eq!(count, expected.len(), "round {round}: {written}");
        assert_eq!(world.search.count(query.clone(), 3, at).await.unwrap(), expected.len().min(3));
        let page = world.search.query(query, at).await.unwrap();
        assert_eq!(page.total, Some(expected.len()), "round {round}: {written}");
        *if expected.is_empty() { &mut none } else { &mut some } += 1;
    }
    assert!(some > 60 && none > 5, "the filters tell profiles apart: {some} find somebody, {none} nobody");
}

#[tokio::test]
async fn every_order_is_read_page_by_page_both_ways() {
    let world = world_of_many().await;
    for committed in [false, true] {
        for key in
            ["birthday", "company", "messages", "name", "last_seen", "location", "first_seen", "seats_code"]
        {
            let mut orders = Vec::new();
            for direction in [Direction::Ascending, Direction::Descending] {
                let filter = Filter::one("tags", Op::Known, &[]);
                let query =
                    Query { filter, sort: key.into(), direction: Some(direction), ..Query::default() };
                let whole = world.search.ids(query.clone(), 10_000, now()).await.unwrap();
                let mut read = Vec::new();
                let mut cursor = None;
                loop {
                    let page = world.page(Query { cursor, limit: 7, ..query.clone() }).await;
                    read.extend(page.hits.iter().map(|hit| hit.id));
                    cursor = page.next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(read, whole, "{key} {direction:?} {committed}");
                let mut values = Vec::new();
                for id in whole {
                    let view = world.engine.view(id, now()).await.unwrap();
                    values.extend(view.value(key).map(ToString::to_string));
                }
                orders.push(values);
            }
            if key == "company" || key == "location" {
                let mut ascending = orders[0].clone();
                ascending.sort_by_key(|value| value.to_lowercase());
                assert_eq!(
                    orders[0].iter().map(|v| v.to_lowercase()).collect::<Vec<_>>(),
                    ascending.iter().map(|v| v.to_lowercase()).collect::<Vec<_>>()
                );
                let mut turned = orders[1].clone();
                turned.reverse();
                assert_eq!(
                    turned.iter().map(|v| v.to_lowercase()).collect::<Vec<_>>(),
                    ascending.iter().map(|v| v.to_lowercase()).collect::<Vec<_>>()
                );
            }
        }
        world.search.settle(now()).await.unwrap();
    }
    let query = Query { sort: "tags".into(), ..Query::default() };
    let error = world.search.query(query, now()).await.unwrap_err();
    assert!(error.to_string().contains("cannot be sorted by `tags`"), "{error}");
}

#[tokio::test]
async fn a_property_that_nobody_defined_can_be_asked_for_after_a_restart() {
    let mut world = World::empty().await;
    world.arrive("Cem Kaya | email:cem@kaya.example | order_number=A-4567").await;
    let folder = tempfile::TempDir::new().unwrap();
    let search = Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    search.settle(now()).await.unwrap();
    drop(search);
    let search = Search::open(world.engine.clone(), Some(folder.path())).await.unwrap();
    let filter = Filter::read("order_number:a-4567", &search.vocabulary(), now()).unwrap();
    let page = search.query(Query { filter, ..Query::default() }, now()).await.unwrap();
    assert_eq!(names(&page), "Cem Kaya");
    assert_eq!(page.hits[0].properties["order_number"], ["A-4567"]);
}
