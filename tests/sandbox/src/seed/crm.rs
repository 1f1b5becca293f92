//! Customers beside those who wrote: fields of every kind, consents that were changed, two records of one person.

use serde_json::{Value, json};

use super::hub::{Failed, Hub};

/// Fields besides the marketplace's id: name, kind, options.
const FIELDS: [(&str, &str, &[&str]); 3] = [
    ("Segment", "choice", &["Klient indywidualny", "Biblioteka", "Szkoła"]),
    ("Stały rabat (%)", "number", &[]),
    ("Klient od", "date", &[]),
];

/// Ids of those fields, in their order.
pub(super) struct Fields([String; 3]);

impl Fields {
    /// Values of the fields as the API takes them; empty ones are left out.
    fn values(&self, segment: &str, discount: &str, since: &str) -> Value {
        let all = self.0.iter().zip([segment, discount, since]).filter(|(_, v)| !v.is_empty());
        all.map(|(id, v)| (id.clone(), Value::from(v))).collect::<serde_json::Map<_, _>>().into()
    }
}

/// Defines the fields.
pub(super) async fn fields(hub: &Hub) -> Result<Fields, Failed> {
    let mut ids: [String; 3] = Default::default();
    for ((name, kind, options), id) in FIELDS.into_iter().zip(&mut ids) {
        let body = json!({"name": name, "kind": kind, "options": options});
        *id = hub.post("/api/v1/desk/fields", body).await?.text("/id")?;
    }
    Ok(Fields(ids))
}

/// Adds the records.
pub(super) async fn records(hub: &Hub, fields: &Fields) -> Result<(), Failed> {
    let library = json!({
        "name": "Gminna Biblioteka Publiczna w Zielonkach",
        "nip": "1234563218",
        "phones": [
            {"number": "+48 12 345 67 80", "consent": {"given": false}},
            {"number": "+48 606 505 404", "consent": {"given": true, "at": "2026-02-03", "source": "formularz zamówienia"}},
        ],
        "emails": ["zakupy@biblioteka-zielonki.example", "dyrekcja@biblioteka-zielonki.example"],
        "addresses": [
            {"label": "siedziba", "street": "Krakowskie Przedmieście 116", "postal_code": "32-087", "city": "Zielonki"},
            {"label": "filia", "street": "Jurajska 9", "postal_code": "32-086", "city": "Węgrzce"},
        ],
        "locale": "pl-PL",
        "notes": "Zamawia raz na kwartał, faktura z terminem 14 dni. Pytać o panią Halinę.",
        "fields": fields.values("Biblioteka", "12.5", "2019-09-01"),
    });
    let library_id = hub.post("/api/v1/customers", library.clone()).await?.text("/id")?;
    // They called and took their consent back.
    let mut changed = library;
    if let Some(consent) = changed.pointer_mut("/phones/1/consent") {
        *consent = json!({"given": false, "at": "2026-04-17", "source": "rozmowa telefoniczna"});
    }
    hub.put(&format!("/api/v1/customers/{library_id}"), changed).await?;

    // One person, once from the shop's newsletter and once from a stand at a fair.
    hub.post(
        "/api/v1/customers",
        json!({
            "name": "Marta Lewandowska",
            "phones": [{"number": "+48 512 700 801", "consent": {"given": true, "at": "2026-01-12", "source": "newsletter"}}],
            "emails": ["marta.lewandowska@poczta.example"],
            "fields": fields.values("Klient indywidualny", "5", "2024-11-30"),
        }),
    )
    .await?;
    hub.post(
        "/api/v1/customers",
        json!({
            "name": "M. Lewandowska",
            "emails": ["Marta.Lewandowska@poczta.example", "mlewandowska@szkola12.example"],
            "addresses": [{"label": "szkoła", "street": "Szkolna 12", "postal_code": "31-100", "city": "Kraków"}],
            "notes": "Targi Książki w Krakowie: lektury dla klasy 7b, prosi o katalog.",
            "fields": fields.values("Szkoła", "", ""),
        }),
    )
    .await?;
    Ok(())
}
