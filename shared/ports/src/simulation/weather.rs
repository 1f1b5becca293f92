//! Calm while things are put in place, then as bad as it gets.

use super::{Fate, Kind, Schedule, Seeded};
use std::cell::Cell;
use std::rc::Rc;

/// Two schedules and which of them is in force.
pub struct Weather {
    /// While it is calm.
    pub calm: Seeded,
    /// Once it is wild.
    pub wild: Seeded,
    /// Set by the test when everything is in place.
    pub now_wild: Rc<Cell<bool>>,
}

impl Schedule for Weather {
    fn fate(&mut self, kind: Kind) -> Fate {
        if self.now_wild.get() { self.wild.fate(kind) } else { self.calm.fate(kind) }
    }
    fn pick(&mut self, n: usize) -> usize {
        self.wild.pick(n)
    }
    fn skew(&mut self) -> i64 {
        self.wild.skew()
    }
    fn calm(&mut self) {
        self.now_wild.set(false);
    }
}
