//! `/settings/helpdesk/macros` and `/settings/helpdesk/automations` (H18).

use super::setup::{Check, Form, Group, HOME, Row, Setup, Typed};
use super::{Wrong, form, is_theirs, sources, words};
use crate::api::{routines as acts, service::colleagues};
use crate::fields::Fields;
use crate::input::routine::{
    ReadAutomation, ReadMacro, SETTABLE, STEPS, TypedAutomation, TypedMacro, automation_fields, fits_form,
    macro_fields,
};
use crate::visit::Visit;
use http::Method;
use mostek_domain::Capability;
use mostek_domain::ticket::{Priority, StatusKind};
use mostek_helpdesk::automation;
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::list::Summary;
use mostek_helpdesk::routine::{self, Automation, COMMENT_CHARS, Conditions, Fact, Macro, Step};
use mostek_people::gate::Visitor;
use mostek_ports::World;
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Flash, Request, Response, SafeHtml, Speak};

/// Names of the fields that show what is wrong with them.
const SHOWN: [&str; 5] =
    ["name", "steps", "customer_silent_hours", "answered_before_hours", "opened_before_hours"];

/// `/settings/helpdesk/macros`; with `id` in the address that one is in the form.
pub(super) async fn macros<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let home = format!("{HOME}/macros");
    let (typed, wrong) = match request.method {
        Method::GET => (None, Wrong::default()),
        Method::POST => {
            let form = form(visitor, request).await?;
            let read = TypedMacro::of(&form).and_then(|m| m.read(&colleagues(visit), visit.world.random()));
            let done = match read {
                Ok(it) => acts::put(visit, Fact::Macro { it }).await,
                Err(e) => Err(e),
            };
            match done {
                Ok(()) => return Ok(Flash::success("common-saved").on(Response::redirect(&home))),
                Err(e) if is_theirs(&e) => (Some(form), Wrong(Some(e))),
                Err(e) => return Err(e),
            }
        }
        _ => return Err(ApiError::method_not_allowed("GET, POST")),
    };
    let l = visit.language();
    let all = routine::read(visit.world, visit.company()).await?.state;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let asked = request.param("id");
    let edited = asked.and_then(|id| all.macros().find(|m| m.id.to_string() == id));
    let fields = typed.unwrap_or_else(|| Fields(edited.map(macro_fields).unwrap_or_default()));
    let is_edited = fields.given("id").is_some();
    let typed = Typed { language: l, fields: &fields, wrong: &wrong };
    let mut page = Setup::new(visit, "macros", &wrong, &SHOWN);
    page.about = Some(l.t("service-macros-about"));
    let row = |m: &Macro| Row {
        href: format!("{home}?id={}", m.id),
        label: m.name.to_string(),
        badge: m.archived.then(|| ("neutral", l.t("helpdesk-is-archived"))),
        text: steps_text(visit, &desk, &m.steps),
    };
    page.rows = all.macros().map(row).collect();
    if edited.is_some_and(|m| !fits_form(&m.steps)) {
        page.note = Some(l.t("service-steps-by-program"));
        return page.show(visit, request, &wrong);
    }
    let mut groups = vec![named(&typed), steps_group(visit, &typed, &desk, true)];
    if is_edited {
        groups.push(Group {
            wide: vec![
                Field::checkbox(l, "archived", "service-macro-archived", fields.get("archived") == "yes")
                    .html(),
            ],
            ..Group::default()
        });
    }
    page.form = Some(Form {
        title: l.t(if is_edited { "service-macro-edit" } else { "service-macro-add" }),
        action: home.clone(),
        hidden: fields.given("id").map(|id| ("id", id.to_owned())).into_iter().collect(),
        groups,
        back: is_edited.then_some(home),
        ..Form::default()
    });
    page.show(visit, request, &wrong)
}

/// `/settings/helpdesk/automations`; with `id` in the address that one is in the form.
pub(super) async fn automations<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
) -> Result<Response, ApiError> {
    let home = format!("{HOME}/automations");
    let mut matching = None;
    let (typed, wrong) = match request.method {
        Method::GET => (None, Wrong::default()),
        Method::POST => {
            let form = form(visitor, request).await?;
            let read = TypedAutomation::of(&form);
            let done = if form.get("do") == "preview" {
                match read.and_then(|a| a.conditions()) {
                    Ok(conditions) => {
                        matching = Some(find(visit, &conditions).await?);
                        Ok(false)
                    }
                    Err(e) => Err(e),
                }
            } else {
                match read.and_then(|a| a.read(&colleagues(visit), visit.world.random())) {
                    Ok(it) => acts::put(visit, Fact::Automation { it }).await.map(|()| true),
                    Err(e) => Err(e),
                }
            };
            match done {
                Ok(true) => return Ok(Flash::success("common-saved").on(Response::redirect(&home))),
                Ok(false) => (Some(form), Wrong::default()),
                Err(e) if is_theirs(&e) => (Some(form), Wrong(Some(e))),
                Err(e) => return Err(e),
            }
        }
        _ => return Err(ApiError::method_not_allowed("GET, POST")),
    };
    let l = visit.language();
    let all = routine::read(visit.world, visit.company()).await?.state.automations;
    let desk = desk::read(visit.world, visit.company()).await?.state;
    let asked = request.param("id");
    let edited = asked.and_then(|id| all.iter().find(|a| a.id.to_string() == id));
    let fields = typed.unwrap_or_else(|| Fields(edited.map(automation_fields).unwrap_or_default()));
    let is_edited = fields.given("id").is_some();
    let typed = Typed { language: l, fields: &fields, wrong: &wrong };
    let mut page = Setup::new(visit, "automations", &wrong, &SHOWN);
    match matching {
        // What would match takes the place of the list.
        Some((tickets, complete)) => {
            page.note = Some(if tickets.is_empty() {
                l.t("service-preview-none")
            } else if complete {
                l.n("service-preview-all", i64::try_from(tickets.len()).unwrap_or(i64::MAX))
            } else {
                l.n("service-preview-some", i64::try_from(tickets.len()).unwrap_or(i64::MAX))
            });
            page.about = Some(l.t("service-preview-about"));
            page.rows = tickets.iter().map(|t| ticket_row(visit, &desk, t)).collect();
        }
        None => {
            page.about = Some(l.t("service-automations-about"));
            page.rows = all.iter().map(|a| automation_row(visit, &desk, a, &home)).collect();
        }
    }
    if edited.is_some_and(|a| !fits_form(&a.steps)) {
        page.note = Some(l.t("service-steps-by-program"));
        return page.show(visit, request, &wrong);
    }
    let on = Field::checkbox(l, "on", "service-automation-on", fields.get("on") == "yes")
        .hint("service-automation-on-hint");
    page.form = Some(Form {
        title: l.t(if is_edited { "service-automation-edit" } else { "service-automation-add" }),
        about: l.t("service-automation-rule"),
        action: home.clone(),
        hidden: fields.given("id").map(|id| ("id", id.to_owned())).into_iter().collect(),
        groups: vec![
            named(&typed),
            conditions_group(visit, &typed, &desk).await?,
            steps_group(visit, &typed, &desk, false),
            Group { wide: vec![on.html()], ..Group::default() },
        ],
        // What matches is shown with its customers, so it is for those who work with them.
        buttons: visit
            .session
            .access
            .may(Capability::Helpdesk)
            .then(|| ("preview", l.t("service-preview")))
            .into_iter()
            .collect(),
        back: is_edited.then_some(home),
    });
    page.show(visit, request, &wrong)
}

async fn find<W: World>(
    visit: &Visit<'_, W>,
    conditions: &Conditions,
) -> Result<(Vec<Summary>, bool), ApiError> {
    visit.session.require(Capability::Helpdesk)?;
    Ok(automation::preview(visit.world, visit.company(), conditions).await?)
}

fn ticket_row<W: World>(visit: &Visit<'_, W>, desk: &Desk, t: &Summary) -> Row {
    Row {
        href: format!("/tickets/{}", t.number.0),
        label: format!("{} {}", t.number, words::line(&t.subject)),
        badge: Some(("neutral", words::status(visit.language(), t.status))),
        text: format!("{} · {}", words::line(&t.customer), desk.queue_name(t.queue)),
    }
}

fn automation_row<W: World>(visit: &Visit<'_, W>, desk: &Desk, a: &Automation, home: &str) -> Row {
    let l = visit.language();
    Row {
        href: format!("{home}?id={}", a.id),
        label: a.name.to_string(),
        badge: Some(if a.on {
            ("success", l.t("service-automation-is-on"))
        } else {
            ("neutral", l.t("service-automation-is-off"))
        }),
        text: steps_text(visit, desk, &a.steps),
    }
}

fn named(typed: &Typed<'_>) -> Group {
    let name = typed.line("name", "helpdesk-desk-name").with("maxlength", "80").required();
    Group { wide: vec![name.html()], ..Group::default() }
}

/// A select, and its choices after an empty one.
fn select(typed: &Typed<'_>, name: &'static str, label: &str, empty: &str, choices: Vec<Choice>) -> SafeHtml {
    let l = typed.language;
    let all = std::iter::once(Choice::new("", l.t(empty))).chain(choices).collect();
    typed.field(Field::select(l, name, label, all), name).html()
}

async fn conditions_group<W: World>(
    visit: &Visit<'_, W>,
    typed: &Typed<'_>,
    desk: &Desk,
) -> Result<Group, ApiError> {
    let l = typed.language;
    let mut sources = sources(visit).await?;
    // One that is gone is kept until somebody chooses another: an empty choice would be any.
    sources.extend(typed.fields.given("source").map(str::to_owned));
    let tag = typed.fields.given("tag");
    let tags = desk.tags.iter().filter(|t| !t.archived || tag == Some(t.id.to_string().as_str()));
    let statuses = typed.fields.all("status");
    let check = |s: StatusKind| Check {
        name: "status",
        value: s.slug().to_owned(),
        label: words::status(l, s),
        checked: statuses.contains(&s.slug()),
    };
    let queues = desk.queues.iter().map(|q| Choice::new(q.id.to_string(), q.name.to_string()));
    let categories = desk.categories.iter().map(|c| Choice::new(c.id.to_string(), c.name.to_string()));
    let priorities = Priority::ALL.into_iter().map(|p| Choice::new(p.slug(), words::priority(l, p)));
    Ok(Group {
        title: l.t("service-conditions"),
        hint: l.t("service-conditions-hint"),
        fields: vec![
            select(typed, "queue", "helpdesk-column-queue", "common-filter-any", queues.collect()),
            select(typed, "category", "helpdesk-column-category", "common-filter-any", categories.collect()),
            select(
                typed,
                "source",
                "helpdesk-source",
                "common-filter-any",
                sources.iter().map(|s| Choice::new(s, words::line(s))).collect(),
            ),
            select(typed, "priority", "tickets-priority", "common-filter-any", priorities.collect()),
            select(
                typed,
                "tag",
                "tickets-tag",
                "common-filter-any",
                tags.map(|t| Choice::new(t.id.to_string(), t.name.to_string())).collect(),
            ),
            typed.number("customer_silent_hours", "service-customer-silent").html(),
            typed.number("answered_before_hours", "service-answered-before").html(),
            typed.number("opened_before_hours", "service-opened-before").html(),
        ],
        checks: StatusKind::OPEN.into_iter().map(check).collect(),
        ..Group::default()
    })
}

/// Five rows with one choice each, and a comment.
fn steps_group<W: World>(visit: &Visit<'_, W>, typed: &Typed<'_>, desk: &Desk, by_hand: bool) -> Group {
    let l = typed.language;
    let choices = step_choices(visit, desk, by_hand);
    let row = |name: &'static str| {
        select(typed, name, &format!("service-{name}"), "service-step-none", choices.clone())
    };
    Group {
        title: l.t("service-steps"),
        fields: STEPS.into_iter().map(row).collect(),
        wide: vec![
            typed
                .field(Field::area(l, "comment", "service-step-comment"), "comment")
                .hint("service-step-comment-hint")
                .with("rows", "3")
                .with("maxlength", COMMENT_CHARS.to_string())
                .html(),
        ],
        error: typed.wrong.with("steps").map(|t| l.say(t)),
        ..Group::default()
    }
}

fn step_choices<W: World>(visit: &Visit<'_, W>, desk: &Desk, by_hand: bool) -> Vec<Choice> {
    let l = visit.language();
    let mut steps: Vec<(String, Step)> = Vec::new();
    steps.extend(SETTABLE.map(|status| (format!("status:{}", status.slug()), Step::Status { status })));
    if by_hand {
        steps.push(("take".to_owned(), Step::Take));
    }
    steps.push(("assign:".to_owned(), Step::Assign { employee: None }));
    for (id, _) in visit.colleagues() {
        steps.push((format!("assign:{id}"), Step::Assign { employee: Some(id) }));
    }
    for q in desk.queues.iter().filter(|q| !q.archived) {
        steps.push((format!("queue:{}", q.id), Step::Move { queue: Some(q.id), category: None }));
    }
    for c in desk.categories.iter().filter(|c| !c.archived) {
        steps.push((format!("category:{}", c.id), Step::Move { queue: None, category: Some(c.id) }));
    }
    for priority in Priority::ALL {
        steps.push((format!("priority:{}", priority.slug()), Step::Priority { priority }));
    }
    for t in desk.tags.iter().filter(|t| !t.archived) {
        steps.push((format!("tag:{}", t.id), Step::Tags { add: vec![t.id], remove: Vec::new() }));
        steps.push((format!("untag:{}", t.id), Step::Tags { add: Vec::new(), remove: vec![t.id] }));
    }
    for t in desk.templates.iter().filter(|t| !t.archived) {
        if by_hand {
            steps.push((format!("draft:{}", t.id), Step::Draft { template: t.id }));
        }
        steps.push((format!("reply:{}", t.id), Step::Reply { template: t.id }));
    }
    steps.into_iter().map(|(value, step)| Choice::new(value, step_text(visit, desk, &step, l))).collect()
}

fn step_text<W: World>(visit: &Visit<'_, W>, desk: &Desk, step: &Step, l: mostek_domain::Language) -> String {
    let template = |id| {
        desk.templates.iter().find(|t| t.id == id).map_or_else(|| l.t("common-none"), |t| t.name.to_string())
    };
    match step {
        Step::Status { status } => l.with("service-step-status", "status", words::status(l, *status)),
        Step::Move { queue, category } => {
            let queue = queue.map(|q| l.with("service-step-queue", "name", desk.queue_name(q)));
            let category = category.map(|c| l.with("service-step-category", "name", desk.category_name(c)));
            [queue, category].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Step::Assign { employee: Some(e) } => l.with("service-step-assign", "name", visit.employee_name(*e)),
        Step::Assign { employee: None } => l.t("service-step-unassign"),
        Step::Take => l.t("service-step-take"),
        Step::Priority { priority } => {
            l.with("service-step-priority", "priority", words::priority(l, *priority))
        }
        Step::Tags { add, remove } => {
            let add = add.iter().map(|t| l.with("service-step-tag", "name", desk.tag_name(*t)));
            let remove = remove.iter().map(|t| l.with("service-step-untag", "name", desk.tag_name(*t)));
            add.chain(remove).collect::<Vec<_>>().join(", ")
        }
        Step::Reply { template: id } => l.with("service-step-reply", "name", template(*id)),
        Step::Draft { template: id } => l.with("service-step-draft", "name", template(*id)),
        Step::Comment { .. } => l.t("service-step-comments"),
    }
}

fn steps_text<W: World>(visit: &Visit<'_, W>, desk: &Desk, steps: &[Step]) -> String {
    let l = visit.language();
    steps.iter().map(|s| step_text(visit, desk, s, l)).collect::<Vec<_>>().join(" · ")
}
