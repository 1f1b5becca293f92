//! `spin:redis/redis@3.0.0` outbound, as `crates/factor-outbound-redis/src/host.rs` of Spin: the same client library,
//! so that replies convert the same way; addresses are checked against `allowed_outbound_hosts`.

use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands as _, FromRedisValue, Value};
use wasmtime::component::{Accessor, Resource};

use super::HasState;
use super::generated::spin::redis::redis::{
    Error, Host, HostConnection, HostConnectionWithStore, RedisParameter, RedisResult,
};
use crate::instance::InstanceState;
use crate::kv::Operation;
use crate::kv::engine::MAX_RESULT_BYTES;

/// An open connection; cloning it shares it.
#[derive(Clone)]
pub struct Connection(MultiplexedConnection);

type Found<T> = wasmtime::Result<Result<T, Error>>;

// By value, as `map_err` hands it over.
#[allow(clippy::needless_pass_by_value)]
fn other(error: redis::RedisError) -> Error {
    Error::Other(error.to_string())
}

fn check_size(bytes: usize) -> Result<(), Error> {
    if bytes > MAX_RESULT_BYTES {
        return Err(Error::Other(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes")));
    }
    Ok(())
}

/// What a command counts as in the host's statistics, which are about what is kept.
fn operation(command: &str) -> Option<Operation> {
    Some(match command.to_ascii_uppercase().as_str() {
        "GET" | "MGET" | "SMEMBERS" => Operation::Read,
        "INCR" | "INCRBY" => Operation::Increment,
        "SET" | "MSET" | "SADD" | "SREM" => Operation::SetMany,
        "DEL" | "UNLINK" => Operation::Delete,
        _ => return None,
    })
}

/// The connection a guest holds, for one command.
fn connection(
    accessor: &Accessor<InstanceState, HasState>,
    connection: &Resource<Connection>,
    command: &str,
) -> Result<MultiplexedConnection, Error> {
    accessor.with(|mut access| {
        let state = access.get();
        if let Some(operation) = operation(command) {
            state.component.application.stores.operations().count(operation);
        }
        let connection = state.table.get(connection);
        connection
            .map(|c| c.0.clone())
            .map_err(|_| Error::Other("could not find connection for resource".into()))
    })
}

impl Host for &mut InstanceState {}

impl HostConnection for &mut InstanceState {
    async fn drop(&mut self, connection: Resource<Connection>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        self.open_redis = self.open_redis.saturating_sub(1);
        Ok(())
    }
}

/// Spin's table of connections holds that many per instance.
const MAX_CONNECTIONS: u32 = 1024;

async fn open(
    accessor: &Accessor<InstanceState, HasState>,
    address: &str,
) -> Result<Resource<Connection>, Error> {
    if !accessor.with(|mut access| access.get().component.allowed_hosts.allows(address, "redis")) {
        return Err(Error::InvalidAddress);
    }
    let client = redis::Client::open(address).map_err(|_| Error::InvalidAddress)?;
    let opened = client.get_multiplexed_async_connection().await.map_err(other)?;
    accessor.with(|mut access| {
        let state = access.get();
        if state.open_redis >= MAX_CONNECTIONS {
            return Err(Error::TooManyConnections);
        }
        let resource = state.table.push(Connection(opened)).map_err(|_| Error::TooManyConnections)?;
        state.open_redis += 1;
        Ok(resource)
    })
}

impl HostConnectionWithStore<InstanceState> for HasState {
    async fn open(accessor: &Accessor<InstanceState, Self>, address: String) -> Found<Resource<Connection>> {
        Ok(open(accessor, &address).await)
    }

    async fn publish(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        channel: String,
        payload: Vec<u8>,
    ) -> Found<()> {
        Ok(match connection(accessor, &self_, "PUBLISH") {
            Ok(mut redis) => redis.publish(channel, payload).await.map_err(other),
            Err(error) => Err(error),
        })
    }

    async fn get(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        key: String,
    ) -> Found<Option<Vec<u8>>> {
        let mut redis = match connection(accessor, &self_, "GET") {
            Ok(redis) => redis,
            Err(error) => return Ok(Err(error)),
        };
        let value: Result<Option<Vec<u8>>, _> = redis.get(key).await;
        Ok(value.map_err(other).and_then(|value| {
            check_size(size_of::<Option<Vec<u8>>>() + value.as_ref().map_or(0, Vec::len))?;
            Ok(value)
        }))
    }

    async fn set(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        key: String,
        value: Vec<u8>,
    ) -> Found<()> {
        Ok(match connection(accessor, &self_, "SET") {
            Ok(mut redis) => redis.set(key, value).await.map_err(other),
            Err(error) => Err(error),
        })
    }

    async fn incr(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        key: String,
    ) -> Found<i64> {
        Ok(match connection(accessor, &self_, "INCR") {
            Ok(mut redis) => redis.incr(key, 1).await.map_err(other),
            Err(error) => Err(error),
        })
    }

    async fn del(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        keys: Vec<String>,
    ) -> Found<u32> {
        Ok(match connection(accessor, &self_, "DEL") {
            Ok(mut redis) => redis.del(keys).await.map_err(other),
            Err(error) => Err(error),
        })
    }

    async fn sadd(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Found<u32> {
        Ok(match connection(accessor, &self_, "SADD") {
            Ok(mut redis) => redis.sadd(key, values).await.map_err(|error| match error.kind() {
                redis::ErrorKind::TypeError => Error::TypeError,
                _ => other(error),
            }),
            Err(error) => Err(error),
        })
    }

    async fn smembers(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        key: String,
    ) -> Found<Vec<String>> {
        Ok(match connection(accessor, &self_, "SMEMBERS") {
            Ok(mut redis) => redis.smembers(key).await.map_err(other),
            Err(error) => Err(error),
        })
    }

    async fn srem(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        key: String,
        values: Vec<String>,
    ) -> Found<u32> {
        Ok(match connection(accessor, &self_, "SREM") {
            Ok(mut redis) => redis.srem(key, values).await.map_err(other),
            Err(error) => Err(error),
        })
    }

    async fn execute(
        accessor: &Accessor<InstanceState, Self>,
        self_: Resource<Connection>,
        command: String,
        arguments: Vec<RedisParameter>,
    ) -> Found<Vec<RedisResult>> {
        let mut redis = match connection(accessor, &self_, &command) {
            Ok(redis) => redis,
            Err(error) => return Ok(Err(error)),
        };
        let mut call = redis::cmd(&command);
        for argument in arguments {
            match argument {
                RedisParameter::Int64(number) => call.arg(number),
                RedisParameter::Binary(bytes) => call.arg(bytes),
            };
        }
        let replies: Result<Replies, _> = call.query_async(&mut redis).await;
        Ok(replies.map_err(other).and_then(|Replies(replies)| {
            check_size(size_of::<Vec<RedisResult>>() + replies.iter().map(memory_size).sum::<usize>())?;
            Ok(replies)
        }))
    }
}

/// A reply with its arrays flattened.
struct Replies(Vec<RedisResult>);

impl FromRedisValue for Replies {
    fn from_redis_value(value: &Value) -> redis::RedisResult<Self> {
        let mut replies = Vec::new();
        flatten(value, &mut replies)?;
        Ok(Self(replies))
    }
}

fn flatten(value: &Value, replies: &mut Vec<RedisResult>) -> redis::RedisResult<()> {
    let unsupported = |what: &str| {
        Err(redis::RedisError::from((
            redis::ErrorKind::TypeError,
            "Could not convert Redis response",
            format!("Redis {what} not supported"),
        )))
    };
    replies.push(match value {
        Value::Nil => RedisResult::Nil,
        Value::Int(number) => RedisResult::Int64(*number),
        Value::BulkString(bytes) => RedisResult::Binary(bytes.clone()),
        Value::SimpleString(text) => RedisResult::Status(text.clone()),
        Value::Okay => RedisResult::Status("OK".into()),
        Value::Array(values) | Value::Set(values) => {
            return values.iter().try_for_each(|value| flatten(value, replies));
        }
        Value::Double(number) => RedisResult::Binary(number.to_string().into_bytes()),
        Value::Boolean(yes) => RedisResult::Int64(i64::from(*yes)),
        Value::BigNumber(number) => RedisResult::Binary(number.to_string().into_bytes()),
        Value::Map(_) => return unsupported("Map type is"),
        Value::Attribute { .. } => return unsupported("Attribute type is"),
        Value::VerbatimString { .. } => return unsupported("string with format attribute is"),
        Value::Push { .. } => return unsupported("Pub/Sub types are"),
        Value::ServerError(error) => {
            return Err(redis::RedisError::from((
                redis::ErrorKind::ResponseError,
                "Server error",
                format!("{error:?}"),
            )));
        }
    });
    Ok(())
}

fn memory_size(value: &RedisResult) -> usize {
    size_of::<RedisResult>()
        + match value {
            RedisResult::Nil | RedisResult::Int64(_) => 0,
            RedisResult::Binary(bytes) => bytes.len(),
            RedisResult::Status(text) => text.len(),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_arrays_come_out_flat_as_in_spin() {
        let value = Value::Array(vec![
            Value::Int(1),
            Value::Array(vec![Value::Nil, Value::Okay]),
            Value::BulkString(b"x".to_vec()),
        ]);
        let Replies(replies) = Replies::from_redis_value(&value).unwrap();
        let texts: Vec<_> = replies.iter().map(|reply| format!("{reply:?}")).collect();
        assert_eq!(texts.len(), 4);
        assert!(matches!(replies.first(), Some(RedisResult::Int64(1))));
        assert!(matches!(replies.get(1), Some(RedisResult::Nil)));
        assert!(matches!(replies.get(2), Some(RedisResult::Status(s)) if s == "OK"));
        assert!(Replies::from_redis_value(&Value::Map(vec![])).is_err());
    }
}
