//! A browser driven over WebDriver (W3C), with what Chromium adds to it: emulation and the console's log.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::wait::eventually;

/// The name of an element's id in WebDriver's JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const LIMIT: Duration = Duration::from_secs(20);
/// Without the network's background work a browser makes requests that a closed network refuses, many at a time.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser window with a profile of its own. Closed when dropped.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    client: reqwest::Client,
    _profile: TempDir,
}

/// Finds the driver: `MOSTEK_CHROMEDRIVER`, else on `PATH`.
fn driver_program() -> Option<std::path::PathBuf> {
    if let Some(path) = std::env::var_os("MOSTEK_CHROMEDRIVER") {
        return Some(path.into());
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|f| f.join("chromedriver")).find(|p| p.is_file())
}

impl Browser {
    /// Opens a browser. `None`, after saying why, if there is no chromedriver.
    pub async fn open(test: &str) -> Option<Self> {
        let Some(program) = driver_program() else {
            println!("SKIPPED {test}: there is no chromedriver");
            return None;
        };
        let mut driver = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .find_map(|line| {
                let line = line.ok()?;
                line.strip_suffix('.')?.rsplit_once("started successfully on port ")?.1.parse().ok()
            })
            .expect("chromedriver did not say its port");
        // Whatever else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(|a| (*a).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        arguments.push("--lang=pl".to_owned());
        let client = reqwest::Client::new();
        let mut browser = Self { driver, port, session: String::new(), client, _profile: profile };
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "prefs": {"intl.accept_languages": "pl"}},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let made = browser.command("", wanted).await.unwrap();
        browser.session = made["sessionId"].as_str().unwrap().to_owned();
        browser.cdp("Log.enable", json!({})).await;
        Some(browser)
    }

    async fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let session = if self.session.is_empty() { String::new() } else { format!("/{}", self.session) };
        let url = format!("http://127.0.0.1:{}/session{session}{path}", self.port);
        let mut request = self.client.request(method, url).timeout(Duration::from_secs(60));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|e| e.to_string())?;
        let good = response.status().is_success();
        let answer: Value = response.json().await.map_err(|e| e.to_string())?;
        if good { Ok(answer["value"].clone()) } else { Err(answer["value"]["message"].to_string()) }
    }

    async fn command(&self, path: &str, body: Value) -> Result<Value, String> {
        self.call(reqwest::Method::POST, path, Some(body)).await
    }

    /// A command of Chromium's own protocol.
    pub async fn cdp(&self, command: &str, params: Value) -> Value {
        self.command("/goog/cdp/execute", json!({"cmd": command, "params": params})).await.unwrap()
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.command("/url", json!({"url": url})).await.unwrap();
    }

    /// Where it is.
    pub async fn address(&self) -> String {
        self.call(reqwest::Method::GET, "/url", None).await.unwrap().as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script and gives what it returns.
    pub async fn script(&self, script: &str) -> Value {
        self.command("/execute/sync", json!({"script": script, "args": []})).await.unwrap()
    }

    async fn find(&self, css: &str) -> Result<String, String> {
        let found = self.command("/element", json!({"using": "css selector", "value": css})).await?;
        found[ELEMENT].as_str().map(str::to_owned).ok_or_else(|| format!("{found}"))
    }

    /// Waits for an element.
    pub async fn wait_for(&self, css: &str) -> String {
        eventually(css, LIMIT, async || self.find(css).await).await
    }

    /// How many elements there are.
    pub async fn count(&self, css: &str) -> usize {
        let found = self.command("/elements", json!({"using": "css selector", "value": css})).await.unwrap();
        found.as_array().map_or(0, Vec::len)
    }

    /// Clicks on an element.
    pub async fn click(&self, css: &str) {
        eventually(&format!("a click on {css}"), LIMIT, async || {
            let id = self.find(css).await?;
            self.command(&format!("/element/{id}/click"), json!({})).await
        })
        .await;
    }

    /// Types into an element; into a file field, a path.
    pub async fn type_in(&self, css: &str, text: &str) {
        let id = self.wait_for(css).await;
        self.command(&format!("/element/{id}/value"), json!({"text": text})).await.unwrap();
    }

    /// An element's visible text.
    pub async fn text(&self, css: &str) -> String {
        let id = self.wait_for(css).await;
        let text = self.call(reqwest::Method::GET, &format!("/element/{id}/text"), None).await.unwrap();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element's visible text contains this.
    pub async fn wait_for_text(&self, css: &str, wanted: &str) {
        eventually(&format!("{wanted:?} in {css}"), LIMIT, async || {
            let id = self.find(css).await?;
            let text = self.call(reqwest::Method::GET, &format!("/element/{id}/text"), None).await?;
            let text = text.as_str().unwrap_or_default();
            if text.contains(wanted) { Ok(()) } else { Err(text.to_owned()) }
        })
        .await;
    }

    /// The width of the window and whether dark colours are preferred.
    pub async fn look(&self, width: u32, dark: bool) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
        let scheme = if dark { "dark" } else { "light" };
        // Without motion, so that no picture shows a colour on its way to another.
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.cdp("Emulation.setEmulatedMedia", media).await;
    }

    /// Switches JavaScript of pages off.
    pub async fn without_scripts(&self) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// A picture of the whole page.
    pub async fn screenshot(&self, file: &Path) {
        eventually("a page at rest", LIMIT, async || {
            match self.script("return document.getAnimations().length").await.as_u64() {
                Some(0) => Ok(()),
                other => Err(format!("{other:?} animations")),
            }
        })
        .await;
        let taken = self.cdp("Page.captureScreenshot", json!({"captureBeyondViewport": true})).await;
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()).unwrap();
    }

    /// How many pixels the page is wider than the window, and what sticks out first.
    pub async fn overflow(&self) -> (i64, String) {
        let script = "
            const w = document.documentElement.clientWidth;
            const over = document.documentElement.scrollWidth - w;
            if (over <= 0) return [0, ''];
            const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 1);
            return [over, out.slice(0, 3).map(e => e.tagName + '.' + e.className).join(' ')];";
        let found = self.script(script).await;
        (found[0].as_i64().unwrap_or_default(), found[1].as_str().unwrap_or_default().to_owned())
    }

    /// Errors and warnings of the console since the last time, violations of the content security policy among them.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.command("/se/log", json!({"type": "browser"})).await.unwrap();
        let all = log.as_array().cloned().unwrap_or_default();
        let bad = all.iter().filter(|e| matches!(e["level"].as_str(), Some("SEVERE" | "WARNING")));
        bad.map(|e| e["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn end_session(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            self.session
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser; the driver alone would leave it behind.
        let _ = self.end_session();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
