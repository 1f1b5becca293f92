//! Writes the host bindings module: the WIT of Spin's interfaces is the one inside the `spin-sdk` package the components
//! are built with, so that host and guest cannot drift apart and the repository holds no copy.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `wasmtime::component::bindgen!` takes only literal paths, hence the generated file.
const TEMPLATE: &str = r#"
wasmtime::component::bindgen!({
    inline: "
        package mostek:host;
        world imports {
            import spin:key-value/key-value@3.0.0;
            import spin:variables/variables@3.0.0;
            import spin:redis/redis@3.0.0;
            import wasi:keyvalue/store@0.2.0-draft2;
            import wasi:keyvalue/batch@0.2.0-draft2;
            import wasi:keyvalue/atomics@0.2.0-draft2;
        }
    ",
    world: "mostek:host/imports",
    path: [@PATH@],
    imports: { default: async | trappable },
    with: {
        "spin:key-value/key-value.store": crate::kv::OpenStore,
        "spin:redis/redis.connection": crate::bindings::redis::Connection,
        "wasi:keyvalue/store.bucket": crate::kv::OpenStore,
        "wasi:keyvalue/atomics.cas": crate::kv::Cas,
    },
});
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    let wit = sdk_folder()?.join("wit");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("bindings.rs");
    std::fs::write(out, TEMPLATE.replace("@PATH@", &format!("{:?}", wit.display().to_string())))?;
    Ok(())
}

/// Where cargo unpacked the `spin-sdk` the workspace depends on.
fn sdk_folder() -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new(std::env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--filter-platform"])
        .arg(std::env::var("HOST")?)
        .current_dir(std::env::var("CARGO_MANIFEST_DIR")?)
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata
        .get("packages")
        .and_then(|packages| packages.as_array())
        .into_iter()
        .flatten()
        .find(|package| package.get("name").is_some_and(|name| name == "spin-sdk"))
        .and_then(|package| package.get("manifest_path"))
        .and_then(|path| path.as_str())
        .ok_or("the workspace does not depend on spin-sdk, whose WIT is needed")?;
    Ok(Path::new(manifest).parent().ok_or("spin-sdk has no folder")?.to_owned())
}
