//! Templates filled in for a conversation (H15): what their variables stand for there, and why one is not sent as it is.

use crate::connection;
use crate::customer;
use crate::error::Refusal;
use crate::orders;
use crate::ticket::Opened;
use crate::webhooks::source;
use mostek_domain::CustomerId;
use mostek_domain::template::{self, Rendered};
use mostek_ports::World;
use serde::{Deserialize, Serialize};

/// Why a template is not sent to a customer without a person who looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Unsaid {
    /// Nothing can be sent to where the ticket came from.
    NoWay,
    /// It has names in braces that are no variables.
    Unknown {
        /// Those.
        names: Vec<String>,
    },
    /// It uses variables that have no value here.
    Missing {
        /// Those.
        names: Vec<String>,
    },
    /// Filled in it is too short or too long to be sent.
    Text,
}

/// What a template's variables stand for in a conversation; `None` where there is nothing to put in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// The customer's name.
    pub customer: Option<String>,
    /// The order's number as the customer knows it.
    pub order: Option<String>,
    /// The shop's name.
    pub shop: Option<String>,
}

/// Reads what a conversation has to put in. The customer is called as their record says, if one is given.
///
/// # Errors
/// The store's.
pub async fn values<W: World>(
    world: &W,
    opened: &Opened,
    record: Option<CustomerId>,
) -> Result<Values, Refusal> {
    let shop = match connection::read(world).await?.state.all.get(&opened.connection) {
        Some(connection) => connection.shop_name.clone(),
        None => match source::one(world, opened.company, opened.connection).await {
            Ok(shop) => Some(shop.setup.name.to_string()),
            Err(Refusal::NotFound(_)) => None,
            Err(e) => return Err(e),
        },
    };
    let order = match &opened.order {
        Some(id) => {
            let known = orders::known(world, opened.connection, id).await?;
            known.and_then(|k| k.order.commercial_id).or_else(|| Some(id.clone()))
        }
        None => None,
    };
    let record = match record {
        Some(id) => Some(customer::standing_for(world, id).await?.1.state),
        None => None,
    };
    let record = record.filter(|c| c.company == Some(opened.company)).and_then(|c| c.details);
    let named = &opened.customer;
    // A marketplace's id in place of a name is none.
    let name = Some(&named.name)
        .filter(|n| !n.trim().is_empty() && named.remote_id.as_ref() != Some(*n))
        .map(ToString::to_string);
    Ok(Values { customer: record.map(|d| d.name.to_string()).or(name), order, shop })
}

impl Values {
    /// Fills a template in. `agent` is who answers; a rule is nobody.
    #[must_use]
    pub fn fill(&self, template: &str, agent: Option<&str>) -> Rendered {
        template::render(
            template,
            &template::Values {
                customer: self.customer.as_deref(),
                order: self.order.as_deref(),
                agent,
                shop: self.shop.as_deref(),
            },
        )
    }

    /// [`Self::fill`], for a text that nobody looks at before it is sent.
    ///
    /// # Errors
    /// [`Unsaid`] with the names that would be seen, or missed, by the customer.
    pub fn fill_whole(&self, template: &str, agent: Option<&str>) -> Result<String, Unsaid> {
        let rendered = self.fill(template, agent);
        if !rendered.unknown.is_empty() {
            return Err(Unsaid::Unknown { names: rendered.unknown });
        }
        if !rendered.missing.is_empty() {
            return Err(Unsaid::Missing { names: rendered.missing });
        }
        Ok(rendered.text)
    }
}
