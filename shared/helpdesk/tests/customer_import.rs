//! Files with customers that are taken in: slowly, and when records say something newer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use futures::executor::block_on;
use mostek_domain::{CustomerId, ImportId, PhoneNumber, SmsConsent};
use mostek_helpdesk::customer::import::{self, Progress, row};
use mostek_helpdesk::customer::{self, Details};
use mostek_ports::testing::{ManualClock, MemoryStore, TestWorld};
use mostek_ports::{Clock, KeyValue, StoreError, World};
use mostek_store::Actor;
use row::Target::{Consent, ConsentDate, Email, Name, Phone};
use std::time::Duration;
use support::company;

const HOUR: Duration = Duration::from_secs(3600);

fn actor() -> Actor {
    Actor::System("test".into())
}

/// A store whose every operation takes some time.
#[derive(Clone)]
struct Slow {
    store: MemoryStore,
    clock: ManualClock,
}

impl Slow {
    fn wait(&self) {
        self.clock.advance(Duration::from_millis(20));
    }
}

impl KeyValue for Slow {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.wait();
        self.store.get(key).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        self.wait();
        self.store.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        self.wait();
        self.store.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        self.wait();
        self.store.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        self.wait();
        self.store.delete_many(keys).await
    }
}

async fn upload<W: World>(world: &W, text: &str) -> ImportId {
    import::upload(world, company(), actor(), "lista.csv", text.as_bytes()).await.unwrap()
}

async fn progress<W: World>(world: &W, id: ImportId) -> Progress {
    let what = import::of_company(world, company(), id).await.unwrap();
    import::progress(world, id, &what).await.unwrap()
}

#[test]
fn a_chunk_that_is_cut_off_goes_on_at_the_row_where_it_stopped() {
    let plain = TestWorld::new(1);
    let world = TestWorld {
        kv: Slow { store: plain.kv.clone(), clock: plain.clock.clone() },
        http: plain.http,
        clock: plain.clock,
        random: plain.random,
        settings: plain.settings,
        log: plain.log,
    };
    let mut text = "Nazwa;E-mail\n".to_owned();
    for n in 0..60 {
        text.push_str(&format!("Osoba {n};osoba{n}@example.pl\n"));
    }
    block_on(async {
        let id = upload(&world, &text).await;
        let plan = row::Plan { columns: vec![Name, Email], finder: row::Finder::Email, comma: true };
        import::start(&world, company(), id, &plan, Duration::ZERO).await.unwrap();
        let (mut rounds, mut before) = (0, 0);
        while !progress(&world, id).await.is_done() {
            // Far too short for a chunk of fifty rows.
            let until = world.clock().monotonic() + Duration::from_secs(5);
            import::go_on_with_all(&world, until).await.unwrap();
            let now = progress(&world, id).await;
            assert!(now.done > before, "nothing was done in round {rounds}: {now:?}");
            before = now.done;
            rounds += 1;
            assert!(rounds < 40);
        }
        assert!(rounds > 3, "it was cut off, or this shows nothing: {rounds}");
        let done = progress(&world, id).await;
        assert_eq!((done.added, done.refused), (60, 0));
        assert_eq!(customer::page(&world, company(), None, 1).await.unwrap().total, 60);
        // Nothing of it is left after a week.
        import::go_on_with_all(&world, Duration::MAX).await.unwrap();
        world.clock.advance(import::KEPT + HOUR);
        import::go_on_with_all(&world, Duration::MAX).await.unwrap();
        let left = |k: &String| k.contains("customer-import-") || k.contains("import-");
        let left: Vec<String> = world.kv.store.keys().into_iter().filter(left).collect();
        assert!(left.iter().all(|k| !k.contains("rows") && !k.contains("plan")), "{left:?}");
    });
}

const NUMBER: &str = "501234567";

fn number() -> PhoneNumber {
    PhoneNumber::parse(NUMBER).unwrap()
}

/// A customer who has agreed to SMS some time ago.
async fn anna(world: &TestWorld) -> CustomerId {
    let mut details = Details::named("Anna Nowak".parse().unwrap());
    details.emails.push("anna@example.pl".parse().unwrap());
    let at = Some(world.clock.now().minus(HOUR * 24 * 30));
    details.phones.push((number(), SmsConsent { given: true, at, source: "formularz".into() }));
    customer::add(world, company(), actor(), details).await.unwrap()
}

async fn edit(world: &TestWorld, id: CustomerId, what: impl Fn(&mut Details)) {
    let mut details = customer::read(world, id).await.unwrap().state.details.unwrap();
    what(&mut details);
    customer::change(world, company(), actor(), id, details).await.unwrap();
}

/// As the form does it when nobody types a date.
fn take_back(details: &mut Details) {
    details.phones[0].1 = SmsConsent { given: false, at: None, source: "rozmowa".into() };
}

async fn said(world: &TestWorld, id: CustomerId) -> (bool, String) {
    let details = customer::read(world, id).await.unwrap().state.details.unwrap();
    let (_, consent) = details.phones.into_iter().find(|(n, _)| *n == number()).unwrap();
    (consent.given, consent.source)
}

/// Takes a file in and gives what came of it.
async fn take(world: &TestWorld, id: ImportId, columns: Vec<row::Target>) -> Progress {
    let plan = row::Plan { columns, finder: row::Finder::Email, comma: true };
    import::start(world, company(), id, &plan, Duration::MAX).await.unwrap();
    progress(world, id).await
}

#[test]
fn a_consent_taken_back_since_the_file_was_sent_is_not_given_again() {
    let world = TestWorld::new(1);
    block_on(async {
        let anna = anna(&world).await;
        let file = upload(&world, &format!("E-mail;Telefon;Zgoda\nanna@example.pl;{NUMBER};tak\n")).await;
        world.clock.advance(HOUR);
        edit(&world, anna, take_back).await;
        let done = take(&world, file, vec![Email, Phone, Consent]).await;
        assert_eq!((done.found, done.older_consents), (1, 1));
        assert_eq!(said(&world, anna).await, (false, "rozmowa".into()));
        // Sent afterwards it may be as old all the same: nothing in it says when the consent was given.
        world.clock.advance(HOUR);
        let file = upload(&world, &format!("E-mail;Telefon;Zgoda\nanna@example.pl;{NUMBER};tak\n")).await;
        let done = take(&world, file, vec![Email, Phone, Consent]).await;
        assert_eq!((done.found, done.older_consents), (1, 1));
        assert_eq!(said(&world, anna).await, (false, "rozmowa".into()));
        // A no needs no date.
        edit(&world, anna, |d| d.phones[0].1.given = true).await;
        let file = upload(&world, &format!("E-mail;Telefon;Zgoda\nanna@example.pl;{NUMBER};nie\n")).await;
        let done = take(&world, file, vec![Email, Phone, Consent]).await;
        assert_eq!((done.found, done.older_consents), (1, 0));
        assert!(!said(&world, anna).await.0);
    });
}

#[test]
fn a_rows_date_says_since_when_its_consent_counts() {
    let world = TestWorld::new(1);
    block_on(async {
        let anna = anna(&world).await;
        // The world is at 2026-05-12.
        edit(&world, anna, take_back).await;
        world.clock.advance(HOUR * 24 * 3);
        let columns = vec![Email, Phone, Consent, ConsentDate];
        for (date, newer) in [("2026-05-11", false), ("11.05.2026 10:00", false), ("2026-05-13", true)] {
            let text = format!("E-mail;Telefon;Zgoda;Data zgody\nanna@example.pl;{NUMBER};tak;{date}\n");
            let file = upload(&world, &text).await;
            let done = take(&world, file, columns.clone()).await;
            assert_eq!((done.found, done.older_consents), (1, usize::from(!newer)), "{date}");
            assert_eq!(said(&world, anna).await.0, newer, "{date}");
        }
        // A day that is yet to come does not win over what is said before it.
        edit(&world, anna, take_back).await;
        let text = format!("E-mail;Telefon;Zgoda;Data zgody\nanna@example.pl;{NUMBER};tak;2030-01-01\n");
        let file = upload(&world, &text).await;
        world.clock.advance(HOUR);
        edit(&world, anna, |d| d.phones[0].1.given = true).await;
        edit(&world, anna, take_back).await;
        assert_eq!(take(&world, file, columns.clone()).await.older_consents, 1);
        let text = format!("E-mail;Telefon;Zgoda;Data zgody\nanna@example.pl;{NUMBER};tak;wczoraj\n");
        let file = upload(&world, &text).await;
        assert_eq!(take(&world, file, columns).await.refused, 1);
    });
}

#[test]
fn a_number_that_comes_back_comes_with_what_was_said_of_it() {
    let world = TestWorld::new(1);
    block_on(async {
        let anna = anna(&world).await;
        let file = upload(&world, &format!("E-mail;Telefon;Zgoda\nanna@example.pl;{NUMBER};tak\n")).await;
        world.clock.advance(HOUR);
        edit(&world, anna, take_back).await;
        edit(&world, anna, |d| d.phones.clear()).await;
        let done = take(&world, file, vec![Email, Phone, Consent]).await;
        assert_eq!((done.found, done.older_consents), (1, 1));
        assert!(!said(&world, anna).await.0);
    });
}

#[test]
fn the_date_of_consent_is_guessed_from_its_heading() {
    let desk = mostek_helpdesk::desk::Desk::default();
    assert_eq!(row::Target::guess("Data zgody", &desk), ConsentDate);
    assert_eq!(row::Target::from_slug("consent-date"), Some(ConsentDate));
}
