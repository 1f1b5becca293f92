//! The "Authenticate" button (H1): tries a key and says in words what came back.

use crate::connection::{self, Fact};
use crate::desk::random_bits;
use crate::error::Refusal;
use crate::remote;
use mostek_connectors::{Access, ApiKey, BaseAddress, ConnectionTest, ShopId, judge, needs_second_look};
use mostek_domain::{CompanyId, ConnectionId};
use mostek_people::sealed::{self, SealError};
use mostek_ports::World;
use mostek_store::Actor;

/// What was typed.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The kind of marketplace.
    pub kind: String,
    /// Base address.
    pub base: BaseAddress,
    /// Shop id; without it the key's own shop.
    pub shop: Option<ShopId>,
    /// The key.
    pub key: ApiKey,
}

/// Tries the key; if it works it is kept, for a new connection or for `existing`. Nothing is kept of a key that does not.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown kind or connection, [`Refusal::TooMany`], [`Refusal::Field`] for a shop that has a
/// connection already or is not the one this connection was made for, [`Refusal::Settings`] if the
/// installation cannot seal; the store's. What the marketplace says is in the answer.
pub async fn authenticate<W: World>(
    world: &W,
    company: CompanyId,
    actor: Actor,
    existing: Option<ConnectionId>,
    typed: Typed,
) -> Result<(ConnectionTest, Option<ConnectionId>), Refusal> {
    let marketplace = remote::marketplace(&typed.kind)?;
    let all = connection::read(world).await?.state.all;
    let id = match existing {
        Some(id) if all.get(&id).is_some_and(|c| c.company == company) => id,
        Some(_) => return Err(Refusal::NotFound("connection")),
        None if all.len() >= connection::MOST => return Err(Refusal::TooMany { limit: connection::MOST }),
        None => ConnectionId::from_random(random_bits(world.random())),
    };
    let access = Access { base: typed.base.clone(), shop: typed.shop, key: typed.key.clone() };
    let first = remote::send(world, marketplace.account(&access)).await;
    let second = if needs_second_look(typed.shop, &first) {
        let without = Access { shop: None, ..access };
        Some(remote::send(world, marketplace.account(&without)).await)
    } else {
        None
    };
    let test = judge(typed.shop, first, second);
    let ConnectionTest::Works(account) = &test else { return Ok((test, None)) };
    let shop = typed.shop.or_else(|| ShopId::parse(&account.id).ok());
    // A conversation's ticket is computed from its connection: of one shop there is one.
    let same_shop =
        |c: &connection::Connection| c.company == company && c.base == typed.base && c.shop_id == shop;
    if all.values().any(|c| c.id != id && same_shop(c)) {
        return Err(Refusal::Field { field: "shop_id", key: "connection-shop-exists" });
    }
    if existing.and_then(|id| all.get(&id)).is_some_and(|c| !same_shop(c) || c.kind != typed.kind) {
        return Err(Refusal::Field { field: "shop_id", key: "connection-shop-changed" });
    }
    let key = sealed::seal(world, &company, &connection::seal_purpose(id), typed.key.reveal())
        .await
        .map_err(|e| match e {
            SealError::Store(e) => Refusal::Store(e),
            other => Refusal::Settings(other.to_string()),
        })?;
    let fact = Fact::Authenticated {
        id,
        company,
        kind: typed.kind,
        base: typed.base,
        shop_id: shop,
        shop_name: account.name.clone(),
        key,
    };
    connection::write(world, actor, fact).await?;
    if existing.is_some() {
        connection::forget_keys(world).await;
    }
    Ok((test, Some(id)))
}
