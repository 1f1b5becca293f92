//! The key-value store in a Redis, as `[key_value_store.default] type = "redis"` of a runtime configuration asks for.
//!
//! Mirrors `crates/key-value-redis/src/store.rs` of Spin command for command, with the same client library: keys are not
//! put below the label or the application, counters are kept by INCRBY, several pairs are written by one MSET, and reading
//! several keys at once fails, because Spin sends them to KEYS. Compare-and-swap, which always reports failure there, is
//! refused here.

use redis::aio::ConnectionManager;
use redis::{AsyncCommands as _, Client, IntoConnectionInfo as _};
use tokio::sync::OnceCell;

use super::engine::{EngineError, Found, MAX_RESULT_BYTES, Write};

/// A Redis that holds all stores.
pub struct RedisEngine {
    client: Client,
    connection: OnceCell<ConnectionManager>,
}

impl From<redis::RedisError> for EngineError {
    fn from(error: redis::RedisError) -> Self {
        // The text Spin gives: the debug form.
        Self(format!("{error:?}"))
    }
}

impl RedisEngine {
    /// A store at `address`; connects when it is first used.
    ///
    /// # Errors
    /// When it is no address of a Redis.
    pub fn new(address: &str) -> Result<Self, EngineError> {
        let client = Client::open(address.into_connection_info()?)?;
        Ok(Self { client, connection: OnceCell::new() })
    }

    async fn connection(&self) -> Result<ConnectionManager, EngineError> {
        let opened = self.connection.get_or_try_init(|| self.client.get_connection_manager()).await?;
        Ok(opened.clone())
    }

    /// The value at `key`.
    ///
    /// # Errors
    /// Of Redis, or a value above [`MAX_RESULT_BYTES`].
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        let value: Option<Vec<u8>> = self.connection().await?.get(key).await?;
        if value.as_ref().is_some_and(|v| v.len() + size_of::<Option<Vec<u8>>>() > MAX_RESULT_BYTES) {
            return Err(EngineError(format!("query result exceeds limit of {MAX_RESULT_BYTES} bytes")));
        }
        Ok(value)
    }

    /// Fails for more than one key, as in Spin.
    ///
    /// # Errors
    /// Of Redis.
    pub async fn get_many(&self, keys: Vec<String>) -> Result<Found, EngineError> {
        let mut command = redis::cmd("KEYS");
        Ok(command.arg(keys).query_async(&mut self.connection().await?).await?)
    }

    /// Every key of the database.
    ///
    /// # Errors
    /// Of Redis.
    pub async fn keys(&self) -> Result<Vec<String>, EngineError> {
        Ok(redis::cmd("KEYS").arg("*").query_async(&mut self.connection().await?).await?)
    }

    /// Applies `write`; answers as the SQLite engine does.
    ///
    /// # Errors
    /// Of Redis; after a lost connection it is not known whether the write took effect.
    pub async fn write(&self, write: Write) -> Result<i64, EngineError> {
        let mut connection = self.connection().await?;
        match write {
            Write::SetMany(pairs) => {
                let () = match pairs.as_slice() {
                    [(key, value)] => connection.set(key, value).await?,
                    _ => connection.mset(&pairs).await?,
                };
                Ok(0)
            }
            Write::DeleteMany(keys) => {
                let () = connection.del(keys).await?;
                Ok(0)
            }
            Write::Increment { key, delta } => Ok(connection.incr(key, delta).await?),
            Write::Swap { .. } => Err(EngineError(
                "this host does not offer compare-and-swap on Redis: Spin's reports failure whether it wrote or not"
                    .into(),
            )),
        }
    }
}
