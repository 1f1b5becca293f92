//! Outside systems' formats: a request out of domain values, domain values out of an answer.
//!
//! Nothing here does I/O or keeps state. A connector is the trait [`marketplace::Marketplace`] implemented in one file,
//! with the wire types in another; `docs/how-to/add-a-connector.md` walks through it.

pub mod access;
pub mod call;
pub mod error;
pub mod link;
pub mod marketplace;
pub mod mirakl;
mod multipart;
pub mod registry;
mod wire_values;

pub use access::{Access, AccessError, ApiKey, BaseAddress, ShopId};
pub use call::{Call, Reader};
pub use error::{NextStep, RemoteError, RequestError};
pub use link::{LinkError, LinkTemplate};
pub use marketplace::{
    ConnectionTest, Marketplace, OrdersPage, OutgoingFile, PageToken, Reply, SentReply, ThreadsPage,
    ThreadsQuery, judge, needs_second_look,
};
pub use registry::{Kind, Registry};
