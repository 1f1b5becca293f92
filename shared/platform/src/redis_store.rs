//! The store in a Redis of the installation's own, over `spin:redis`.

use crate::{SpinSettings, counter};
use futures::future::{Either, join_all, select};
use mostek_ports::{KeyValue, Settings, StoreError};
use spin_sdk::redis::{Connection, Error, RedisParameter, RedisResult};
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;
use url::Url;

/// How long one command may take, opening a connection for it included. Spin sets no limit, and a command to a server that
/// is cut off would wait for ever. Below the journal's deadline of 10 s, so that a writer can still try again.
const LIMIT: Duration = Duration::from_secs(5);
/// Keys of one MGET: a page is one or two commands, and what comes back stays far below an instance's memory.
const MGET: usize = 128;
/// The longest prefix of keys, bytes.
const MAX_PREFIX: usize = 64;

/// The application's store as keys of one Redis, each behind the setting `store_prefix`.
///
/// The address is the setting `store_url` (`redis://[user]:password@host:port/database`, `rediss://` for TLS). Connections
/// are multiplexed by the engine; one is kept for the life of the instance and shared by its requests, since opening one
/// takes two or more round trips. It holds nothing of any request.
///
/// After a failure nobody knows what the connection is worth, so the next command opens another. Commands are not repeated
/// here: a caller that reads repeats its reads (`mostek-store`), and one that writes decides what a lost answer means. Each
/// write is one command, which a Redis carries out whole or not at all.
#[derive(Clone, Default)]
pub struct RedisStore {
    settings: SpinSettings,
    place: Rc<RefCell<Option<Rc<Place>>>>,
}

/// Where the keys are.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    address: String,
    prefix: String,
}

impl Place {
    fn new(address: Option<String>, prefix: Option<String>) -> Result<Self, StoreError> {
        let address = address.ok_or_else(|| {
            StoreError::Denied(
                "the setting store_url is empty, and this build keeps its data in Redis".into(),
            )
        })?;
        // Spin checks the port and knows none for this scheme, so the connection would be refused without a reason.
        let parsed = Url::parse(&address).ok();
        if parsed.is_some_and(|url| url.scheme() == "rediss" && url.port().is_none()) {
            return Err(StoreError::Denied(
                "the setting store_url must name the port of a rediss:// address".into(),
            ));
        }
        let prefix = prefix.unwrap_or_default();
        // Braces: a hash tag keeps all keys in one slot of a cluster.
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"._:~-{}".contains(&b);
        if prefix.len() > MAX_PREFIX || !prefix.bytes().all(fits) {
            return Err(StoreError::Denied(format!(
                "the setting store_prefix is not up to {MAX_PREFIX} of the characters A-Z a-z 0-9 . _ : ~ - {{ }}"
            )));
        }
        Ok(Self { address, prefix })
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    fn binary(&self, key: &str) -> RedisParameter {
        RedisParameter::Binary(self.key(key).into_bytes())
    }
}

struct Kept {
    address: String,
    connection: Rc<Connection>,
}

thread_local! {
    /// The connection of this instance (which has one thread).
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// The kept connection, or a new one. Several requests that find none may open one each; the last stays, and the others go
/// when their requests are over.
async fn connect(address: &str) -> Result<Rc<Connection>, StoreError> {
    let kept =
        KEPT.with_borrow(|kept| kept.as_ref().filter(|k| k.address == address).map(|k| k.connection.clone()));
    if let Some(connection) = kept {
        return Ok(connection);
    }
    let connection = Rc::new(Connection::open(address).await.map_err(failed)?);
    KEPT.replace(Some(Kept { address: address.to_owned(), connection: connection.clone() }));
    Ok(connection)
}

fn forget(connection: &Rc<Connection>) {
    KEPT.with_borrow_mut(|kept| {
        if kept.as_ref().is_some_and(|k| Rc::ptr_eq(&k.connection, connection)) {
            *kept = None;
        }
    });
}

/// Waits for a command, but not longer than [`LIMIT`]; one that is given up may still take effect.
async fn within<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match select(pin!(work), pin!(spin_sdk::time::sleep(LIMIT))).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => Err(StoreError::Failed(format!("Redis did not answer within {LIMIT:?}"))),
    }
}

fn failed(e: Error) -> StoreError {
    match e {
        Error::InvalidAddress => StoreError::Denied(
            "store_url is no address of a Redis, or allowed_outbound_hosts (the variable store_host) does not let \
             this component connect to it"
                .into(),
        ),
        Error::TooManyConnections => StoreError::Failed("too many open connections to Redis".into()),
        Error::TypeError => StoreError::Failed("Redis gave a value of another type".into()),
        Error::Other(why) => StoreError::Failed(why),
    }
}

impl RedisStore {
    /// A store whose address is read from `settings` at its first use.
    #[must_use]
    pub fn new(settings: SpinSettings) -> Self {
        Self { settings, place: Rc::default() }
    }

    async fn place(&self) -> Result<Rc<Place>, StoreError> {
        if let Some(place) = &*self.place.borrow() {
            return Ok(place.clone());
        }
        let setting =
            async |name| self.settings.get(name).await.map_err(|e| StoreError::Failed(e.to_string()));
        let place = Rc::new(Place::new(setting("store_url").await?, setting("store_prefix").await?)?);
        *self.place.borrow_mut() = Some(place.clone());
        Ok(place)
    }

    async fn command<T>(
        &self,
        work: impl AsyncFnOnce(&Connection, &Place) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        let place = self.place().await?;
        let used = RefCell::new(None);
        let done = within(async {
            let connection = connect(&place.address).await?;
            *used.borrow_mut() = Some(connection.clone());
            work(&connection, &place).await.map_err(failed)
        })
        .await;
        if let (Err(_), Some(connection)) = (&done, used.take()) {
            forget(&connection);
        }
        done
    }

    /// MGET.
    async fn read(&self, keys: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let replies = self
            .command(async |redis, place| redis.execute("MGET", keys.iter().map(|k| place.binary(k))).await)
            .await?;
        values(replies, keys.len())
    }
}

/// The values out of the answer to MGET.
fn values(replies: Vec<RedisResult>, wanted: usize) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    if replies.len() != wanted {
        return Err(StoreError::Failed(format!("Redis gave {} values for {wanted} keys", replies.len())));
    }
    replies
        .into_iter()
        .map(|reply| match reply {
            RedisResult::Nil => Ok(None),
            RedisResult::Binary(bytes) => Ok(Some(bytes)),
            other => Err(unexpected("MGET", &other)),
        })
        .collect()
}

/// The sum out of the answer to INCRBY.
fn sum(key: &str, replies: &[RedisResult]) -> Result<u64, StoreError> {
    match replies {
        [RedisResult::Int64(sum)] => u64::try_from(*sum).map_err(|_| StoreError::Corrupt {
            key: key.to_owned(),
            reason: format!("the counter is negative: {sum}"),
        }),
        [other] => Err(unexpected("INCRBY", other)),
        several => Err(StoreError::Failed(format!("Redis gave {} answers to INCRBY", several.len()))),
    }
}

fn unexpected(command: &str, reply: &RedisResult) -> StoreError {
    let what = match reply {
        RedisResult::Nil => "nothing",
        RedisResult::Status(_) => "a status",
        RedisResult::Int64(_) => "a number",
        RedisResult::Binary(_) => "bytes",
    };
    StoreError::Failed(format!("Redis answered {command} with {what}"))
}

impl KeyValue for RedisStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.command(async |redis, place| redis.get(place.key(key)).await).await
    }

    async fn get_many(&self, keys: &[String]) -> Vec<Result<Option<Vec<u8>>, StoreError>> {
        let answers = join_all(keys.chunks(MGET).map(async |some| match self.read(some).await {
            Ok(values) => values.into_iter().map(Ok).collect(),
            Err(e) => vec![Err(e); some.len()],
        }));
        answers.await.concat()
    }

    async fn counter(&self, key: &str) -> Result<u64, StoreError> {
        counter::read(key, self.get(key).await?)
    }

    async fn increment(&self, key: &str, by: u64) -> Result<u64, StoreError> {
        let by = i64::try_from(by).map_err(|e| StoreError::Failed(format!("increment by {by}: {e}")))?;
        let replies = self
            .command(async |redis, place| {
                redis.execute("INCRBY", [place.binary(key), RedisParameter::Int64(by)]).await
            })
            .await?;
        sum(key, &replies)
    }

    async fn set_many(&self, pairs: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
        if pairs.is_empty() {
            return Ok(());
        }
        self.command(async |redis, place| {
            let pairs = pairs.iter().flat_map(|(k, v)| [place.binary(k), RedisParameter::Binary(v.clone())]);
            redis.execute("MSET", pairs).await
        })
        .await
        .map(drop)
    }

    async fn delete_many(&self, keys: &[String]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.command(async |redis, place| redis.del(keys.iter().map(|k| place.key(k))).await).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: Option<&str>, prefix: Option<&str>) -> Result<Place, StoreError> {
        Place::new(address.map(str::to_owned), prefix.map(str::to_owned))
    }

    #[test]
    fn every_key_is_behind_the_prefix() {
        let here = place(Some("redis://h"), Some("{shop-1}:")).unwrap();
        assert_eq!(here.key("j:ticket:1:n"), "{shop-1}:j:ticket:1:n");
        assert_eq!(place(Some("redis://h"), None).unwrap().key("a"), "a");
    }

    #[test]
    fn without_an_address_or_with_a_prefix_of_other_characters_nothing_is_tried() {
        let without = place(None, None).unwrap_err();
        assert!(matches!(&without, StoreError::Denied(why) if why.contains("store_url")), "{without}");
        let portless = place(Some("rediss://h/0"), None).unwrap_err();
        assert!(matches!(&portless, StoreError::Denied(why) if why.contains("port")), "{portless}");
        place(Some("rediss://:p@h:6380/0"), None).unwrap();
        for bad in ["a b", "ż", "a*", "a\n", &"x".repeat(65)] {
            let refused = place(Some("redis://h"), Some(bad)).unwrap_err();
            assert!(matches!(&refused, StoreError::Denied(why) if why.contains("store_prefix")), "{bad:?}");
        }
    }

    #[test]
    fn values_come_in_the_order_of_their_keys_and_a_missing_one_is_none() {
        let replies = vec![RedisResult::Binary(vec![1]), RedisResult::Nil, RedisResult::Binary(vec![])];
        assert_eq!(values(replies, 3), Ok(vec![Some(vec![1]), None, Some(vec![])]));
    }

    #[test]
    fn an_answer_of_another_shape_is_an_error_and_never_a_missing_key() {
        assert!(values(vec![RedisResult::Nil], 2).is_err());
        assert!(values(vec![], 1).is_err());
        assert!(values(vec![RedisResult::Status("QUEUED".into())], 1).is_err());
        assert_eq!(sum("n", &[RedisResult::Int64(7)]), Ok(7));
        for wrong in [vec![], vec![RedisResult::Nil], vec![RedisResult::Int64(-1)]] {
            assert!(sum("n", &wrong).is_err());
        }
    }

    #[test]
    fn a_refused_address_is_a_mistake_of_the_set_up_and_everything_else_a_failure() {
        assert!(matches!(failed(Error::InvalidAddress), StoreError::Denied(_)));
        let lost = failed(Error::Other("broken pipe".into()));
        assert_eq!(lost, StoreError::Failed("broken pipe".into()));
        assert!(matches!(failed(Error::TooManyConnections), StoreError::Failed(_)));
    }

    #[test]
    fn an_empty_batch_asks_nobody() {
        // On this target any call of the engine panics.
        let store = RedisStore::default();
        assert_eq!(futures::executor::block_on(store.set_many(&[])), Ok(()));
        assert_eq!(futures::executor::block_on(store.delete_many(&[])), Ok(()));
        assert!(futures::executor::block_on(store.get_many(&[])).is_empty());
    }
}
