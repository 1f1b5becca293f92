//! The panel: what the control API does, as pages for a person. Plain HTML and forms.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::{StatusCode, Uri};

use super::faults::{Effect, ErrorShape, Fault, Operation};
use super::forms::Form;
use super::model::{Customer, Message, Role, Thread, Topic, Via};
use super::query::Params;
use super::world::{Draft, Refusal, Target};
use super::{Inner, Sandbox};
use crate::clock::{self, polish_local};
use crate::html::{escape, page};

type Shared = State<Arc<Sandbox>>;

/// Conversations on one page of the list.
const PER_PAGE: usize = 25;

const NAVIGATION: &str = "<strong>Piaskownica: Mirakl</strong>\
     <a href=\"/mirakl/panel\">Rozmowy</a>\
     <a href=\"/mirakl/panel/faults\">Usterki</a>\
     <a href=\"/mirakl/panel/requests\">Zapytania</a>\
     <a href=\"/shop\">Sklep</a>";

/// The routes under `/mirakl/panel`.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/mirakl", get(async || Redirect::to("/mirakl/panel")))
        .route("/mirakl/panel", get(overview))
        .route("/mirakl/panel/threads/{id}", get(thread))
        .route("/mirakl/panel/threads/{id}/no-reply-needed", post(no_reply_needed))
        .route("/mirakl/panel/messages", post(write))
        .route("/mirakl/panel/faults", get(faults).post(add_fault))
        .route("/mirakl/panel/faults/clear", post(clear_faults))
        .route("/mirakl/panel/faults/{id}/remove", post(remove_fault))
        .route("/mirakl/panel/requests", get(requests))
        .route("/mirakl/panel/requests/clear", post(clear_requests))
        .route("/mirakl/panel/demo", post(demo))
        .route("/mirakl/panel/generate", post(generate))
        .route("/mirakl/panel/generate-long-thread", post(generate_long_thread))
        .route("/mirakl/panel/reset", post(reset))
}

/// A refusal as a page with a way back.
struct Failure(Refusal);

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = format!(
            "<p class=\"notice\">{}</p><p><a href=\"/mirakl/panel\">Wróć do rozmów</a></p>",
            escape(&self.0.message)
        );
        (status, Html(page("Nie udało się", NAVIGATION, &body))).into_response()
    }
}

async fn overview(State(sandbox): Shared, uri: Uri) -> Result<Html<String>, Failure> {
    let params = Params::new(uri.query());
    let shop = params.shop()?;
    let number = params.number("page", 1, 1..=1_000_000)?;
    Ok(sandbox.with(|inner| {
        let mut body = String::new();
        shops(&mut body, inner);
        thread_list(&mut body, inner, shop, number);
        body.push_str("<h2>Klient zaczyna rozmowę</h2>");
        body.push_str(
            "<form method=\"post\" action=\"/mirakl/panel/messages\" enctype=\"multipart/form-data\" \
             id=\"new-thread\"><input type=\"hidden\" name=\"as\" value=\"customer\"><label>Sklep\
             <select name=\"shop_id\">",
        );
        for shop in inner.world.shops() {
            let _ = write!(body, "<option value=\"{}\">{}</option>", shop.id, escape(&shop.name));
        }
        body.push_str(
            "</select></label><label>Temat<input name=\"topic\" value=\"Pytanie o zamówienie\" required></label>\
             <label>Treść<textarea name=\"body\" required minlength=\"3\"></textarea></label>\
             <label>Plik<input type=\"file\" name=\"files\" multiple></label>\
             <button>Napisz jako nowy klient</button></form>",
        );
        tools(&mut body);
        Html(page("Rozmowy", NAVIGATION, &body))
    }))
}

fn shops(out: &mut String, inner: &Inner) {
    out.push_str("<h2>Sklepy i klucze</h2><ul class=\"rows\">");
    for shop in inner.world.shops() {
        let _ = write!(
            out,
            "<li><a href=\"/mirakl/panel?shop_id={id}\">{name}</a> <span class=\"dim\">shop_id {id}</span>",
            id = shop.id,
            name = escape(&shop.name)
        );
        for key in inner.world.keys().iter().filter(|key| key.shops.first() == Some(&shop.id)) {
            let _ = write!(
                out,
                "<br><code>{}</code> <span class=\"dim\">{}</span>",
                escape(&key.key),
                escape(&key.label)
            );
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
}

fn thread_list(out: &mut String, inner: &Inner, shop: Option<i64>, number: usize) {
    let mut threads: Vec<&Thread> =
        inner.world.threads().filter(|t| shop.is_none_or(|shop| t.shop_id == shop)).collect();
    threads.sort_by(|a, b| (b.updated, &b.id).cmp(&(a.updated, &a.id)));
    let _ = write!(out, "<h2>Rozmowy ({})</h2><ul class=\"rows\" id=\"threads\">", threads.len());
    let first = (number - 1).saturating_mul(PER_PAGE);
    for thread in threads.iter().skip(first).take(PER_PAGE) {
        let customer = inner.world.customer(&thread.customer_id).map(Customer::display_name);
        let waiting = if thread.reply_needed_since().is_some() {
            " <span class=\"tag warn\">czeka na odpowiedź</span>"
        } else {
            ""
        };
        let _ = write!(
            out,
            "<li><a href=\"/mirakl/panel/threads/{id}\">{topic}</a>{waiting}<br><span class=\"dim\">{customer}, \
             zamówienie {order}, wiadomości: {count}, {at}</span></li>",
            id = escape(&thread.id),
            topic = escape(&thread.topic.value),
            customer = escape(&customer.unwrap_or_default()),
            order = escape(&thread.order_id),
            count = thread.messages.len(),
            at = polish_local(thread.updated),
        );
    }
    out.push_str("</ul>");
    if threads.is_empty() {
        out.push_str("<p class=\"dim\">Nikt jeszcze nie napisał.</p>");
    }
    let shop = shop.map(|shop| format!("&amp;shop_id={shop}")).unwrap_or_default();
    let mut links = Vec::new();
    if number > 1 {
        links.push(format!("<a rel=\"prev\" href=\"?page={}{shop}\">Nowsze</a>", number - 1));
    }
    if first + PER_PAGE < threads.len() {
        links.push(format!("<a rel=\"next\" href=\"?page={}{shop}\">Starsze</a>", number + 1));
    }
    if !links.is_empty() {
        let _ = write!(out, "<nav aria-label=\"Strony listy\">{}</nav>", links.join(" "));
    }
}

fn tools(out: &mut String) {
    out.push_str(
        "<h2>Dane</h2>\
         <form class=\"inline\" method=\"post\" action=\"/mirakl/panel/demo\"><label>Z ostatnich dni\
         <input name=\"since_days\" type=\"number\" min=\"1\" max=\"365\" value=\"7\"></label>\
         <button>Wczytaj czterdzieści rozmów</button></form>\
         <form class=\"inline\" method=\"post\" action=\"/mirakl/panel/generate\"><label>Klientów\
         <input name=\"customers\" type=\"number\" min=\"1\" max=\"10000\" value=\"20\"></label><label>Wiadomości\
         od każdego<input name=\"messages\" type=\"number\" min=\"1\" max=\"1000\" value=\"5\"></label>\
         <button>Wygeneruj ruch</button></form>\
         <form class=\"inline\" method=\"post\" action=\"/mirakl/panel/generate-long-thread\"><label>Wiadomości\
         <input name=\"messages\" type=\"number\" min=\"1\" max=\"20000\" value=\"1001\"></label>\
         <button>Wygeneruj jedną długą rozmowę</button></form>\
         <form class=\"inline\" method=\"post\" action=\"/mirakl/panel/reset\">\
         <button class=\"plain\">Wyczyść wszystko</button></form>",
    );
}

async fn thread(State(sandbox): Shared, Path(id): Path<String>) -> Result<Html<String>, Failure> {
    sandbox.with(|inner| {
        let thread = inner
            .world
            .thread(&id)
            .ok_or_else(|| Refusal::new(404, "Nie ma takiej rozmowy. Może dane zostały wyczyszczone?"))?;
        let mut body = String::new();
        order_summary(&mut body, inner, thread);
        for message in &thread.messages {
            article(&mut body, inner, message, None);
        }
        for (message, visible_from) in inner.world.hidden_messages(&thread.id) {
            article(&mut body, inner, message, Some(visible_from));
        }
        let _ = write!(
            body,
            "<h2>Napisz</h2><form method=\"post\" action=\"/mirakl/panel/messages\" \
             enctype=\"multipart/form-data\" id=\"write\"><input type=\"hidden\" name=\"thread_id\" value=\"{id}\">\
             <label>Jako<select name=\"as\"><option value=\"customer\">klient</option>\
             <option value=\"shop\">pracownik sklepu (panel Empik)</option>\
             <option value=\"operator\">operator (Empik)</option></select></label>\
             <label>Treść<textarea name=\"body\" required minlength=\"3\"></textarea></label>\
             <label>Plik<input type=\"file\" name=\"files\" multiple></label>\
             <label class=\"check\"><input type=\"checkbox\" name=\"line_breaks\" value=\"br\"> nowe linie jako \
             &lt;br&gt;</label><button>Wyślij</button></form>\
             <form class=\"inline\" method=\"post\" action=\"/mirakl/panel/threads/{id}/no-reply-needed\">\
             <button class=\"plain\">Oznacz: odpowiedź niepotrzebna</button></form>",
            id = escape(&thread.id)
        );
        Ok(Html(page(&thread.topic.value, NAVIGATION, &body)))
    })
}

fn order_summary(out: &mut String, inner: &Inner, thread: &Thread) {
    let customer = inner.world.customer(&thread.customer_id);
    let shop = inner.world.shop(thread.shop_id).map(|shop| shop.name.as_str()).unwrap_or_default();
    let _ = write!(
        out,
        "<p class=\"dim\">{shop}, rozmowa <code>{id}</code><br>Klient: {first} {last} <code>{customer}</code></p>",
        shop = escape(shop),
        id = escape(&thread.id),
        first = escape(customer.map(|c| c.firstname.as_str()).unwrap_or_default()),
        last = escape(customer.map(|c| c.lastname.as_str()).unwrap_or_default()),
        customer = escape(&thread.customer_id),
    );
    let Some(order) = inner.world.order(&thread.order_id) else { return };
    let _ = write!(
        out,
        "<details><summary>Zamówienie {} <span class=\"tag\">{}</span></summary><ul>",
        escape(&order.id),
        escape(&order.state)
    );
    for line in &order.lines {
        let _ = write!(
            out,
            "<li>{} × {}, {}</li>",
            line.quantity,
            escape(&line.title),
            money(line.unit_price * i64::from(line.quantity))
        );
    }
    let _ = write!(
        out,
        "<li>{}: {}</li></ul><p class=\"dim\">Razem {}. Przesyłka: {}</p></details>",
        escape(&order.shipping.label),
        money(order.shipping.price),
        money(order.goods() + order.shipping.price),
        escape(order.shipping.tracking.as_deref().unwrap_or("jeszcze nie nadana")),
    );
}

/// Grosze as a person in Poland reads them.
fn money(grosze: i64) -> String {
    format!("{},{:02} zł", grosze / 100, grosze % 100)
}

fn article(out: &mut String, inner: &Inner, message: &Message, hidden_until: Option<i64>) {
    let (class, role) = match message.author {
        Role::Customer => ("customer", "klient"),
        Role::Shop => ("shop", "sklep"),
        Role::Operator => ("operator", "operator"),
    };
    let via = match message.via {
        Via::Api => "przez API",
        Via::Panel => "z panelu",
        Via::Demo => "dane przykładowe",
        Via::Generated => "wygenerowana",
    };
    let to: Vec<&str> = message.to.iter().map(|role| role.participant()).collect();
    let text = message.body.replace("<br />", "\n").replace("<br/>", "\n").replace("<br>", "\n");
    let _ = write!(
        out,
        "<article class=\"{class}\" data-message=\"{id}\"><div class=\"dim\"><strong>{name}</strong> ({role}) do \
         {to}, {at} <span class=\"tag\">{via}</span>",
        id = escape(&message.id),
        name = escape(&message.author_name),
        to = to.join(", "),
        at = polish_local(message.at),
    );
    if let Some(until) = hidden_until {
        let _ = write!(out, " <span class=\"tag warn\">niewidoczna do {}</span>", polish_local(until));
    }
    let _ = write!(out, "</div><p>{}</p>", escape(&text));
    for file in message.attachments.iter().filter_map(|id| inner.world.attachment(id)) {
        let _ = write!(
            out,
            "<div><a href=\"/mirakl/control/attachments/{}\">{}</a> <span class=\"dim\">{} B</span></div>",
            escape(&file.id),
            escape(&file.name),
            file.bytes.len()
        );
    }
    out.push_str("</article>");
}

async fn write(State(sandbox): Shared, request: Request) -> Result<Redirect, Failure> {
    let form = Form::read(request).await?;
    let author = match form.text("as").as_str() {
        "customer" => Role::Customer,
        "shop" => Role::Shop,
        "operator" => Role::Operator,
        _ => return Err(Refusal::new(400, "Nie wiadomo, kto pisze.").into()),
    };
    let thread_id = form.text("thread_id");
    let target = if thread_id.is_empty() {
        let shop_id = form.text("shop_id").parse().unwrap_or(2000);
        Target::NewOrder { shop_id, topic: Topic::free(form.text("topic")) }
    } else {
        Target::Thread(thread_id)
    };
    // A browser sends CR LF for every new line of a text area.
    let mut body = form.text("body").replace("\r\n", "\n");
    if form.text("line_breaks") == "br" {
        body = body.replace('\n', "<br />\n");
    }
    let mut draft = Draft::new(target, author, body, Via::Panel);
    draft.files = form.files;
    let written = sandbox.write(draft)?;
    Ok(Redirect::to(&format!("/mirakl/panel/threads/{}", written.thread_id)))
}

async fn no_reply_needed(State(sandbox): Shared, Path(id): Path<String>) -> Result<Redirect, Failure> {
    sandbox.with(|inner| inner.world.no_reply_needed(clock::now_ms(), &id, Role::Shop))?;
    Ok(Redirect::to(&format!("/mirakl/panel/threads/{id}")))
}

/// The kinds of faults the form offers, with what each is called.
const KINDS: &[(&str, &str)] = &[
    ("status", "odpowiedz statusem (pole Status)"),
    ("status_after", "przyjmij, a odpowiedz statusem błędu"),
    ("timeout_before", "nie przyjmuj i nie odpowiadaj"),
    ("timeout_after", "przyjmij, ale zgub odpowiedź"),
    ("slow", "odpowiadaj powoli"),
    ("drop", "zerwij połączenie"),
    ("not_json", "odpowiedz stroną HTML"),
    ("repeat_pages", "powtórz stronę listy"),
    ("list_changes", "zmień listę w trakcie stronicowania"),
    ("unknown", "nieznane pola i wartości"),
    ("null_optionals", "null w każdym nieobowiązkowym polu"),
    ("reversed", "wiadomości od najnowszej"),
    ("late", "przyjęta wiadomość pojawi się później"),
];

async fn faults(State(sandbox): Shared) -> Html<String> {
    sandbox.with(|inner| {
        let mut body = String::from("<ul class=\"rows\" id=\"faults\">");
        for armed in inner.faults.armed() {
            let left = match (armed.left, armed.fault.probability) {
                (Some(left), _) => format!("jeszcze {left}"),
                (None, Some(probability)) => format!("z prawdopodobieństwem {probability}"),
                (None, None) => "bez końca".to_owned(),
            };
            let _ = write!(
                body,
                "<li><strong>{}</strong> {} <span class=\"tag\">{left}</span> <span class=\"dim\">trafień: {}</span>\
                 <form class=\"inline\" method=\"post\" action=\"/mirakl/panel/faults/{}/remove\">\
                 <button class=\"plain\">Usuń</button></form></li>",
                armed.fault.operation.name(),
                escape(&described(&armed.fault.effect)),
                armed.hits,
                armed.id,
            );
        }
        body.push_str("</ul>");
        if inner.faults.armed().is_empty() {
            body.push_str("<p class=\"dim\">Wszystko działa.</p>");
        } else {
            body.push_str(
                "<form class=\"inline\" method=\"post\" action=\"/mirakl/panel/faults/clear\">\
                 <button class=\"plain\">Usuń wszystkie usterki</button></form>",
            );
        }
        fault_form(&mut body);
        Html(page("Usterki", NAVIGATION, &body))
    })
}

fn fault_form(out: &mut String) {
    out.push_str(
        "<h2>Nowa usterka</h2><form method=\"post\" action=\"/mirakl/panel/faults\" id=\"new-fault\">\
         <div class=\"grid\"><label>Operacja<select name=\"operation\">",
    );
    for operation in Operation::ALL {
        let label = if operation == Operation::Any { "wszystkie" } else { operation.name() };
        let _ = write!(out, "<option value=\"{}\">{label}</option>", operation.name());
    }
    out.push_str("</select></label><label>Co się stanie<select name=\"kind\">");
    for (kind, label) in KINDS {
        let _ = write!(out, "<option value=\"{kind}\">{}</option>", escape(label));
    }
    out.push_str(
        "</select></label>\
         <label>Status<input name=\"status\" type=\"number\" min=\"400\" max=\"599\" value=\"500\"></label>\
         <label>Retry-After (s)<input name=\"retry_after\" type=\"number\" min=\"0\"></label>\
         <label>Milisekundy<input name=\"ms\" type=\"number\" min=\"0\" value=\"5000\"></label>\
         <label>Ile wywołań<input name=\"times\" type=\"number\" min=\"1\" placeholder=\"1\"></label>\
         <label>Prawdopodobieństwo<input name=\"probability\" type=\"number\" min=\"0\" max=\"1\" step=\"0.01\"></label>\
         <label>Ziarno<input name=\"seed\" type=\"number\" min=\"0\" placeholder=\"1\"></label></div>\
         <button>Ustaw</button></form>",
    );
}

fn described(effect: &Effect) -> String {
    let seconds = |ms: &u64| format!("{} s", *ms as f64 / 1_000.0);
    match effect {
        Effect::Status { status, retry_after, .. } => match retry_after {
            Some(after) => format!("odpowiedź {status}, Retry-After {after} s"),
            None => format!("odpowiedź {status}"),
        },
        Effect::StatusAfter { status } => format!("przyjęcie i odpowiedź {status}"),
        Effect::TimeoutBefore { hold_ms } => {
            format!("bez przyjęcia i bez odpowiedzi przez {}", seconds(hold_ms))
        }
        Effect::TimeoutAfter { hold_ms, then_drop } => format!(
            "przyjęcie, potem cisza przez {}{}",
            seconds(hold_ms),
            if *then_drop { " i zerwanie" } else { " i odpowiedź" }
        ),
        Effect::Slow { delay_ms } => format!("odpowiedź po {}", seconds(delay_ms)),
        Effect::Drop => "zerwanie połączenia".to_owned(),
        Effect::NotJson => "strona HTML zamiast odpowiedzi".to_owned(),
        Effect::RepeatPages => "powtórzona strona listy".to_owned(),
        Effect::ListChanges => "lista zmienia się w trakcie".to_owned(),
        Effect::Unknown { .. } => "nieznane pola i wartości".to_owned(),
        Effect::NullOptionals => "null w polach nieobowiązkowych".to_owned(),
        Effect::Reversed => "wiadomości od najnowszej".to_owned(),
        Effect::Late { delay_ms } => format!("wiadomość widoczna po {}", seconds(delay_ms)),
    }
}

async fn add_fault(State(sandbox): Shared, body: Bytes) -> Result<Redirect, Failure> {
    let form = fields(&body);
    let operation = Operation::ALL
        .into_iter()
        .find(|operation| Some(operation.name()) == form.one("operation"))
        .ok_or_else(|| Refusal::new(400, "Nie ma takiej operacji."))?;
    let ms = form.number("ms", 5_000, 0..=86_400_000)? as u64;
    let effect = match form.one("kind").unwrap_or_default() {
        "status" => Effect::Status {
            status: form.number("status", 500, 400..=599)? as u16,
            retry_after: form.one("retry_after").and_then(|text| text.parse().ok()),
            shape: ErrorShape::Message,
        },
        "status_after" => Effect::StatusAfter { status: form.number("status", 500, 400..=599)? as u16 },
        "timeout_before" => Effect::TimeoutBefore { hold_ms: ms },
        "timeout_after" => Effect::TimeoutAfter { hold_ms: ms, then_drop: true },
        "slow" => Effect::Slow { delay_ms: ms },
        "drop" => Effect::Drop,
        "not_json" => Effect::NotJson,
        "repeat_pages" => Effect::RepeatPages,
        "list_changes" => Effect::ListChanges,
        "unknown" => Effect::Unknown { senders: true },
        "null_optionals" => Effect::NullOptionals,
        "reversed" => Effect::Reversed,
        "late" => Effect::Late { delay_ms: ms },
        _ => return Err(Refusal::new(400, "Nie ma takiej usterki.").into()),
    };
    sandbox.fail(Fault {
        operation,
        effect,
        times: form.one("times").and_then(|text| text.parse().ok()),
        probability: form.one("probability").and_then(|text| text.parse().ok()),
        seed: form.one("seed").and_then(|text| text.parse().ok()),
    });
    Ok(Redirect::to("/mirakl/panel/faults"))
}

/// The fields of an ordinary form, which are written like a query.
fn fields(body: &Bytes) -> Params {
    Params::new(std::str::from_utf8(body).ok())
}

async fn clear_faults(State(sandbox): Shared) -> Redirect {
    sandbox.clear_faults();
    Redirect::to("/mirakl/panel/faults")
}

async fn remove_fault(State(sandbox): Shared, Path(id): Path<u64>) -> Redirect {
    // One that has run out meanwhile is gone as well.
    sandbox.with(|inner| inner.faults.remove(id));
    Redirect::to("/mirakl/panel/faults")
}

async fn requests(State(sandbox): Shared) -> Html<String> {
    sandbox.with(|inner| {
        let mut body = String::from("<p>");
        for (operation, count) in inner.log.counts() {
            let _ = write!(body, "<span class=\"tag\">{}: {count}</span> ", operation.name());
        }
        let _ = write!(body, "Razem: {}</p>", inner.log.total());
        body.push_str(
            "<form class=\"inline\" method=\"post\" action=\"/mirakl/panel/requests/clear\">\
             <button class=\"plain\">Wyczyść listę</button></form><div class=\"scroll\" tabindex=\"0\" role=\"region\" \
             aria-label=\"Zapytania\"><table><thead><tr><th>Kiedy</th><th>Operacja</th><th>Zapytanie</th>\
             <th>Odpowiedź</th><th>Usterki</th></tr></thead><tbody>",
        );
        for entry in inner.log.entries().rev().take(200) {
            let query = if entry.query.is_empty() { String::new() } else { format!("?{}", entry.query) };
            let status = entry.status.map_or_else(|| "brak".to_owned(), |status| status.to_string());
            let faults: Vec<String> = entry.faults.iter().map(described).collect();
            let _ = write!(
                body,
                "<tr><td>{}</td><td>{}</td><td><code>{} {}{}</code></td><td>{status}</td><td>{}</td></tr>",
                polish_local(entry.at),
                entry.operation.map_or("", Operation::name),
                escape(&entry.method),
                escape(&entry.path),
                escape(&query),
                escape(&faults.join(", ")),
            );
        }
        body.push_str("</tbody></table></div>");
        Html(page("Zapytania", NAVIGATION, &body))
    })
}

async fn clear_requests(State(sandbox): Shared) -> Redirect {
    sandbox.with(|inner| inner.log.clear());
    Redirect::to("/mirakl/panel/requests")
}

async fn demo(State(sandbox): Shared, body: Bytes) -> Result<Redirect, Failure> {
    let days = fields(&body).number("since_days", 7, 1..=365)?;
    sandbox.load_demo(days as u32)?;
    Ok(Redirect::to("/mirakl/panel"))
}

async fn generate(State(sandbox): Shared, body: Bytes) -> Result<Redirect, Failure> {
    let form = fields(&body);
    let customers = form.number("customers", 20, 1..=10_000)?;
    let messages = form.number("messages", 5, 1..=1_000)?;
    sandbox.with(|inner| inner.world.generate(clock::now_ms(), 2000, customers, messages, false))?;
    Ok(Redirect::to("/mirakl/panel"))
}

async fn generate_long_thread(State(sandbox): Shared, body: Bytes) -> Result<Redirect, Failure> {
    let messages = fields(&body).number("messages", 1_001, 1..=20_000)?;
    sandbox.with(|inner| inner.world.generate_long_thread(clock::now_ms(), 2000, messages))?;
    Ok(Redirect::to("/mirakl/panel"))
}

async fn reset(State(sandbox): Shared) -> Redirect {
    sandbox.reset();
    Redirect::to("/mirakl/panel")
}
