//! Days off work by Polish law.
//!
//! The Act of 18 January 1951 on days off work (ustawa o dniach wolnych od pracy) lists them: 6 January is among them since
//! 2011 (Act of 24 September 2010), 24 December since 2025 (Act of 6 December 2024, Dz.U. 2024 poz. 1965). Sundays, which
//! the Act lists too, are a matter of the weekly hours here.

use super::Day;

/// The first year in which 6 January is a day off.
const EPIPHANY_SINCE: i16 = 2011;
/// The first year in which 24 December is a day off.
const CHRISTMAS_EVE_SINCE: i16 = 2025;

/// Whether a day is a public holiday in Poland.
#[must_use]
pub fn is_polish_holiday(day: Day) -> bool {
    let fixed = match (day.month(), day.day()) {
        (1, 1) | (5, 1 | 3) | (8, 15) | (11, 1 | 11) | (12, 25 | 26) => true,
        (1, 6) => day.year() >= EPIPHANY_SINCE,
        (12, 24) => day.year() >= CHRISTMAS_EVE_SINCE,
        _ => false,
    };
    // Easter, its Monday, Pentecost, Corpus Christi.
    fixed
        || easter(day.year())
            .and_then(|sunday| day.days_since(sunday))
            .is_some_and(|days| matches!(days, 0 | 1 | 49 | 60))
}

/// Easter Sunday of a year in the Gregorian calendar; `None` outside the years that a [`Day`] can have. The anonymous
/// Gregorian computus (Nature, 1876).
#[must_use]
pub fn easter(year: i16) -> Option<Day> {
    let y = i32::from(year);
    let a = y.rem_euclid(19);
    let (b, c) = (y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c.div_euclid(4), c.rem_euclid(4));
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l).div_euclid(451);
    let n = h + l - 7 * m + 114;
    let month = i8::try_from(n.div_euclid(31)).ok()?;
    let day = i8::try_from(n.rem_euclid(31) + 1).ok()?;
    Day::new(year, month, day)
}
