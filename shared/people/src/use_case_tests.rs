//! The use cases together: what a person can and cannot do, and what it costs.

use crate::audit::{self, AuditFilter, Scope};
use crate::companies;
use crate::directory::{self, CompanyDetails, CompanySettings, EmployeeDetails, Lockout};
use crate::employees::{self, FirstPassword};
use crate::error::{Caller, PeopleError, Refusal};
use crate::gate::{self, COMPANY_COOKIE, COMPANY_HEADER, Visitor};
use crate::password;
use crate::session::{self, NobodyWaits, SignedOut, Ticket};
use crate::setup::{self, Installed};
use crate::sign_in::{change_password, sign_in};
use crate::testing::{ADMINISTRATOR, CODE, PASSWORD, add_operator, cookie, install, new_installation, world};
use crate::{installation, invitation, token};
use futures::executor::block_on;
use futures::future::join_all;
use http::{Method, StatusCode};
use mostek_domain::{
    Access, Capability, CompanyName, EmailAddress, EmployeeId, Label, Language, Nip, PersonName, Rights,
    Role, SessionId,
};
use mostek_ports::testing::{MemoryStore, Operations, TestWorld};
use mostek_ports::{KeyValue, StoreError, World};
use mostek_web::Request;
use mostek_web::testing::{get, request};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

/// Gives way once before every operation, so that concurrent use cases interleave.
#[derive(Clone)]
struct Yielding(MemoryStore);

async fn give_way() {
    let mut first = true;
    poll_fn(move |cx| {
        if std::mem::take(&mut first) {
            cx.waker().wake_by_ref();
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

impl KeyValue for Yielding {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        give_way().await;
        self.0.get(key).await
    }
    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        give_way().await;
        self.0.counter(key).await
    }
    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        give_way().await;
        self.0.increment(key, by).await
    }
    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        give_way().await;
        self.0.set_many(pairs).await
    }
    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        give_way().await;
        self.0.delete_many(keys).await
    }
}

fn yielding(w: &TestWorld) -> TestWorld<Yielding> {
    TestWorld {
        kv: Yielding(w.kv.clone()),
        http: w.http.clone(),
        clock: w.clock.clone(),
        random: w.random.clone(),
        settings: w.settings.clone(),
        log: w.log.clone(),
    }
}

fn refused<T>(answer: Result<T, PeopleError>) -> Refusal {
    match answer {
        Err(PeopleError::Refused(r)) => r,
        Err(e) => panic!("{e}"),
        Ok(_) => panic!("was not refused"),
    }
}

fn installed() -> (TestWorld, Installed) {
    let world = world(1);
    let installed = block_on(install(&world)).unwrap();
    (world, installed)
}

fn admin(i: &Installed) -> Caller {
    Caller { employee: i.administrator, from: None }
}

fn with_cookie(uri: &str, cookie: &str) -> Request {
    request(Method::GET, uri, &[("cookie", cookie)], "")
}

fn visitor(world: &TestWorld, cookie: &str) -> Visitor {
    block_on(gate::identify(world, &with_cookie("/", cookie))).unwrap()
}

fn status<T>(answer: Result<T, mostek_web::ApiError>) -> u16 {
    answer.err().map_or(200, |e| e.status.as_u16())
}

fn acts(world: &TestWorld, scope: Scope) -> Vec<String> {
    let page = block_on(audit::page(world, scope, &AuditFilter::default(), None, 100)).unwrap();
    page.rows.into_iter().rev().map(|r| r.act.act).collect()
}

// --- set-up ---

#[test]
fn the_first_visitor_sets_up_with_the_code_and_only_once() {
    let w = world(1);
    let new = new_installation().unwrap();
    assert_eq!(refused(block_on(setup::run(&w, "wrong", &new, None))), Refusal::SetupCode);
    assert_eq!(block_on(installation::id(&w)).unwrap(), None);
    let done = block_on(setup::run(&w, CODE, &new, None)).unwrap();
    assert_eq!(visitor(&w, &cookie(&done.ticket)).page(None).unwrap().employee, done.administrator);
    assert!(block_on(installation::id(&w)).unwrap().is_some());
    assert_eq!(refused(block_on(setup::run(&w, CODE, &new, None))), Refusal::AlreadySetUp);
    let directory = block_on(directory::read(&w)).unwrap().state;
    assert_eq!((directory.companies().len(), directory.employees().len()), (1, 1));
}

#[test]
fn of_five_set_ups_at_once_one_counts_and_the_others_are_told() {
    let w = world(1);
    let (y, new) = (yielding(&w), new_installation().unwrap());
    let all = block_on(join_all((0..5).map(|_| setup::run(&y, CODE, &new, None))));
    let (won, lost): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|l| refused(l) == Refusal::AlreadySetUp));
    let directory = block_on(directory::read(&w)).unwrap().state;
    assert_eq!(directory.employees().len(), 1);
    assert_eq!(directory.first_administrator(), won[0].as_ref().ok().map(|i| i.administrator));
}

#[test]
fn setting_up_is_off_without_a_code_and_guessing_locks() {
    let mut w = world(1);
    let new = new_installation().unwrap();
    for _ in 0..5 {
        assert_eq!(refused(block_on(setup::run(&w, "guess", &new, None))), Refusal::SetupCode);
    }
    assert!(matches!(refused(block_on(setup::run(&w, CODE, &new, None))), Refusal::Locked { .. }));
    w.settings.0.remove("setup_code");
    assert_eq!(refused(block_on(setup::run(&w, "", &new, None))), Refusal::SetupOff);
}

#[test]
fn an_installation_whose_set_up_crashed_before_its_record_finds_its_id() {
    let (w, _) = installed();
    let id = block_on(installation::id(&w)).unwrap();
    w.kv.lose("r:installation:this");
    assert_eq!(block_on(installation::id(&w)).unwrap(), id);
}

// --- signing in ---

#[test]
fn signing_in_gives_a_session_in_a_counted_number_of_operations() {
    let (w, i) = installed();
    w.kv.reset_operations();
    let (who, ticket) = block_on(sign_in(&w, " EWA@firma.pl ", PASSWORD, None)).unwrap();
    assert_eq!(who, i.administrator);
    // Reads: everybody's attempts, series, lock, directory (snapshot, counter), credentials (counter, snapshot, no tail: the set-up's snapshot
    // of the directory is there, the credentials' first entry is a tail of one), generation.
    assert_eq!(w.kv.operations(), Operations { reads: 9, increments: 4, sets: 1, deletes: 0 });

    w.kv.reset_operations();
    let v = visitor(&w, &cookie(&ticket));
    assert_eq!(v.page(Some(Capability::Helpdesk)).unwrap().name.as_str(), "Ewa Admin");
    assert_eq!(w.kv.operations(), Operations { reads: 6, ..Operations::default() });

    w.kv.reset_operations();
    visitor(&w, "theme=dark");
    assert_eq!(w.kv.operations(), Operations::default());
}

/// A store whose waves of concurrent operations are counted: one wave is one round trip.
#[test]
fn identifying_takes_two_round_trips() {
    let (w, i) = installed();
    let y = yielding(&w);
    let r = with_cookie("/", &cookie(&i.ticket));
    let mut future = Box::pin(gate::identify(&y, &r));
    let waker = std::task::Waker::noop();
    let mut cx = std::task::Context::from_waker(waker);
    let mut waits = 0;
    // Every poll lets all waiting operations of one wave go on.
    while future.as_mut().poll(&mut cx).is_pending() {
        waits += 1;
        assert!(waits < 10);
    }
    assert!(waits <= 2, "{waits} round trips");
}

#[test]
fn an_unknown_address_and_a_wrong_password_are_answered_alike_after_the_same_work() {
    let (w, i) = installed();
    let invited = EmployeeDetails {
        name: PersonName::parse("Bez Hasła").unwrap(),
        email: EmailAddress::parse("nowy@firma.pl").unwrap(),
        companies: [i.company].into(),
        access: Access::default(),
    };
    block_on(employees::add(&w, admin(&i), invited, Language::Pl, FirstPassword::Invitation)).unwrap();
    let mut costs = Vec::new();
    for email in [ADMINISTRATOR, "nikt@firma.pl", "nowy@firma.pl", "to nie adres"] {
        w.kv.reset_operations();
        let checks = password::checks();
        assert_eq!(
            refused(block_on(sign_in(&w, email, "zielona herbata 8", None))),
            Refusal::WrongCredentials
        );
        let o = w.kv.operations();
        costs.push((password::checks() - checks, o.increments, o.sets));
    }
    assert!(costs.iter().all(|c| *c == (1, 3, 1)), "{costs:?}");
}

#[test]
fn a_client_that_tries_one_address_after_another_is_stopped_before_a_password_is_looked_at() {
    let (w, _) = installed();
    let from = "203.0.113.9".parse().ok();
    for _ in 0..crate::throttle::OF_ONE {
        let minute = block_on(crate::throttle::look(&w, "sign-in", from)).unwrap();
        block_on(minute.take(&w)).unwrap();
    }
    let checks = password::checks();
    w.kv.reset_operations();
    for email in ["nikt@firma.pl", ADMINISTRATOR] {
        let refusal = refused(block_on(sign_in(&w, email, PASSWORD, from)));
        assert!(matches!(refusal, Refusal::Locked { seconds: 1..=60 }), "{refusal}");
    }
    assert_eq!((password::checks() - checks, w.kv.operations().writes()), (0, 0));
    block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, "203.0.113.10".parse().ok())).unwrap();
    w.clock.advance(Duration::from_secs(60));
    block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, from)).unwrap();
}

/// A password in the field for the address.
#[test]
fn what_is_typed_as_an_unknown_address_is_kept_nowhere() {
    let (w, i) = installed();
    let disabled =
        block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    block_on(employees::set_active(&w, admin(&i), disabled, false)).unwrap();
    for typed in ["Czarna Kawa 12", "czarnakawa@tajne12.pl", "zuzia@firma.pl", "jan@firma.pl", ADMINISTRATOR]
    {
        assert_eq!(refused(block_on(sign_in(&w, typed, "x", None))), Refusal::WrongCredentials);
    }
    let page = block_on(audit::page(&w, Scope::Installation, &AuditFilter::default(), None, 5)).unwrap();
    let tried: Vec<_> = page.rows.iter().rev().map(|r| (r.act.subject.as_str(), r.act.id.as_str())).collect();
    let unknown = "unknown-address";
    assert_eq!(
        tried,
        [
            (unknown, ""),
            (unknown, ""),
            (unknown, "firma.pl"),
            ("address", "jan@firma.pl"),
            ("address", ADMINISTRATOR)
        ]
    );
    for key in w.kv.keys() {
        let value = block_on(w.kv.get(&key)).unwrap().unwrap_or_default();
        let value = String::from_utf8_lossy(&value).to_lowercase();
        for typed in ["czarna", "tajne12", "zuzia"] {
            assert!(!value.contains(typed) && !key.contains(typed), "{key}: {value}");
        }
    }
}

#[test]
fn five_failures_lock_for_a_minute_even_with_the_right_password() {
    let (w, _) = installed();
    for email in [ADMINISTRATOR, "nikt@firma.pl"] {
        for _ in 0..5 {
            assert_eq!(
                refused(block_on(sign_in(&w, email, "nie to hasło", None))),
                Refusal::WrongCredentials
            );
        }
        let before = password::checks();
        let locked = refused(block_on(sign_in(&w, email, PASSWORD, None)));
        assert_eq!(locked, Refusal::Locked { seconds: 60 });
        assert_eq!(password::checks(), before, "no password is looked at while locked");
    }
    w.clock.advance(Duration::from_secs(59));
    let locked = refused(block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)));
    assert_eq!(locked, Refusal::Locked { seconds: 1 });
    w.clock.advance(Duration::from_secs(1));
    block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
}

#[test]
fn a_success_forgets_the_failures_before_it() {
    let (w, _) = installed();
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(refused(block_on(sign_in(&w, ADMINISTRATOR, "x", None))), Refusal::WrongCredentials);
        }
        block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
    }
}

#[test]
fn of_a_hundred_parallel_wrong_passwords_five_are_looked_at() {
    let (w, _) = installed();
    let y = yielding(&w);
    let before = password::checks();
    let all = block_on(join_all((0..100).map(|_| sign_in(&y, ADMINISTRATOR, "nie to hasło", None))));
    let refusals: Vec<_> = all.into_iter().map(refused).collect();
    assert_eq!(password::checks() - before, 5);
    assert_eq!(refusals.iter().filter(|r| **r == Refusal::WrongCredentials).count(), 5);
    assert!(matches!(refused(block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None))), Refusal::Locked { .. }));
    // Nobody is locked out for ever.
    w.clock.advance(Duration::from_secs(60));
    block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
}

#[test]
fn a_crash_before_the_lock_was_written_locks_nobody_out_for_ever() {
    let (w, _) = installed();
    // Five attempts were taken and nobody lived to write the lock.
    let limiter = crate::limiter::Limiter::new("sign-in", ADMINISTRATOR).unwrap();
    let look = block_on(limiter.look(&w)).unwrap();
    drop(block_on(look.attempt(&w, Lockout::default())).unwrap());
    for _ in 0..4 {
        let limiter = crate::limiter::Limiter::new("sign-in", ADMINISTRATOR).unwrap();
        let look = block_on(limiter.look(&w)).unwrap();
        drop(block_on(look.attempt(&w, Lockout::default())).unwrap());
    }
    let mut tries = 0;
    while let Err(e) = block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)) {
        assert!(matches!(e, PeopleError::Refused(Refusal::Locked { .. })), "{e}");
        tries += 1;
        assert!(tries < 10, "locked out for ever");
        w.clock.advance(Duration::from_secs(60));
    }
}

#[test]
fn the_lockout_is_a_setting_with_a_range() {
    let (w, i) = installed();
    let change =
        |attempts, seconds| block_on(companies::change_lockout(&w, admin(&i), Lockout { attempts, seconds }));
    assert_eq!(refused(change(2, 60)), Refusal::Range { field: "attempts", least: 3, most: 20 });
    assert_eq!(refused(change(5, 5)), Refusal::Range { field: "seconds", least: 10, most: 86_400 });
    change(3, 120).unwrap();
    for _ in 0..3 {
        assert_eq!(refused(block_on(sign_in(&w, ADMINISTRATOR, "x", None))), Refusal::WrongCredentials);
    }
    let locked = refused(block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)));
    assert_eq!(locked, Refusal::Locked { seconds: 120 });
}

// --- sessions ---

#[test]
fn a_session_ends_twelve_hours_after_its_last_use() {
    let (w, i) = installed();
    let c = cookie(&i.ticket);
    // Used every hour it lives for days.
    for _ in 0..48 {
        w.clock.advance(Duration::from_secs(3600));
        assert!(visitor(&w, &c).session().is_some());
    }
    w.clock.advance(Duration::from_secs(12 * 3600 - 1));
    assert!(visitor(&w, &c).session().is_some());
    w.clock.advance(Duration::from_secs(12 * 3600 + 1));
    assert_eq!(status(visitor(&w, &c).page(None)), 401);
}

#[test]
fn the_last_use_is_written_at_most_every_ten_minutes() {
    let (w, i) = installed();
    let c = cookie(&i.ticket);
    w.kv.reset_operations();
    for _ in 0..10 {
        w.clock.advance(Duration::from_secs(60));
        visitor(&w, &c);
    }
    assert_eq!(w.kv.operations().writes(), 1);
}

#[test]
fn a_forged_or_damaged_cookie_is_nobody() {
    let (w, i) = installed();
    let good = cookie(&i.ticket);
    assert!(visitor(&w, &good).session().is_some());
    let value = good.split_once('=').unwrap().1;
    let parts: Vec<&str> = value.split('.').collect();
    let other = SessionId::from_random([3; 16]);
    let somebody = EmployeeId::from_random([3; 16]);
    let wrong = "A".repeat(43);
    for bad in [
        String::new(),
        "x".into(),
        "..".into(),
        format!("{}.{}.{wrong}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{other}.{}", parts[0], parts[2]),
        format!("{somebody}.{}.{}", parts[1], parts[2]),
        format!("{value}.more"),
        value.to_uppercase(),
    ] {
        let v = visitor(&w, &format!("mostek_session={bad}"));
        assert!(v.session().is_none(), "{bad}");
    }
}

#[derive(Default)]
struct Heard(RefCell<Vec<(EmployeeId, Option<SessionId>)>>);

impl SignedOut for Heard {
    async fn signed_out(&self, employee: EmployeeId, session: Option<SessionId>) {
        self.0.borrow_mut().push((employee, session));
    }
}

#[test]
fn signing_out_ends_this_session_only_and_tells_who_waits() {
    let (w, i) = installed();
    let (_, second) = block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
    let heard = Heard::default();
    block_on(session::sign_out(&w, admin(&i), i.ticket.session, &heard)).unwrap();
    assert!(visitor(&w, &cookie(&i.ticket)).session().is_none());
    assert!(visitor(&w, &cookie(&second)).session().is_some());
    assert_eq!(*heard.0.borrow(), [(i.administrator, Some(i.ticket.session))]);
}

#[test]
fn a_session_stays_signed_out_when_its_record_comes_back_late() {
    let (w, i) = installed();
    let key = format!("r:session:{}", i.ticket.session);
    let record = block_on(w.kv.get(&key)).unwrap().unwrap();
    block_on(session::sign_out(&w, admin(&i), i.ticket.session, &NobodyWaits)).unwrap();
    block_on(w.kv.set_many(&[(key, record)])).unwrap();
    assert!(visitor(&w, &cookie(&i.ticket)).session().is_none());
}

#[test]
fn signing_out_everywhere_ends_every_session_of_this_employee_only() {
    let (w, i) = installed();
    block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    let (_, other) = block_on(sign_in(&w, "jan@firma.pl", PASSWORD, None)).unwrap();
    let (_, second) = block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
    block_on(session::sign_out_everywhere(&w, admin(&i), i.administrator, &NobodyWaits)).unwrap();
    for t in [&i.ticket, &second] {
        assert!(visitor(&w, &cookie(t)).session().is_none());
    }
    assert!(visitor(&w, &cookie(&other)).session().is_some());
    let (_, again) = block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
    assert!(visitor(&w, &cookie(&again)).session().is_some());
}

#[test]
fn changing_the_password_needs_the_present_one_and_ends_other_sessions() {
    let (w, i) = installed();
    let change =
        |present: &str, new: &str| block_on(change_password(&w, admin(&i), present, new, &NobodyWaits));
    assert_eq!(refused(change("nie to", "czarna kawa 12")), Refusal::CurrentPassword);
    assert_eq!(refused(change(PASSWORD, "krótkie")).slug(), "password-too-short");
    assert!(visitor(&w, &cookie(&i.ticket)).session().is_some());
    let new: Ticket = change(PASSWORD, "czarna kawa 12").unwrap();
    assert!(visitor(&w, &cookie(&i.ticket)).session().is_none());
    assert!(visitor(&w, &cookie(&new)).session().is_some());
    assert_eq!(refused(block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None))), Refusal::WrongCredentials);
    block_on(sign_in(&w, ADMINISTRATOR, "czarna kawa 12", None)).unwrap();
}

// --- employees, invitations, rights ---

fn invite(w: &TestWorld, i: &Installed, email: &str) -> (EmployeeId, String) {
    let details = EmployeeDetails {
        name: PersonName::parse("Nowa Osoba").unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        companies: [i.company].into(),
        access: Access::new(Role::Operator, Rights::none().with(Capability::Helpdesk, true)),
    };
    let added =
        block_on(employees::add(w, admin(i), details, Language::Pl, FirstPassword::Invitation)).unwrap();
    let path = added.link.unwrap().path.expose().to_owned();
    (added.employee, path.strip_prefix("/invitation/").unwrap().to_owned())
}

#[test]
fn an_invitation_is_good_once() {
    let (w, i) = installed();
    let (id, link) = invite(&w, &i, "nowa@firma.pl");
    assert_eq!(block_on(invitation::look(&w, &link)).unwrap().email.as_str(), "nowa@firma.pl");
    let weak = refused(block_on(invitation::accept(&w, &link, "krótkie", None)));
    assert_eq!(weak.slug(), "password-too-short");
    let (who, ticket) = block_on(invitation::accept(&w, &link, PASSWORD, None)).unwrap();
    assert_eq!(who, id);
    assert!(visitor(&w, &cookie(&ticket)).page(Some(Capability::Helpdesk)).is_ok());
    assert_eq!(refused(block_on(invitation::accept(&w, &link, "czarna kawa 12", None))), Refusal::Invitation);
    assert_eq!(refused(block_on(invitation::look(&w, &link))), Refusal::Invitation);
    block_on(sign_in(&w, "nowa@firma.pl", PASSWORD, None)).unwrap();
}

#[test]
fn of_parallel_acceptances_one_wins() {
    let (w, i) = installed();
    let (_, link) = invite(&w, &i, "nowa@firma.pl");
    let y = yielding(&w);
    let all = block_on(join_all((0..4).map(|_| invitation::accept(&y, &link, PASSWORD, None))));
    assert_eq!(all.iter().filter(|a| a.is_ok()).count(), 1);
}

#[test]
fn an_invitation_ends_after_a_week_with_the_next_one_and_when_forged() {
    let (w, i) = installed();
    let (id, link) = invite(&w, &i, "nowa@firma.pl");
    let (public, secret) = link.split_once('.').unwrap();
    for bad in
        [format!("{public}.{}", "A".repeat(43)), public.to_owned(), String::new(), format!("x.{secret}")]
    {
        assert_eq!(refused(block_on(invitation::look(&w, &bad))), Refusal::Invitation, "{bad}");
    }
    let next = block_on(invitation::renew(&w, admin(&i), id)).unwrap();
    let next = next.path.expose().strip_prefix("/invitation/").unwrap().to_owned();
    assert_eq!(refused(block_on(invitation::look(&w, &link))), Refusal::Invitation);
    w.clock.advance(Duration::from_secs(7 * 24 * 3600));
    assert!(block_on(invitation::look(&w, &next)).is_ok());
    w.clock.advance(Duration::from_secs(1));
    assert_eq!(refused(block_on(invitation::look(&w, &next))), Refusal::Invitation);
}

#[test]
fn no_secret_is_in_the_store_as_it_is() {
    let (w, i) = installed();
    let (_, link) = invite(&w, &i, "nowa@firma.pl");
    let made = block_on(token::create(&w, admin(&i), &Label::parse("ERP").unwrap(), 30)).unwrap();
    let cookie = cookie(&i.ticket);
    let secrets = [
        link.split_once('.').unwrap().1,
        made.token.expose().rsplit_once('_').unwrap().1,
        cookie.rsplit_once('.').unwrap().1,
        PASSWORD,
    ];
    for key in w.kv.keys() {
        let value = String::from_utf8(block_on(w.kv.get(&key)).unwrap().unwrap()).unwrap();
        for s in secrets {
            assert!(!value.contains(s), "{key} holds a secret");
        }
    }
}

#[test]
fn a_right_opens_its_capability_only() {
    let (w, i) = installed();
    let rights = Rights::none().with(Capability::Sms, true);
    block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", rights)).unwrap();
    let (_, ticket) = block_on(sign_in(&w, "jan@firma.pl", PASSWORD, None)).unwrap();
    let v = visitor(&w, &cookie(&ticket));
    assert_eq!(status(v.page(Some(Capability::Sms))), 200);
    assert_eq!(status(v.page(Some(Capability::Helpdesk))), 403);
    assert_eq!(status(v.administrator()), 403);
    assert_eq!(status(v.api(&get("/api/v1/x"), Some(Capability::Helpdesk))), 403);
    assert_eq!(status(visitor(&w, &cookie(&i.ticket)).administrator()), 200);
}

#[test]
fn rights_follow_f11() {
    let (w, i) = installed();
    let id = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    let edit = |role, rights| {
        let details = EmployeeDetails {
            name: PersonName::parse("Jan").unwrap(),
            email: EmailAddress::parse("jan@firma.pl").unwrap(),
            companies: [i.company].into(),
            access: Access { role, rights },
        };
        block_on(employees::change(&w, admin(&i), id, details)).unwrap();
        block_on(directory::read(&w)).unwrap().state.employee(id).unwrap().access.get().clone()
    };
    assert!(edit(Role::Administrator, Rights::none()).may(Capability::Assistant));
    assert!(!edit(Role::Administrator, Rights::none()).may(Capability::Assistant));
    assert!(!edit(Role::Operator, Rights::none()).is_administrator());
}

#[test]
fn an_address_belongs_to_one_employee_and_a_nip_to_one_company() {
    let (w, i) = installed();
    let again = block_on(add_operator(&w, i.administrator, i.company, "EWA@firma.pl", Rights::none()));
    assert_eq!(refused(again), Refusal::EmailTaken);
    let same = CompanyDetails {
        name: CompanyName::parse("Inna").unwrap(),
        nip: Nip::parse("526-025-02-74").unwrap(),
    };
    assert_eq!(refused(block_on(companies::add(&w, admin(&i), same))), Refusal::NipTaken);
}

#[test]
fn when_two_add_the_same_address_at_once_the_second_is_shown_as_conflicting() {
    let (w, i) = installed();
    let y = yielding(&w);
    let add = || add_operator(&y, i.administrator, i.company, "jan@firma.pl", Rights::none());
    let both = block_on(join_all([add(), add()]));
    let ids: Vec<_> = both.into_iter().map(Result::unwrap).collect();
    let d = block_on(directory::read(&w)).unwrap().state;
    assert_eq!(ids.iter().filter(|id| d.is_conflicting(**id)).count(), 1);
    let owner = *ids.iter().find(|id| !d.is_conflicting(**id)).unwrap();
    assert_eq!(block_on(sign_in(&w, "jan@firma.pl", PASSWORD, None)).unwrap().0, owner);
}

#[test]
fn the_last_administrator_stays_one() {
    let (w, i) = installed();
    let off = block_on(employees::set_active(&w, admin(&i), i.administrator, false));
    assert_eq!(refused(off), Refusal::LastAdministrator);
    let details = EmployeeDetails {
        name: PersonName::parse("Ewa").unwrap(),
        email: EmailAddress::parse(ADMINISTRATOR).unwrap(),
        companies: [i.company].into(),
        access: Access { role: Role::Operator, rights: Rights::none() },
    };
    let demoted = block_on(employees::change(&w, admin(&i), i.administrator, details));
    assert_eq!(refused(demoted), Refusal::LastAdministrator);
}

/// A second administrator with a password.
fn second_administrator(w: &TestWorld, i: &Installed) -> EmployeeId {
    let id = block_on(add_operator(w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    block_on(employees::change(w, admin(i), id, as_role(i, "jan@firma.pl", Role::Administrator))).unwrap();
    id
}

fn as_role(i: &Installed, email: &str, role: Role) -> EmployeeDetails {
    EmployeeDetails {
        name: PersonName::parse("Ktoś").unwrap(),
        email: EmailAddress::parse(email).unwrap(),
        companies: [i.company].into(),
        access: Access { role, rights: Rights::none() },
    }
}

#[test]
fn two_administrators_who_take_each_other_away_at_once_leave_one_at_least() {
    let jan = |w: &TestWorld, i: &Installed| Caller { employee: second_administrator(w, i), from: None };
    for way in 0..3 {
        let (w, i) = installed();
        let (ewa, jan) = (admin(&i), jan(&w, &i));
        let y = yielding(&w);
        let disable = |by, whom: Caller| employees::set_active(&y, by, whom.employee, false);
        let demote = |by, whom: Caller, email| {
            employees::change(&y, by, whom.employee, as_role(&i, email, Role::Operator))
        };
        let both = match way {
            0 => block_on(futures::future::join(disable(ewa, jan), disable(jan, ewa))),
            1 => block_on(futures::future::join(
                demote(ewa, jan, "jan@firma.pl"),
                demote(jan, ewa, ADMINISTRATOR),
            )),
            _ => block_on(futures::future::join(disable(ewa, jan), demote(jan, ewa, ADMINISTRATOR))),
        };
        let d = block_on(directory::read(&w)).unwrap().state;
        assert!(!d.administrators().is_empty(), "way {way}");
        let refusals = [both.0, both.1].into_iter().filter_map(Result::err);
        let refusals: Vec<_> = refusals.map(|e| refused::<()>(Err(e))).collect();
        assert!(
            !refusals.is_empty() && refusals.iter().all(|r| *r == Refusal::LastAdministrator),
            "way {way}"
        );
        // Whoever is refused finds the journal telling of both steps.
        let (all, undone) = (acts(&w, Scope::Installation), ["employee-enabled", "access-changed"]);
        assert!(all.last().is_some_and(|a| undone.contains(&a.as_str())), "way {way}: {all:?}");
    }
}

#[test]
fn an_administrator_whose_address_is_anothers_does_not_count() {
    let (w, i) = installed();
    let y = yielding(&w);
    let add = || {
        let details = as_role(&i, "jan@firma.pl", Role::Administrator);
        employees::add(&y, admin(&i), details, Language::Pl, FirstPassword::Invitation)
    };
    let both = block_on(join_all([add(), add()]));
    assert!(both.iter().all(Result::is_ok));
    let d = block_on(directory::read(&w)).unwrap().state;
    assert_eq!((d.employees().len(), d.administrators().len()), (3, 2));
    // With the one who has the address gone, Ewa is the last who can sign in; the other one may go all the same.
    let (owner, other): (Vec<_>, Vec<_>) =
        both.into_iter().map(|b| b.unwrap().employee).partition(|id| !d.is_conflicting(*id));
    block_on(employees::change(&w, admin(&i), owner[0], as_role(&i, "jan@firma.pl", Role::Operator)))
        .unwrap();
    let ewa = block_on(employees::set_active(&w, admin(&i), i.administrator, false));
    assert_eq!(refused(ewa), Refusal::LastAdministrator);
    block_on(employees::set_active(&w, admin(&i), other[0], false)).unwrap();
}

#[test]
fn an_address_that_is_too_long_is_refused_and_nothing_is_written() {
    let (w, _) = installed();
    for long in [format!("{}@firma.pl", "a".repeat(246)), "ż".repeat(60_000)] {
        w.kv.reset_operations();
        assert_eq!(refused(block_on(sign_in(&w, &long, PASSWORD, None))), Refusal::WrongCredentials);
        assert_eq!(w.kv.operations().writes(), 0);
    }
    // The longest that can be somebody's is counted like any other.
    let longest = format!("{}@firma.pl", "a".repeat(245));
    w.kv.reset_operations();
    assert_eq!(refused(block_on(sign_in(&w, &longest, PASSWORD, None))), Refusal::WrongCredentials);
    assert!(w.kv.operations().writes() > 0);
}

#[test]
fn a_changed_address_is_in_the_audit_journal() {
    let (w, i) = installed();
    let id = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    for (email, noted) in [("jan.nowy@firma.pl", Some("jan.nowy@firma.pl")), ("jan.nowy@firma.pl", None)] {
        let mut details = as_role(&i, email, Role::Operator);
        details.name = PersonName::parse(&format!("Jan {}", noted.is_some())).unwrap();
        block_on(employees::change(&w, admin(&i), id, details)).unwrap();
        let page = block_on(audit::page(&w, Scope::Installation, &AuditFilter::default(), None, 1)).unwrap();
        assert_eq!(page.rows[0].act.details.get("email").map(String::as_str), noted);
    }
}

#[test]
fn a_disabled_employee_gets_no_new_link() {
    let (w, i) = installed();
    let (id, _) = invite(&w, &i, "nowa@firma.pl");
    block_on(employees::set_active(&w, admin(&i), id, false)).unwrap();
    assert_eq!(refused(block_on(invitation::renew(&w, admin(&i), id))), Refusal::Disabled);
    block_on(employees::set_active(&w, admin(&i), id, true)).unwrap();
    block_on(invitation::renew(&w, admin(&i), id)).unwrap();
}

#[test]
fn a_disabled_employee_is_out_at_once_everywhere() {
    let (w, i) = installed();
    let id = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::all())).unwrap();
    let (_, ticket) = block_on(sign_in(&w, "jan@firma.pl", PASSWORD, None)).unwrap();
    let jan = Caller { employee: id, from: None };
    let made = block_on(token::create(&w, jan, &Label::parse("ERP").unwrap(), 30)).unwrap();
    block_on(employees::set_active(&w, admin(&i), id, false)).unwrap();
    assert!(visitor(&w, &cookie(&ticket)).session().is_none());
    let bearer = format!("Bearer {}", made.token.expose());
    let r = request(Method::GET, "/api/v1/session", &[("authorization", &bearer)], "");
    assert!(block_on(gate::identify(&w, &r)).unwrap().session().is_none());
    assert_eq!(refused(block_on(sign_in(&w, "jan@firma.pl", PASSWORD, None))), Refusal::WrongCredentials);
    block_on(employees::set_active(&w, admin(&i), id, true)).unwrap();
    assert!(visitor(&w, &cookie(&ticket)).session().is_none(), "old sessions stay ended");
    block_on(sign_in(&w, "jan@firma.pl", PASSWORD, None)).unwrap();
}

// --- companies ---

#[test]
fn the_chosen_company_must_be_one_of_the_employees() {
    let (w, i) = installed();
    let second =
        CompanyDetails { name: CompanyName::parse("Druga").unwrap(), nip: Nip::parse("5261040828").unwrap() };
    let second = block_on(companies::add(&w, admin(&i), second)).unwrap();
    let c = cookie(&i.ticket);
    let chosen = |id: String| visitor(&w, &format!("{c}; {COMPANY_COOKIE}={id}")).page(None).unwrap().company;
    assert_eq!(chosen(second.to_string()), i.company, "not hers");
    let details = EmployeeDetails {
        name: PersonName::parse("Ewa").unwrap(),
        email: EmailAddress::parse(ADMINISTRATOR).unwrap(),
        companies: [i.company, second].into(),
        access: Access::new(Role::Administrator, Rights::all()),
    };
    block_on(employees::change(&w, admin(&i), i.administrator, details)).unwrap();
    assert_eq!(chosen(second.to_string()), second);
    assert_eq!(chosen("nonsense".into()), second, "the first by name");
    let v = visitor(&w, &c);
    assert_eq!(v.page(None).unwrap().viewer().companies.len(), 2);
}

#[test]
fn settings_have_defaults_and_ranges() {
    let (w, i) = installed();
    let defaults = block_on(crate::settings(&w, i.company)).unwrap();
    assert_eq!((defaults.undo_seconds, defaults.attachment_limit, defaults.reopen_days), (30, 10_000_000, 7));
    let too_long = CompanySettings { attachment_limit: 10_000_001, ..defaults.clone() };
    let answer = block_on(companies::change_settings(&w, admin(&i), i.company, too_long));
    assert_eq!(refused(answer), Refusal::Range { field: "attachment_limit", least: 1, most: 10 });
    let off = CompanySettings { undo_seconds: 0, ..defaults };
    block_on(companies::change_settings(&w, admin(&i), i.company, off.clone())).unwrap();
    assert_eq!(block_on(crate::settings(&w, i.company)).unwrap(), off);
}

// --- tokens and CSRF ---

fn by_token(
    w: &TestWorld,
    method: Method,
    token: &str,
    company: Option<&str>,
) -> Result<Visitor, mostek_web::ApiError> {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(company.map(|c| (COMPANY_HEADER, c)));
    block_on(gate::identify(w, &request(method, "/api/v1/session", &headers, "")))
}

#[test]
fn a_token_carries_the_rights_of_its_employee_until_it_ends() {
    let (w, i) = installed();
    let rights = Rights::none().with(Capability::Helpdesk, true);
    let id = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", rights)).unwrap();
    let jan = Caller { employee: id, from: None };
    let name = Label::parse("ERP").unwrap();
    let made = block_on(token::create(&w, jan, &name, 30)).unwrap();
    let post = request(Method::POST, "/api/v1/x", &[], "");
    w.kv.reset_operations();
    let v = by_token(&w, Method::POST, made.token.expose(), None).unwrap();
    assert_eq!(w.kv.operations().writes(), 0);
    assert!(w.kv.operations().reads <= 6);
    assert_eq!(v.api(&post, Some(Capability::Helpdesk)).unwrap().employee, id);
    assert_eq!(status(v.api(&post, Some(Capability::Sms))), 403);
    assert_eq!(status(v.page(None)), 401, "a token opens no pages");

    assert_eq!(refused(block_on(token::revoke(&w, admin(&i), made.id))), Refusal::NotFound, "not hers");
    block_on(token::revoke(&w, jan, made.id)).unwrap();
    assert!(by_token(&w, Method::GET, made.token.expose(), None).unwrap().session().is_none());
    assert!(block_on(token::list(&w, id)).unwrap().is_empty());

    let made = block_on(token::create(&w, jan, &name, 1)).unwrap();
    w.clock.advance(Duration::from_secs(24 * 3600));
    assert!(by_token(&w, Method::GET, made.token.expose(), None).unwrap().session().is_some());
    w.clock.advance(Duration::from_secs(1));
    assert!(by_token(&w, Method::GET, made.token.expose(), None).unwrap().session().is_none());
}

#[test]
fn a_new_password_by_a_link_ends_the_tokens_and_only_those_of_this_employee() {
    let (w, i) = installed();
    let id = block_on(add_operator(&w, i.administrator, i.company, "jan@firma.pl", Rights::none())).unwrap();
    let jan = Caller { employee: id, from: None };
    let name = Label::parse("ERP").unwrap();
    let make = |caller| block_on(token::create(&w, caller, &name, 30)).unwrap();
    let (one, two, hers) = (make(jan), make(jan), make(admin(&i)));
    let works = |made: &token::NewToken| {
        by_token(&w, Method::GET, made.token.expose(), None).unwrap().session().is_some()
    };
    let link = block_on(invitation::renew(&w, admin(&i), id)).unwrap();
    assert!(works(&one), "until the link is used");
    let link = link.path.expose().strip_prefix("/invitation/").unwrap().to_owned();
    block_on(invitation::accept(&w, &link, "czarna kawa 12", None)).unwrap();
    assert!(!works(&one) && !works(&two) && works(&hers));
    assert!(block_on(token::list(&w, id)).unwrap().is_empty());
    let all = acts(&w, Scope::Installation);
    assert!(
        all.ends_with(&["invitation-accepted".into(), "token-revoked".into(), "token-revoked".into()]),
        "{all:?}"
    );
}

#[test]
fn all_tokens_are_revoked_at_once() {
    let (w, i) = installed();
    w.kv.reset_operations();
    block_on(token::revoke_all(&w, admin(&i), i.administrator)).unwrap();
    assert_eq!(w.kv.operations().writes(), 0, "there are none");
    let name = Label::parse("ERP").unwrap();
    let all = [(); 3].map(|()| block_on(token::create(&w, admin(&i), &name, 30)).unwrap());
    block_on(token::revoke_all(&w, admin(&i), i.administrator)).unwrap();
    for made in all {
        assert!(by_token(&w, Method::GET, made.token.expose(), None).unwrap().session().is_none());
    }
    let told = acts(&w, Scope::Installation).iter().filter(|a| *a == "token-revoked").count();
    assert_eq!(told, 3);
}

#[test]
fn forged_tokens_are_nobody_and_a_foreign_company_is_refused() {
    let (w, i) = installed();
    let made = block_on(token::create(&w, admin(&i), &Label::parse("x").unwrap(), 30)).unwrap();
    let good = made.token.expose();
    for bad in
        ["mostek_", "mostek__", "x", &good.to_uppercase(), &format!("{good}x"), &good[..good.len() - 1]]
    {
        assert!(by_token(&w, Method::GET, bad, None).unwrap().session().is_none(), "{bad}");
    }
    let own = by_token(&w, Method::GET, good, Some(&i.company.to_string())).unwrap();
    assert_eq!(own.session().unwrap().company, i.company);
    for foreign in ["01234567890123456789abcdef", "nonsense"] {
        let e = by_token(&w, Method::GET, good, Some(foreign)).err().unwrap();
        assert_eq!(e.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(
        refused(block_on(token::create(&w, admin(&i), &Label::parse("x").unwrap(), 0))),
        Refusal::Range { field: "days", least: 1, most: 366 }
    );
}

#[test]
fn changes_by_cookie_need_the_token_of_their_own_session() {
    let (w, i) = installed();
    let (_, second) = block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, None)).unwrap();
    let c = cookie(&i.ticket);
    let v = visitor(&w, &c);
    let own = v.page(None).unwrap().csrf.clone();
    let foreign = visitor(&w, &cookie(&second)).page(None).unwrap().csrf.clone();
    let post = |headers: &[(&str, &str)]| request(Method::POST, "/api/v1/employees", headers, "");
    assert_eq!(status(v.check_form(&post(&[]), Some(&own))), 200);
    for bad in [None, Some(""), Some(foreign.as_str()), Some("AAAA")] {
        assert_eq!(status(v.check_form(&post(&[]), bad)), 403, "{bad:?}");
    }
    assert_eq!(status(v.check_form(&post(&[("sec-fetch-site", "cross-site")]), Some(&own))), 403);
    assert_eq!(status(v.api(&post(&[]), None)), 403);
    assert_eq!(status(v.api(&post(&[("x-csrf-token", &own)]), None)), 200);
    assert_eq!(status(v.api(&post(&[("x-csrf-token", &foreign)]), None)), 403);
}

// --- audit ---

#[test]
fn every_change_leaves_an_entry_without_secrets() {
    let (w, i) = installed();
    let (id, link) = invite(&w, &i, "nowa@firma.pl");
    block_on(invitation::accept(&w, &link, PASSWORD, None)).unwrap();
    block_on(sign_in(&w, ADMINISTRATOR, "x", None)).unwrap_err();
    block_on(sign_in(&w, ADMINISTRATOR, PASSWORD, "203.0.113.9".parse().ok())).unwrap();
    let made = block_on(token::create(&w, admin(&i), &Label::parse("ERP").unwrap(), 30)).unwrap();
    block_on(token::revoke(&w, admin(&i), made.id)).unwrap();
    let details = EmployeeDetails {
        name: PersonName::parse("Nowe Imię").unwrap(),
        email: EmailAddress::parse("nowa@firma.pl").unwrap(),
        companies: [i.company].into(),
        access: Access::new(Role::Administrator, Rights::none()),
    };
    block_on(employees::change(&w, admin(&i), id, details.clone())).unwrap();
    // The same again changes nothing and leaves no entry.
    block_on(employees::change(&w, admin(&i), id, details)).unwrap();
    block_on(invitation::renew(&w, admin(&i), id)).unwrap();
    block_on(employees::set_active(&w, admin(&i), id, false)).unwrap();
    let company =
        CompanyDetails { name: CompanyName::parse("Druga").unwrap(), nip: Nip::parse("5261040828").unwrap() };
    let second = block_on(companies::add(&w, admin(&i), company.clone())).unwrap();
    let renamed = CompanyDetails { name: CompanyName::parse("Inna").unwrap(), ..company };
    block_on(companies::change(&w, admin(&i), second, renamed)).unwrap();
    let settings = CompanySettings { reopen_days: 14, ..CompanySettings::default() };
    block_on(companies::change_settings(&w, admin(&i), second, settings)).unwrap();
    block_on(companies::change_lockout(&w, admin(&i), Lockout { attempts: 6, seconds: 60 })).unwrap();
    block_on(change_password(&w, admin(&i), PASSWORD, "czarna kawa 12", &NobodyWaits)).unwrap();
    block_on(session::sign_out(&w, admin(&i), i.ticket.session, &NobodyWaits)).unwrap();
    block_on(session::sign_out_everywhere(&w, admin(&i), i.administrator, &NobodyWaits)).unwrap();

    assert_eq!(
        acts(&w, Scope::Installation),
        [
            "installation-set-up",
            "employee-added",
            "invitation-accepted",
            "sign-in-failed",
            "signed-in",
            "token-made",
            "token-revoked",
            "employee-changed",
            "access-changed",
            "invitation-made",
            "employee-disabled",
            "company-added",
            "company-changed",
            "lockout-changed",
            "password-changed",
            "signed-out",
            "signed-out-everywhere",
        ]
    );
    assert_eq!(acts(&w, Scope::Company(second)), ["settings-changed"]);
    let all = block_on(audit::page(&w, Scope::Installation, &AuditFilter::default(), None, 100)).unwrap();
    let text = format!("{all:?}");
    assert!(text.contains("203.0.113.9"));
    for secret in [PASSWORD, "czarna kawa", made.token.expose(), &link] {
        assert!(!text.contains(secret));
    }
}

#[test]
fn the_directory_folds_to_the_same_state_from_its_first_entry() {
    let (w, i) = installed();
    for n in 0..40 {
        block_on(add_operator(&w, i.administrator, i.company, &format!("o{n}@firma.pl"), Rights::all()))
            .unwrap();
    }
    let read = block_on(directory::read(&w)).unwrap();
    let refolded = block_on(directory::journal().unwrap().refold(w.kv(), w.clock())).unwrap();
    assert_eq!(read.state, refolded.state);
    assert!(read.tail() <= 8, "a snapshot rides along at least every eighth time: {}", read.tail());
}

#[test]
fn a_full_directory_says_so() {
    let (w, i) = installed();
    let mut commit = mostek_store::Commit::by(admin(&i).actor());
    for n in 1..directory::MOST_EMPLOYEES {
        let fact = directory::DirectoryFact::EmployeeAdded {
            employee: EmployeeId::deterministic(&[&n.to_be_bytes()]),
            details: EmployeeDetails {
                name: PersonName::parse("Ktoś").unwrap(),
                email: EmailAddress::parse(&format!("k{n}@firma.pl")).unwrap(),
                companies: [i.company].into(),
                access: Access::new(Role::Operator, Rights::all()),
            },
            language: Language::Pl,
        };
        commit.append(&directory::journal().unwrap(), None, vec![(n.to_string(), fact)]);
    }
    block_on(commit.run(&w)).unwrap();
    let more = block_on(add_operator(&w, i.administrator, i.company, "o@firma.pl", Rights::none()));
    assert_eq!(refused(more), Refusal::EmployeesFull);
    let reading = block_on(directory::read(&w)).unwrap();
    block_on(directory::journal().unwrap().write_snapshot(w.kv(), &reading)).unwrap();
    w.kv.reset_operations();
    assert_eq!(block_on(directory::read(&w)).unwrap().state.employees().len(), directory::MOST_EMPLOYEES);
    assert!(w.kv.operations().reads <= 12, "{:?}", w.kv.operations());
}
