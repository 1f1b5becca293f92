//! Records of the CRM: changed, found, merged and made two again, by several people at once and in a world where everything
//! fails.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::{CustomerId, EmailAddress, MergeId, Nip, PhoneNumber, SmsConsent, Timestamp};
use mostek_helpdesk::customer::lookup::{self, Key};
use mostek_helpdesk::customer::merge::{self, Winner, Winners};
use mostek_helpdesk::customer::{self, Details, duplicates, search};
use mostek_helpdesk::{Refusal, desk};
use mostek_ports::simulation::{Faults, Seeded, Simulation, Weather, for_seeds};
use mostek_ports::testing::TestWorld;
use mostek_ports::{Clock, World};
use mostek_store::Actor;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use support::{company, field};

fn actor() -> Actor {
    Actor::System("test".into())
}

fn phone(n: u32) -> PhoneNumber {
    PhoneNumber::parse(&format!("501{n:06}")).unwrap()
}

fn email(n: u32) -> EmailAddress {
    EmailAddress::parse(&format!("osoba{n}@example.pl")).unwrap()
}

fn consent(given: bool, at: i64, source: &str) -> SmsConsent {
    SmsConsent { given, at: Some(Timestamp(at)), source: source.into() }
}

/// A record with a phone and an e-mail address of its own.
fn person(n: u32) -> Details {
    let mut details = Details::named(format!("Osoba {n}").parse().unwrap());
    details.phones.push((phone(n), consent(true, 1000, "formularz")));
    details.emails.push(email(n));
    details.fields.insert(field(), format!("c-{n}"));
    details
}

async fn with_field<W: World>(world: &W) {
    let fact = desk::Fact::Field {
        id: field(),
        name: "Empik ID".parse().unwrap(),
        archived: false,
        kind: Default::default(),
    };
    desk::put_fact(world, company(), actor(), fact).await.unwrap();
}

async fn add<W: World>(world: &W, details: Details) -> CustomerId {
    customer::add(world, company(), actor(), details).await.unwrap()
}

async fn details<W: World>(world: &W, id: CustomerId) -> Details {
    customer::of_company(world, company(), id).await.unwrap().details.unwrap()
}

/// As a person does it: looks at the record, changes something, and looks again if it says something else by then.
async fn edit<W: World>(world: &W, id: CustomerId, what: impl Fn(&mut Details)) -> Result<(), Refusal> {
    for _ in 0..9 {
        let seen = customer::of_company(world, company(), id).await?;
        let version = Some(seen.version());
        let mut next = seen.details.unwrap();
        what(&mut next);
        match customer::change_seen(world, company(), actor(), id, next, version).await {
            Err(Refusal::Changed) => {}
            done => return done,
        }
    }
    Err(Refusal::Changed)
}

async fn holders<W: World>(world: &W, key: &Key) -> Vec<CustomerId> {
    lookup::holders(world, company(), key).await.unwrap()
}

#[test]
fn a_record_is_found_by_exactly_what_it_says_now() {
    block_on(async {
        let world = TestWorld::new(1);
        with_field(&world).await;
        let mut said = person(1);
        said.nip = Some(Nip::parse("5260250274").unwrap());
        let id = add(&world, said.clone()).await;
        let keys = [
            Key::Phone(phone(1)),
            Key::Email(email(1)),
            Key::Nip(Nip::parse("5260250274").unwrap()),
            Key::Field { field: field(), value: "c-1".into() },
        ];
        for key in &keys {
            assert_eq!(holders(&world, key).await, [id], "{key:?}");
        }
        for text in ["501 000 001", "OSOBA1@example.pl", "526-025-02-74", "c-1"] {
            let found = search::search(&world, company(), text).await.unwrap();
            assert_eq!(found.exact.iter().map(|(_, s)| s.id).collect::<Vec<_>>(), [id], "{text}");
        }
        let found = search::search(&world, company(), "oso").await.unwrap();
        assert_eq!(found.by_name.len(), 1);
        customer::change(&world, company(), actor(), id, person(2)).await.unwrap();
        for key in &keys {
            assert!(holders(&world, key).await.is_empty(), "{key:?}");
        }
        assert_eq!(holders(&world, &Key::Email(email(2))).await, [id]);
        assert_eq!(details(&world, id).await, person(2));
    });
}

/// A value that very many records have, as a placeholder in a list that is taken in: finding them costs the same, and is not
/// longer than it can be.
#[test]
fn finding_by_a_value_costs_the_same_however_often_it_was_claimed() {
    let world = TestWorld::new(1);
    let key = Key::Email(email(1));
    let shared = |n: u32| {
        let mut details = Details::named(format!("Osoba {n}").parse().unwrap());
        details.emails.push(email(1));
        details
    };
    block_on(async {
        let first = add(&world, shared(0)).await;
        let mut before = None;
        for n in 1..700 {
            add(&world, shared(n)).await;
            if n % 100 == 0 {
                world.kv.reset_operations();
                let found = holders(&world, &key).await;
                assert!(found.len() <= 500, "{} at {n}", found.len());
                assert_eq!(found.first(), Some(&first));
                let reads = world.kv.operations().reads;
                let most = *before.get_or_insert(reads.max(40));
                assert!(reads <= most, "{reads} reads after {n} claims");
            }
        }
        // Who gives it up is forgotten before anybody who has it.
        edit(&world, first, |d| d.emails.clear()).await.unwrap();
        assert!(!holders(&world, &key).await.contains(&first));
        let new = add(&world, shared(700)).await;
        assert!(holders(&world, &key).await.contains(&new));
    });
}

#[test]
fn two_who_change_different_things_at_the_same_moment_take_nothing_from_each_other() {
    for_seeds(40, |seed| {
        let sim = Simulation::seeded(seed, Faults::none());
        let made = Rc::new(Cell::new(None));
        let (world, place) = (sim.process(), made.clone());
        sim.spawn(async move { place.set(Some(add(&world, person(1)).await)) });
        sim.run();
        let id = made.get().ok_or("not added")?;
        for n in 0..3u32 {
            let world = sim.process();
            sim.spawn(async move {
                edit(&world, id, |mine| match n {
                    0 => mine.emails.push(email(7)),
                    1 => mine.notes = "Dzwonić po 16".into(),
                    _ => mine.phones[0].1 = consent(false, 5000, "infolinia"),
                })
                .await
                .unwrap();
            });
        }
        sim.run();
        let (world, verdict) = (sim.process(), Rc::new(RefCell::new(None)));
        let place = verdict.clone();
        sim.spawn(async move {
            let all = details(&world, id).await;
            let row = customer::page(&world, company(), None, 10).await.unwrap();
            *place.borrow_mut() = Some((all, row.customers.len()));
        });
        sim.run();
        let (all, rows) = verdict.borrow().clone().ok_or("not read")?;
        let good = all.emails == [email(1), email(7)]
            && all.notes == "Dzwonić po 16"
            && all.phones == [(phone(1), consent(false, 5000, "infolinia"))]
            && rows == 1;
        if good { Ok(()) } else { Err(format!("{all:?}, {rows} rows")) }
    })
    .unwrap();
}

#[test]
fn the_history_of_a_consent_is_what_the_facts_say() {
    block_on(async {
        let world = TestWorld::new(1);
        let id = add(&world, person(1)).await;
        let mut now = person(1);
        now.notes = "bez zmian zgody".into();
        customer::change(&world, company(), actor(), id, now.clone()).await.unwrap();
        world.clock.advance(Duration::from_secs(60));
        now.phones[0].1 = consent(false, 2000, "telefon");
        customer::change(&world, company(), Actor::Employee("anna".into()), id, now.clone()).await.unwrap();
        world.clock.advance(Duration::from_secs(60));
        now.phones.clear();
        customer::change(&world, company(), actor(), id, now).await.unwrap();
        let all = customer::of_company(&world, company(), id).await.unwrap().consents();
        let said: Vec<_> =
            all.iter().map(|p| p.consent.as_ref().map(|c| (c.given, c.source.as_str()))).collect();
        assert_eq!(said, [Some((true, "formularz")), Some((false, "telefon")), None]);
        assert_eq!(all[1].actor, Actor::Employee("anna".into()));
    });
}

/// A no of the time when forms let one be written without its moment.
#[test]
fn a_consent_that_was_taken_back_does_not_come_again_by_merging() {
    block_on(async {
        let world = TestWorld::new(1);
        world.clock.advance(Duration::from_secs(60));
        let mut asked = person(1);
        asked.phones[0].1 = SmsConsent { at: None, ..consent(false, 0, "telefon") };
        let mut earlier = person(2);
        earlier.phones = vec![(phone(1), consent(true, 9000, "sklep"))];
        for is_survivor in [true, false] {
            let (a, b) = (add(&world, person(1)).await, add(&world, earlier.clone()).await);
            customer::change(&world, company(), actor(), a, asked.clone()).await.unwrap();
            let (kept, gone) = if is_survivor { (a, b) } else { (b, a) };
            merge::merge(&world, company(), actor(), kept, gone, &Winners::default(), "k").await.unwrap();
            let said = details(&world, kept).await.phones[0].1.clone();
            assert_eq!((said.given, said.source.as_str()), (false, "telefon"), "{is_survivor}");
        }
        // One that nobody ever asked does not take a yes back.
        let mut unasked = person(3);
        unasked.phones = vec![(phone(1), SmsConsent { at: None, ..consent(false, 0, "") })];
        let (a, b) = (add(&world, unasked).await, add(&world, earlier).await);
        merge::merge(&world, company(), actor(), a, b, &Winners::default(), "k").await.unwrap();
        assert!(details(&world, a).await.phones[0].1.given);
    });
}

#[test]
fn what_was_stored_before_is_read_and_changed_as_ever() {
    use customer::record::{Customer, Fact};
    use mostek_ports::KeyValue;
    use mostek_store::{Aggregate, Journal, JournalKey};
    block_on(async {
        let world = TestWorld::new(1);
        with_field(&world).await;
        let id = CustomerId::from_random([9; 16]);
        let key = JournalKey::new("customer", &id.to_string()).unwrap();
        let journal: Journal<Customer> = Journal::at(key.clone());
        let old = |slot: u64, fact: &str, name: &str, more: &str| {
            format!(
                r#"{{"v":1,"stamp":"s","id":"f{slot}","at":{slot}000,"actor":{{"kind":"employee","id":"e"}},"refs":{{"row":{slot}}},
                "fact":{{"fact":"{fact}",{more}"details":{{"name":"{name}","phones":[["+48501000001",{{"given":true,"at":1,"source":"x"}}]],
                "emails":["osoba1@example.pl"],"nip":null,"locale":"pl_PL","notes":"","fields":{{"{}":"c-1"}}}},"replaces":[]}}}}"#,
                field()
            )
            .into_bytes()
        };
        let added = format!("\"company\":\"{}\",", company());
        world.kv.increment(&key.counter(), 2).await.unwrap();
        world
            .kv
            .set_many(&[
                (key.entry(1), old(1, "added", "Stara", &added)),
                (key.entry(2), old(2, "changed", "Nowa", "")),
            ])
            .await
            .unwrap();
        let read = journal.read(&world.kv, &world.clock).await.unwrap().state;
        let was = read.details.clone().unwrap();
        assert_eq!((was.name.as_str(), was.phones.len(), was.fields.len()), ("Nowa", 1, 1));
        assert_eq!(read.consents().len(), 1);
        assert!(Customer::FOLD > 1 && matches!(Fact::Touched { replaces: vec![] }, Fact::Touched { .. }));
        // Changing it makes it found by what it was not found by before.
        assert!(holders(&world, &Key::Phone(phone(1))).await.is_empty());
        let mut next = was;
        next.notes = "x".into();
        customer::change(&world, company(), actor(), id, next).await.unwrap();
        assert_eq!(holders(&world, &Key::Phone(phone(1))).await, [id]);
    });
}

#[test]
fn merging_keeps_what_both_say_and_undoing_takes_exactly_that_away() {
    block_on(async {
        let world = TestWorld::new(1);
        with_field(&world).await;
        let (a, b) = (add(&world, person(1)).await, add(&world, person(2)).await);
        let winners = Winners { name: Winner::Loser, ..Winners::default() };
        let id = merge::merge(&world, company(), actor(), a, b, &winners, "k").await.unwrap();
        assert_eq!(merge::merge(&world, company(), actor(), a, b, &winners, "k").await.unwrap(), id, "once");
        let both = details(&world, a).await;
        assert_eq!(both.name.as_str(), "Osoba 2");
        assert_eq!(both.emails, [email(1), email(2)]);
        assert_eq!(both.phones.len(), 2);
        assert_eq!(both.fields[&field()], "c-1", "the survivor's");
        // Whatever the other one was found by finds the survivor, also a value that did not win.
        assert_eq!(customer::find(&world, company(), field(), "c-2").await.unwrap(), Some(a));
        assert_eq!(holders(&world, &Key::Email(email(2))).await, [a]);
        assert_eq!(customer::survivor(&world, b).await.unwrap(), a);
        let list = customer::page(&world, company(), None, 10).await.unwrap();
        assert_eq!((list.total, list.customers[0].id, list.customers[0].name.as_str()), (1, a, "Osoba 2"));
        assert!(matches!(
            customer::change(&world, company(), actor(), b, person(3)).await,
            Err(Refusal::Changed)
        ));
        assert_eq!(customer::of_company(&world, company(), a).await.unwrap().consents().len(), 2);

        // What is changed in between stays.
        let mut since = both;
        since.notes = "po scaleniu".into();
        since.emails.push(email(9));
        customer::change(&world, company(), actor(), a, since).await.unwrap();
        merge::undo(&world, company(), actor(), a, id).await.unwrap();
        merge::undo(&world, company(), actor(), a, id).await.unwrap();
        let one = details(&world, a).await;
        assert_eq!((one.name.as_str(), one.notes.as_str()), ("Osoba 1", "po scaleniu"));
        assert_eq!(one.emails, [email(1), email(9)]);
        assert_eq!(details(&world, b).await, person(2));
        assert_eq!(customer::survivor(&world, b).await.unwrap(), b);
        assert_eq!(customer::find(&world, company(), field(), "c-2").await.unwrap(), Some(b));
        assert_eq!(holders(&world, &Key::Email(email(2))).await, [b]);
        assert_eq!(customer::page(&world, company(), None, 10).await.unwrap().total, 2);
        assert_eq!(customer::of_company(&world, company(), a).await.unwrap().consents().len(), 1);
    });
}

#[test]
fn a_merging_cannot_be_undone_after_thirty_days_or_below_a_later_one() {
    block_on(async {
        let world = TestWorld::new(1);
        let (a, b, c) =
            (add(&world, person(1)).await, add(&world, person(2)).await, add(&world, person(3)).await);
        let none = Winners::default();
        let first = merge::merge(&world, company(), actor(), a, b, &none, "1").await.unwrap();
        let second = merge::merge(&world, company(), actor(), c, a, &none, "2").await.unwrap();
        assert_eq!(customer::survivor(&world, b).await.unwrap(), c);
        assert_eq!(details(&world, c).await.emails, [email(3), email(1), email(2)]);
        let below = merge::undo(&world, company(), actor(), a, first).await;
        assert!(matches!(below, Err(Refusal::Field { key: "crm-undo-later-first", .. })), "{below:?}");
        world.clock.advance(merge::UNDO + Duration::from_secs(1));
        let late = merge::undo(&world, company(), actor(), c, second).await;
        assert!(matches!(late, Err(Refusal::Field { key: "crm-undo-too-late", .. })), "{late:?}");
        assert!(matches!(
            merge::merge(&world, company(), actor(), a, a, &none, "3").await,
            Err(Refusal::Field { .. })
        ));
    });
}

#[test]
fn duplicates_are_noticed_told_apart_and_noticed_again_when_they_share_something_new() {
    block_on(async {
        let world = TestWorld::new(1);
        let a = add(&world, person(1)).await;
        let mut same = person(2);
        same.emails.push(email(1));
        let b = add(&world, same.clone()).await;
        let page = duplicates::page(&world, company(), None).await.unwrap();
        assert_eq!(page.pairs.len(), 1);
        assert_eq!(page.pairs[0].shared, [Key::Email(email(1))]);
        let record = customer::of_company(&world, company(), b).await.unwrap();
        let suggested = duplicates::suggestions(&world, company(), b, &record).await.unwrap();
        assert_eq!(suggested.iter().map(|s| s.id).collect::<Vec<_>>(), [a]);
        duplicates::tell_apart(&world, company(), actor(), a, b).await.unwrap();
        assert!(duplicates::page(&world, company(), None).await.unwrap().pairs.is_empty());
        same.phones.push((phone(1), SmsConsent::unknown()));
        customer::change(&world, company(), actor(), b, same).await.unwrap();
        assert_eq!(duplicates::page(&world, company(), None).await.unwrap().pairs.len(), 1);
        let none = Winners::default();
        merge::merge(&world, company(), actor(), a, b, &none, "k").await.unwrap();
        assert!(duplicates::page(&world, company(), None).await.unwrap().pairs.is_empty(), "merged");
    });
}

/// Four records; several people merge them into each other, change them and undo, all at once; processes crash. When it is
/// calm again and the timer has come: every phone and e-mail address that somebody was told is stored is on exactly one record
/// that stands for itself and is found there, every record leads to one of those, and the list has exactly those.
fn scramble(seed: u64, faults: Faults) -> Result<(), String> {
    const RECORDS: u32 = 4;
    let calm = faults == Faults::none();
    let wild = Rc::new(Cell::new(false));
    let sim = Simulation::scheduled(Weather {
        calm: Seeded::new(seed, Faults::none()),
        wild: Seeded::new(seed, faults),
        now_wild: wild.clone(),
    });
    let ids: Rc<RefCell<Vec<CustomerId>>> = Rc::default();
    let (world, place) = (sim.process(), ids.clone());
    sim.spawn(async move {
        with_field(&world).await;
        for n in 0..RECORDS {
            let id = add(&world, person(n)).await;
            place.borrow_mut().push(id);
        }
    });
    sim.run();
    let ids = ids.borrow().clone();
    let at = |n: u64| ids[usize::try_from(n % u64::from(RECORDS)).unwrap()];
    wild.set(true);
    let acknowledged: Rc<RefCell<Vec<EmailAddress>>> = Rc::default();
    for m in 0..4u64 {
        let (from, to) = (at(seed.wrapping_mul(7).wrapping_add(m * 3)), at(seed / 5 + m));
        let world = sim.process();
        sim.spawn(async move {
            world.clock().sleep(Duration::from_millis(seed % 11 * 40 * m)).await;
            let key = m.to_string();
            let merged = merge::merge(&world, company(), actor(), to, from, &Winners::default(), &key).await;
            if let Ok(id) = merged
                && m == 3
                && seed.is_multiple_of(3)
            {
                let _ = merge::undo(&world, company(), actor(), to, id).await;
            }
        });
    }
    for n in 0..RECORDS {
        let (world, id, told) = (sim.process(), ids[n as usize], acknowledged.clone());
        sim.spawn(async move {
            world.clock().sleep(Duration::from_millis(seed % 13 * 30)).await;
            if edit(&world, id, |next| next.emails.push(email(100 + n))).await.is_ok() {
                told.borrow_mut().push(email(100 + n));
            }
        });
    }
    sim.run();
    sim.calm();
    for _ in 0..6 {
        let world = sim.process();
        sim.spawn(async move {
            world.clock().sleep(Duration::from_secs(400)).await;
            merge::settle_pending(&world, Duration::MAX).await.unwrap();
        });
        sim.run();
    }
    let mut told = acknowledged.borrow().clone();
    told.extend((0..RECORDS).map(email));
    let verdict: Rc<RefCell<Result<(), String>>> = Rc::new(RefCell::new(Err("nothing was judged".into())));
    let (world, place) = (sim.process(), verdict.clone());
    sim.spawn(async move { *place.borrow_mut() = judge(&world, &ids, &told, calm).await });
    sim.run();
    verdict.replace(Ok(()))
}

async fn judge<W: World>(
    world: &W,
    ids: &[CustomerId],
    told: &[EmailAddress],
    calm: bool,
) -> Result<(), String> {
    let mut live = Vec::new();
    for id in ids {
        let record = customer::of_company(world, company(), *id).await.map_err(|e| e.to_string())?;
        if record.is_live() {
            live.push((*id, record));
        }
        let (end, standing) = customer::standing_for(world, *id).await.map_err(|e| e.to_string())?;
        if !standing.state.is_live() {
            return Err(format!("{id} leads to {end}, which stands for nobody"));
        }
    }
    for address in told {
        let having: Vec<CustomerId> = live
            .iter()
            .filter(|(_, r)| r.details.as_ref().is_some_and(|d| d.emails.contains(address)))
            .map(|(id, _)| *id)
            .collect();
        if having.len() != 1 {
            return Err(format!("{address} is on {having:?}"));
        }
        let found = holders(world, &Key::Email(address.clone())).await;
        if found != having {
            return Err(format!("{address} is on {having:?} and found on {found:?}"));
        }
    }
    let page = customer::page(world, company(), None, 50).await.map_err(|e| e.to_string())?;
    let mut rows: Vec<CustomerId> = page.customers.iter().map(|c| c.id).collect();
    rows.sort_unstable();
    let mut there: Vec<CustomerId> = live.iter().map(|(id, _)| *id).collect();
    there.sort_unstable();
    // A row that lands minutes after its writer crashed may list a merged record; it leads to the one that stands for it.
    rows.retain(|id| calm || there.contains(id));
    if rows == there { Ok(()) } else { Err(format!("the list has {rows:?}, there are {there:?}")) }
}

#[test]
fn people_who_merge_at_the_same_moment_lose_nothing() {
    for_seeds(200, |seed| scramble(seed, Faults::none())).unwrap();
}

#[test]
fn people_who_merge_in_a_world_where_everything_fails_lose_nothing() {
    for_seeds(120, |seed| scramble(seed, Faults::many())).unwrap();
}

#[test]
fn a_key_of_merging_is_what_it_is_about() {
    let id = |a: u8, b: u8, key: &str| {
        let (a, b) = (CustomerId::from_random([a; 16]), CustomerId::from_random([b; 16]));
        MergeId::deterministic(&[&a.to_bytes(), &b.to_bytes(), key.as_bytes()])
    };
    assert_ne!(id(1, 2, "k"), id(2, 1, "k"));
    assert_ne!(id(1, 2, "k"), id(1, 2, "l"));
}

/// A file is taken in by two timers at once in a world where everything fails: every row that was refused by nobody is one
/// record.
#[test]
fn a_file_taken_in_by_several_at_once_adds_every_row_once() {
    use mostek_helpdesk::customer::import::{self, row};
    const ROWS: usize = 70;
    for_seeds(25, |seed| {
        let wild = Rc::new(Cell::new(false));
        let sim = Simulation::scheduled(Weather {
            calm: Seeded::new(seed, Faults::none()),
            wild: Seeded::new(seed, Faults::many()),
            now_wild: wild.clone(),
        });
        let made = Rc::new(Cell::new(None));
        let (world, place) = (sim.process(), made.clone());
        sim.spawn(async move {
            let mut text = "Nazwa;E-mail\n".to_owned();
            for n in 0..ROWS {
                text.push_str(&format!("Osoba {n};osoba{n}@example.pl\n"));
            }
            let id = import::upload(&world, company(), actor(), "k.csv", text.as_bytes()).await.unwrap();
            let plan = row::Plan {
                columns: vec![row::Target::Name, row::Target::Email],
                finder: row::Finder::Email,
                comma: true,
            };
            import::start(&world, company(), id, &plan, Duration::ZERO).await.unwrap();
            place.set(Some(id));
        });
        sim.run();
        let id = made.get().ok_or("nothing was begun")?;
        wild.set(true);
        for _ in 0..3 {
            let world = sim.process();
            sim.spawn(async move {
                for _ in 0..3 {
                    let until = world.clock().monotonic() + Duration::from_secs(600);
                    let _ = import::go_on_with_all(&world, until).await;
                }
            });
        }
        sim.run();
        sim.calm();
        let world = sim.process();
        sim.spawn(async move {
            world.clock().sleep(Duration::from_secs(400)).await;
            import::go_on_with_all(&world, Duration::MAX).await.unwrap();
        });
        sim.run();
        let (world, verdict) = (sim.process(), Rc::new(RefCell::new(None)));
        let place = verdict.clone();
        sim.spawn(async move {
            let what = import::of_company(&world, company(), id).await.unwrap();
            let progress = import::progress(&world, id, &what).await.unwrap();
            let mut records = Vec::new();
            let mut before = None;
            loop {
                let page = customer::page(&world, company(), before, 50).await.unwrap();
                records.extend(page.customers.into_iter().map(|c| c.id));
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            records.sort_unstable();
            records.dedup();
            *place.borrow_mut() = Some((progress, records.len()));
        });
        sim.run();
        let (progress, records) = verdict.borrow().clone().ok_or("nothing was looked at")?;
        let good = progress.is_done() && progress.added == ROWS && progress.refused == 0 && records == ROWS;
        if good { Ok(()) } else { Err(format!("{progress:?}, {records} records")) }
    })
    .unwrap();
}

/// Erasing is cut off anywhere; the timer ends it, and nothing of the person is left to read.
#[test]
fn an_erasing_that_is_cut_off_is_ended_by_the_timer() {
    use mostek_helpdesk::customer::erase;
    use mostek_people::audit::Act;
    for_seeds(40, |seed| {
        let wild = Rc::new(Cell::new(false));
        let sim = Simulation::scheduled(Weather {
            calm: Seeded::new(seed, Faults::none()),
            wild: Seeded::new(seed, Faults { skew: Duration::from_secs(30), ..Faults::many() }),
            now_wild: wild.clone(),
        });
        let made = Rc::new(Cell::new(None));
        let (world, place) = (sim.process(), made.clone());
        sim.spawn(async move {
            with_field(&world).await;
            let a = add(&world, person(1)).await;
            let b = add(&world, person(2)).await;
            merge::merge(&world, company(), actor(), a, b, &Winners::default(), "k").await.unwrap();
            place.set(Some((a, b)));
        });
        sim.run();
        let (a, b) = made.get().ok_or("not added")?;
        wild.set(true);
        let told = Rc::new(Cell::new(false));
        for _ in 0..2 {
            let (world, told) = (sim.process(), told.clone());
            sim.spawn(async move {
                let act = Act::new("customer-erased", "customer", a);
                let done = erase::erase(&world, company(), actor(), a, act, Duration::MAX).await;
                told.set(told.get() || done.is_ok());
            });
        }
        sim.run();
        sim.calm();
        for _ in 0..2 {
            let world = sim.process();
            sim.spawn(async move {
                world.clock().sleep(Duration::from_secs(3000)).await;
                erase::sweep_again(&world, Duration::MAX).await.unwrap();
            });
            sim.run();
        }
        let (world, verdict) = (sim.process(), Rc::new(RefCell::new(Err("nothing was read".to_owned()))));
        let (place, told) = (verdict.clone(), told.get());
        sim.spawn(async move {
            *place.borrow_mut() = left(&world, &[a, b], told).await;
        });
        sim.run();
        verdict.replace(Ok(()))
    })
    .unwrap();
}

/// What is left of erased records, if they are: `told` says that somebody was told so.
async fn left<W: World>(world: &W, ids: &[CustomerId], told: bool) -> Result<(), String> {
    use mostek_helpdesk::customer::record::Customer;
    use mostek_ports::KeyValue;
    use mostek_store::{Journal, JournalKey};
    for id in ids {
        let key = JournalKey::new("customer", &id.to_string()).unwrap();
        let journal: Journal<Customer> = Journal::at(key.clone());
        let state = journal.read(world.kv(), world.clock()).await.map_err(|e| e.to_string())?.state;
        if !state.is_erased() {
            return if told { Err(format!("{id} is not erased")) } else { Ok(()) };
        }
        let counter = journal.counter(world.kv()).await.map_err(|e| e.to_string())?;
        for slot in 1..=counter {
            let bytes =
                world.kv().get(&key.entry(slot)).await.map_err(|e| e.to_string())?.unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if text.contains("Osoba") || text.contains("example.pl") {
                return Err(format!("{id} still says in {slot}: {text}"));
            }
        }
    }
    for n in [1, 2] {
        let found = holders(world, &Key::Email(email(n))).await;
        if !found.is_empty() {
            return Err(format!("{} is found on {found:?}", email(n)));
        }
    }
    Ok(())
}
