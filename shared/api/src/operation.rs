//! What one operation is: one shape for all of them.

use crate::problem::kinds;
use mostek_domain::Capability;

/// What can be described: with the feature `schema` a type with a JSON Schema, without it any type.
#[cfg(feature = "schema")]
pub trait Wire: schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> Wire for T {}
/// What can be described: with the feature `schema` a type with a JSON Schema, without it any type.
#[cfg(not(feature = "schema"))]
pub trait Wire {}
#[cfg(not(feature = "schema"))]
impl<T> Wire for T {}

/// A type to be described.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// How it is described.
    #[cfg(feature = "schema")]
    pub schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

impl Kind {
    /// The description of `T`.
    #[must_use]
    pub const fn of<T: Wire>() -> Self {
        Self {
            #[cfg(feature = "schema")]
            schema: schema_of::<T>,
        }
    }
}

#[cfg(feature = "schema")]
fn schema_of<T: schemars::JsonSchema>(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
    g.subschema_for::<T>()
}

/// A method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads; `HEAD` is answered too.
    Get,
    /// Adds, or does something.
    Post,
    /// Replaces.
    Put,
    /// Ends or removes.
    Delete,
}

impl Verb {
    /// As in a request.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever can reach the hub.
    Anybody,
    /// An employee.
    SignedIn,
    /// An employee in a browser's session, not by a token.
    InBrowser,
    /// An employee with the right to a capability.
    With(Capability),
    /// An administrator.
    Administrator,
    /// An administrator who has the right to a capability too.
    AdministratorWith(Capability),
    /// An administrator, and whoever has the right to a capability.
    AdministratorOr(Capability),
}

/// A value in the path or the query.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Whether it may come several times.
    pub repeated: bool,
}

impl Parameter {
    /// One that comes once.
    #[must_use]
    pub const fn new<T: Wire>(name: &'static str, about: &'static str) -> Self {
        Self { name, about, kind: Kind::of::<T>(), repeated: false }
    }

    /// May come several times.
    #[must_use]
    pub const fn repeated(mut self) -> Self {
        self.repeated = true;
        self
    }
}

/// A refusal besides those that every operation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The last piece of the problem's `type`.
    pub kind: &'static str,
    /// When it is given.
    pub about: &'static str,
}

impl Refusal {
    /// A refusal.
    #[must_use]
    pub const fn new(status: u16, kind: &'static str, about: &'static str) -> Self {
        Self { status, kind, about }
    }
}

/// What comes back when it worked.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// What it means.
    pub about: &'static str,
    /// The body: JSON of this kind; `None` for no body.
    pub json: Option<Kind>,
    /// The body is a file to save.
    pub file: bool,
    /// `Location` says where the thing that was made is read.
    pub location: bool,
}

/// A method on a path, and everything a caller has to know of it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The method.
    pub verb: Verb,
    /// The path; pieces in braces are parameters.
    pub path: &'static str,
    /// Its name in generated clients: a verb and a thing, unique.
    pub id: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What else there is to say.
    pub about: &'static str,
    /// Who may call it.
    pub who: Who,
    /// The path's parameters.
    pub pieces: &'static [Parameter],
    /// The query's.
    pub query: &'static [Parameter],
    /// The JSON body.
    pub body: Option<Kind>,
    /// The body may also be a form with files under `files`, its other fields as in JSON.
    pub files: bool,
    /// Takes a key, in `Idempotency-Key` or in the body's `key`.
    pub key: bool,
    /// What comes back.
    pub answer: Answer,
    /// Refusals besides those that every operation has.
    pub refusals: &'static [Refusal],
}

/// Why there is no operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// No operation has this path.
    Path,
    /// Those on this path have other methods.
    Method {
        /// Which: `GET, HEAD, POST`.
        allow: String,
    },
}

const DONE: Answer = Answer { status: 204, about: "Done.", json: None, file: false, location: false };

impl Operation {
    /// An operation for everybody who is signed in, which answers 204 unless told otherwise.
    const fn new(verb: Verb, path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self {
            verb,
            path,
            id,
            summary,
            about: "",
            who: Who::SignedIn,
            pieces: &[],
            query: &[],
            body: None,
            files: false,
            key: false,
            answer: DONE,
            refusals: &[],
        }
    }

    /// Reads.
    #[must_use]
    pub const fn get(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Verb::Get, path, id, summary)
    }

    /// Adds, or does something.
    #[must_use]
    pub const fn post(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Verb::Post, path, id, summary)
    }

    /// Replaces.
    #[must_use]
    pub const fn put(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Verb::Put, path, id, summary)
    }

    /// Ends or removes.
    #[must_use]
    pub const fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Verb::Delete, path, id, summary)
    }

    /// Says more.
    #[must_use]
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// Says who may call it.
    #[must_use]
    pub const fn for_(mut self, who: Who) -> Self {
        self.who = who;
        self
    }

    /// Describes the path's parameters.
    #[must_use]
    pub const fn pieces(mut self, pieces: &'static [Parameter]) -> Self {
        self.pieces = pieces;
        self
    }

    /// Describes the query's parameters.
    #[must_use]
    pub const fn query(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    /// Takes a JSON body.
    #[must_use]
    pub const fn takes<T: Wire>(mut self) -> Self {
        self.body = Some(Kind::of::<T>());
        self
    }

    /// The body may also be a form with files.
    #[must_use]
    pub const fn or_files(mut self) -> Self {
        self.files = true;
        self
    }

    /// Takes a key that makes a repeated request the same one.
    #[must_use]
    pub const fn keyed(mut self) -> Self {
        self.key = true;
        self
    }

    /// Answers 200 with JSON.
    #[must_use]
    pub const fn gives<T: Wire>(mut self, about: &'static str) -> Self {
        self.answer = Answer { status: 200, about, json: Some(Kind::of::<T>()), ..DONE };
        self
    }

    /// Answers 201 with JSON.
    #[must_use]
    pub const fn makes<T: Wire>(mut self, about: &'static str) -> Self {
        self.answer = Answer { status: 201, about, json: Some(Kind::of::<T>()), ..DONE };
        self
    }

    /// Says in `Location` where what was made is read.
    #[must_use]
    pub const fn located(mut self) -> Self {
        self.answer.location = true;
        self
    }

    /// Answers 200 with a file to save.
    #[must_use]
    pub const fn gives_file(mut self, about: &'static str) -> Self {
        self.answer = Answer { status: 200, about, file: true, ..DONE };
        self
    }

    /// Names refusals of its own.
    #[must_use]
    pub const fn refuses(mut self, refusals: &'static [Refusal]) -> Self {
        self.refusals = refusals;
        self
    }

    /// Whether the path fits decoded pieces.
    #[must_use]
    pub fn fits(&self, pieces: &[&str]) -> bool {
        let own = self.path.split('/').filter(|p| !p.is_empty());
        own.clone().count() == pieces.len() && own.zip(pieces).all(|(o, p)| o.starts_with('{') || o == *p)
    }

    /// How many pieces of the path are fixed.
    #[must_use]
    pub fn literals(&self) -> usize {
        self.path.split('/').filter(|p| !p.is_empty() && !p.starts_with('{')).count()
    }

    /// Every refusal it can give: its own, and those that follow from what it is.
    #[must_use]
    pub fn all_refusals(&self) -> Vec<Refusal> {
        let mut all = self.refusals.to_vec();
        if self.who != Who::Anybody {
            all.extend([kinds::SIGN_IN_NEEDED, kinds::FORBIDDEN]);
            if self.verb != Verb::Get {
                all.push(kinds::CSRF_FAILED);
            }
        } else {
            // The header that chooses a company is read before anything else.
            all.push(kinds::FORBIDDEN);
        }
        if self.body.is_some() {
            all.extend([kinds::BAD_REQUEST, kinds::TOO_LARGE, kinds::UNSUPPORTED_MEDIA_TYPE]);
        }
        if self.body.is_some() || !self.query.is_empty() {
            all.push(kinds::BAD_FIELD);
        }
        if !self.pieces.is_empty() {
            all.push(kinds::NOT_FOUND);
        }
        all.extend([kinds::INTERNAL, kinds::UNAVAILABLE]);
        all.sort_by_key(|r| (r.status, r.kind));
        all.dedup_by_key(|r| (r.status, r.kind));
        all
    }
}
