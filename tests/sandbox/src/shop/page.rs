//! The shop's page: what the control API does, for a person. Plain HTML and forms.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use bytes::Bytes;

use super::{Delivery, Heard, Shop, Target};
use crate::html::{escape, page};

type Shared = State<Arc<Shop>>;

const NAVIGATION: &str = "<strong>Piaskownica: sklep</strong><a href=\"/shop\">Sklep</a>\
     <a href=\"/mirakl/panel\">Mirakl</a>";
/// Deliveries and messages on the page.
const SHOWN: usize = 30;

/// The routes of the page.
pub fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/shop", get(overview))
        .route("/shop/target", post(target))
        .route("/shop/order", post(order))
        .route("/shop/question", post(question))
        .route("/shop/review", post(review))
        .route("/shop/deliveries/{id}/again", post(again))
}

/// The fields of a form.
fn fields(body: &Bytes) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

fn field(form: &BTreeMap<String, String>, name: &str, otherwise: &str) -> String {
    form.get(name).map(|v| v.trim()).filter(|v| !v.is_empty()).unwrap_or(otherwise).to_owned()
}

async fn overview(State(shop): Shared) -> Html<String> {
    let address = shop.with(|inner| inner.target.address.clone());
    let customer = "<label>Klient<input name=\"customer\" value=\"Anna Nowak\" required></label>";
    let mut body = format!(
        "<form method=\"post\" action=\"/shop/target\"><h2>Dokąd trafiają zdarzenia</h2>\
         <label>Adres webhooka z huba<input type=\"url\" name=\"address\" value=\"{}\" required></label>\
         <label>Sekret<input name=\"secret\" required></label><button>Zapisz</button></form>\
         <h2>Co się dzieje w sklepie</h2>\
         <form method=\"post\" action=\"/shop/question\" id=\"question\">{customer}\
         <label>Rozmowa<input name=\"conversation\" value=\"q-1\"></label>\
         <label>Pytanie<textarea name=\"text\" required>Czy kubek można myć w zmywarce?</textarea></label>\
         <button>Klient pyta</button></form>\
         <form method=\"post\" action=\"/shop/order\" id=\"order\">{customer}\
         <label>Uwagi<input name=\"note\"></label><button>Klient zamawia</button></form>\
         <form method=\"post\" action=\"/shop/review\" id=\"review\">{customer}\
         <label>Ocena<input type=\"number\" name=\"rating\" min=\"1\" max=\"5\" value=\"5\"></label>\
         <label>Opinia<textarea name=\"text\" required>Ładny kubek, szybka wysyłka.</textarea></label>\
         <button>Klient ocenia</button></form>",
        escape(&address)
    );
    deliveries(&mut body, &shop.deliveries());
    heard(&mut body, &shop.heard());
    Html(page("Sklep z webhookami", NAVIGATION, &body))
}

fn deliveries(out: &mut String, all: &[Delivery]) {
    out.push_str(
        "<h2>Wysłane zdarzenia</h2><table><thead><tr><th>Typ</th><th>Próby</th><th>Przyjęte</th><th></th></tr>\
         </thead><tbody>",
    );
    for d in all.iter().take(SHOWN) {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td><form method=\"post\" \
             action=\"/shop/deliveries/{}/again\"><button>Wyślij ponownie</button></form></td></tr>",
            escape(&d.topic),
            escape(&d.attempts.join(", ")),
            if d.taken { "tak" } else { "nie" },
            escape(&d.id),
        );
    }
    out.push_str("</tbody></table>");
}

fn heard(out: &mut String, all: &[Heard]) {
    out.push_str("<h2>Powiadomienia od huba</h2><ul>");
    for h in all.iter().take(SHOWN) {
        let _ = write!(out, "<li><code>{}</code> <code>{}</code></li>", escape(&h.id), escape(&h.body));
    }
    out.push_str("</ul>");
}

async fn target(State(shop): Shared, body: Bytes) -> Redirect {
    let form = fields(&body);
    shop.connect(Target { address: field(&form, "address", ""), secret: field(&form, "secret", "") });
    Redirect::to("/shop")
}

async fn order(State(shop): Shared, body: Bytes) -> Redirect {
    let form = fields(&body);
    shop.order(&field(&form, "customer", "Anna Nowak"), &field(&form, "note", ""));
    Redirect::to("/shop")
}

async fn question(State(shop): Shared, body: Bytes) -> Redirect {
    let form = fields(&body);
    let (customer, conversation) =
        (field(&form, "customer", "Anna Nowak"), field(&form, "conversation", "q-1"));
    shop.question(&customer, &conversation, &field(&form, "text", ""));
    Redirect::to("/shop")
}

async fn review(State(shop): Shared, body: Bytes) -> Redirect {
    let form = fields(&body);
    let rating = field(&form, "rating", "5").parse().unwrap_or(5);
    shop.review(&field(&form, "customer", "Anna Nowak"), rating, &field(&form, "text", ""));
    Redirect::to("/shop")
}

async fn again(State(shop): Shared, Path(id): Path<String>) -> Redirect {
    if shop.delivery(&id).is_some() {
        shop.again(&id);
    }
    Redirect::to("/shop")
}
