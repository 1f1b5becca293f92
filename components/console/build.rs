//! Writes the API's OpenAPI document, which the component hands out as it is.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo runs this again when mostek-api, which it is linked with, has changed.
    println!("cargo:rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION")?;
    let document = mostek_api::document::document(&version)?;
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    fs::write(folder.join("openapi.json"), serde_json::to_vec(&document)?)?;
    Ok(())
}
