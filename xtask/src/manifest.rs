//! `cargo xtask manifest`: `spin.toml` as it is in a build profile, for tools that deploy and know no profiles.

use std::fs;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use crate::args::Store;
use crate::project::Project;

/// Writes the manifest beside the store's components and says where.
pub fn write(project: &Project, store: Store) -> Result<()> {
    let Some(profile) = store.profile() else {
        bail!("without a profile the manifest is spin.toml itself; say --store redis");
    };
    let text = fs::read_to_string(project.path("spin.toml"))?;
    let folder = project.target_folder(store);
    fs::create_dir_all(&folder)?;
    let file = folder.join("spin.toml");
    fs::write(&file, applied(&text, profile)?)?;
    println!("{}", file.display());
    Ok(())
}

/// The manifest with the profile's sources, which are relative to the profile's folder. What builds is left out: it would
/// run in another folder. So are key-value stores, which the profile's components do not ask for and which some platforms
/// would create.
fn applied(text: &str, profile: &str) -> Result<String> {
    let mut manifest: Table = text.parse().context("spin.toml")?;
    let components = manifest.get_mut("component").and_then(Value::as_table_mut).context("no components")?;
    for (name, component) in components.iter_mut() {
        let component = component.as_table_mut().with_context(|| format!("component {name}"))?;
        component.remove("build");
        component.remove("key_value_stores");
        let source = component
            .remove("profile")
            .as_ref()
            .and_then(|profiles| {
                profiles.get(profile)?.get("source")?.as_str()?.strip_prefix(&format!("target/{profile}/"))
            })
            .map(str::to_owned)
            .with_context(|| format!("component {name} has no source in target/{profile} for the profile"))?;
        component.insert("source".to_owned(), Value::String(source));
    }
    Ok(format!("# Made of spin.toml by `cargo xtask manifest`, profile {profile}.\n\n{manifest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_the_profiles_and_everything_else_stays() {
        let text = "spin_manifest_version = 2\n[variables]\na = { default = \"x\" }\n[component.c]\nsource = \"target/c.wasm\"\n\
                    key_value_stores = [\"default\"]\n[component.c.build]\ncommand = \"b\"\n[component.c.profile.redis]\n\
                    source = \"target/redis/w/c.wasm\"\n[component.c.profile.redis.build]\ncommand = \"r\"\n";
        let made: Table = applied(text, "redis").unwrap().parse().unwrap();
        let expected: Table =
            "spin_manifest_version = 2\n[variables]\na = { default = \"x\" }\n[component.c]\n\
                               source = \"w/c.wasm\"\n"
                .parse()
                .unwrap();
        assert_eq!(made, expected);
    }

    #[test]
    fn a_component_without_the_profile_is_named() {
        let error = applied("[component.c]\nsource = \"c.wasm\"\n", "redis").unwrap_err().to_string();
        assert!(error.contains("component c"), "{error}");
    }
}
