//! What a component asks of a host and offers to it: the first question when a platform refuses one.

use std::path::Path;

use anyhow::Context as _;
use wasmtime::component::Component;
use wasmtime::{Config, Engine, OptLevel};

/// Names as they stand in the component, sorted, with versions (`wasi:http/handler@0.3.0`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// What it needs.
    pub imports: Vec<String>,
    /// What it offers.
    pub exports: Vec<String>,
}

/// Reads a component's file. Fails if it is not a valid component.
pub fn surface(file: &Path) -> anyhow::Result<Surface> {
    let mut config = Config::new();
    // Only the types are looked at, so the code may be as slow as it likes.
    config.wasm_component_model_async(true).cranelift_opt_level(OptLevel::None);
    let engine = Engine::new(&config)?;
    let component = Component::from_file(&engine, file)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("read {}", file.display()))?;
    let shape = component.component_type();
    let mut surface = Surface {
        imports: shape.imports(&engine).map(|(name, _)| name.to_owned()).collect(),
        exports: shape.exports(&engine).map(|(name, _)| name.to_owned()).collect(),
    };
    surface.imports.sort();
    surface.exports.sort();
    Ok(surface)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component with one imported and one exported instance, both without functions, in the binary format of the
    /// component model: a type section (an empty instance type), an import section and an export section.
    const COMPONENT: &[u8] = &[
        0x00, b'a', b's', b'm', 0x0d, 0x00, 0x01, 0x00, // magic, version 13, layer 1
        0x07, 0x03, 0x01, 0x42, 0x00, // types: instance without declarations
        0x0a, 0x0a, 0x01, 0x00, 0x05, b'a', b':', b'b', b'/', b'c', 0x05,
        0x00, // imports: instance of type 0
        0x0b, 0x0b, 0x01, 0x00, 0x05, b'd', b':', b'e', b'/', b'f', 0x05, 0x00,
        0x00, // exports: that instance
    ];

    #[test]
    fn names_are_listed_by_direction() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("component.wasm");
        std::fs::write(&file, COMPONENT).unwrap();
        let expected = Surface { imports: vec!["a:b/c".to_owned()], exports: vec!["d:e/f".to_owned()] };
        assert_eq!(surface(&file).unwrap(), expected);
    }

    #[test]
    fn what_is_no_component_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("module.wasm");
        std::fs::write(&file, b"\0asm\x01\0\0\0").unwrap();
        let error = format!("{:#}", surface(&file).unwrap_err());
        assert!(error.contains("module.wasm"), "{error}");
    }
}
