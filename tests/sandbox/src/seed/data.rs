//! Who and what is in the demonstration. Everybody is invented; the tax numbers are valid by their check digit only.

/// The company whose shop the sandbox has: name, NIP.
pub const BOOKSHOP: (&str, &str) = ("Księgarnia Pod Lipą sp. z o.o.", "6762400178");
/// A second company, to switch to.
pub const LAMPS: (&str, &str) = ("Dom i Światło s.c.", "5842711201");

/// Everybody's password.
pub const PASSWORD: &str = "Lipowa-Aleja-7";

/// Which companies somebody works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Works {
    /// Only the bookshop.
    Books,
    /// Only the lamp shop.
    Lamps,
    /// Both.
    Both,
}

/// Somebody who can sign in.
#[derive(Debug)]
pub struct Person {
    /// Name.
    pub name: &'static str,
    /// Address to sign in with.
    pub email: &'static str,
    /// `pl`, `en` or `ru`.
    pub language: &'static str,
    /// Rights besides those of the role.
    pub rights: &'static [&'static str],
    /// Where.
    pub works: Works,
    /// In words, for the printed table.
    pub about: &'static str,
}

/// Sets the hub up.
pub const ADMINISTRATOR: Person = Person {
    name: "Joanna Lipińska",
    email: "joanna@podlipa.example",
    language: "pl",
    rights: &["helpdesk"],
    works: Works::Books,
    about: "administrator",
};

/// Added by her.
pub const EMPLOYEES: [Person; 4] = [
    Person {
        name: "Marek Dąbrowski",
        email: "marek@podlipa.example",
        language: "pl",
        rights: &["helpdesk"],
        works: Works::Books,
        about: "helpdesk",
    },
    Person {
        name: "Emily Carter",
        email: "emily@podlipa.example",
        language: "en",
        rights: &["helpdesk", "sms"],
        works: Works::Both,
        about: "helpdesk, SMS; both companies",
    },
    Person {
        name: "Олена Бондаренко",
        email: "olena@podlipa.example",
        language: "ru",
        rights: &["helpdesk"],
        works: Works::Books,
        about: "helpdesk",
    },
    Person {
        name: "Tomasz Wrona",
        email: "tomasz@domiswiatlo.example",
        language: "pl",
        rights: &["sms"],
        works: Works::Lamps,
        about: "SMS only, no helpdesk",
    },
];

/// Queues; the first is where the connection's tickets go.
pub const QUEUES: [&str; 3] = ["Obsługa klienta", "Reklamacje i zwroty", "Księgowość"];
/// Categories; the first is the connection's.
pub const CATEGORIES: [&str; 4] = ["Dostawa", "Zwrot", "Reklamacja", "Faktura"];
/// The shop that sends webhooks, the field with its customers' ids, and its secret.
pub const SHOP_NAME: &str = "Sklep Pod Lipą";
pub const SHOP_FIELD: &str = "Sklep ID";
pub const SHOP_SECRET: &str = "sandbox-shop-secret";
/// The CRM field that holds the marketplace's customer id.
pub const FIELD: &str = "Empik ID";
/// Reply templates: name, text.
pub const TEMPLATES: [(&str, &str); 3] = [
    (
        "Paczka w drodze",
        "Dzień dobry, {customer},\n\npaczka z zamówieniem {order} jest w drodze. Damy znać, gdy tylko przewoźnik odpowie.\n\nPozdrawiam\n{agent}, {shop}",
    ),
    (
        "Instrukcja zwrotu",
        "Dzień dobry, {customer},\n\nprosimy odesłać książkę na adres: Księgarnia Pod Lipą, ul. Szewska 14, 31-010 Kraków, z dopiskiem „zwrot” i numerem zamówienia {order}. Pieniądze oddamy w ciągu 14 dni od otrzymania przesyłki.\n\n{agent}, {shop}",
    ),
    (
        "Prośba o zdjęcie",
        "Dzień dobry, {customer},\n\nprosimy o zdjęcie uszkodzenia i opakowania, a od razu zajmiemy się reklamacją.\n\n{agent}, {shop}",
    ),
];

/// Replies to the newest tickets.
pub const REPLIES: [&str; 3] = [
    "Dzień dobry,\n\ndziękujemy za wiadomość. Sprawdzamy to i wrócimy z odpowiedzią jeszcze dzisiaj.\n\nPozdrawiam\nJoanna, Księgarnia Pod Lipą",
    "Dzień dobry,\n\nprzesyłka wyszła od nas wczoraj po południu, przewoźnik powinien doręczyć ją jutro. W razie kłopotów proszę pisać.\n\nJoanna, Księgarnia Pod Lipą",
    "Dzień dobry,\n\nfakturę wystawimy dzisiaj i prześlemy w tej rozmowie. Prosimy tylko o potwierdzenie numeru NIP.\n\nJoanna, Księgarnia Pod Lipą",
];

/// Comments on the tickets after those.
pub const COMMENTS: [&str; 2] = [
    "Dzwoniłam do magazynu: paczka stoi na regale B4, wyjedzie jutro rano.",
    "Klientka pisała w tej sprawie także przez telefon. Zgoda na wysyłkę nowego egzemplarza bez zwrotu.",
];

/// Statuses for the tickets after those.
pub const STATUSES: [&str; 4] = ["in-progress", "waiting-for-customer", "closed", "closed"];

/// Phones and e-mails of the CRM records that are made: number, consent, address.
pub const RECORDS: [(&str, bool, &str); 2] = [
    ("+48 601 200 301", true, "halina.s@poczta.example"),
    ("+48 602 300 402", false, "joanna.m@poczta.example"),
];

/// What Zofia is told.
pub const SHOP_REPLY: &str = "Dzień dobry,\n\noczywiście, zapakujemy na prezent i dołożymy bilecik. Proszę tylko napisać, co ma na nim być.\n\nJoanna, Księgarnia Pod Lipą";

/// Opening hours from Monday to Friday.
pub const HOURS: &str = "8:00-16:00";
/// Minutes of business time to the first and to the next answer.
pub const ANSWER_MINUTES: (u32, u32) = (240, 480);
/// What a customer is told who writes outside opening hours.
pub const OUTSIDE_HOURS: &str = "Dziękujemy za wiadomość. Odpowiadamy od poniedziałku do piątku w godzinach 8:00-16:00 \
     i odezwiemy się w najbliższym dniu roboczym.";
/// Seconds that a consultant has to answer first.
pub const OUTSIDE_HOURS_DELAY: u32 = 300;
/// A macro's name and the comment it writes.
pub const MACRO: (&str, &str) =
    ("Sprawdzam w magazynie", "Pytanie do magazynu wysłane, czekamy na odpowiedź.");
/// The name of an automation.
pub const AUTOMATION: &str = "Zamknij po tygodniu ciszy";
