//! `whom serve`: pages, API and tracking API on a port, until it is told to stop.

use std::{convert::Infallible, io::IsTerminal, net::SocketAddr, sync::Arc};

use anyhow::{Context, anyhow};
use axum::{
    Router,
    extract::{Request, State},
    http::header,
    response::Response,
};
use tokio::{net::TcpListener, task::JoinHandle};
use tower::ServiceExt as _;
use whom_server::{LmtpLimits, LmtpListener, Secret};

use crate::{
    args::ServeArgs,
    directory::Freshness,
    exit::Exit,
    folder::{Announced, DataFolder, RunningServer},
    house::{House, Workers},
    meant::{Meant, server_on},
    problem::{Failure, Outcome},
    settings::{SettingsFile, USUAL_ADDRESS},
};

/// How the token in a data folder begins, by which it is told from the keys of programs.
const LOCAL_PREFIX: &str = "whom_local_";

pub(super) async fn run(args: &ServeArgs, meant: &Meant) -> Outcome {
    let folder = meant.folder()?;
    #[cfg(unix)]
    whom_plugin_host::protect_server();
    begin_log(args);
    let file = SettingsFile::read(args.config.as_deref(), &folder.settings())?;
    refuse_second(folder).await?;
    let house = Arc::new(House::open_with(folder, file.config(), Freshness::Followed).await?);
    house.decide(&file).await?;
    let address = args.address.or(file.address).unwrap_or(USUAL_ADDRESS);
    let listener = listen(address).await?;
    let lmtp = match args.lmtp.clone().map_or_else(|| file.lmtp(), |address| Ok(Some(address)))? {
        None => None,
        Some(address) => {
            let taken = LmtpListener::bind(&address).await;
            Some((taken.with_context(|| format!("cannot take mail at {address}"))?, address))
        }
    };
    let mut workers = house.start_workers(folder, &file).await?;
    if let Some((listener, address)) = lmtp {
        workers.add(listener.run(house.state().clone(), LmtpLimits::default()));
        meant.output.note(format!("Mail is taken over LMTP at {address}"));
    }
    let served = Served::start(folder, house, workers, listener)?;
    meant.output.note(format!("Whom serves {} on {}", folder.root().display(), served.base()));
    if !served.has_people().await? {
        meant.output.note("Nobody may sign in yet: whom user add YOU@EXAMPLE.ORG --role owner");
    }
    served.until_stopped().await
}

/// One server for one folder.
async fn refuse_second(folder: &DataFolder) -> Result<(), Failure> {
    match (server_on(folder).await?, folder.running_server()) {
        (Some(_), Some(server)) => Err(Failure::Other(anyhow!(
            "process {} serves this folder already, on {}",
            server.pid,
            server.address
        ))),
        _ => Ok(()),
    }
}

/// Takes a port.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    Ok(TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?)
}

/// A server that runs in this process, and says so in its folder.
pub(crate) struct Served {
    house: Arc<House>,
    address: SocketAddr,
    serving: JoinHandle<std::io::Result<()>>,
    workers: Workers,
    _announced: Announced,
}

impl Served {
    /// Begins to serve, and says so in the folder.
    pub(crate) fn start(
        folder: &DataFolder,
        house: Arc<House>,
        workers: Workers,
        listener: TcpListener,
    ) -> Result<Self, Failure> {
        let address = listener.local_addr()?;
        let token = Secret::draw(LOCAL_PREFIX);
        let announced = folder.announce(&RunningServer {
            address: base(address),
            pid: std::process::id(),
            token: token.reveal().to_owned(),
        })?;
        let local = Local { token: token.hash().to_hex(), router: house.router().clone() };
        // In front of the routes and not among them: what they find out about a path is found out once.
        let router = Router::new().fallback(recognise_local).with_state(Arc::new(local));
        let state = house.state().clone();
        let serving = tokio::spawn(whom_server::serve(listener, router, state, stopped()));
        Ok(Self { house, address, serving, workers, _announced: announced })
    }

    /// Its address, as one of this machine reaches it.
    pub(crate) fn base(&self) -> String {
        base(self.address)
    }

    async fn has_people(&self) -> Result<bool, Failure> {
        let kind = whom_core::store::DocumentKind::Person;
        let found = self.house.store().documents(kind, None, 1).await.context("the store cannot be read")?;
        Ok(!found.is_empty())
    }

    /// Serves until the process is told to stop, then makes everything durable.
    pub(crate) async fn until_stopped(self) -> Outcome {
        let served = self.serving.await.map_err(anyhow::Error::from)?;
        self.house.state().stopping().cancel();
        self.workers.ended().await?;
        self.house.close().await?;
        served?;
        Ok(Exit::Done)
    }
}

/// The address of a server for whoever is on the same machine.
fn base(address: SocketAddr) -> String {
    match address.ip() {
        // Listening everywhere is no address that could be opened.
        ip if ip.is_unspecified() => format!("http://127.0.0.1:{}", address.port()),
        _ => format!("http://{address}"),
    }
}

/// What recognises commands on the same machine.
struct Local {
    /// The hash of the token in the folder.
    token: String,
    router: Router,
}

/// Whoever shows the token in the data folder can read the folder, and may do everything.
async fn recognise_local(State(local): State<Arc<Local>>, request: Request) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        shown.and_then(|value| value.strip_prefix("Bearer ")).filter(|token| token.starts_with(LOCAL_PREFIX));
    let router = local.router.clone();
    match token {
        Some(token) if Secret::given(token.trim()).hash().is(&local.token) => {
            whom_server::call_as_local(router, request).await
        }
        _ => {
            let answer: Result<Response, Infallible> = router.oneshot(request).await;
            answer.unwrap_or_else(|never| match never {})
        }
    }
}

/// Over when the process is told to stop.
pub(crate) async fn stopped() {
    let interrupted = async {
        // Where a signal cannot be waited for, the process ends by it in the usual way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // A terminal that is closed ends what runs in it, and that is to be in good order as well.
        if let (Ok(mut terminate), Ok(mut closed)) =
            (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                () = interrupted => {}
                _ = terminate.recv() => {}
                _ = closed.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}

fn begin_log(args: &ServeArgs) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter =
        EnvFilter::try_from_env("WHOM_LOG").unwrap_or_else(|_| EnvFilter::new("info,sled=warn,tantivy=warn"));
    let log =
        fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    // Only a second one in the same process would fail.
    let _ = match args.log {
        crate::args::LogForm::Text => log.with_target(false).try_init(),
        crate::args::LogForm::Json => log.json().try_init(),
    };
}
