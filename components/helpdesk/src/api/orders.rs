//! Orders as the API shows them.

use super::moment;
use mostek_api::orders::{KnownOrder, Order, OrderCustomer, OrderLine, Tracking};
use mostek_domain::marketplace::{self, OrderState};
use mostek_helpdesk::orders::Known;
use mostek_web::time;

/// An order and when it was read.
pub(crate) fn known(known: &Known) -> KnownOrder {
    KnownOrder {
        read_at: time::moment(known.at),
        more_lines: u64::try_from(known.more_lines).unwrap_or(u64::MAX),
        order: order(&known.order),
    }
}

fn order(o: &marketplace::Order) -> Order {
    let (c, t) = (&o.customer, &o.tracking);
    Order {
        id: o.id.clone(),
        commercial_id: o.commercial_id.clone(),
        state: state(o.state.as_ref()),
        lines: o.lines.iter().map(line).collect(),
        price: o.price,
        shipping_price: o.shipping_price,
        total: o.total,
        customer: OrderCustomer {
            id: c.id.clone(),
            first_name: c.first_name.clone(),
            last_name: c.last_name.clone(),
            locale: c.locale.clone(),
            organization: c.organization.clone(),
        },
        tracking: Tracking {
            company: t.company.clone(),
            number: t.number.clone(),
            url: t.url.clone(),
            method: t.method.clone(),
        },
        created_at: moment(o.created_at),
        updated_at: moment(o.updated_at),
        ship_by: moment(o.ship_by),
        has_incident: o.has_incident,
    }
}

fn line(l: &marketplace::OrderLine) -> OrderLine {
    OrderLine {
        id: l.id.clone(),
        title: l.title.clone(),
        sku: l.sku.clone(),
        quantity: l.quantity,
        unit_price: l.unit_price,
        total: l.total,
        state: state(l.state.as_ref()),
        picture_url: l.picture_url.clone(),
    }
}

fn state(state: Option<&OrderState>) -> Option<String> {
    state.map(|s| match s {
        OrderState::Other(word) => word.clone(),
        known => known.slug().to_owned(),
    })
}
