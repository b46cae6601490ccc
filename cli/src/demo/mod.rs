//! `whom demo`: the customers of an invented shop, in a data folder of their own.

mod answers;
mod avatar;
mod clock;
mod gravatar;
mod post;
mod smtp;
mod team;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use axum::http::Method;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;
use whom_server::{EnrichmentSettings, NewPerson, Role};

use self::{
    clock::PlayedClock,
    gravatar::PlayedGravatar,
    smtp::{Letter, PlayedPost},
    team::Team,
};
use crate::{
    args::DemoArgs,
    client::{Client, Sent},
    commands::{Served, listen, stopped},
    exit::Exit,
    figures::counted,
    folder::DataFolder,
    house::{House, Workers},
    ingest::{self, How, Progress, Report, Source},
    meant::{Meant, server_on},
    moment,
    output::Paint,
    problem::{Failure, Outcome},
    settings::SettingsFile,
};

const MAIL: &[u8] = include_bytes!("../../demo/mail.mbox");
const EVENTS: &[u8] = include_bytes!("../../demo/events.jsonl");

/// How long the demo waits for providers before it opens.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who owns the demo.
const OWNER: &str = "owner@fernweh.example";

/// The address at which customers write to the shop.
const SUPPORT: &str = "support@fernweh.example";

/// The shop's app, from which the events come.
const APP: &str = "trails";

/// The shop's own domain, from which nobody is a customer.
const OWN_DOMAIN: &str = "fernweh.example";

pub(crate) async fn run(args: &DemoArgs, meant: &Meant) -> Outcome {
    let place = Place::choose(args.folder.clone())?;
    let folder = &place.folder;
    if let Some(server) = server_on(folder).await? {
        return Err(anyhow!("the demo runs there already, on {}", server.base()).into());
    }
    let clock = Arc::new(PlayedClock::new());
    let house = Arc::new(House::open_by(folder, clock.clone()).await?);
    let team = Team::new(house.clone(), clock);
    let gravatar = PlayedGravatar::start(port_before(&house).await?).await?;
    let (mail_server, letters) =
        PlayedPost::start(post::port_before(&Client::InProcess(house.clone())).await?).await?;
    let workers = house.start_workers(folder, &SettingsFile::default()).await?;
    let ready = tokio::select! {
        furnished = furnish(&house, &gravatar, &mail_server, &team, meant) => furnished.map(Some),
        // A folder that is to go has to be taken away also when somebody does not wait.
        () = stopped() => Ok(None),
    };
    if !args.no_serve
        && let Ok(Some(freshly)) = ready
    {
        return serve(args, meant, &place, house, workers, Post { letters, freshly, team }).await;
    }
    if args.no_serve && meant.output.is_json() && matches!(ready, Ok(Some(_))) {
        let figures = house.store().figures().await.context("the store cannot be read")?;
        meant.output.line(json!({ "folder": folder.root(), "figures": figures }).to_string())?;
    }
    house.state().stopping().cancel();
    workers.ended().await?;
    house.close().await?;
    ready.map(|_| Exit::Done)
}

/// Whether the sample data was taken in just now, or was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Freshly {
    Furnished,
    Found,
}

/// What arrives at the mail server, for whoever answers.
struct Post {
    letters: tokio::sync::mpsc::Receiver<Letter>,
    freshly: Freshly,
    team: Team,
}

/// Takes the sample data in, unless it is there already.
async fn furnish(
    house: &Arc<House>,
    gravatar: &PlayedGravatar,
    mail_server: &PlayedPost,
    team: &Team,
    meant: &Meant,
) -> Result<Freshly, Failure> {
    let output = &meant.output;
    let client = Client::InProcess(house.clone());
    point_at(&client, gravatar).await?;
    let known = house.store().figures().await.context("the store cannot be read")?;
    let freshly = if known.entries == 0 { Freshly::Furnished } else { Freshly::Found };
    if freshly == Freshly::Furnished {
        prepare(house).await?;
        output.note("Taking in the mail and the events of Fernweh Supply, a shop that does not exist …");
        let (report, took) = take_in(&client, meant).await?;
        output.note(report.text(took, output.paint));
        ask_providers(&client, meant).await?;
        team.set_to_work().await?;
    } else {
        output.note("The demo is here already; nothing is taken in again.");
    }
    post::leave_through(&client, mail_server).await?;
    let figures = house.store().figures().await.context("the store cannot be read")?;
    output.note(format!(
        "{}, {}, {} in their timelines.",
        counted(figures.profiles, "profile"),
        counted(figures.conversations, "conversation"),
        counted(figures.entries, "entry")
    ));
    Ok(freshly)
}

async fn serve(
    args: &DemoArgs,
    meant: &Meant,
    place: &Place,
    house: Arc<House>,
    mut workers: Workers,
    post: Post,
) -> Outcome {
    let output = &meant.output;
    let client = Client::InProcess(house.clone());
    if post.freshly == Freshly::Furnished {
        post.team.write_in_vain().await?;
    }
    let (stopping, words) = (house.state().stopping().clone(), *output);
    workers.add(async move {
        let answering = answers::answer(client, post.letters, words);
        let _ = stopping.run_until_cancelled(answering).await;
    });
    let listener = match listen((Ipv4Addr::LOCALHOST, args.port).into()).await {
        Ok(listener) => listener,
        Err(failure) => {
            output.note(format!("{failure}; another port is taken."));
            listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?
        }
    };
    let served = Served::start(&place.folder, house.clone(), workers, listener)?;
    let link = house.state().login_link(OWNER).await.context("the login link cannot be made")?;
    let url = format!("{}{}", served.base(), link.path);
    if output.is_json() {
        output.line(json!({ "url": url, "folder": place.folder.root() }).to_string())?;
    } else {
        output.line(welcome(&url, place, output.paint))?;
    }
    served.until_stopped().await
}

/// Where the demo keeps its data.
struct Place {
    folder: DataFolder,
    /// Holds a folder that goes at the end.
    passing: Option<tempfile::TempDir>,
}

impl Place {
    fn choose(named: Option<PathBuf>) -> anyhow::Result<Self> {
        match named {
            Some(root) => Ok(Self { folder: DataFolder::at(root), passing: None }),
            None => {
                let dir = tempfile::Builder::new()
                    .prefix("whom-demo-")
                    .tempdir()
                    .context("no temporary folder can be made")?;
                Ok(Self { folder: DataFolder::at(dir.path()), passing: Some(dir) })
            }
        }
    }
}

/// The owner and what the shop says about itself.
async fn prepare(house: &House) -> Result<(), Failure> {
    let state = house.state();
    let mut settings = state.settings().await.context("the settings cannot be read")?;
    settings.own_domains = vec![OWN_DOMAIN.into()];
    settings.save(house.store(), state.now()).await.context("the settings cannot be kept")?;
    let owner = NewPerson {
        login: OWNER.into(),
        name: Some("Mia Okonkwo".into()),
        role: Role::Owner,
        password: None,
    };
    state.add_person(owner).await.context("the owner cannot be added")?;
    Ok(())
}

async fn take_in(client: &Client, meant: &Meant) -> Result<(Report, std::time::Duration), Failure> {
    let source = Source::built_in(("mail.mbox", MAIL), ("events.jsonl", EVENTS));
    let progress = Progress::new(&meant.output, source.bytes);
    let begun = Instant::now();
    let mut report = Report::default();
    let outcome = ingest::take_in(source, client, &How::from_source(APP), &progress, &mut report, None).await;
    progress.end();
    outcome?;
    Ok((report, begun.elapsed()))
}

/// Where Gravatar was played the last time: pictures that were found then are there.
async fn port_before(house: &House) -> Result<Option<u16>, Failure> {
    let settings = EnrichmentSettings::load(house.store()).await.context("the settings cannot be read")?;
    let address = settings.providers.get("gravatar").and_then(|provider| provider.settings.get("address"));
    let port =
        address.and_then(|address| address.as_str()?.rsplit(':').next()?.split('/').next()?.parse().ok());
    Ok(port)
}

/// Lets the plugin ask the server that plays Gravatar, and nobody else.
async fn point_at(client: &Client, gravatar: &PlayedGravatar) -> Result<(), Failure> {
    let settings = json!({
        "on": true,
        "providers": { "gravatar": { "on": true, "settings": { "address": gravatar.api() } } },
    });
    client.call(Method::PUT, "/v1/enrichment", Sent::json(&settings)?).await?;
    Ok(())
}

/// Has the providers asked about everybody, as an admin would after an import, and waits for the answers.
async fn ask_providers(client: &Client, meant: &Meant) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Standing {
        queued: u64,
        providers: Vec<IgnoredAny>,
    }
    if client.get("/v1/enrichment").await?.read::<Standing>()?.providers.is_empty() {
        meant.output.note("There are no plugins beside the program, so nobody is looked up.");
        return Ok(());
    }
    client.post("/v1/enrichment/backfill", &json!({})).await?;
    let begun = Instant::now();
    while client.get("/v1/enrichment").await?.read::<Standing>()?.queued > 0 {
        if begun.elapsed() > PATIENCE {
            meant.output.note("Not everybody is looked up yet; that goes on.");
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    meant.output.note(format!(
        "Everybody was looked up at a Gravatar that the demo plays, in {}.",
        moment::took(begun.elapsed())
    ));
    Ok(())
}

fn welcome(url: &str, place: &Place, paint: Paint) -> String {
    let data = place.folder.root().display();
    let lasts = match place.passing {
        Some(_) => "It goes when the demo ends; --folder keeps it.",
        None => "It stays when the demo ends.",
    };
    // As it was called, because it need not be in the path.
    let whom = std::env::args().next().unwrap_or_else(|| "whom".into());
    format!(
        "\n  {}  {}\n\nThe link signs you in once, as the owner. The data is in {data}. {lasts}\n\n\
         In another terminal:\n  export WHOM_DATA={data}\n  {whom} search ashworth\n  \
         {whom} show hanne.lindqvist@example.com\n  {whom} why hanne.lindqvist@example.com last_name\n\n\
         Ctrl-C ends it.",
        paint.bold("Open"),
        paint.bold(url),
    )
}
