//! The form under a conversation: a reply or an internal comment. What was typed is never lost to an error.

use super::{Wrong, bits, is_theirs, ticket, words};
use crate::acts;
use crate::fields::Fields;
use crate::input::reply::Written;
use crate::input::{self, reply as sent};
use crate::refusal::refused;
use crate::visit::Visit;
use askama::Template;
use mostek_domain::marketplace::ReplyTo;
use mostek_domain::text::REPLY_MAX_CHARS;
use mostek_domain::{Language, TemplateId, TicketId};
use mostek_helpdesk::connection::Run;
use mostek_helpdesk::desk::{self, Desk};
use mostek_helpdesk::filled::{self, Values};
use mostek_helpdesk::ticket::Ticket;
use mostek_helpdesk::view::View;
use mostek_people::gate::Visitor;
use mostek_ports::{Random, World};
use mostek_web::ui::{Choice, Field};
use mostek_web::{ApiError, Flash, Request, Response, SafeHtml, Speak, Text, Tone, time};

/// What stands in the form.
#[derive(Default)]
pub(super) struct Draft {
    /// An internal comment, not a reply.
    pub comment: bool,
    pub text: String,
    pub to: Option<ReplyTo>,
    /// Which of the conversations that are worked on in the ticket.
    pub conversation: Option<TicketId>,
    pub key: String,
    pub wrong: Wrong,
    /// What is to be looked at in a template that was put in.
    pub notes: Vec<Text>,
    /// Files were chosen and have to be chosen again.
    pub lost_files: bool,
}

#[derive(Template)]
#[template(path = "composer.html")]
struct Composer {
    language: Language,
    action: String,
    csrf: String,
    key: String,
    comment: bool,
    /// The sentence about what is wrong, where it belongs to no single field.
    wrong: Option<String>,
    notes: Vec<String>,
    /// Why replies do not leave at the moment.
    blocked: Option<String>,
    lost_files: bool,
    text: SafeHtml,
    to: SafeHtml,
    /// Hidden unless there are several.
    conversation: SafeHtml,
    files: SafeHtml,
    templates: Vec<Choice>,
    footer: Option<String>,
    undo_seconds: u64,
}

/// The form for a ticket.
pub(super) fn html<W: World>(visit: &Visit<'_, W>, view: &View, desk: &Desk, draft: Draft) -> SafeHtml {
    let l = visit.language();
    let rules = visit.rules();
    let conversation = answered(view, &draft);
    let used = conversation.attached();
    let to = draft.to.unwrap_or_else(|| conversation.default_reply_to());
    let recipient = |t: ReplyTo| Choice::new(t.slug(), l.t(&format!("helpdesk-recipient-{}", t.slug())));
    let left = Text::new("helpdesk-files-left")
        .with("left", time::size(rules.limits.bytes_left(used)))
        .with("limit", time::size(rules.limits.conversation_bytes));
    let key = if draft.key.is_empty() { format!("{:016x}", visit.world.random().u64()) } else { draft.key };
    // A shop's own address takes text; marketplaces' conversations, also those that are worked on here, take files too.
    let takes_files = view.connection.is_some() || !view.others.is_empty();
    let fields: &[&str] = if takes_files { &["text", "files"] } else { &["text"] };
    let elsewhere = draft.wrong.0.as_ref().filter(|e| !fields.iter().any(|f| e.field.as_deref() == Some(*f)));
    SafeHtml::of(&Composer {
        language: l,
        action: format!("/tickets/{}/reply#composer", view.id),
        csrf: visit.session.csrf.clone(),
        key,
        // Where no reply can leave, a comment is what somebody wants to write.
        comment: draft.comment || (draft.text.is_empty() && view.one_way),
        wrong: elsewhere.map(|e| l.say(&e.message)),
        notes: draft.notes.iter().map(|n| l.say(n)).collect(),
        blocked: blocked(view).map(|key| l.t(key)),
        lost_files: draft.lost_files,
        text: Field::area(l, "text", "helpdesk-reply-text")
            .value(draft.text)
            .error(draft.wrong.with("text"))
            .with("data-counter", REPLY_MAX_CHARS.to_string())
            .with("rows", "6")
            .required()
            .html(),
        to: Field::select(l, "to", "helpdesk-recipient", ReplyTo::ALL.into_iter().map(recipient).collect())
            .value(to.slug())
            .html(),
        conversation: conversations(l, view, draft.conversation),
        files: if takes_files {
            Field::file(l, "files", "helpdesk-files", true)
                .hint_text(l.say(&left))
                .error(draft.wrong.with("files"))
                .with("data-max-bytes", rules.limits.conversation_bytes.to_string())
                .with("data-used-bytes", used.conversation_bytes.to_string())
                .html()
        } else {
            SafeHtml::default()
        },
        templates: desk
            .templates
            .iter()
            .filter(|t| !t.archived)
            .map(|t| Choice::new(t.id.to_string(), t.name.to_string()))
            .collect(),
        footer: rules.footer.clone(),
        undo_seconds: rules.undo.as_secs(),
    })
}

/// The conversation that is answered: the one that was chosen, or the one that an answer goes to by itself.
fn answered<'v>(view: &'v View, draft: &Draft) -> &'v Ticket {
    let chosen = view.conversations().into_iter().find(|(id, _)| draft.conversation == Some(*id));
    chosen.map_or_else(|| view.conversation(), |(_, ticket)| ticket)
}

/// The choice between several conversations that can be answered in one ticket.
fn conversations(l: Language, view: &View, chosen: Option<TicketId>) -> SafeHtml {
    let all = view.conversations();
    if all.len() < 2 {
        // Another that is merged in the meantime is not the one that somebody has read and answers.
        let only =
            all.first().map(|(id, _)| format!(r#"<input type="hidden" name="conversation" value="{id}">"#));
        return only.map(SafeHtml::trusted).unwrap_or_default();
    }
    let choice = |(id, t): &(TicketId, &Ticket)| {
        let opened = t.opened.as_ref()?;
        Some(Choice::new(id.to_string(), format!("{} {}", opened.number, words::line(&opened.subject))))
    };
    let first = chosen.or_else(|| all.first().map(|(id, _)| *id)).map(|id| id.to_string());
    Field::select(l, "conversation", "tickets-conversation", all.iter().filter_map(choice).collect())
        .value(first.unwrap_or_default())
        .html()
}

/// What keeps a ticket's replies from leaving, if anything is known to.
fn blocked(view: &View) -> Option<&'static str> {
    match &view.connection {
        None => view.one_way.then_some("helpdesk-connection-gone"),
        Some(c) if c.refused.is_some() && c.run == Run::NeedsAuthentication => {
            Some("helpdesk-connection-waits")
        }
        Some(_) => None,
    }
}

/// Puts a template's text into a draft, after what stands there, with the values of the conversation that is answered.
///
/// # Errors
/// The store's.
pub(super) async fn insert<W: World>(
    visit: &Visit<'_, W>,
    view: &View,
    desk: &Desk,
    draft: &mut Draft,
    id: &str,
) -> Result<(), ApiError> {
    let Some(found) = desk.templates.iter().find(|t| TemplateId::parse(id) == Ok(t.id)) else {
        return Ok(());
    };
    let conversation = answered(view, draft);
    let values = match &conversation.opened {
        Some(opened) => filled::values(visit.world, opened, conversation.record()).await.map_err(refused)?,
        None => Values::default(),
    };
    let rendered = values.fill(&found.text, Some(visit.session.name.as_str()));
    let before = draft.text.trim_end();
    draft.text = if before.is_empty() { rendered.text } else { format!("{before}\n\n{}", rendered.text) };
    if !rendered.unknown.is_empty() {
        draft.notes.push(Text::new("helpdesk-template-unknown").with("names", rendered.unknown.join(", ")));
    }
    if !rendered.missing.is_empty() {
        draft.notes.push(Text::new("helpdesk-template-missing").with("names", rendered.missing.join(", ")));
    }
    Ok(())
}

/// Takes the form: sends, keeps the comment, or puts a template in.
///
/// # Errors
/// 403 without the right token; 413 for more than is read at all; the store's.
pub(super) async fn post<W: World>(
    visit: &Visit<'_, W>,
    visitor: &Visitor,
    request: &mut Request,
    id: TicketId,
) -> Result<Response, ApiError> {
    let (form, files) = sent::form(request, &visit.rules().limits).await?;
    visitor.check_form(request, form.csrf())?;
    let mut draft = draft(&form);
    draft.lost_files = !files.is_empty();
    if form.get("do") == "template" {
        let view = ticket::open(visit, id, None).await?;
        let desk = desk::read(visit.world, visit.company()).await?.state;
        insert(visit, &view, &desk, &mut draft, form.get("template")).await?;
        let routines = ticket::routines(visit).await?;
        return ticket::page(visit, request, view, &desk, &routines, draft).await;
    }
    let written = async {
        let key = input::key(&draft.key)?;
        if draft.comment {
            acts::comment(visit, id, &draft.text, &key).await?;
            return Ok("helpdesk-comment-written");
        }
        let (to, conversation) = (draft.to, draft.conversation);
        acts::answer(visit, id, Written { text: draft.text.clone(), to, files, conversation, key }).await?;
        Ok("helpdesk-reply-written")
    }
    .await;
    match written {
        Ok(_) if draft.comment && draft.lost_files => {
            let warning = Flash::new(Tone::Warning, "helpdesk-comment-without-files");
            Ok(warning.on(Response::redirect(&format!("/tickets/{id}#composer"))))
        }
        Ok(news) => Ok(Flash::success(news).on(Response::redirect(&format!("/tickets/{id}#composer")))),
        Err(e) if is_theirs(&e) => {
            draft.wrong = Wrong(Some(e));
            ticket::show(visit, request, id, Some(draft)).await
        }
        Err(e) => Err(e),
    }
}

fn draft(form: &Fields) -> Draft {
    Draft {
        comment: form.get("mode") == "comment",
        text: form.get("text").replace("\r\n", "\n"),
        to: sent::recipient(form),
        conversation: form.given("conversation").and_then(|c| TicketId::parse(c).ok()),
        key: form.get("key").to_owned(),
        ..Draft::default()
    }
}
