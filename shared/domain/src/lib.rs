//! Pure rules and types of the hub.
//!
//! Nothing here does I/O, reads a clock or rolls dice: times, random numbers and ids come in as arguments. Values are
//! checked once, where they come in (`parse`, or serde when they are read from the store), and trusted afterwards.

pub mod address;
pub mod attachment;
pub mod calendar;
pub mod company;
pub mod field;
pub mod ids;
pub mod language;
mod macros;
pub mod marketplace;
pub mod money;
pub mod people;
pub mod phone;
pub mod reason;
pub mod report;
pub mod retry;
pub mod spreadsheet;
pub mod template;
pub mod text;
pub mod ticket;
pub mod time;
pub mod words;

pub use address::{Address, AddressError};
pub use attachment::{AttachmentError, AttachmentLimits, AttachmentUse};
pub use calendar::{Calendar, CalendarError};
pub use company::{CompanyName, Nip, NipError};
pub use field::{FieldKind, OptionsError, ValueError};
pub use ids::{
    AuditId, AutomationId, CategoryId, CompanyId, ConnectionId, CustomerId, DeliveryId, EmployeeId, FieldId,
    IdError, ImportId, InstallationId, InvitationId, MacroId, MergeId, MessageId, QueueId, ReplyId,
    SessionId, SubStatusId, TagId, TemplateId, TicketId, TicketNumber, TicketNumberError, TokenId, UploadId,
    ViewId, WebhookId,
};
pub use language::Language;
pub use money::{Currency, Money, MoneyError};
pub use people::{
    Access, Capability, EmailAddress, EmailError, Label, NameError, PersonName, Rights, Role, Theme,
};
pub use phone::{PhoneError, PhoneNumber, SmsConsent};
pub use reason::Reason;
pub use retry::Backoff;
pub use text::{MessageBody, ReplyBody, ReplyError};
pub use ticket::{Effect, MessageFrom, Status, StatusError, StatusKind, TicketRules};
pub use time::Timestamp;
