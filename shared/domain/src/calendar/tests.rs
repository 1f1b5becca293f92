use super::*;
use crate::Timestamp;
use proptest::prelude::*;
use std::time::Duration;

const HOUR: u64 = 3600;

/// A moment on Warsaw's clocks.
fn at(text: &str) -> Timestamp {
    let zoned =
        text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(jiff::tz::get!("Europe/Warsaw")).unwrap();
    Timestamp(zoned.timestamp().as_millisecond())
}

fn hours(n: u64) -> Duration {
    Duration::from_secs(n * HOUR)
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn easter_is_where_the_almanacs_have_it() {
    for date in [
        "1999-04-04",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2038-04-25",
    ] {
        let d = day(date);
        assert_eq!(easter(d.year()), Some(d));
    }
}

#[test]
fn polish_holidays_of_2026_are_these_and_no_others() {
    let mut all = Vec::new();
    let mut d = day("2026-01-01").date();
    while d.year() == 2026 {
        if is_polish_holiday(Day::of(d)) {
            all.push(d.to_string());
        }
        d = d.tomorrow().unwrap();
    }
    assert_eq!(
        all,
        [
            "2026-01-01",
            "2026-01-06",
            "2026-04-05",
            "2026-04-06",
            "2026-05-01",
            "2026-05-03",
            "2026-05-24",
            "2026-06-04",
            "2026-08-15",
            "2026-11-01",
            "2026-11-11",
            "2026-12-24",
            "2026-12-25",
            "2026-12-26"
        ]
    );
}

#[test]
fn holidays_begin_with_the_acts_that_made_them() {
    assert!(!is_polish_holiday(day("2024-12-24")) && is_polish_holiday(day("2025-12-24")));
    assert!(!is_polish_holiday(day("2010-01-06")) && is_polish_holiday(day("2011-01-06")));
    // Good Friday and New Year's Eve are ordinary days.
    assert!(!is_polish_holiday(day("2026-04-03")) && !is_polish_holiday(day("2026-12-31")));
}

#[test]
fn a_friday_afternoon_goes_on_on_monday() {
    let c = Calendar::office();
    let friday = at("2026-11-27T15:00");
    assert_eq!(c.add_business_time(friday, hours(2)), Some(at("2026-11-30T09:00")));
    assert_eq!(c.business_time_between(friday, at("2026-11-30T09:00")), hours(2));
    assert_eq!(c.next_opening(at("2026-11-27T16:00")), Some(at("2026-11-30T08:00")));
    assert_eq!(c.next_opening(friday), Some(friday));
    assert!(c.is_open(friday) && !c.is_open(at("2026-11-27T16:00")) && c.is_open(at("2026-11-27T08:00")));
    // Exactly the rest of the day ends with the day, not with the next one's beginning.
    assert_eq!(c.add_business_time(friday, hours(1)), Some(at("2026-11-27T16:00")));
}

#[test]
fn christmas_2025_is_closed_from_the_eve_on() {
    let c = Calendar::office();
    // Wednesday 24 to Friday 26 are holidays, then comes a weekend.
    assert_eq!(c.add_business_time(at("2025-12-23T15:30"), hours(1)), Some(at("2025-12-29T08:30")));
    // A year before, the eve was a working day.
    assert_eq!(c.add_business_time(at("2024-12-23T15:30"), hours(1)), Some(at("2024-12-24T08:30")));
    let mut without = Calendar::office();
    without.polish_holidays = false;
    assert_eq!(without.add_business_time(at("2025-12-23T15:30"), hours(1)), Some(at("2025-12-24T08:30")));
}

#[test]
fn exceptions_win_over_weekdays_and_holidays() {
    let mut c = Calendar::office();
    c.exceptions =
        Calendar::parse_exceptions("2026-12-24 10:00-12:00\n2026-12-31\n2026-12-27  9-10\n").unwrap();
    assert!(c.is_open(at("2026-12-24T10:00")) && !c.is_open(at("2026-12-24T09:00")));
    assert!(!c.is_open(at("2026-12-31T10:00")), "a Thursday that is closed");
    assert!(c.is_open(at("2026-12-27T09:30")), "a Sunday that is open");
    assert_eq!(c.exceptions_text(), "2026-12-24 10:00-12:00\n2026-12-27 09:00-10:00\n2026-12-31");
}

#[test]
fn several_spans_a_day_and_one_over_midnight() {
    let mut c = Calendar { week: Default::default(), polish_holidays: true, exceptions: Default::default() };
    c.week[4] = Spans::parse("8:00-12:00, 13:00-15:00, 22:00-2:00").unwrap();
    let friday = at("2026-11-27T11:00");
    assert_eq!(c.add_business_time(friday, hours(2)), Some(at("2026-11-27T14:00")));
    assert_eq!(c.add_business_time(friday, hours(6)), Some(at("2026-11-28T01:00")));
    assert!(c.is_open(at("2026-11-28T01:59")) && !c.is_open(at("2026-11-28T02:00")));
    // It belongs to the day it begins on: a holiday's is not open, an ordinary day's reaches into a holiday.
    assert!(!c.is_open(at("2026-12-25T23:00")) && !c.is_open(at("2026-12-26T01:00")));
    c.week[2] = Spans::parse("22:00-02:00").unwrap();
    c.week[1] = Spans::parse("22:00-02:00").unwrap();
    assert!(c.is_open(at("2026-11-11T00:30")) && !c.is_open(at("2026-11-11T22:30")));
}

#[test]
fn the_clocks_change_and_hours_are_hours() {
    let always = Calendar::default();
    // The night in which the clocks leave an hour out: 29 March 2026.
    assert_eq!(always.business_time_between(at("2026-03-29T00:00"), at("2026-03-30T00:00")), hours(23));
    // And the one in which an hour comes twice: 25 October 2026.
    assert_eq!(always.business_time_between(at("2026-10-25T00:00"), at("2026-10-26T00:00")), hours(25));
    let mut night =
        Calendar { week: Default::default(), polish_holidays: false, exceptions: Default::default() };
    night.week[5] = Spans::parse("22:00-06:00").unwrap();
    assert_eq!(night.business_time_between(at("2026-03-28T12:00"), at("2026-03-29T12:00")), hours(7));
    assert_eq!(night.business_time_between(at("2026-10-24T12:00"), at("2026-10-25T12:00")), hours(9));
    assert_eq!(night.add_business_time(at("2026-03-28T12:00"), hours(7)), Some(at("2026-03-29T06:00")));
    // A time that does not exist is the one after it; a span within the gap is as long as it would have been.
    night.week[6] = Spans::parse("2:15-2:45").unwrap();
    assert_eq!(night.next_opening(at("2026-03-29T06:00")).unwrap(), at("2026-04-04T22:00"));
}

#[test]
fn a_calendar_that_never_opens_gives_nothing_and_ends() {
    let never = Calendar { week: Default::default(), polish_holidays: true, exceptions: Default::default() };
    let now = at("2026-11-27T11:00");
    assert_eq!(never.next_opening(now), None);
    assert_eq!(never.add_business_time(now, hours(1)), None);
    assert_eq!(never.business_time_between(now, Timestamp(i64::MAX)), Duration::ZERO);
    assert!(!never.is_open(now));
    // Open once, and then never again.
    let mut once = never;
    once.exceptions = Calendar::parse_exceptions("2026-11-27 10-12").unwrap();
    assert_eq!(once.add_business_time(now, hours(1)), Some(at("2026-11-27T12:00")));
    assert_eq!(once.add_business_time(now, hours(2)), None);
    // Moments that no calendar has.
    for odd in [Timestamp(i64::MIN), Timestamp(i64::MAX)] {
        assert_eq!(Calendar::default().next_opening(odd), None);
        assert!(!Calendar::office().is_open(odd));
    }
    assert_eq!(Calendar::default().add_business_time(now, Duration::MAX), None);
}

#[test]
fn what_is_typed_is_read_or_refused_with_its_text() {
    for (text, stored) in [
        ("8:00-16:00", "08:00-16:00"),
        (" 18-20.30 , 8:00 – 16:00", "08:00-16:00,18:00-20:30"),
        ("0:00-24:00", "00:00-24:00"),
        ("22:00-6:00", "22:00-06:00"),
        ("", ""),
    ] {
        let spans = Spans::parse(text).unwrap();
        assert_eq!(spans.to_string(), stored);
        let json = serde_json::to_string(&spans).unwrap();
        assert_eq!(serde_json::from_str::<Spans>(&json).unwrap(), spans);
    }
    for bad in [
        "8",
        "8-",
        "8:0-9:00",
        "25:00-26:00",
        "24:00-2:00",
        "8:60-9:00",
        "otwarte",
        "8:00-16:00-18:00",
        "+8-9",
    ] {
        assert!(matches!(Spans::parse(bad), Err(CalendarError::Spans { .. })), "{bad}");
    }
    for bad in ["8-12, 11-13", "22-6, 23-24", "8-8, 9-10"] {
        assert!(matches!(Spans::parse(bad), Err(CalendarError::Overlap { .. })), "{bad}");
    }
    assert!(matches!(Calendar::parse_exceptions("24.12.2026"), Err(CalendarError::Date { .. })));
    assert!(matches!(Calendar::parse_exceptions("2026-02-30"), Err(CalendarError::Date { .. })));
    assert!(matches!(
        Calendar::parse_exceptions("2026-12-24\n2026-12-24 8-9"),
        Err(CalendarError::Twice { text }) if text == "2026-12-24"
    ));
}

#[test]
fn stored_form() {
    let mut c = Calendar::office();
    c.exceptions = Calendar::parse_exceptions("2026-12-31 8-12").unwrap();
    let json = serde_json::to_string(&c).unwrap();
    assert!(json.contains(r#""2026-12-31":"08:00-12:00""#), "{json}");
    assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), c);
}

fn spans() -> impl Strategy<Value = Spans> {
    prop_oneof![
        Just(Spans::default()),
        Just(Spans::whole_day()),
        (0u16..24, 0u16..=24, any::<bool>()).prop_map(|(a, b, half)| {
            Spans::parse(&format!("{a}:{}-{b}:00", if half { "30" } else { "00" })).unwrap()
        }),
        Just(Spans::parse("6-8, 8-12, 13:30-17, 23-5").unwrap()),
        Just(Spans::parse("1:30-2:30").unwrap()),
        // Without end, each reaching into the next day's.
        Just(Spans::parse("0-12, 12-10").unwrap()),
    ]
}

/// Open on at least one weekday.
fn calendars() -> impl Strategy<Value = Calendar> {
    (
        proptest::collection::vec(spans(), 7),
        any::<bool>(),
        proptest::collection::vec((0i32..40, spans()), 0..4),
    )
        .prop_map(|(week, polish_holidays, days)| {
            let mut week: [Spans; 7] = week.try_into().unwrap();
            if week.iter().all(Spans::is_empty) {
                week[2] = Spans::whole_day();
            }
            let first = day("2026-03-20").date();
            let exceptions = days
                .into_iter()
                .map(|(n, s)| (Day::of(first.checked_add(jiff::Span::new().days(n)).unwrap()), s))
                .collect();
            Calendar { week, polish_holidays, exceptions }
        })
}

/// Around the change of the clocks in spring or autumn, Easter, or Christmas; to the second.
fn moments() -> impl Strategy<Value = Timestamp> {
    (0usize..3, 0i64..20 * 86_400).prop_map(|(place, s)| {
        let from = ["2026-03-20T00:00", "2026-10-15T00:00", "2025-12-15T00:00"][place];
        Timestamp(at(from).0 + s * 1000)
    })
}

proptest! {
    #[test]
    fn business_time_adds_up(c in calendars(), a in moments(), x in 0u64..900_000, y in 0u64..900_000) {
        let (b, d) = (Timestamp(a.0 + x as i64 * 1000), Timestamp(a.0 + (x + y) as i64 * 1000));
        prop_assert_eq!(
            c.business_time_between(a, d),
            c.business_time_between(a, b) + c.business_time_between(b, d)
        );
        prop_assert!(c.business_time_between(a, d) <= d.since(a));
    }

    #[test]
    fn adding_twice_is_adding_once(c in calendars(), a in moments(), x in 0u64..200_000, y in 1u64..200_000) {
        let (x, y) = (Duration::from_secs(x), Duration::from_secs(y));
        let once = c.add_business_time(a, x + y);
        let twice = c.add_business_time(a, x).and_then(|b| c.add_business_time(b, y));
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn adding_and_measuring_agree(c in calendars(), a in moments(), x in 1u64..400_000) {
        let x = Duration::from_secs(x);
        let end = c.add_business_time(a, x).unwrap();
        prop_assert_eq!(c.business_time_between(a, end), x);
        // It is the first such moment.
        prop_assert!(c.business_time_between(a, Timestamp(end.0 - 1)) < x);
    }

    #[test]
    fn later_and_longer_end_later(c in calendars(), a in moments(), s in 0u64..100_000, x in 0u64..300_000, y in 0u64..300_000) {
        let later = a.plus(Duration::from_secs(s));
        let (short, long) = (Duration::from_secs(x.min(y)), Duration::from_secs(x.max(y)));
        prop_assert!(c.add_business_time(a, short) <= c.add_business_time(a, long));
        prop_assert!(c.add_business_time(a, long) <= c.add_business_time(later, long));
    }

    #[test]
    fn openings_are_open_and_nothing_is_before_them(c in calendars(), a in moments()) {
        let next = c.next_opening(a).unwrap();
        prop_assert!(next >= a && c.is_open(next));
        prop_assert_eq!(c.business_time_between(a, next), Duration::ZERO);
        prop_assert_eq!(c.is_open(a), next == a);
    }

    #[test]
    fn spans_never_panic_and_read_back(text in "[0-9:., –-]{0,30}") {
        if let Ok(spans) = Spans::parse(&text) {
            prop_assert_eq!(Spans::parse(&spans.to_string()).unwrap(), spans);
        }
    }
}
