//! Records out of files and into files (CSV). For administrators: a file holds many people.

use crate::input;
use crate::refusal::refused;
use crate::visit::Visit;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, header};
use mostek_api::customers::{self as wire, ImportIn, ImportPreview, ImportProgress, PreviewedRow};
use mostek_domain::{ImportId, Language};
use mostek_helpdesk::customer::export;
use mostek_helpdesk::customer::import::row::{Fault, Finder, Plan, Target};
use mostek_helpdesk::customer::import::{self, Import, Previewed, Progress, sheet};
use mostek_helpdesk::desk;
use mostek_people::audit::Act;
use mostek_ports::{Clock, World};
use mostek_web::body::{self, JSON_LIMIT};
use mostek_web::paging::cursor;
use mostek_web::{ApiError, Body, Request, Response, Speak, Text, time};
use std::time::Duration;

/// The longest JSON with a file in it: base64 makes four bytes of three.
const SENT_LIMIT: usize = sheet::FILE_BYTES / 3 * 4 + 10_000;
/// How long a request works at an import; the timer does the rest.
const BUDGET: Duration = Duration::from_secs(10);

/// `/api/v1/customers/imports`.
pub(super) async fn route<W: World>(
    visit: &Visit<'_, W>,
    request: &mut Request,
    rest: &[&str],
) -> Result<Response, ApiError> {
    match (&request.method, rest) {
        (&Method::POST, []) => {
            let sent: ImportIn = body::json(request, SENT_LIMIT).await?;
            let bytes = STANDARD
                .decode(sent.content.trim())
                .map_err(|_| ApiError::bad_field("content", "crm-import-base64"))?;
            let id = upload(visit, &sent.name, &Bytes::from(bytes)).await?;
            Ok(Response::created(&state(visit, id).await?, &format!("/api/v1/customers/imports/{id}")))
        }
        (&Method::GET, [id]) => Ok(Response::json(&state(visit, parse(id)?).await?)),
        (&Method::POST, [id, "preview"]) => {
            let sent: TypedPlan = body::json(request, JSON_LIMIT).await?;
            let plan = plan(&sent, visit.language())?;
            let (rows, refused_rows) =
                import::preview(visit.world, visit.company(), parse(id)?, &plan).await.map_err(refused)?;
            let data = rows.into_iter().map(|r| row(visit.language(), r)).collect();
            Ok(Response::json(&ImportPreview { data, refused: wide(refused_rows) }))
        }
        (&Method::POST, [id, "start"]) => {
            let id = parse(id)?;
            let sent: TypedPlan = body::json(request, JSON_LIMIT).await?;
            start(visit, id, &plan(&sent, visit.language())?).await?;
            Ok(Response::json(&state(visit, id).await?))
        }
        (&Method::GET, [id, "refused"]) => refused_rows(visit, parse(id)?).await,
        _ => Err(ApiError::unrouted()),
    }
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

pub(crate) fn parse(text: &str) -> Result<ImportId, ApiError> {
    ImportId::parse(text).map_err(|_| ApiError::not_found())
}

/// Takes a file in.
///
/// # Errors
/// 422 with what is wrong with it.
pub(crate) async fn upload<W: World>(
    visit: &Visit<'_, W>,
    name: &str,
    bytes: &Bytes,
) -> Result<ImportId, ApiError> {
    visit.session.require_administrator()?;
    import::upload(visit.world, visit.company(), visit.actor(), name, bytes).await.map_err(refused)
}

/// An import and how far it is.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn read<W: World>(
    visit: &Visit<'_, W>,
    id: ImportId,
) -> Result<(Import, Progress), ApiError> {
    visit.session.require_administrator()?;
    let import = import::of_company(visit.world, visit.company(), id).await.map_err(refused)?;
    let progress = import::progress(visit.world, id, &import).await?;
    Ok((import, progress))
}

async fn state<W: World>(visit: &Visit<'_, W>, id: ImportId) -> Result<wire::Import, ApiError> {
    let (import, p) = read(visit, id).await?;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    Ok(wire::Import {
        id,
        at: time::moment(import.at),
        rows: wide(import.rows),
        columns: import::guess(&import, &desk).into_iter().map(Target::slug).collect(),
        name: import.name,
        heading: import.heading,
        begun: p.begun,
        done: p.is_done(),
        progress: ImportProgress {
            rows: wide(p.done),
            added: wide(p.added),
            found: wide(p.found),
            refused: wide(p.refused),
            older_consents: wide(p.older_consents),
        },
    })
}

/// Until when a request works at it.
pub(crate) fn until<W: World>(visit: &Visit<'_, W>) -> Duration {
    visit.world.clock().monotonic() + BUDGET
}

/// Begins an import.
///
/// # Errors
/// 422 for a plan that cannot be; as the use case.
pub(crate) async fn start<W: World>(visit: &Visit<'_, W>, id: ImportId, plan: &Plan) -> Result<(), ApiError> {
    visit.session.require_administrator()?;
    import::start(visit.world, visit.company(), id, plan, until(visit)).await.map_err(refused)?;
    visit.audit(Act::new("customer-file-read", "import", id)).await;
    Ok(())
}

/// What columns hold and by what records are found, as typed: slugs, or ids of fields.
pub(crate) use mostek_api::customers::ImportPlan as TypedPlan;

/// Reads it.
///
/// # Errors
/// 422.
pub(crate) fn plan(typed: &TypedPlan, language: Language) -> Result<Plan, ApiError> {
    let column = |slug: &String| input::id("columns", slug, |s| Target::from_slug(s).ok_or(()));
    Ok(Plan {
        columns: typed.columns.iter().map(column).collect::<Result<_, _>>()?,
        finder: input::id("finder", &typed.finder, |s| Finder::from_slug(s).ok_or(()))?,
        comma: language != Language::En,
    })
}

/// Why a row is refused, in words.
pub(crate) fn fault(language: Language, fault: &Fault) -> String {
    let key = match fault.what.as_str() {
        "name" if fault.value.is_empty() => "crm-fault-nameless",
        "name" => "crm-fault-name",
        "phone" => "crm-fault-phone",
        "consent" => "crm-fault-consent",
        "consent-date" => "crm-fault-consent-date",
        "email" => "crm-fault-email",
        "nip" => "crm-fault-nip",
        "address" => "crm-fault-address",
        "record" => "crm-fault-record",
        _ => "crm-fault-field",
    };
    language.say(&Text::new(key).with("what", fault.what.as_str()).with("value", fault.value.as_str()))
}

fn row(language: Language, r: Previewed) -> PreviewedRow {
    PreviewedRow {
        row: wide(r.number),
        cells: r.cells,
        customer: r.found,
        faults: r.faults.iter().map(|f| fault(language, f)).collect(),
    }
}

fn csv(name: &str, bytes: Vec<u8>) -> Response {
    let length = bytes.len() as u64;
    Response::attachment(name, Body::Bytes(Bytes::from(bytes)), Some(length))
}

/// The refused rows of an import as a file.
///
/// # Errors
/// 404; the store's.
pub(crate) async fn refused_rows<W: World>(visit: &Visit<'_, W>, id: ImportId) -> Result<Response, ApiError> {
    let (import, _) = read(visit, id).await?;
    let l = visit.language();
    let reasons = l.t("crm-import-reasons");
    let bytes = import::refused(visit.world, id, &import, reasons, |f| fault(l, f)).await?;
    Ok(csv("refused.csv", bytes))
}

/// A part of the list as a file: `after` is the cursor; a `link` header says where the next part is.
///
/// # Errors
/// 403 for who is no administrator; the store's.
pub(crate) async fn list<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let l = visit.language();
    let (after, _) = crate::api::page(request, export::LISTED)?;
    let part = export::listed(visit.world, visit.company(), after).await?;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let fields: Vec<_> = desk.fields.iter().filter(|f| !f.archived).collect();
    let mut heading: Vec<String> = [
        "crm-csv-id",
        "crm-csv-name",
        "crm-csv-phone",
        "crm-csv-consent",
        "crm-csv-email",
        "crm-csv-nip",
        "crm-csv-street",
        "crm-csv-postal-code",
        "crm-csv-city",
        "crm-csv-country",
        "crm-csv-notes",
    ]
    .into_iter()
    .map(|key| l.t(key))
    .collect();
    heading.extend(fields.iter().map(|f| f.name.to_string()));
    let mut rows = vec![heading];
    for (id, d) in &part.records {
        let phone = d.phones.first();
        let yes_or_no = |given: bool| l.t(if given { "common-yes" } else { "common-no" });
        let address = d.addresses.first();
        let of = |part: fn(&mostek_domain::Address) -> &str| {
            address.map(|a| part(a).to_owned()).unwrap_or_default()
        };
        let mut row = vec![
            id.to_string(),
            d.name.to_string(),
            phone.map(|(n, _)| n.to_string()).unwrap_or_default(),
            phone.filter(|(_, c)| c.at.is_some()).map(|(_, c)| yes_or_no(c.given)).unwrap_or_default(),
            d.emails.first().map(ToString::to_string).unwrap_or_default(),
            d.nip.as_ref().map(|n| n.digits().to_owned()).unwrap_or_default(),
            of(mostek_domain::Address::street),
            of(mostek_domain::Address::postal_code),
            of(mostek_domain::Address::city),
            of(mostek_domain::Address::country),
            d.notes.clone(),
        ];
        row.extend(fields.iter().map(|f| {
            let value = d.fields.get(&f.id).cloned().unwrap_or_default();
            input::customer::shown(&f.kind, &value, l)
        }));
        rows.push(row);
    }
    visit.audit(Act::new("customer-list-exported", "customers", part.records.len())).await;
    let answer = csv("customers.csv", sheet::write(rows));
    Ok(match part.next {
        Some(next) => {
            let next = cursor(&next.to_string());
            let link = format!("</api/v1/customers/export.csv?after={next}>; rel=\"next\"");
            answer.header(header::LINK, &link)
        }
        None => answer,
    })
}
