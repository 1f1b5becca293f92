//! What use cases say, in the words of the API.

use mostek_api::endpoints::ToldEvent;
use mostek_api::webhooks as wire;
use mostek_helpdesk::webhooks::effect::{Outcome, Preview, PreviewCustomer};
use mostek_helpdesk::webhooks::endpoint::EventKind;
use mostek_web::time;
use mostek_webhooks::mapping::{Places, Rule};
use mostek_webhooks::{Becomes, Mapped, Mapping, Scheme, Unreadable};

pub(super) fn scheme(scheme: Scheme) -> wire::WebhookScheme {
    match scheme {
        Scheme::Standard => wire::WebhookScheme::Standard,
        Scheme::Svix => wire::WebhookScheme::Svix,
        Scheme::Shopify => wire::WebhookScheme::Shopify,
        Scheme::WooCommerce => wire::WebhookScheme::WooCommerce,
        Scheme::Stripe => wire::WebhookScheme::Stripe,
        Scheme::Zendesk => wire::WebhookScheme::Zendesk,
        Scheme::Chatwoot => wire::WebhookScheme::Chatwoot,
        Scheme::GitHub => wire::WebhookScheme::GitHub,
        Scheme::Zammad => wire::WebhookScheme::Zammad,
    }
}

fn becomes(becomes: Becomes) -> wire::Becomes {
    match becomes {
        Becomes::Message => wire::Becomes::Message,
        Becomes::Order => wire::Becomes::Order,
        Becomes::Review => wire::Becomes::Review,
        Becomes::Note => wire::Becomes::Note,
        Becomes::Other => wire::Becomes::Other,
        Becomes::Ignored => wire::Becomes::Ignored,
    }
}

fn places(places: &Places) -> wire::Places {
    let text = |name: &str| places.get(name).map(ToString::to_string);
    wire::Places {
        event_type: text("event_type"),
        event_id: text("event_id"),
        at: text("at"),
        customer_id: text("customer_id"),
        customer_name: text("customer_name"),
        customer_email: text("customer_email"),
        text: text("text"),
        subject: text("subject"),
        order: text("order"),
        conversation: text("conversation"),
        link: text("link"),
    }
}

pub(super) fn mapping(mapping: &Mapping) -> wire::Mapping {
    let rule = |r: &Rule| wire::MappingRule { events: r.events.to_string(), becomes: becomes(r.becomes) };
    wire::Mapping {
        places: places(&mapping.places),
        rules: mapping.rules.iter().map(rule).collect(),
        otherwise: becomes(mapping.otherwise),
    }
}

pub(super) fn unreadable(why: Unreadable) -> wire::Unreadable {
    match why {
        Unreadable::NotJson { line, column } => wire::Unreadable::NotJson { line, column },
        Unreadable::NoType => wire::Unreadable::NoType,
        Unreadable::NoText => wire::Unreadable::NoText,
        Unreadable::NoCustomer => wire::Unreadable::NoCustomer,
    }
}

pub(super) fn event(m: &Mapped) -> wire::MappedEvent {
    wire::MappedEvent {
        becomes: becomes(m.becomes),
        event_type: m.event_type.clone(),
        id: m.event_id.clone(),
        at: m.at.map(time::moment),
        customer_id: m.customer_id.clone(),
        customer_name: m.customer_name.clone(),
        customer_email: m.customer_email.clone(),
        text: m.text.clone(),
        subject: m.subject.clone(),
        order: m.order.clone(),
        conversation: m.conversation.clone(),
        link: m.link.as_ref().map(ToString::to_string),
    }
}

pub(super) fn effect(preview: &Preview) -> wire::EventEffect {
    match preview {
        Preview::Nothing => wire::EventEffect::Nothing,
        Preview::Message { joins, .. } => wire::EventEffect::Message { joins: *joins },
        Preview::Entry { event, customer } => wire::EventEffect::Entry {
            title: event.title.clone(),
            customer: match customer {
                PreviewCustomer::Found(_) => wire::EventCustomer::Found,
                PreviewCustomer::Added => wire::EventCustomer::Added,
                PreviewCustomer::Outside => wire::EventCustomer::Outside,
            },
        },
    }
}

pub(super) fn outcome(outcome: Outcome) -> wire::EventOutcome {
    match outcome {
        Outcome::Taken => wire::EventOutcome::Taken,
        Outcome::Repeated => wire::EventOutcome::Repeated,
        Outcome::Ignored => wire::EventOutcome::Ignored,
        Outcome::Outside => wire::EventOutcome::Outside,
        Outcome::Kept => wire::EventOutcome::Kept,
        Outcome::Greeting => wire::EventOutcome::Greeting,
    }
}

pub(super) fn told(kind: EventKind) -> ToldEvent {
    match kind {
        EventKind::TicketCreated => ToldEvent::TicketCreated,
        EventKind::TicketReplied => ToldEvent::TicketReplied,
    }
}
