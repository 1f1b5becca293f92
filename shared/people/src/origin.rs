//! Where a request comes from, for the audit journal and the limit of sign-ins.

use mostek_ports::{Level, Log, Settings, World};
use mostek_web::Request;
use std::net::IpAddr;

/// The setting that names the header.
const SETTING: &str = "client_address_header";

/// The client's address: in the header that the setting `client_address_header` names, which a reverse proxy or a platform
/// must set itself, since a client can send any; without the setting the other end of the connection. `None` if neither can
/// be read: a proxy's address in the place of a client's would be worse than none.
pub async fn client_address<W: World>(world: &W, request: &Request) -> Option<IpAddr> {
    match world.settings().get(SETTING).await {
        Ok(None) => request.peer_ip(),
        Ok(Some(header)) => request.ip_in(header.trim()),
        Err(e) => {
            world.log().write(Level::Warning, &e.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use mostek_ports::testing::TestWorld;
    use mostek_web::testing::request;

    fn address(setting: Option<&str>, headers: &[(&str, &str)]) -> Option<String> {
        let mut world = TestWorld::new(1);
        world.settings.0.extend(setting.map(|s| (SETTING.to_owned(), s.to_owned())));
        let request = request(http::Method::GET, "/", headers, "");
        block_on(client_address(&world, &request)).map(|ip| ip.to_string())
    }

    #[test]
    fn the_header_counts_only_where_the_setting_names_it() {
        let headers = [("spin-client-addr", "127.0.0.1:5000"), ("x-real-ip", "192.0.2.7")];
        assert_eq!(address(None, &headers).as_deref(), Some("127.0.0.1"));
        assert_eq!(address(Some("X-Real-IP"), &headers).as_deref(), Some("192.0.2.7"));
        assert_eq!(address(Some("x-forwarded-for"), &headers), None, "not the proxy's");
    }
}
