//! Tasks, virtual time and the shared store; what happens next is the schedule's to say.

use super::explore::Explorer;
use super::seeded::{Faults, Seeded};
use super::world::SimWorld;
use crate::{HttpError, OutgoingRequest, StoreError, WholeResponse};
use futures::future::LocalBoxFuture;
use std::cell::{Cell, RefCell};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// What an operation is, as far as its fate depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A read of the store.
    Read,
    /// A write to the store.
    Write,
    /// A request to the remote service.
    Http,
    /// Waiting; the duration is what was asked for.
    Sleep(Duration),
}

/// What becomes of an operation. Times count from when it was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// When it takes effect, if ever.
    pub effect: Option<Duration>,
    /// When the caller is told, and whether of success; `None` if the caller crashes at this operation.
    pub answer: Option<(Duration, bool)>,
}

/// Decides fates, in virtual time.
pub trait Schedule {
    /// The fate of an operation that is begun now.
    fn fate(&mut self, kind: Kind) -> Fate;
    /// Which of `n` ready tasks goes on.
    fn pick(&mut self, n: usize) -> usize;
    /// By how many milliseconds a new process's wall clock is wrong.
    fn skew(&mut self) -> i64;
    /// From now on nothing goes wrong.
    fn calm(&mut self);
}

#[derive(Debug, Clone)]
pub(super) enum Call {
    Get(String),
    Counter(String),
    Increment(String, u64),
    SetMany(Vec<(String, Vec<u8>)>),
    DeleteMany(Vec<String>),
    Http(Box<OutgoingRequest>),
    Sleep(Duration),
}

impl Call {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Get(_) | Self::Counter(_) => Kind::Read,
            Self::Increment(..) | Self::SetMany(_) | Self::DeleteMany(_) => Kind::Write,
            Self::Http(_) => Kind::Http,
            Self::Sleep(d) => Kind::Sleep(*d),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Answer {
    Bytes(Option<Vec<u8>>),
    Number(u64),
    Done,
    Http(WholeResponse),
}

/// One operation under way.
pub(super) struct Operation {
    pub(super) task: usize,
    /// The how-manieth of its task.
    pub(super) number: u64,
    pub(super) call: Call,
    result: RefCell<Option<Answer>>,
    told: Cell<Option<bool>>,
    waker: RefCell<Option<Waker>>,
}

enum Event {
    Effect(Rc<Operation>),
    Answer(Rc<Operation>, bool),
}

/// What the store holds.
#[derive(Default, Hash)]
struct Data {
    values: BTreeMap<String, Vec<u8>>,
    counters: BTreeMap<String, u64>,
}

type Remote = Box<dyn FnMut(&OutgoingRequest) -> WholeResponse>;

struct Task {
    future: Option<LocalBoxFuture<'static, ()>>,
    /// A hash of all answers it got: with deterministic code, its whole local state.
    history: u64,
    operations: u64,
}

enum Mode {
    Timed(Box<dyn Schedule>),
    Explored(Rc<RefCell<Explorer>>),
}

struct Inner {
    mode: RefCell<Mode>,
    now: Cell<Duration>,
    sequence: Cell<u64>,
    events: RefCell<BTreeMap<(Duration, u64), Event>>,
    /// In exploration: operations begun and not decided yet, and writes that will land some time.
    pending: RefCell<Vec<Rc<Operation>>>,
    landing: RefCell<Vec<Rc<Operation>>>,
    data: RefCell<Data>,
    remote: RefCell<Option<Remote>>,
    tasks: RefCell<Vec<Task>>,
    ready: Arc<Mutex<VecDeque<usize>>>,
    current: Cell<usize>,
    doomed: Cell<bool>,
    processes: Cell<u64>,
    seed: u64,
}

/// A world of processes that share a store. Clones are the same world.
#[derive(Clone)]
pub struct Simulation(Rc<Inner>);

struct TaskWaker {
    task: usize,
    ready: Arc<Mutex<VecDeque<usize>>>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.task);
    }
}

impl Simulation {
    /// A world whose every chance is drawn from `seed`.
    #[must_use]
    pub fn seeded(seed: u64, faults: Faults) -> Self {
        Self::with(Mode::Timed(Box::new(Seeded::new(seed, faults))), seed)
    }

    /// A world under a schedule of one's own.
    #[must_use]
    pub fn scheduled(schedule: impl Schedule + 'static) -> Self {
        Self::with(Mode::Timed(Box::new(schedule)), 1)
    }

    pub(super) fn explored(explorer: Rc<RefCell<Explorer>>) -> Self {
        Self::with(Mode::Explored(explorer), 1)
    }

    fn with(mode: Mode, seed: u64) -> Self {
        Self(Rc::new(Inner {
            mode: RefCell::new(mode),
            now: Cell::default(),
            sequence: Cell::default(),
            events: RefCell::default(),
            pending: RefCell::default(),
            landing: RefCell::default(),
            data: RefCell::default(),
            remote: RefCell::default(),
            tasks: RefCell::default(),
            ready: Arc::default(),
            current: Cell::new(usize::MAX),
            doomed: Cell::new(false),
            processes: Cell::new(0),
            seed,
        }))
    }

    /// The world of a new process: the shared store, a clock that is wrong in its own way, randomness of its own.
    #[must_use]
    pub fn process(&self) -> SimWorld {
        let number = self.0.processes.get() + 1;
        self.0.processes.set(number);
        let skew = match &mut *self.0.mode.borrow_mut() {
            Mode::Timed(schedule) => schedule.skew(),
            Mode::Explored(_) => 0,
        };
        SimWorld::new(self.clone(), skew, self.0.seed ^ number.wrapping_mul(0xA24B_AED4_963E_E407))
    }

    /// Starts a task, a request of a process for example; a crash drops it. It first runs in [`Simulation::run`].
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let mut tasks = self.0.tasks.borrow_mut();
        tasks.push(Task { future: Some(Box::pin(task)), history: 0, operations: 0 });
        self.wake(tasks.len() - 1);
    }

    /// Runs until no task can go on and nothing is left to land.
    pub fn run(&self) {
        loop {
            while let Some(task) = self.next_ready() {
                self.poll(task);
            }
            let explorer = match &*self.0.mode.borrow() {
                Mode::Timed(_) => None,
                Mode::Explored(e) => Some(e.clone()),
            };
            let went_on = match explorer {
                None => self.next_event(),
                Some(e) => self.explore_step(&e),
            };
            if !went_on {
                return;
            }
        }
    }

    /// From now on nothing fails, crashes or is slow: for looking at the result.
    pub fn calm(&self) {
        match &mut *self.0.mode.borrow_mut() {
            Mode::Timed(schedule) => schedule.calm(),
            Mode::Explored(e) => e.borrow_mut().calm(),
        }
    }

    /// True time since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.0.now.get()
    }

    /// Lets time pass between two runs.
    pub fn advance(&self, d: Duration) {
        self.0.now.set(self.0.now.get().saturating_add(d));
    }

    /// What the remote service does with a request at the moment it takes effect there. Its answer may be lost.
    pub fn remote(&self, service: impl FnMut(&OutgoingRequest) -> WholeResponse + 'static) {
        *self.0.remote.borrow_mut() = Some(Box::new(service));
    }

    /// All keys with values, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.data.borrow().values.keys().cloned().collect()
    }

    /// A value, looked at from outside.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<Vec<u8>> {
        self.0.data.borrow().values.get(key).cloned()
    }

    /// A counter, looked at from outside.
    #[must_use]
    pub fn counter(&self, key: &str) -> u64 {
        self.0.data.borrow().counters.get(key).copied().unwrap_or(0)
    }

    /// In exploration, tells that the running task now also knows something that it did not get from an operation (what
    /// others had acknowledged when it began, say), so that states that differ in it are not taken for the same.
    pub fn observe(&self, what: impl Hash) {
        self.mix(self.0.current.get(), what);
    }

    fn wake(&self, task: usize) {
        self.0.ready.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
    }

    fn next_ready(&self) -> Option<usize> {
        let mut ready = self.0.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match &mut *self.0.mode.borrow_mut() {
            Mode::Timed(schedule) if ready.len() > 1 => schedule.pick(ready.len()),
            _ => 0,
        };
        ready.remove(at)
    }

    fn poll(&self, number: usize) {
        let future = self.0.tasks.borrow_mut().get_mut(number).and_then(|t| t.future.take());
        let Some(mut future) = future else { return };
        self.0.current.set(number);
        self.0.doomed.set(false);
        let waker = Waker::from(Arc::new(TaskWaker { task: number, ready: self.0.ready.clone() }));
        let state = future.as_mut().poll(&mut Context::from_waker(&waker));
        self.0.current.set(usize::MAX);
        if state.is_pending()
            && !self.0.doomed.get()
            && let Some(task) = self.0.tasks.borrow_mut().get_mut(number)
        {
            task.future = Some(future);
        }
    }

    /// Drops what is left of the tasks: they hold the world they live in.
    pub(super) fn end(&self) {
        self.0.pending.borrow_mut().clear();
        self.0.landing.borrow_mut().clear();
        let futures: Vec<_> = self.0.tasks.borrow_mut().iter_mut().map(|t| t.future.take()).collect();
        drop(futures);
    }

    /// Performs one operation for the running task.
    pub(super) async fn perform(&self, call: Call) -> Result<Answer, StoreError> {
        let operation = self.begin(call);
        poll_fn(|cx| match operation.told.get() {
            Some(ok) => Poll::Ready(ok),
            None => {
                *operation.waker.borrow_mut() = Some(cx.waker().clone());
                Poll::Pending
            }
        })
        .await;
        let ok = operation.told.get() == Some(true);
        match operation.result.take() {
            Some(answer) if ok => Ok(answer),
            _ => Err(StoreError::Failed("simulated failure".into())),
        }
    }

    pub(super) async fn request(&self, request: OutgoingRequest) -> Result<WholeResponse, HttpError> {
        let nobody = self.0.remote.borrow().is_none();
        if nobody {
            return Err(HttpError::NotSent("connection refused".into()));
        }
        match self.perform(Call::Http(Box::new(request))).await {
            Ok(Answer::Http(response)) => Ok(response),
            Ok(_) | Err(_) => Err(HttpError::Unknown("simulated failure".into())),
        }
    }

    fn begin(&self, call: Call) -> Rc<Operation> {
        let task = self.0.current.get();
        let number = match self.0.tasks.borrow_mut().get_mut(task) {
            Some(t) => {
                t.operations += 1;
                t.operations
            }
            None => 0,
        };
        let kind = call.kind();
        let limit = match &call {
            Call::Http(request) => Some(request.time_limit),
            _ => None,
        };
        let operation = Rc::new(Operation {
            task,
            number,
            call,
            result: RefCell::default(),
            told: Cell::default(),
            waker: RefCell::default(),
        });
        match &mut *self.0.mode.borrow_mut() {
            Mode::Explored(_) => self.0.pending.borrow_mut().push(operation.clone()),
            Mode::Timed(schedule) => {
                let mut fate = schedule.fate(kind);
                if let (Some(limit), Some((at, _))) = (limit, fate.answer)
                    && at > limit
                {
                    fate.answer = Some((limit, false));
                }
                if let Some(after) = fate.effect {
                    self.at(after, Event::Effect(operation.clone()));
                }
                match fate.answer {
                    Some((after, ok)) => self.at(after, Event::Answer(operation.clone(), ok)),
                    None => self.0.doomed.set(true),
                }
            }
        }
        operation
    }

    fn at(&self, after: Duration, event: Event) {
        let sequence = self.0.sequence.get() + 1;
        self.0.sequence.set(sequence);
        self.0.events.borrow_mut().insert((self.now().saturating_add(after), sequence), event);
    }

    fn next_event(&self) -> bool {
        let Some(((at, _), event)) = self.0.events.borrow_mut().pop_first() else { return false };
        self.0.now.set(self.now().max(at));
        match event {
            Event::Effect(operation) => self.take_effect(&operation),
            Event::Answer(operation, ok) => self.tell(&operation, ok),
        }
        true
    }

    fn take_effect(&self, operation: &Operation) {
        let mut data = self.0.data.borrow_mut();
        let answer = match &operation.call {
            Call::Get(key) => Answer::Bytes(data.values.get(key).cloned()),
            Call::Counter(key) => Answer::Number(data.counters.get(key).copied().unwrap_or(0)),
            Call::Increment(key, by) => {
                let n = data.counters.entry(key.clone()).or_insert(0);
                *n = n.saturating_add(*by);
                Answer::Number(*n)
            }
            Call::SetMany(pairs) => {
                data.values.extend(pairs.iter().cloned());
                Answer::Done
            }
            Call::DeleteMany(keys) => {
                data.values.retain(|k, _| !keys.contains(k));
                Answer::Done
            }
            Call::Sleep(_) => Answer::Done,
            Call::Http(request) => match self.0.remote.borrow_mut().as_mut() {
                Some(service) => Answer::Http(service(request)),
                None => return,
            },
        };
        *operation.result.borrow_mut() = Some(answer);
    }

    fn tell(&self, operation: &Operation, ok: bool) {
        let seen = match &*operation.result.borrow() {
            Some(Answer::Bytes(b)) if ok => hash_of(b),
            Some(Answer::Number(n)) if ok => *n,
            Some(Answer::Http(r)) if ok => hash_of((r.status, &r.body)),
            _ => u64::from(ok),
        };
        self.mix(operation.task, (operation.number, seen, ok));
        operation.told.set(Some(ok));
        if let Some(waker) = operation.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    fn mix(&self, task: usize, what: impl Hash) {
        if let Some(t) = self.0.tasks.borrow_mut().get_mut(task) {
            t.history = hash_of((t.history, hash_of(what)));
        }
    }

    /// One step of an exploration: the explorer picks an operation and what becomes of it.
    fn explore_step(&self, explorer: &RefCell<Explorer>) -> bool {
        let pending: Vec<Kind> = self.0.pending.borrow().iter().map(|o| o.call.kind()).collect();
        let landing = self.0.landing.borrow().len();
        let Some(step) = explorer.borrow_mut().choose(&pending, landing, || self.signature()) else {
            self.0.ready.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return false;
        };
        use super::explore::Step;
        match step {
            Step::Done(i) => {
                let operation = self.0.pending.borrow_mut().remove(i);
                if let Call::Sleep(d) = operation.call {
                    self.advance(d);
                }
                self.take_effect(&operation);
                self.tell(&operation, true);
            }
            Step::DoneTooLate(i, by) => {
                let operation = self.0.pending.borrow_mut().remove(i);
                self.take_effect(&operation);
                self.advance(by);
                self.tell(&operation, true);
            }
            Step::Failed(i) => {
                let operation = self.0.pending.borrow_mut().remove(i);
                self.tell(&operation, false);
            }
            Step::FailedLandsLater(i) => {
                let operation = self.0.pending.borrow_mut().remove(i);
                self.tell(&operation, false);
                self.0.landing.borrow_mut().push(operation);
            }
            Step::Crashed(i, lands) => {
                let operation = self.0.pending.borrow_mut().remove(i);
                if let Some(task) = self.0.tasks.borrow_mut().get_mut(operation.task) {
                    task.future = None;
                    task.history = u64::MAX;
                }
                self.0.pending.borrow_mut().retain(|o| o.task != operation.task);
                if lands {
                    self.0.landing.borrow_mut().push(operation);
                }
            }
            Step::Lands(i) => {
                let operation = self.0.landing.borrow_mut().remove(i);
                self.take_effect(&operation);
            }
            Step::TimePasses(d) => self.advance(d),
        }
        true
    }

    /// Everything the future of an exploration depends on.
    fn signature(&self) -> u64 {
        let tasks: Vec<(u64, bool)> =
            self.0.tasks.borrow().iter().map(|t| (t.history, t.future.is_some())).collect();
        let names = |list: &[Rc<Operation>]| {
            let mut names: Vec<(usize, u64)> = list.iter().map(|o| (o.task, o.number)).collect();
            names.sort_unstable();
            names
        };
        hash_of((
            &*self.0.data.borrow(),
            tasks,
            names(&self.0.pending.borrow()),
            names(&self.0.landing.borrow()),
            self.now(),
        ))
    }
}

fn hash_of(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
