//! Records out of a file: sending it, choosing what its columns hold, looking at the first rows, and what came of it.

use super::super::form;
use super::{Wrong, bits, href, is_theirs};
use crate::api::customers::files::{self as acts, TypedPlan};
use crate::fields::Fields;
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{ImportId, Language};
use mostek_helpdesk::customer::export;
use mostek_helpdesk::customer::import::row::{Finder, Target};
use mostek_helpdesk::customer::import::{self, Import, Progress, sheet};
use mostek_helpdesk::desk::{self, Desk};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::multipart::{self, UploadLimits};
use mostek_web::paging::cursor;
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Page, Request, Response, SafeHtml, Speak, Text, Tone};

/// What a form has besides the file.
const FORM_ROOM: usize = 20_000;

#[derive(Template)]
#[template(path = "customer_import.html")]
struct UploadPage {
    language: Language,
    csrf: String,
    wrong: Option<String>,
    file: SafeHtml,
}

pub(super) async fn ask<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let l = visit.language();
    let limits = Text::new("crm-import-limits")
        .with("rows", sheet::ROWS)
        .with("size", mostek_web::Arg::Bytes(sheet::FILE_BYTES as u64));
    let body = UploadPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        wrong: wrong.sentence().map(|t| l.say(t)),
        file: Field::file(l, "file", "crm-import-file", false)
            .hint_text(l.say(&limits))
            .error(wrong.with("file"))
            .with("accept", ".csv,text/csv,text/plain")
            .required()
            .html(),
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, l.t("crm-import"))
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

pub(super) async fn upload<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let limits = UploadLimits { total: sheet::FILE_BYTES + FORM_ROOM, per_file: sheet::FILE_BYTES, files: 1 };
    let sent = multipart::read(request, limits).await?;
    let fields = Fields(sent.fields);
    visitor.check_form(request, fields.csrf())?;
    let Some(file) = sent.files.into_iter().next() else {
        return ask(visit, request, Wrong(Some(ApiError::bad_field("file", "crm-import-no-file")))).await;
    };
    match acts::upload(visit, &file.name, &file.content).await {
        Ok(id) => Ok(Response::redirect(&place(id))),
        Err(e) if is_theirs(&e) => ask(visit, request, Wrong(Some(e))).await,
        Err(e) => Err(e),
    }
}

fn place(id: ImportId) -> String {
    format!("/customers/import/{id}")
}

#[derive(Template)]
#[template(path = "customer_import_plan.html")]
struct PlanPage {
    language: Language,
    csrf: String,
    action: String,
    name: String,
    count: String,
    wrong: Option<String>,
    columns: Vec<Column>,
    targets: Vec<Choice>,
    finders: Vec<Choice>,
    finder: String,
    heading: Vec<String>,
    rows: Vec<Row>,
    /// Of all rows, in words; once there is a preview.
    verdict: Option<(Tone, String)>,
}

struct Column {
    name: String,
    heading: String,
    chosen: String,
}

struct Row {
    number: usize,
    cells: Vec<String>,
    faults: Vec<String>,
    found: Option<String>,
}

#[derive(Template)]
#[template(path = "customer_import_done.html")]
struct DonePage {
    language: Language,
    csrf: String,
    action: String,
    name: String,
    is_done: bool,
    done: String,
    added: String,
    found: String,
    refused: String,
    has_refused: bool,
    older_consents: Option<String>,
}

/// An import: the form before it is begun, with a preview of what was chosen; afterwards how far it is.
pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ImportId,
) -> Result<Response, ApiError> {
    let (import, progress) = acts::read(visit, id).await?;
    if progress.begun {
        return done(visit, request, id, &import, &progress);
    }
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let asked = request.query.iter().filter(|(n, _)| n == "column").map(|(_, v)| v.clone());
    let columns: Vec<String> = asked.collect();
    let typed = if columns.is_empty() {
        let columns = import::guess(&import, &desk).into_iter().map(Target::slug).collect();
        TypedPlan { columns, finder: String::new() }
    } else {
        TypedPlan { columns, finder: request.param("finder").unwrap_or_default().to_owned() }
    };
    let wrong = Wrong::default();
    plan(visit, request, id, &import, &desk, typed, wrong).await
}

async fn plan<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ImportId,
    import: &Import,
    desk: &Desk,
    typed: TypedPlan,
    wrong: Wrong,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let mut wrong = wrong;
    let mut rows = Vec::new();
    let mut verdict = None;
    let previewed = match acts::plan(&typed, l) {
        Ok(plan) => import::preview(visit.world, visit.company(), id, &plan).await.map_err(refused),
        Err(e) => Err(e),
    };
    match previewed {
        Ok((previewed, refused_rows)) => {
            rows = previewed
                .into_iter()
                .map(|r| Row {
                    number: r.number,
                    cells: r.cells,
                    faults: r.faults.iter().map(|f| acts::fault(l, f)).collect(),
                    found: r.found.map(href),
                })
                .collect();
            let tone = if refused_rows == 0 { Tone::Success } else { Tone::Warning };
            let key = if refused_rows == 0 { "crm-import-all-good" } else { "crm-import-some-bad" };
            let text = Text::new(key).with("count", refused_rows).with("rows", import.rows);
            verdict = Some((tone, l.say(&text)));
        }
        // Said once; what was wrong with the form comes first.
        Err(e) if is_theirs(&e) => wrong = if wrong.sentence().is_some() { wrong } else { Wrong(Some(e)) },
        Err(e) => return Err(e),
    }
    let target = |t: Target| Choice::new(t.slug(), l.t(&format!("crm-target-{}", t.slug())));
    let mut targets: Vec<Choice> = Target::BUILT_IN.into_iter().map(target).collect();
    let open = || desk.fields.iter().filter(|f| !f.archived);
    targets.extend(open().map(|f| Choice::new(f.id.to_string(), f.name.to_string())));
    let mut finders: Vec<Choice> = [Finder::Nothing, Finder::Email, Finder::Phone, Finder::Nip]
        .into_iter()
        .map(|f| Choice::new(f.slug(), l.t(&format!("crm-finder-{}", f.slug()))))
        .collect();
    finders.extend(
        open().filter(|f| f.kind.is_text()).map(|f| Choice::new(f.id.to_string(), f.name.to_string())),
    );
    let body = PlanPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        action: place(id),
        name: import.name.clone(),
        count: l.n("crm-row-count", import.rows),
        wrong: wrong.sentence().map(|t| l.say(t)),
        columns: import
            .heading
            .iter()
            .enumerate()
            .map(|(i, heading)| Column {
                name: format!("c-{i}"),
                heading: super::words::line(heading),
                chosen: typed.columns.get(i).cloned().unwrap_or_default(),
            })
            .collect(),
        targets,
        finders,
        finder: if typed.finder.is_empty() { Finder::Nothing.slug() } else { typed.finder },
        heading: import.heading.iter().map(|h| super::words::line(h)).collect(),
        rows,
        verdict,
    };
    let viewer = visit.session.viewer();
    let page = Page::new(&viewer, l.t("crm-import"))
        .active("customers")
        .wide()
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)?;
    Ok(page.status(wrong.status()))
}

/// Begins the import, or goes on with it.
pub(super) async fn start<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    id: ImportId,
) -> Result<Response, ApiError> {
    let form = form(visitor, request).await?;
    let (import, progress) = acts::read(visit, id).await?;
    let typed = TypedPlan {
        columns: form.all("column").into_iter().map(str::to_owned).collect(),
        finder: form.get("finder").to_owned(),
    };
    let begun = if progress.begun {
        import::resume(visit.world, visit.company(), id, acts::until(visit)).await.map_err(refused)
    } else {
        match acts::plan(&typed, visit.language()) {
            Ok(plan) => acts::start(visit, id, &plan).await,
            Err(e) => Err(e),
        }
    };
    match begun {
        Ok(()) => Ok(Response::redirect(&place(id))),
        Err(e) if is_theirs(&e) => {
            let desk = desk::read(visit.world, visit.company()).await?.state;
            plan(visit, request, id, &import, &desk, typed, Wrong(Some(e))).await
        }
        Err(e) => Err(e),
    }
}

fn done<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ImportId,
    import: &Import,
    p: &Progress,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let body = DonePage {
        language: l,
        csrf: visit.session.csrf.clone(),
        action: place(id),
        name: import.name.clone(),
        is_done: p.is_done(),
        done: l.say(&Text::new("crm-import-done").with("done", p.done).with("rows", p.rows)),
        added: l.n("crm-import-added", p.added),
        found: l.n("crm-import-found", p.found),
        refused: l.n("crm-import-refused", p.refused),
        has_refused: p.refused > 0,
        older_consents: (p.older_consents > 0).then(|| l.n("crm-import-older-consents", p.older_consents)),
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, l.t("crm-import"))
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)
}

#[derive(Template)]
#[template(path = "customer_export.html")]
struct ExportPage {
    language: Language,
    about: String,
    download: String,
    next: Option<String>,
}

/// The list as files, one part after the other.
pub(super) async fn parts<W: World>(visit: &Visit<'_, W>, request: &Request) -> Result<Response, ApiError> {
    visit.session.require_administrator()?;
    let l = visit.language();
    let (after, _) = crate::api::page(request, export::LISTED)?;
    let (next, total) = export::next_part(visit.world, visit.company(), after).await?;
    let query = after.map(|a| format!("?after={}", cursor(&a.to_string()))).unwrap_or_default();
    let about = Text::new("crm-export-list-about").with("total", total).with("part", export::LISTED);
    let body = ExportPage {
        language: l,
        about: l.say(&about),
        download: format!("/customers/export.csv{query}"),
        next: next.map(|n| format!("/customers/export?after={}", cursor(&n.to_string()))),
    };
    let viewer = visit.session.viewer();
    Page::new(&viewer, l.t("crm-export-list"))
        .active("customers")
        .crumb(l.t("common-nav-customers"), "/customers")
        .show(request, &body)
}
