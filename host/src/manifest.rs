//! `spin.toml`, manifest version 2.
//!
//! Mirrors `crates/manifest/src/schema/{v2,common}.rs`, `crates/serde/src/id.rs` and the checks of
//! `crates/loader/src/local.rs` of Spin: the same keys, unknown keys are errors. What Spin offers and this host does not
//! (other triggers, remote sources, file mounts, SQL databases, models, component dependencies, middleware) is refused
//! with a sentence instead of being ignored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

/// The one store label that exists without a runtime configuration.
pub const DEFAULT_STORE: &str = "default";

/// A checked manifest.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// `[application]`.
    pub application: Application,
    /// `[variables]`.
    pub variables: BTreeMap<String, Variable>,
    /// `[[trigger.http]]`, in order.
    pub triggers: Vec<Trigger>,
    /// `[component.<id>]`, inline ones included.
    pub components: BTreeMap<String, Component>,
}

/// `[application]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Shown by `/.well-known/spin/info`.
    pub name: String,
    /// Shown by `/.well-known/spin/info` unless empty.
    #[serde(default)]
    pub version: String,
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default, rename = "authors")]
    _authors: Vec<String>,
    #[serde(default, rename = "targets")]
    _targets: Vec<toml::Value>,
    #[serde(default, rename = "trigger")]
    _trigger: BTreeMap<String, toml::Table>,
    #[serde(default, rename = "tool")]
    _tool: BTreeMap<String, toml::Table>,
}

/// `[variables]`, one entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    #[serde(default, rename = "description")]
    _description: Option<String>,
    /// Exactly one of `required` and `default` is given.
    #[serde(default)]
    pub required: bool,
    /// Value when nobody gives one.
    #[serde(default)]
    pub default: Option<String>,
    /// Must not be shown.
    #[serde(default)]
    pub secret: bool,
}

/// `route` of an HTTP trigger.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged, deny_unknown_fields)]
pub enum Route {
    /// `"/a/:b/..."`.
    Pattern(String),
    /// `{ private = true }`.
    Private {
        /// Must be true.
        private: bool,
    },
}

/// `static_response`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct StaticResponse {
    /// 200 when absent.
    pub status_code: Option<u16>,
    /// In name order.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Empty when absent.
    pub body: Option<String>,
}

/// One `[[trigger.http]]`.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// As written, or made up.
    pub id: String,
    /// Where it listens.
    pub route: Route,
    /// Who answers.
    pub answer: Answer,
}

/// What an HTTP trigger answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The component of that id.
    Component(String),
    /// A fixed response.
    Static(StaticResponse),
}

/// `[component.<id>]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    source: Source,
    #[serde(default, rename = "description")]
    _description: String,
    /// Templates by variable name.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// WASI environment.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    #[serde(default)]
    files: Vec<toml::Value>,
    #[serde(default, rename = "exclude_files")]
    _exclude_files: Vec<String>,
    #[serde(default)]
    allowed_http_hosts: Vec<String>,
    /// Hosts it may call, with templates.
    #[serde(default)]
    pub allowed_outbound_hosts: Vec<String>,
    /// Store labels it may open.
    #[serde(default)]
    pub key_value_stores: Vec<String>,
    #[serde(default)]
    sqlite_databases: Vec<String>,
    #[serde(default)]
    ai_models: Vec<String>,
    #[serde(default, rename = "targets")]
    _targets: Option<Vec<toml::Value>>,
    #[serde(default, rename = "build")]
    _build: Option<Build>,
    #[serde(default, rename = "tool")]
    _tool: BTreeMap<String, toml::Table>,
    #[serde(default, rename = "dependencies_inherit_configuration")]
    _dependencies_inherit_configuration: Option<bool>,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
    #[serde(default)]
    profile: BTreeMap<String, ProfileOverride>,
}

/// `[component.<id>.profile.<name>]`: what differs in that build profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileOverride {
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
    #[serde(default, rename = "build")]
    _build: Option<ProfileBuild>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileBuild {
    #[serde(rename = "command")]
    _command: OneOrMany,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Build {
    #[serde(rename = "command")]
    _command: OneOrMany,
    #[serde(default, rename = "workdir")]
    _workdir: Option<String>,
    #[serde(default, rename = "watch")]
    _watch: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(#[allow(dead_code)] String),
    Many(#[allow(dead_code)] Vec<String>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Source {
    Local(String),
    Remote(#[allow(dead_code)] toml::Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    spin_manifest_version: i64,
    application: Application,
    #[serde(default)]
    variables: BTreeMap<String, Variable>,
    trigger: RawTriggers,
    #[serde(default)]
    component: BTreeMap<String, Component>,
}

/// Only HTTP: another trigger type is an unknown field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTriggers {
    #[serde(default)]
    http: Vec<RawTrigger>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrigger {
    #[serde(default)]
    id: String,
    #[serde(default)]
    component: Option<ComponentSpec>,
    #[serde(default)]
    components: BTreeMap<String, toml::Value>,
    #[serde(default)]
    dependencies: BTreeMap<String, toml::Value>,
    route: Route,
    #[serde(default)]
    executor: Option<Executor>,
    #[serde(default)]
    static_response: Option<StaticResponse>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Executor {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ComponentSpec {
    Reference(String),
    Inline(Box<Component>),
}

impl Component {
    /// The module, relative to the manifest's folder.
    ///
    /// # Errors
    /// A remote source.
    pub fn source(&self) -> anyhow::Result<&Path> {
        match &self.source {
            Source::Local(path) => Ok(Path::new(path)),
            Source::Remote(_) => {
                bail!("`source` must be a file path: this host does not download components")
            }
        }
    }

    /// Takes over what differs in a profile; a component without it stays as it is (`apply_profile_overrides` in Spin's
    /// `crates/manifest/src/normalize.rs`).
    fn apply(&mut self, profile: &str) {
        let Some(differs) = self.profile.get(profile).cloned() else { return };
        if let Some(source) = differs.source {
            self.source = source;
        }
        self.environment.extend(differs.environment);
        self.dependencies.extend(differs.dependencies);
    }

    fn check(&self, id: &str) -> anyhow::Result<()> {
        let unsupported = [
            ("files", !self.files.is_empty()),
            ("sqlite_databases", !self.sqlite_databases.is_empty()),
            ("ai_models", !self.ai_models.is_empty()),
            ("dependencies", !self.dependencies.is_empty()),
            (
                "allowed_http_hosts (deprecated; write allowed_outbound_hosts)",
                !self.allowed_http_hosts.is_empty(),
            ),
        ];
        for (key, given) in unsupported {
            ensure!(!given, "this host does not support `{key}`");
        }
        self.source()?;
        for name in self.variables.keys() {
            check_id(name, '_', true).with_context(|| format!("invalid variable name {name:?}"))?;
        }
        for label in &self.key_value_stores {
            let sound = check_id(label, '-', false).is_ok() || check_id(label, '_', false).is_ok();
            ensure!(sound, "invalid key_value_stores label {label:?}: expected kebab-case or snake_case");
            ensure!(label == DEFAULT_STORE, "unknown key_value_stores label {label:?} for component {id:?}");
        }
        Ok(())
    }
}

/// Reads and checks the manifest at `path`, as it is in a build profile.
///
/// # Errors
/// What is wrong and where.
pub fn load(path: &Path, profile: Option<&str>) -> anyhow::Result<Manifest> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the manifest {}", path.display()))?;
    parse(&text, profile).with_context(|| format!("invalid manifest {}", path.display()))
}

/// The folder component sources are relative to.
#[must_use]
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Checks the manifest in `text`.
///
/// # Errors
/// What is wrong and, as far as the syntax goes, where.
pub fn parse(text: &str, profile: Option<&str>) -> anyhow::Result<Manifest> {
    let raw: RawManifest = toml::from_str(text)?;
    ensure!(
        raw.spin_manifest_version == 2,
        "spin_manifest_version must be 2, not {}",
        raw.spin_manifest_version
    );
    for (name, variable) in &raw.variables {
        check_id(name, '_', true).with_context(|| format!("invalid variable name {name:?}"))?;
        ensure!(
            variable.required != variable.default.is_some(),
            "variable {name:?} must be `required` OR have a `default`"
        );
    }
    let mut components = raw.component;
    let mut triggers = Vec::with_capacity(raw.trigger.http.len());
    for (index, trigger) in raw.trigger.http.into_iter().enumerate() {
        triggers.push(checked_trigger(trigger, index + 1, &mut components)?);
    }
    if let Some(profile) = profile {
        let is_defined = components.values().any(|component| component.profile.contains_key(profile));
        ensure!(is_defined, "Profile {profile} is not defined in this application");
        components.values_mut().for_each(|component| component.apply(profile));
    }
    for (id, component) in &components {
        check_id(id, '-', false).with_context(|| format!("invalid component id {id:?}"))?;
        component.check(id).with_context(|| format!("component {id:?}"))?;
    }
    for trigger in &triggers {
        if let Answer::Component(id) = &trigger.answer {
            ensure!(
                components.contains_key(id),
                "trigger {:?} names the unknown component {id:?}",
                trigger.id
            );
        }
    }
    Ok(Manifest { application: raw.application, variables: raw.variables, triggers, components })
}

fn checked_trigger(
    raw: RawTrigger,
    number: usize,
    components: &mut BTreeMap<String, Component>,
) -> anyhow::Result<Trigger> {
    let id = if raw.id.is_empty() { format!("http-trigger{number}") } else { raw.id };
    ensure!(
        raw.components.is_empty() && raw.dependencies.is_empty(),
        "trigger {id:?}: this host does not support `components` and `dependencies` of a trigger"
    );
    if let Some(executor) = raw.executor {
        ensure!(
            matches!(executor.kind.as_str(), "http" | "spin"),
            "trigger {id:?}: this host does not support the executor {:?}",
            executor.kind
        );
    }
    let answer = match (raw.component, raw.static_response) {
        (Some(ComponentSpec::Reference(component)), None) => Answer::Component(component),
        (Some(ComponentSpec::Inline(component)), None) => {
            let component_id = format!("inline-component{number}");
            components.insert(component_id.clone(), *component);
            Answer::Component(component_id)
        }
        (None, Some(response)) => Answer::Static(response),
        (None, None) => {
            bail!("Triggers must specify either component or static_response - {id} has neither")
        }
        (Some(_), Some(_)) => {
            bail!("Triggers must specify either component or static_response - {id} has both")
        }
    };
    Ok(Trigger { id, route: raw.route, answer })
}

/// Checks an identifier made of words that are separated by `delimiter`, start with a letter and are all of one case.
fn check_id(id: &str, delimiter: char, lower: bool) -> anyhow::Result<()> {
    ensure!(!id.is_empty(), "empty");
    let wrong = if delimiter == '-' { '_' } else { '-' };
    ensure!(!id.contains(wrong), "words must be separated with {delimiter:?}, not {wrong:?}");
    for word in id.split(delimiter) {
        let Some(first) = word.chars().next() else {
            bail!("{delimiter:?}-separated words must not be empty")
        };
        ensure!(
            first.is_ascii_alphabetic(),
            "{delimiter:?}-separated words must start with an ASCII letter; got {first:?}"
        );
        let upper = first.is_ascii_uppercase();
        for c in word.chars() {
            ensure!(
                c.is_ascii_alphanumeric(),
                "{delimiter:?}-separated words may only contain alphanumeric ASCII; got {c:?}"
            );
            ensure!(
                c.is_ascii_digit() || c.is_ascii_uppercase() == upper,
                "{delimiter:?}-separated words must be all lowercase or all UPPERCASE; got {word:?}"
            );
        }
        ensure!(!(lower && upper), "Lower-case identifiers must be all lowercase; got {id:?}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"a\"\n";

    fn error(rest: &str) -> String {
        format!("{:#}", parse(&format!("{HEAD}{rest}"), None).unwrap_err())
    }

    fn with_component(keys: &str) -> String {
        format!(
            "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"c\"\n[component.c]\nsource = \"c.wasm\"\n{keys}"
        )
    }

    #[test]
    fn a_full_manifest_is_taken() {
        let text = format!(
            "{HEAD}version = \"1.0\"\nauthors = [\"x\"]\n[application.trigger.http]\nbase = \"/\"\n\
             [variables]\nhost = {{ default = \"h\" }}\ntoken = {{ required = true, secret = true, description = \"d\" }}\n\
             [[trigger.http]]\nid = \"missing\"\nroute = \"/x\"\nstatic_response = {{ status_code = 404, body = \"no\", \
             headers = {{ a = \"b\" }} }}\n[[trigger.http]]\nroute = {{ private = true }}\ncomponent = \"c\"\n\
             executor = {{ type = \"http\" }}\n[[trigger.http]]\nroute = \"/in\"\ncomponent = {{ source = \"i.wasm\" }}\n\
             [component.c]\nsource = \"c.wasm\"\nallowed_outbound_hosts = [\"https://{{{{ host }}}}\"]\n\
             key_value_stores = [\"default\"]\nenvironment = {{ A = \"1\" }}\ntargets = [\"spin-up@4.1\"]\n\
             [component.c.variables]\nt = \"{{{{ token }}}}\"\n[component.c.build]\ncommand = [\"a\", \"b\"]\n\
             watch = [\"src/**\"]\n[component.c.tool.x]\ny = 1\n[component.c.profile.debug]\nsource = \"d.wasm\"\n"
        );
        let manifest = parse(&text, None).unwrap();
        assert_eq!(manifest.triggers.len(), 3);
        assert_eq!(manifest.components.keys().collect::<Vec<_>>(), ["c", "inline-component3"]);
        let first = manifest.triggers.first().unwrap();
        assert!(matches!(&first.answer, Answer::Static(r) if r.status_code == Some(404)));
        assert_eq!(manifest.triggers.get(1).unwrap().route, Route::Private { private: true });
    }

    #[test]
    fn unknown_keys_are_errors_everywhere() {
        assert!(error("[trigger]\n[oops]\nx = 1\n").contains("oops"));
        assert!(error(&with_component("allowed_outbound_host = []\n")).contains("allowed_outbound_host"));
        assert!(error("[variables]\nv = { default = \"\", oops = 1 }\n[trigger]\n").contains("oops"));
        assert!(error("[[trigger.http]]\nroute = \"/\"\ncomponent = \"c\"\noops = 1\n").contains("oops"));
        assert!(error(&with_component("[component.c.build]\ncommand = \"x\"\noops = 1\n")).contains("oops"));
        assert!(error("[[trigger.redis]]\nchannel = \"x\"\n").contains("redis"));
    }

    #[test]
    fn identifiers_follow_spins_rules() {
        assert!(error("[trigger]\n[component.a_b]\nsource = \"x\"\n").contains("a_b"));
        assert!(error("[trigger]\n[component.1a]\nsource = \"x\"\n").contains("1a"));
        assert!(error("[variables]\nA = { default = \"\" }\n[trigger]\n").contains("lowercase"));
        assert!(error("[variables]\na-b = { default = \"\" }\n[trigger]\n").contains("a-b"));
    }

    #[test]
    fn a_variable_is_required_or_has_a_default() {
        assert!(error("[variables]\nv = {}\n[trigger]\n").contains("must be `required` OR have a `default`"));
        let both = "[variables]\nv = { required = true, default = \"\" }\n[trigger]\n";
        assert!(error(both).contains("must be `required` OR have a `default`"));
    }

    #[test]
    fn a_trigger_answers_with_exactly_one_known_thing() {
        assert!(error("[[trigger.http]]\nroute = \"/\"\n").contains("neither"));
        let both = "[[trigger.http]]\nroute = \"/\"\ncomponent = \"c\"\nstatic_response = {}\n";
        assert!(error(both).contains("both"));
        assert!(error("[[trigger.http]]\nroute = \"/\"\ncomponent = \"gone\"\n").contains("gone"));
    }

    #[test]
    fn a_store_without_definition_stops_the_start() {
        let message = error(&with_component("key_value_stores = [\"other\"]\n"));
        assert!(
            message.contains("unknown key_value_stores label \"other\" for component \"c\""),
            "{message}"
        );
    }

    #[test]
    fn what_this_host_lacks_is_refused_by_name() {
        assert!(error(&with_component("files = [\"a\"]\n")).contains("files"));
        assert!(error(&with_component("sqlite_databases = [\"default\"]\n")).contains("sqlite_databases"));
        let remote = "[trigger]\n[component.c]\nsource = { url = \"u\", digest = \"d\" }\n";
        assert!(error(remote).contains("does not download"));
    }

    #[test]
    fn other_versions_are_refused() {
        let text = "spin_manifest_version = 1\n[application]\nname = \"a\"\n[trigger]\n";
        assert!(parse(text, None).unwrap_err().to_string().contains("must be 2"));
    }

    #[test]
    fn a_profile_replaces_the_source_and_adds_to_the_environment() {
        let text = format!(
            "{HEAD}[[trigger.http]]\nroute = \"/a\"\ncomponent = \"a\"\n[[trigger.http]]\nroute = \"/b\"\n\
             component = \"b\"\n[component.a]\nsource = \"a.wasm\"\nenvironment = {{ X = \"1\", Y = \"1\" }}\n\
             [component.a.profile.redis]\nsource = \"redis/a.wasm\"\nenvironment = {{ Y = \"2\" }}\n\
             [component.a.profile.redis.build]\ncommand = \"x\"\n[component.b]\nsource = \"b.wasm\"\n"
        );
        let source = |manifest: &Manifest, id: &str| {
            manifest.components.get(id).unwrap().source().unwrap().display().to_string()
        };
        let plain = parse(&text, None).unwrap();
        assert_eq!(source(&plain, "a"), "a.wasm");
        let redis = parse(&text, Some("redis")).unwrap();
        assert_eq!(source(&redis, "a"), "redis/a.wasm");
        assert_eq!(source(&redis, "b"), "b.wasm", "a component without the profile stays as it is");
        let environment = &redis.components.get("a").unwrap().environment;
        assert_eq!(environment.values().collect::<Vec<_>>(), ["1", "2"]);
        let unknown = parse(&text, Some("reddis")).unwrap_err().to_string();
        assert_eq!(unknown, "Profile reddis is not defined in this application");
    }
}
