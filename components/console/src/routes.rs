//! Which handler answers which path.

use crate::{
    account, api, api_page, audit, companies, dashboard, employees, preferences, settings, setup, sign_in,
};
use http::Method;
use mostek_people::gate::{self, Visitor};
use mostek_ports::World;
use mostek_web::{ApiError, Frame, Request, Response, assets, edge, pieces};

/// Answers a request.
pub(crate) async fn answer<W: World>(world: &W, request: &mut Request) -> Response {
    if request.path.starts_with(assets::PREFIX) {
        let answer = assets::serve(request).ok_or_else(ApiError::not_found);
        return edge::finish(request, &Frame::anonymous(request), world.log(), answer);
    }
    let visitor = match gate::identify(world, request).await {
        Ok(visitor) => visitor,
        Err(e) => return edge::finish(request, &Frame::anonymous(request), world.log(), Err(e)),
    };
    let frame = visitor.frame(request);
    let answer = route(world, request, &visitor).await;
    edge::finish(request, &frame, world.log(), answer)
}

async fn route<W: World>(world: &W, request: &mut Request, visitor: &Visitor) -> Result<Response, ApiError> {
    let segments = request.segments();
    let get = match request.method {
        Method::GET => true,
        Method::POST => false,
        // Only the API knows other methods.
        _ if segments.first().is_some_and(|s| s == "api") => false,
        _ => return Err(ApiError::method_not_allowed("GET, POST")),
    };
    match (get, pieces(&segments).as_slice()) {
        (_, ["api", "v1", rest @ ..]) => api::route(world, request, visitor, rest).await,

        (true, ["api"]) => api_page::show(world, request, visitor).await,
        (true, ["api", "openapi.json"]) => Ok(api_page::document()),
        (false, ["api"] | ["api", "openapi.json"]) => Err(ApiError::method_not_allowed("GET")),
        (true, ["problems", kind]) => api_page::problem(kind),

        (true, []) => dashboard::show(world, request, visitor).await,

        (true, ["setup"]) => setup::show(world, request, visitor).await,
        (false, ["setup"]) => setup::run(world, request, visitor).await,
        (true, ["sign-in"]) => sign_in::show(world, request, visitor).await,
        (false, ["sign-in"]) => sign_in::run(world, request, visitor).await,
        (false, ["sign-out"]) => sign_in::out(world, request, visitor).await,
        (true, ["invitation", token]) => sign_in::invitation(world, request, visitor, token).await,
        (false, ["invitation", token]) => sign_in::accept(world, request, visitor, token).await,

        (false, ["preferences"]) => preferences::choose(world, request, visitor).await,
        (false, ["company"]) => preferences::company(request, visitor).await,

        (true, ["account"]) => account::show(world, request, visitor).await,
        // Where their forms are shown; for who fetches the address of an answer again.
        (true, ["account", "password" | "tokens"]) => Ok(Response::redirect("/account")),
        (false, ["account", "password"]) => account::password(world, request, visitor).await,
        (false, ["account", "tokens"]) => account::add_token(world, request, visitor).await,
        (true, ["account", "tokens", id, "revoke"]) => account::ask_revoke(world, request, visitor, id).await,
        (false, ["account", "tokens", id, "revoke"]) => account::revoke(world, request, visitor, id).await,
        (true, ["account", "sign-out-everywhere"]) => account::ask_sign_out(request, visitor),
        (false, ["account", "sign-out-everywhere"]) => account::sign_out(world, request, visitor).await,

        (true, ["settings"]) => settings::overview(request, visitor),
        (true, ["settings", "company"]) => settings::company(request, visitor),
        (false, ["settings", "company"]) => settings::change_company(world, request, visitor).await,
        (true, ["settings", "sign-in"]) => settings::lockout(request, visitor),
        (false, ["settings", "sign-in"]) => settings::change_lockout(world, request, visitor).await,
        (true, ["settings", "companies"]) => Ok(Response::redirect("/companies")),
        (true, ["settings", "employees"]) => Ok(Response::redirect("/employees")),

        (true, ["companies"]) => companies::list(request, visitor),
        (true, ["companies", "new"]) => companies::new(request, visitor),
        (false, ["companies", "new"]) => companies::add(world, request, visitor).await,
        (true, ["companies", id]) => companies::edit(request, visitor, id),
        (false, ["companies", id]) => companies::change(world, request, visitor, id).await,

        (true, ["employees"]) => employees::list(request, visitor),
        (true, ["employees", "new"]) => employees::new(request, visitor),
        (false, ["employees", "new"]) => employees::add(world, request, visitor).await,
        (true, ["employees", id]) => employees::edit(world, request, visitor, id).await,
        (false, ["employees", id]) => employees::change(world, request, visitor, id).await,
        (false, ["employees", id, "invitation"]) => employees::invite(world, request, visitor, id).await,
        (true, ["employees", id, "disable"]) => employees::ask_disable(request, visitor, id),
        (false, ["employees", id, "disable"]) => {
            employees::set_active(world, request, visitor, id, false).await
        }
        (false, ["employees", id, "enable"]) => {
            employees::set_active(world, request, visitor, id, true).await
        }

        (true, ["audit"]) => audit::show(world, request, visitor).await,

        _ => Err(ApiError::not_found()),
    }
}
