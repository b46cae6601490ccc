//! The route table: every path, its method, and the permission it takes. Nothing is served that is not here.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::{compression::CompressionLayer, decompression::RequestDecompressionLayer};

use crate::{
    api,
    app::AppState,
    audit::Noted,
    auth::{Guard, Permission, guard, login},
    bulk, enrich, health, http, idempotency, live, notify, outbound, pages, segments, tracking,
};

/// Whom a route speaks to, which decides how it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A program: problem+json.
    Api,
    /// A person with a browser: the login page.
    Page,
    /// A tracker in somebody's application: the answers its library knows.
    Tracking,
}

/// What a route takes of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing: the login page and what it needs, the health check. A test holds the list.
    Open,
    /// Somebody who holds the permission.
    Needs(Permission),
    /// A write key, which may stand in the body, so that the handler has to look.
    WriteKey,
}

/// One route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, as the framework writes it.
    pub path: &'static str,
    /// What it takes of whoever asks.
    pub access: Access,
    /// Whom it speaks to.
    pub surface: Surface,
    body: BodyTerms,
    is_repeatable: bool,
    noted: Noted,
    handler: MethodRouter<AppState>,
}

/// How long a body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyTerms {
    Json,
    Message,
    Stream,
}

impl Route {
    /// A route for programs.
    pub fn api<H, T>(method: Method, path: &'static str, needs: Permission, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(method, path, Access::Needs(needs), Surface::Api, handler)
    }

    /// A route for browsers.
    pub fn page<H, T>(method: Method, path: &'static str, needs: Permission, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(method, path, Access::Needs(needs), Surface::Page, handler)
    }

    /// A route for everybody: the login page, its assets, the health check.
    pub(crate) fn open<H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self::new(method, path, Access::Open, Surface::Page, handler)
    }

    /// A route for trackers.
    pub(crate) fn tracking<H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let mut route = Self::new(method, path, Access::WriteKey, Surface::Tracking, handler);
        route.body = BodyTerms::Stream;
        route
    }

    fn new<H, T>(method: Method, path: &'static str, access: Access, surface: Surface, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let handler = on(filter(&method), handler);
        Self {
            method,
            path,
            access,
            surface,
            body: BodyTerms::Json,
            is_repeatable: false,
            noted: Noted::AsUsual,
            handler,
        }
    }

    /// Lets the request be repeated with the same `Idempotency-Key`: the first answer is given again.
    pub fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }

    /// Leaves an entry of this word in the audit log when it was done, as changes that admins make do anyway.
    pub(crate) fn noted(mut self, word: &'static str) -> Self {
        self.noted = Noted::As(word);
        self
    }

    /// Leaves the entry in the audit log to the handler, which writes it in the commit of the deed.
    pub(crate) fn noted_inside(mut self) -> Self {
        self.noted = Noted::Inside;
        self
    }

    /// Takes a body as long as a mail may be.
    pub(crate) fn long(mut self) -> Self {
        self.body = BodyTerms::Message;
        self
    }

    /// Leaves the body to the handler, which reads it piece by piece and sets its own limits.
    pub(crate) fn streamed(mut self) -> Self {
        self.body = BodyTerms::Stream;
        self
    }

    fn into_method_router(self, state: &AppState) -> MethodRouter<AppState> {
        let limits = &state.config().limits;
        let mut handler = self.handler;
        if self.is_repeatable {
            handler =
                handler.route_layer(middleware::from_fn_with_state(state.clone(), idempotency::answer_once));
        }
        handler = match self.body {
            BodyTerms::Json => handler.route_layer(DefaultBodyLimit::max(limits.json_body)),
            BodyTerms::Message => handler.route_layer(DefaultBodyLimit::max(limits.message)),
            BodyTerms::Stream => handler.route_layer(DefaultBodyLimit::disable()),
        };
        if self.surface != Surface::Tracking {
            // Limits count what was unpacked, so a small body cannot unfold into a large one.
            handler = handler.route_layer(RequestDecompressionLayer::new());
        }
        match self.access {
            Access::Open => handler,
            Access::Needs(needs) => {
                let before = Guard {
                    state: state.clone(),
                    needs,
                    surface: self.surface,
                    path: self.path,
                    noted: self.noted,
                };
                handler.route_layer(middleware::from_fn_with_state(before, guard))
            }
            // A browser asks first; the layer answers, and needs a handler of that method to stand around.
            Access::WriteKey => handler.options(|| async {}).layer(tracking::cors()),
        }
    }
}

fn filter(method: &Method) -> MethodFilter {
    // The table names methods that every filter knows; anything else would be a path that answers to none.
    MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE)
}

/// Every route there is.
pub fn table() -> Vec<Route> {
    let mut table = vec![
        Route::open(Method::GET, "/healthz", health::is_well),
        Route::page(Method::POST, "/logout", Permission::BeKnown, login::logout),
    ];
    table.extend(api::routes());
    table.extend(live::routes());
    table.extend(notify::routes());
    table.extend(enrich::routes());
    table.extend(outbound::routes());
    table.extend(segments::routes());
    table.extend(bulk::routes());
    table.extend(tracking::routes());
    table.extend(pages::routes());
    table
}

/// The application as a service.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in table() {
        let path = route.path;
        router = router.route(path, route.into_method_router(&state));
    }
    router
        .fallback(http::not_found)
        .method_not_allowed_fallback(http::wrong_method)
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), http::around))
        .layer(middleware::from_fn_with_state(state.clone(), pages::failures_as_pages))
        .with_state(state)
}
