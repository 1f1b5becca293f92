//! What every page and endpoint needs: requests, responses, forms, errors, CSRF, layout, languages, assets.
//!
//! A component's route reads like this:
//!
//! ```ignore
//! let mut request = Request::new(parts, body, world.random());
//! let answer = routes(world, &mut request).await;           // Result<Response, ApiError>
//! let response = edge::finish(&request, &frame, world.log(), answer);
//! ```
//!
//! and inside, a page is
//!
//! ```ignore
//! Page::new(&viewer, language.t("common-nav-companies")).active("companies").show(&request, &CompaniesTemplate { .. })
//! ```

mod cookie;
mod request;
mod response;
mod text;

pub mod api;
pub mod assets;
pub mod bits;
pub mod body;
pub mod csrf;
pub mod csv;
pub mod days;
pub mod edge;
pub mod error;
pub mod file_name;
pub mod flash;
pub mod html;
pub mod i18n;
pub mod layout;
pub mod multipart;
pub mod nav;
pub mod paging;
pub mod testing;
pub mod time;
pub mod ui;

pub use cookie::Cookie;
pub use csrf::Csrf;
pub use error::ApiError;
pub use flash::{Flash, Tone};
pub use html::SafeHtml;
pub use i18n::Speak;
pub use layout::{CompanyChoice, Crumb, Frame, NavEntry, Page, Viewer};
pub use mostek_domain::Language;
pub use request::{Request, pieces, safe_back};
pub use response::{Body, Response};
pub use text::{Arg, Text, printable};
