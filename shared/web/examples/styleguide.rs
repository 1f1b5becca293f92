//! Writes a page with every component, and one of each kind of page, into a folder: look at them in a browser.
//!
//! `cargo run -p mostek-web --example styleguide -- <folder> [auto|light|dark] [pl|en|ru]`, then serve the folder by any
//! web server (icons come from a sprite file, which browsers refuse to load from `file://`).

use askama::Template;
use mostek_domain::{Access, Language, Rights, Role, Theme};
use mostek_ports::Timestamp;
use mostek_web::ui::{
    self, Attachment, Author, Choice, Confirm, Delivery, EmptyState, Field, ListState, Message, Pager,
};
use mostek_web::{CompanyChoice, Flash, Page, SafeHtml, Speak, Text, Tone, Viewer, assets, nav, testing};
use std::path::Path;
use std::time::Duration;

const NOW: Timestamp = Timestamp(1_778_580_000_000);

fn ago(minutes: u64) -> Timestamp {
    NOW.minus(Duration::from_secs(minutes * 60))
}

#[derive(Template)]
#[template(path = "styleguide/components.html")]
struct Components {
    time: SafeHtml,
    confirm: SafeHtml,
    empty: SafeHtml,
    fields: Vec<SafeHtml>,
}

#[derive(Template)]
#[template(path = "styleguide/ticket.html")]
struct Ticket {
    time: SafeHtml,
    messages: Vec<SafeHtml>,
    reply: SafeHtml,
    files: SafeHtml,
}

struct Row {
    number: &'static str,
    source: &'static str,
    subject: &'static str,
    customer: &'static str,
    queue: &'static str,
    tone: &'static str,
    status: &'static str,
    at: Timestamp,
    unread: bool,
}

#[derive(Template)]
#[template(path = "styleguide/list.html")]
struct List {
    language: Language,
    state: ListState,
    rows: Vec<Row>,
    pager: SafeHtml,
}

#[derive(Template)]
#[template(path = "styleguide/settings.html")]
struct Settings {
    fields: Vec<SafeHtml>,
    more: Vec<SafeHtml>,
    csrf: String,
}

#[derive(Template)]
#[template(path = "styleguide/sign_in.html")]
struct SignIn {
    fields: Vec<SafeHtml>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("give a folder to write into")?;
    let theme = args.next().and_then(|t| Theme::from_slug(&t)).unwrap_or_default();
    let l = args.next().and_then(|t| Language::from_tag(&t)).unwrap_or_default();
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder.join("assets"))?;
    for (url, content) in assets::all() {
        std::fs::write(folder.join(url.trim_start_matches('/')), content)?;
    }
    let viewer = viewer(l, theme);
    let write = |name: &str, page: Page<'_>, body: SafeHtml| -> Result<(), Box<dyn std::error::Error>> {
        std::fs::write(folder.join(name), page.render("/", body)?.as_str())?;
        Ok(())
    };
    let page = |title: &str| Page::new(&viewer, title);
    write(
        "index.html",
        page("Elementy").active("dashboard").toast(Flash::success("common-saved")),
        components(l),
    )?;
    write("ticket.html", page("#1042").active("tickets").wide().crumb("Zgłoszenia", "/tickets"), ticket(l))?;
    write("list.html", page("Zgłoszenia").active("tickets").wide(), list(l))?;
    write(
        "settings.html",
        page("Połączenie EmpikPlace").active("settings").crumb("Ustawienia", "/settings"),
        settings(l),
    )?;
    write("sign-in.html", Page::plain(l, theme, "Logowanie"), sign_in(l))?;
    let denied = mostek_web::edge::error_body(l, &mostek_web::ApiError::forbidden(), "4f0c2f9a77e01b3d");
    write("error.html", page("Brak dostępu"), denied.clone())?;
    write("error-plain.html", Page::plain(l, theme, "Brak dostępu"), denied)?;
    Ok(())
}

fn viewer(language: Language, theme: Theme) -> Viewer {
    let company = |id: &str, name: &str, current| CompanyChoice { id: id.into(), name: name.into(), current };
    Viewer {
        name: "Anna Kowalczyk".into(),
        language,
        theme,
        companies: vec![
            company("1", "Księgarnia Żółty Słoń sp. z o.o.", true),
            company("2", "Dom i Ogród S.A.", false),
        ],
        nav: nav::waiting(nav::entries(&Access::new(Role::Administrator, Rights::all())), "tickets", 12),
        csrf: "token".into(),
        is_admin: true,
    }
}

fn components(l: Language) -> SafeHtml {
    let error = Text::new("errors-bad-limit");
    SafeHtml::of(&Components {
        time: ui::time_tag(l, NOW, ago(5)),
        confirm: Confirm::new(
            l,
            &"common-delete".into(),
            &"common-irreversible".into(),
            &"common-delete".into(),
            "/x",
            "/",
            "token",
        )
        .html(),
        empty: EmptyState::new(
            "inbox",
            "Nie ma jeszcze zgłoszeń",
            "Podłącz sprzedaż na platformie, a wiadomości klientów pojawią się tutaj w ciągu minuty.",
        )
        .action("Dodaj połączenie", "/settings/marketplaces/new")
        .html(),
        fields: vec![
            Field::text(l, "name", "common-company").value("Księgarnia <Żółty> Słoń").required().html(),
            Field::text(l, "limit", "common-pager")
                .value("-5")
                .error(Some(&error))
                .hint("common-irreversible")
                .html(),
            Field::area(l, "note", "common-edit").with("data-counter", "50000").value("Dzień dobry,").html(),
            Field::select(
                l,
                "lang",
                "common-language",
                vec![Choice::new("pl", "Polski"), Choice::new("en", "English")],
            )
            .value("en")
            .html(),
            Field::checkbox(l, "admin", "common-administrator", true).hint("common-irreversible").html(),
            Field::file(l, "files", "common-add", true).with("data-max-bytes", "10000000").html(),
        ],
    })
}

fn message(l: Language, author: Author, id: &str, name: &str, minutes: u64, body: &str) -> Message {
    Message::new(l, author, id, name, ago(minutes), NOW, body)
}

fn ticket(l: Language) -> SafeHtml {
    let file = |name: &str, size| Attachment { name: name.into(), size: Some(size), href: "#".into() };
    let delivery = |tone, label: &str| Delivery { tone, label: label.into(), actions: SafeHtml::default() };
    let again = "<form method=\"post\"><button class=\"button small\">Spróbuj ponownie</button></form>";
    let messages = [
        message(l, Author::System, "0", "Mostek", 1500, "Zgłoszenie utworzone z EmpikPlace, kolejka Obsługa klienta"),
        message(
            l,
            Author::Customer,
            "1",
            "Jan Wiśniewski",
            1490,
            "Dzień dobry,\nzamówiłem książkę tydzień temu i nadal nie dotarła. Proszę o numer przesyłki.\n\n<script>alert(1)</script>",
        )
        .tag("common-administrator")
        .attachment(file("potwierdzenie zamówienia.pdf", 184_320))
        .attachment(file("zdjęcie.jpg", 2_450_000)),
        message(l, Author::Internal, "2", "Anna Kowalczyk", 1400, "Magazyn mówi, że paczka wróciła. Czekam na potwierdzenie."),
        message(l, Author::Us, "3", "Anna Kowalczyk", 1300, "Dzień dobry, sprawdzamy to u przewoźnika i wracamy dziś z odpowiedzią.\n\nPozdrawiam\nAnna")
            .to("do klienta")
            .delivery(delivery("success", "Wysłano 12:42")),
        message(l, Author::Operator, "4", "EmpikPlace", 300, "Prosimy o odpowiedź klientowi w ciągu 24 godzin."),
        message(l, Author::Shop, "5", "Księgarnia Żółty Słoń", 200, "Odpowiedź wpisana w panelu platformy."),
        message(l, Author::Us, "6", "Anna Kowalczyk", 12, "Wysłaliśmy nową paczkę, numer 6800123456789.")
            .to("do klienta i EmpikPlace")
            .delivery(Delivery {
                actions: SafeHtml::trusted(again),
                ..delivery("danger", "Nie wysłano: platforma nie odpowiada")
            }),
        message(l, Author::Us, "7", "Anna Kowalczyk", 1, "Czy mogę jeszcze w czymś pomóc?")
            .delivery(delivery("warning", "Niepewne: sprawdzamy na platformie")),
    ];
    SafeHtml::of(&Ticket {
        time: ui::time_tag(l, NOW, ago(9000)),
        messages: messages.iter().map(Message::html).collect(),
        reply: Field::area(l, "body", "common-author-us").required().with("data-counter", "50000").html(),
        files: Field::file(l, "files", "common-add", true)
            .with("data-max-bytes", "10000000")
            .with("data-used-bytes", "2634320")
            .html(),
    })
}

fn list(l: Language) -> SafeHtml {
    let request = testing::get("/tickets?status=new");
    let state = ListState::of(&request, &["activity", "number"], &["status", "q"]);
    let row = |number, subject, customer, tone, status, minutes, unread| Row {
        number,
        source: "EmpikPlace",
        subject,
        customer,
        queue: "Obsługa klienta",
        tone,
        status,
        at: ago(minutes),
        unread,
    };
    let rows = vec![
        row("1042", "Nie dotarła przesyłka", "Jan Wiśniewski", "accent", "Nowe", 4, true),
        row(
            "1041",
            "Pytanie o fakturę do zamówienia 120984-A",
            "Maria Zielińska",
            "accent",
            "Nowe",
            37,
            true,
        ),
        row(
            "1038",
            "Zwrot: uszkodzona okładka, prośba o wymianę egzemplarza na nowy",
            "Piotr Lewandowski",
            "info",
            "W toku",
            190,
            false,
        ),
        row(
            "1030",
            "Kiedy będzie dostępny tom drugi?",
            "klient 8812377",
            "warning",
            "Czeka na klienta",
            1700,
            false,
        ),
        row("1017", "Reklamacja", "Katarzyna Dąbrowska", "neutral", "Zamknięte", 9000, false),
    ];
    let pager = Pager::new(l, &state, l.n("helpdesk-ticket-count", rows.len()), Some("abc")).html();
    SafeHtml::of(&List { language: l, state, rows, pager })
}

fn settings(l: Language) -> SafeHtml {
    SafeHtml::of(&Settings {
        csrf: "token".into(),
        fields: vec![
            Field::text(l, "name", "common-company").value("EmpikPlace – księgarnia").required().html(),
            Field::new(l, "url", "base", "common-back")
                .value("https://marketplace.empik.com")
                .required()
                .html(),
            Field::new(l, "password", "key", "common-account")
                .hint_text("Ustawiony 12 maja, kończy się na …4f2a")
                .html(),
        ],
        more: vec![
            Field::new(l, "number", "interval", "common-pager")
                .value("60")
                .with("min", "60")
                .required()
                .html(),
            Field::checkbox(l, "crm", "common-nav-customers", true).hint("common-irreversible").html(),
        ],
    })
}

fn sign_in(l: Language) -> SafeHtml {
    SafeHtml::of(&SignIn {
        fields: vec![
            Field::new(l, "email", "email", "common-account")
                .with("autocomplete", "username")
                .required()
                .html(),
            Field::new(l, "password", "password", "common-nav-settings").required().html(),
        ],
    })
}
