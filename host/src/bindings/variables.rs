//! `spin:variables/variables@3.0.0`, as `crates/factor-variables/src/host.rs` of Spin.

use wasmtime::component::Accessor;

use super::HasState;
use super::generated::spin::variables::variables::{Error, Host, HostWithStore};
use crate::instance::InstanceState;
use crate::variables::VariableError;

impl From<VariableError> for Error {
    fn from(error: VariableError) -> Self {
        match error {
            VariableError::InvalidName(text) => Self::InvalidName(text),
            VariableError::Undefined(text) => Self::Undefined(text),
            VariableError::Provider(text) => Self::Provider(text),
            VariableError::InvalidTemplate(text) => Self::Other(text),
        }
    }
}

impl Host for &mut InstanceState {}

impl HostWithStore<InstanceState> for HasState {
    async fn get(
        accessor: &Accessor<InstanceState, Self>,
        name: String,
    ) -> wasmtime::Result<Result<String, Error>> {
        Ok(accessor.with(|mut access| {
            let component = &access.get().component;
            component.application.variables.component(&component.id, &name).map_err(Error::from)
        }))
    }
}
