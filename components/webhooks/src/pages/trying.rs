//! Trying a mapping: a body is pasted, and the page says what would come of it. Nothing is changed.

use super::{HOME, bits, line, page_of};
use crate::acts::{self, Tried};
use crate::fields::Fields;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::{ConnectionId, Language};
use mostek_helpdesk::webhooks::effect::{Preview, PreviewCustomer};
use mostek_ports::World;
use mostek_web::ui::Field;
use mostek_web::{ApiError, Request, Response, SafeHtml, Speak, Text, Tone, time};
use mostek_webhooks::Mapped;

#[derive(Template)]
#[template(path = "try.html")]
struct TryPage {
    language: Language,
    csrf: String,
    action: String,
    back: String,
    fields: Vec<SafeHtml>,
    /// Why it is not understood.
    not: Option<String>,
    /// What would come of it.
    effect: Option<String>,
    /// What was read, each with its name.
    facts: Vec<(String, String)>,
}

pub(super) async fn show<W: World>(
    visit: &Visit<'_, W>,
    request: &Request,
    id: ConnectionId,
    form: Option<&Fields>,
) -> Result<Response, ApiError> {
    let l = visit.language();
    let source = acts::one(visit, id).await?.source;
    let header = source.setup.scheme.type_header();
    let event_type = form.and_then(|f| f.given("event_type")).unwrap_or_default();
    let body = form.map(|f| f.get("body")).unwrap_or_default();
    let (mut not, mut effect, mut facts) = (None, None, Vec::new());
    if form.is_some() {
        let typed = Some(event_type).filter(|t| !t.is_empty());
        match acts::try_out(visit, &source, typed, body).await? {
            Tried::Not(why) => not = Some(l.say(&acts::unreadable(why))),
            Tried::Understood(mapped, preview) => {
                effect = Some(l.say(&sentence(&preview)));
                facts = read(l, &mapped);
                if let Preview::Entry { event, .. } = preview {
                    facts.push((l.t("webhooks-entry-title"), line(&event.title)));
                }
            }
        }
    }
    let mut fields = Vec::new();
    if let Some(header) = header {
        let label = l.with("webhooks-try-header", "header", header);
        let field = Field::text(l, "event_type", "webhooks-place-event-type").labelled(label);
        fields.push(field.value(event_type).with("class", "mono").html());
    }
    fields.push(
        Field::area(l, "body", "webhooks-try-body")
            .value(body)
            .with("rows", "14")
            .with("class", "mono")
            .with("spellcheck", "false")
            .required()
            .html(),
    );
    let page = TryPage {
        language: l,
        csrf: visit.session.csrf.clone(),
        action: format!("{HOME}/{id}/try"),
        back: format!("{HOME}/{id}"),
        fields,
        not,
        effect,
        facts,
    };
    let viewer = visit.session.viewer();
    page_of(visit, &viewer, l.t("webhooks-try"), &source).show(request, &page)
}

fn sentence(preview: &Preview) -> Text {
    match preview {
        Preview::Nothing => "webhooks-effect-nothing".into(),
        Preview::Message { joins: true, .. } => "webhooks-effect-joins".into(),
        Preview::Message { conversation: None, .. } => "webhooks-effect-opens-each".into(),
        Preview::Message { .. } => "webhooks-effect-opens".into(),
        Preview::Entry { customer: PreviewCustomer::Found(_), .. } => "webhooks-effect-entry".into(),
        Preview::Entry { customer: PreviewCustomer::Added, .. } => "webhooks-effect-entry-added".into(),
        Preview::Entry { customer: PreviewCustomer::Outside, .. } => "webhooks-effect-outside".into(),
    }
}

fn read(l: Language, m: &Mapped) -> Vec<(String, String)> {
    let becomes = l.t(&format!("webhooks-becomes-{}", m.becomes.slug()));
    let all = [
        ("event-type", Some(m.event_type.clone()).filter(|t| !t.is_empty())),
        ("event-id", m.event_id.clone()),
        ("at", m.at.map(|t| time::absolute(l, t))),
        ("customer-id", m.customer_id.clone()),
        ("customer-name", m.customer_name.clone()),
        ("customer-email", m.customer_email.clone()),
        ("subject", m.subject.clone()),
        ("text", m.text.clone()),
        ("order", m.order.clone()),
        ("conversation", m.conversation.clone()),
        ("link", m.link.as_ref().map(ToString::to_string)),
    ];
    let missing = l.t("webhooks-not-found");
    let mut facts = vec![(l.t("webhooks-becomes"), becomes)];
    facts.extend(all.into_iter().map(|(name, value)| {
        let value =
            value.map_or_else(|| missing.clone(), |v| line(&v.chars().take(2_000).collect::<String>()));
        (l.t(&format!("webhooks-place-{name}")), value)
    }));
    facts
}
