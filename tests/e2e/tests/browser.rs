//! The main job as a person does it, in a browser, with and without JavaScript; and pictures of the pages.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::path::PathBuf;

use mostek_e2e::driver::Browser;
use mostek_e2e::hub::{SETUP_CODE, TICK_SECRET};
use mostek_e2e::programs::Programs;
use mostek_e2e::stack::variables;
use mostek_e2e::{Client, Hub};
use mostek_sandbox::mirakl::model::{Role, Topic, Via};
use mostek_sandbox::mirakl::world::{Draft, Target};
use mostek_sandbox::{Config, Running, seed};

const WHO: &str = "joanna@podlipa.example";
const PASSWORD: &str = "Lipowa-Aleja-7";

struct Scene {
    hub: Hub,
    sandbox: Running,
    folder: tempfile::TempDir,
    pictures: PathBuf,
}

impl Scene {
    /// A hub with the demonstration data, in which replies leave at once.
    async fn start(test: &str) -> Option<Self> {
        let programs = match Programs::find() {
            Ok(programs) => programs,
            Err(why) => {
                println!("SKIPPED {test}: {why}");
                return None;
            }
        };
        let pictures = programs.root.join("target/screenshots");
        let sandbox =
            mostek_sandbox::start(Config { demo_days: Some(7), ..Config::default() }).await.unwrap();
        let hub = Hub::start(programs, variables(&sandbox.base()), Vec::new()).await;
        seed::run(&hub.base(), &sandbox.base(), SETUP_CODE).await.unwrap();
        let client = Client::new(&hub.base());
        client.sign_in(WHO, PASSWORD).await.expect(303);
        let fields =
            [("undo_seconds", "0"), ("attachment_limit", "10"), ("reopen_days", "7"), ("footer", "")];
        client.submit("/settings/company", "/settings/company", &fields).await.expect(303);
        Some(Self { hub, sandbox, folder: tempfile::tempdir().unwrap(), pictures })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.hub.base())
    }

    fn customer_writes(&self, topic: &str, body: &str) -> String {
        let target = Target::NewOrder { shop_id: 2000, topic: Topic::free(topic) };
        let draft = Draft::new(target, Role::Customer, body, Via::Panel);
        self.sandbox.mirakl().write(draft).unwrap().thread_id
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    async fn sign_in(&self, browser: &Browser) {
        browser.go(&self.url("/")).await;
        browser.type_in("input[name=email]", WHO).await;
        browser.type_in("input[name=password]", PASSWORD).await;
        browser.click("main button.primary, button.primary").await;
        browser.wait_for("header.topbar").await;
    }

    /// The timer, so often that what is derived from tickets has caught up.
    async fn ticks(&self) {
        let nobody = Client::new(&self.hub.base());
        for _ in 0..4 {
            let tick = nobody.request(reqwest::Method::POST, "/timers/tick").bearer_auth(TICK_SECRET);
            nobody.send(tick).await.expect(200);
        }
    }

    /// Where the first entry of a page's list leads.
    async fn first_of(&self, browser: &Browser, path: &str) -> String {
        browser.go(&self.url(path)).await;
        let script = "return document.querySelector('td.main-cell a').href";
        browser.script(script).await.as_str().unwrap().to_owned()
    }

    /// "Poll now" on the connection's page.
    async fn poll(&self, browser: &Browser) {
        browser.go(&self.url("/settings/marketplaces")).await;
        browser.click("main table a").await;
        browser.click("form[action$='/poll'] button").await;
        browser.wait_for(".toast").await;
    }

    async fn open_newest(&self, browser: &Browser, subject: &str) {
        browser.go(&self.url("/tickets")).await;
        assert_eq!(browser.text("table.list tbody tr:first-child td.main-cell a").await, subject);
        browser.click("table.list tbody tr:first-child td.main-cell a").await;
        browser.wait_for("form.composer").await;
    }

    fn messages_of(&self, thread: &str) -> Vec<serde_json::Value> {
        let state = self.sandbox.mirakl().state();
        let threads = state["threads"].as_array().unwrap();
        threads.iter().find(|t| t["id"] == thread).unwrap()["messages"].as_array().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultant_answers_the_newest_ticket() {
    let Some(scene) = Scene::start("browser").await else { return };
    let Some(browser) = Browser::open("browser").await else { return };
    browser.look(1280, false).await;
    let thread = scene.customer_writes("Brak zakładki", "W paczce nie było zakładki, a miała być gratis.");
    scene.sign_in(&browser).await;
    scene.poll(&browser).await;
    scene.open_newest(&browser, "Brak zakładki").await;
    assert!(browser.count("ul.order-lines li").await >= 1, "the order's lines");
    assert!(browser.text("aside").await.contains("zł"), "prices");
    assert_eq!(browser.count("a[href^='/customers/new']").await, 1, "the customer is outside the CRM");
    assert!(browser.text("ol.conversation").await.contains("a miała być gratis"));

    let file = scene.file("zakładka.pdf", b"%PDF-1.4 bookmark");
    browser.type_in("textarea[name=text]", "Przepraszamy! Zakładkę wyślemy jutro.").await;
    browser.type_in("input[type=file]", &file).await;
    browser.click("form.composer button.primary").await;
    browser.wait_for_text("ol.conversation", "Zakładkę wyślemy jutro").await;
    browser.wait_for_text("ol.conversation", "zakładka.pdf").await;
    let sent = scene.messages_of(&thread);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert_eq!(sent[1]["attachments"][0]["name"], "zakładka.pdf");

    // A comment stays inside.
    browser.click("input[name=mode][value=comment]").await;
    browser.type_in("textarea[name=text]", "Zakładki są w szufladzie.").await;
    browser.click("form.composer button.primary").await;
    browser.wait_for_text("ol.conversation", "Zakładki są w szufladzie.").await;

    // The record is pre-filled with the customer's id at the marketplace.
    let ticket = browser.address().await;
    browser.click("a[href^='/customers/new']").await;
    browser.wait_for("form input[name=name]").await;
    let filled = browser
        .script("return [document.querySelector('input[name=name]').value, document.querySelector('input[name^=field-]').value]")
        .await;
    assert!(filled[0].as_str().is_some_and(|n| n.len() > 2), "{filled}");
    assert!(filled[1].as_str().is_some_and(|id| id.starts_with('C')), "{filled}");
    browser.click("main form.card button.primary").await;
    browser.wait_for("header.topbar").await;
    browser.go(&ticket).await;
    browser.wait_for("form.composer").await;
    assert_eq!(browser.count("a[href^='/customers/new']").await, 0, "the customer is in the CRM now");

    // In the list: what can be done to those that are picked shows once one is.
    browser.go(&scene.url("/tickets")).await;
    browser.wait_for("table.list").await;
    assert_eq!(browser.count("form.bulk:not([hidden])").await, 0, "nothing is picked");
    browser.click("tbody tr:first-child input[name=ticket]").await;
    browser.wait_for_text("form.bulk output", "1").await;
    browser.click("form.bulk button[value=take]").await;
    browser.wait_for_text(".toast", "Zmieniono 1 zgłoszenie").await;
    browser.wait_for_text("tbody tr:first-child", "Joanna Lipińska").await;

    for path in [
        "/",
        "/tickets",
        "/customers",
        "/settings",
        "/settings/marketplaces",
        "/settings/helpdesk",
        "/settings/helpdesk/hours",
        "/settings/helpdesk/service",
        "/settings/helpdesk/automatic",
        "/settings/helpdesk/macros",
        "/settings/helpdesk/automations",
    ] {
        browser.go(&scene.url(path)).await;
        browser.wait_for("main").await;
    }
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "the console: {complaints:#?}");

    // In the stand-in's panel: the reply once, the comment not at all.
    browser.go(&format!("{}/mirakl/panel/threads/{thread}", scene.sandbox.base())).await;
    let panel = browser.text("body").await;
    assert_eq!(panel.matches("Zakładkę wyślemy jutro").count(), 1, "{panel}");
    assert!(!panel.contains("szufladzie"), "{panel}");
    assert!(panel.contains("zakładka.pdf"), "{panel}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_sorts_its_work_with_keys_views_and_one_another() {
    let Some(scene) = Scene::start("browser of a team").await else { return };
    let Some(browser) = Browser::open("browser of a team").await else { return };
    browser.look(1280, false).await;
    scene.sign_in(&browser).await;
    browser.go(&scene.url("/tickets")).await;
    browser.wait_for("nav.views").await;
    let press = async |keys: &str| browser.type_in("body", keys).await;

    // The help says which keys there are; j, x and Enter go through the list.
    press("?").await;
    browser.wait_for_text("dialog", "Skróty klawiszowe").await;
    browser.click("dialog [data-cancel]").await;
    press("j").await;
    let second = "tr[data-row]:nth-child(2) .main-cell a";
    browser.type_in("tr[data-row]:first-child .main-cell a", "j").await;
    browser.type_in(second, "x").await;
    browser.wait_for_text("form.bulk output", "1").await;
    let subject = browser.text(second).await;
    browser.click(second).await;
    browser.wait_for("form.composer").await;
    assert_eq!(browser.text("h1").await, subject);
    press("c").await;
    browser.wait_for("input[name=mode][value=comment]:checked").await;
    browser.type_in("textarea[name=text]", "Sprawdzam.").await;
    let ticket = browser.address().await;

    // Somebody else opens the same ticket and is told who is writing.
    let Some(other) = Browser::open("browser of a colleague").await else { return };
    other.look(1280, false).await;
    other.go(&scene.url("/")).await;
    other.type_in("input[name=email]", "marek@podlipa.example").await;
    other.type_in("input[name=password]", PASSWORD).await;
    other.click("main button.primary, button.primary").await;
    other.wait_for("header.topbar").await;
    other.go(&ticket).await;
    other.wait_for_text(".others:not([hidden])", "Joanna Lipińska").await;
    assert!(other.text(".others").await.contains("Odpowiedź pisze już"));

    // A view of one's own, with its count.
    browser.go(&scene.url("/tickets?priority=high")).await;
    browser.click("details.save-view summary").await;
    browser.type_in("#view-name", "Ważne").await;
    browser.click("details.save-view button.primary").await;
    browser.wait_for_text("nav.views [aria-current]", "Ważne 1").await;
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "the console: {complaints:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_javascript() {
    let Some(scene) = Scene::start("browser without JavaScript").await else { return };
    let Some(browser) = Browser::open("browser without JavaScript").await else { return };
    browser.look(1280, false).await;
    browser.without_scripts().await;
    let thread = scene.customer_writes("Bez skryptów", "Czy strona działa bez skryptów?");
    scene.sign_in(&browser).await;
    assert_eq!(browser.count("html.script").await, 0, "scripts ran");
    scene.poll(&browser).await;
    scene.open_newest(&browser, "Bez skryptów").await;
    browser.type_in("textarea[name=text]", "Tak, działa.").await;
    browser.type_in("input[type=file]", &scene.file("a.txt", b"plik")).await;
    browser.click("form.composer button.primary").await;
    browser.wait_for_text("ol.conversation", "Tak, działa.").await;
    let sent = scene.messages_of(&thread);
    assert_eq!((sent.len(), &sent[1]["body"]), (2, &serde_json::json!("Tak, działa.")));
    assert_eq!(sent[1]["attachments"][0]["name"], "a.txt");

    browser.go(&scene.url("/tickets")).await;
    browser.click("tbody tr:first-child input[name=ticket]").await;
    browser.click("form.bulk button[value=closed]").await;
    browser.wait_for_text(".toast", "Zmieniono 1 zgłoszenie").await;
    browser.wait_for_text("tbody tr:first-child", "Zamknięte").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_phone_and_is_pictured() {
    let Some(scene) = Scene::start("screenshots").await else { return };
    let Some(browser) = Browser::open("screenshots").await else { return };
    browser.look(1280, false).await;
    let thread = scene.customer_writes("Brak zakładki", "W paczce nie było zakładki, a miała być gratis.");
    let mut draft = Draft::new(Target::Thread(thread.clone()), Role::Shop, "Sprawdzamy.", Via::Panel);
    draft.author_name = Some("Joanna".into());
    scene.sandbox.mirakl().write(draft).unwrap();
    let operator =
        Draft::new(Target::Thread(thread.clone()), Role::Operator, "Prosimy o szybką odpowiedź.", Via::Panel);
    scene.sandbox.mirakl().write(operator).unwrap();

    let sizes = [(390, false), (390, true), (1280, false), (1280, true)];
    let picture = |name: &str, (width, dark): (u32, bool)| {
        scene.pictures.join(format!("{name}-{width}-{}.png", if dark { "dark" } else { "light" }))
    };
    let mut wide = Vec::new();
    browser.go(&scene.url("/sign-in")).await;
    for size in sizes {
        browser.look(size.0, size.1).await;
        browser.screenshot(&picture("sign-in", size)).await;
    }
    browser.look(390, false).await;
    let over = browser.overflow().await;
    if over.0 > 0 {
        wide.push(format!("sign-in: {over:?}"));
    }
    browser.look(1280, false).await;
    scene.sign_in(&browser).await;
    scene.poll(&browser).await;
    let connection = browser.address().await;
    scene.open_newest(&browser, "Brak zakładki").await;
    browser.type_in("textarea[name=text]", "Przepraszamy! Zakładkę wyślemy jutro.").await;
    browser.type_in("input[type=file]", &scene.file("list.pdf", b"%PDF-1.4")).await;
    browser.click("form.composer button.primary").await;
    browser.wait_for_text("ol.conversation", "wyślemy jutro").await;
    browser.click("input[name=mode][value=comment]").await;
    browser.type_in("textarea[name=text]", "Zakładki są w szufladzie.").await;
    browser.click("form.composer button.primary").await;
    browser.wait_for_text("ol.conversation", "szufladzie").await;
    let ticket = browser.address().await.split('#').next().unwrap().to_owned();
    scene.ticks().await;
    let create =
        browser.script("return document.querySelector(\"a[href^='/customers/new']\")?.href || ''").await;

    let customer = scene.first_of(&browser, "/customers").await;
    let source = scene.first_of(&browser, "/settings/webhooks").await;
    let pages = [
        ("dashboard", scene.url("/")),
        ("list", scene.url("/tickets")),
        ("ticket", ticket),
        ("list-found", scene.url("/tickets?q=paczka")),
        ("reports", scene.url("/reports")),
        ("customers", scene.url("/customers")),
        ("customer", customer.clone()),
        ("customer-edit", format!("{customer}/edit")),
        ("customer-erase", format!("{customer}/erase")),
        ("customer-import", scene.url("/customers/import")),
        ("duplicates", scene.url("/customers/duplicates")),
        ("customer-new", create.as_str().unwrap().to_owned()),
        ("settings", scene.url("/settings")),
        ("settings-company", scene.url("/settings/company")),
        ("settings-helpdesk", scene.url("/settings/helpdesk")),
        ("settings-hours", scene.url("/settings/helpdesk/hours")),
        ("settings-automatic", scene.url("/settings/helpdesk/automatic")),
        ("settings-automations", scene.url("/settings/helpdesk/automations")),
        ("settings-sub-statuses", scene.url("/settings/helpdesk/sub-statuses")),
        ("settings-service", scene.url("/settings/helpdesk/service")),
        ("settings-macros", scene.url("/settings/helpdesk/macros")),
        ("settings-webhooks", scene.url("/settings/webhooks")),
        ("settings-source", source.clone()),
        ("settings-source-try", format!("{source}/try")),
        ("settings-letters", format!("{source}/letters")),
        ("settings-endpoints", scene.url("/settings/webhooks/endpoints")),
        ("settings-marketplaces", scene.url("/settings/marketplaces")),
        ("settings-connection", connection),
        ("employees", scene.url("/employees")),
        ("companies", scene.url("/companies")),
        ("account", scene.url("/account")),
        ("api", scene.url("/api")),
        ("audit", scene.url("/audit")),
        ("not-found", scene.url("/tickets/999999")),
        ("sandbox-panel", format!("{}/mirakl/panel/threads/{thread}", scene.sandbox.base())),
        ("sandbox-overview", format!("{}/mirakl/panel", scene.sandbox.base())),
    ];
    for (name, url) in pages {
        browser.go(&url).await;
        browser.wait_for("body").await;
        if name == "list" {
            browser.click("tbody tr:first-child input[name=ticket]").await;
        }
        for size in sizes {
            browser.look(size.0, size.1).await;
            browser.screenshot(&picture(name, size)).await;
            let over = browser.overflow().await;
            if over.0 > 0 {
                wide.push(format!("{name} at {}: {over:?}", size.0));
            }
        }
        // The page that is not there and the stand-in's missing icon are no errors of ours.
        let complaints = browser.complaints().await;
        let ours = !matches!(name, "not-found") && !name.starts_with("sandbox");
        assert!(complaints.is_empty() || !ours, "{name}: {complaints:#?}");
    }
    assert!(wide.is_empty(), "pages wider than the window: {wide:#?}");
}
