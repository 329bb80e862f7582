//! The wiring: every port to its adapter, the listeners, and an orderly end.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::catalogue::Work;
use app::ports::{Clock, Holder};
use app::replay::Replays;
use app::replay::record::Archivist;
use app::room::{Rooms, RoomsParts};
use app::shows::ingest::Doorkeeper;
use app::shows::room_source::ShowRooms;
use app::{App, Entropy, Ports};
use gateway::{Doors, Gateway, Settings};
use kernel::Millis;
use links::WebpPictures;
use store::{Store, TillStore};
use streamer::{Sockets, Streamer, WebRtcSettings};
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;

use crate::clock::SystemClock;
use crate::config::{Config, Tls};
use crate::folder::{self, InUse};
use crate::metrics::Measured;
use crate::post::Job;
use crate::{https, keys, metrics, payments, post, recording, till};

/// Requests that run when the house stops may take so long; the longest that waits, for a part of the picture, takes 6 s.
const FINISH_WITHIN: Duration = Duration::from_secs(12);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data folder {0} cannot be used: {1}")]
    Data(String, io::Error),
    #[error(transparent)]
    Store(#[from] store::OpenError),
    #[error("nothing can listen on {0}: {1}. Another process may hold it; choose another address")]
    Listen(SocketAddr, io::Error),
    #[error("HTTPS cannot be spoken: {0}")]
    Https(#[from] crate::https::HttpsError),
    #[error("payments cannot be taken: {0}")]
    Payments(#[from] crate::payments::PaymentsError),
    #[error(transparent)]
    Objects(#[from] links::ObjectsError),
    #[error("the data folder cannot be used: {0}")]
    Journal(app::ports::NotWritten),
    #[error("mail cannot be sent: {0}")]
    Mail(#[from] links::SmtpError),
    #[error("{0}")]
    App(#[from] app::Problem),
}

/// A running house.
#[derive(Debug)]
pub struct House {
    pub app: Arc<App>,
    /// Where it listens, with the port that the system chose when 0 was asked for.
    pub http: SocketAddr,
    /// Where it listens for HTTPS, if it does.
    pub https: Option<SocketAddr>,
    /// Where encoders publish.
    pub rtmp: SocketAddr,
    /// Where browsers publish.
    pub webrtc: SocketAddr,
    /// How browsers reach it.
    pub url: String,
    /// How this process reaches itself, whoever signed its certificate.
    pub inner_url: String,
    /// How encoders reach it, without the key.
    pub rtmp_url: String,
    /// The one-time address that makes the owner, until there is one.
    pub setup: Option<String>,
    /// Served as `not ready` for so long before it stops.
    drain: Duration,
    stopping: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    _in_use: InUse,
}

impl House {
    /// Says that it is not ready any more, tells sockets to reconnect, finishes what was begun, then returns.
    pub async fn stop(self) {
        tracing::info!("stopping");
        self.app.rooms.announce_drain();
        tokio::time::sleep(self.drain).await;
        self.app.rooms.drain().await;
        self.stopping.cancel();
        let last = tokio::time::Instant::now() + FINISH_WITHIN;
        for mut task in self.tasks {
            match tokio::time::timeout_at(last, &mut task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a task ended badly"),
                Err(_) => {
                    tracing::warn!("a connection did not finish in time and is cut");
                    task.abort();
                }
            }
        }
        tracing::info!("stopped");
    }
}

/// Starts with the system's clock and entropy.
pub async fn start(config: Config, demo: bool) -> Result<House, StartError> {
    start_at(config, demo, Arc::new(SystemClock)).await
}

/// Starts with a clock of the caller's: what tests use.
pub async fn start_at(config: Config, demo: bool, clock: Arc<dyn Clock>) -> Result<House, StartError> {
    let data = |error| StartError::Data(config.data.display().to_string(), error);
    std::fs::create_dir_all(&config.data).map_err(data)?;
    let in_use = folder::take(&config.data).map_err(data)?;
    let mut random = keys::seed().map_err(data)?;
    let master_key = keys::master(&config.data, &mut random).map_err(data)?;
    let store = Arc::new(Store::open(&folder::target(&config)).await?);
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let streaming = streamer::Settings {
        part_target: Millis(config.part_ms.into()),
        publishers: count(config.publishers),
        connections_per_address: count(config.connections_per_address),
    };
    let streamer = Streamer::new(streaming, Arc::clone(&clock), random.fork());
    let (encoders, rtmp) = listen(config.rtmp)?;
    let reached = config.public_webrtc.iter().map(|reached| reached.0).collect();
    let sockets = Sockets::bind(&WebRtcSettings { address: config.webrtc, public: reached }).await;
    let sockets = sockets.map_err(|error| StartError::Listen(config.webrtc, error))?;
    let webrtc = sockets.bound;
    let (listener, http) = listen(config.http)?;
    let secure = if config.tls == Tls::Off { None } else { Some(listen(config.https)?) };
    let https = secure.as_ref().map(|(_, bound)| *bound);
    let config = Config { http, https: https.unwrap_or(config.https), ..config.clone() };
    let secure = match secure {
        Some((listener, _)) => https::open(&config, listener, &clock).await?,
        None => None,
    };
    let rooms = Rooms::new(RoomsParts {
        log: store.clone(),
        leases: store.clone(),
        holder: Holder { id: hex::encode(random.bytes::<8>()), address: format!("http://{http}") },
        source: Arc::new(ShowRooms { shows: store.clone(), moderation: store.clone(), clock: Arc::clone(&clock) }),
        clock: Arc::clone(&clock),
        random: random.fork(),
    });
    let public_url = config.browsers_url();
    let measured = Measured::new(Arc::clone(&rooms), store.clone(), streamer.clone());
    let drain = Duration::from_secs(config.drain_secs.into());
    let tables = Arc::new(TillStore::new(Store::clone(&store)));
    let sandbox = payments::sandbox(&config.data, &clock, &mut random, http, &public_url).map_err(data)?;
    let providers = payments::providers(&config, &clock, &store, &sandbox)?;
    let till = till::wire(&store, &tables, &clock, &mut random, providers, master_key, sandbox);
    let messages = post::wire(&config, &store, &config.data, &public_url)?;
    let ports = Ports {
        clock,
        people: store.clone(),
        houses: store.clone(),
        chat_names: store.clone(),
        moderation: store.clone(),
        answers: store.clone(),
        shows: store.clone(),
        air: streamer.clone(),
        whip: streamer.clone(),
        whep: streamer.clone(),
        catalogue: store.clone(),
        media: store.clone(),
        invitations: store.clone(),
        tokens: store.clone(),
        audit: store.clone(),
        imports: store.clone(),
        repeats: store.clone(),
        objects: recording::objects(&config)?,
        pictures: Arc::new(WebpPictures::default()),
        stock: tables,
    };
    let app = Arc::new(App {
        ports,
        entropy: Entropy::new(random),
        master_key,
        throttle: Default::default(),
        till,
        messages,
        rooms,
        catalogue: Work::new()?,
        replay: Replays::new(
            store,
            Arc::new(streamer::Cutter),
            streamer::FfmpegStills::find(),
            recording::journal(&config).map_err(StartError::Journal)?,
            recording::settings(&config),
        ),
    });
    let cataloguing = tokio::spawn(fill_catalogue(Arc::clone(&app)));

    app::room::words::load(&app).await?;
    app::room::blocks::load(&app).await?;
    let token = app::people::setup::setup_token(&app).await?;
    let setup = token.map(|token| format!("{public_url}/setup?token={token}"));
    let stopping = CancellationToken::new();
    let doorkeeper = Arc::new(Doorkeeper(Arc::clone(&app)));
    let archivist = Arc::new(Archivist(Arc::clone(&app)));
    app::replay::journal::recover(&archivist).await?;
    let webrtc_task = tokio::spawn(streamer.clone().listen_webrtc(sockets, doorkeeper.clone(), stopping.clone()));
    let rtmp_task = tokio::spawn(streamer.listen(encoders, doorkeeper, archivist, stopping.clone()));
    let rtmp_url = Config { rtmp, ..config.clone() }.encoders_url();
    let settings = Settings {
        public_url: public_url.clone(),
        named: !config.public_url.is_empty(),
        rtmp_url: rtmp_url.clone(),
        demo,
        trusted_proxies: config.trusted_proxies.iter().map(|proxy| proxy.0).collect(),
        requests_per_address: config.requests_per_address,
        connections_per_address: config.connections_per_address,
        authority: secure.as_ref().and_then(|secure| secure.authority.clone()),
        metrics_token: config.metrics_token,
    };
    let mut doors = Doors { http: listener, https: None };
    let mut tasks = Vec::new();
    let mut inner_url = public_url.clone();
    if let Some(secure) = secure {
        doors.https = Some(secure.door);
        tasks.push(tokio::spawn(https::keep_up(
            secure.source,
            Arc::clone(&app.ports.clock),
            secure.shown,
            stopping.clone(),
        )));
        if demo {
            let (inner, bound) = listen((Ipv4Addr::LOCALHOST, 0).into())?;
            inner_url = format!("http://{bound}");
            let settings = Settings { public_url: inner_url.clone(), ..settings.clone() };
            let gateway = Gateway::new(Arc::clone(&app), settings, measured.clone());
            let doors = Doors { http: inner, https: None };
            tasks.push(tokio::spawn(gateway::serve(gateway, doors, stopping.clone().cancelled_owned())));
        }
    }
    let gateway = Gateway::new(Arc::clone(&app), settings, measured);
    let http_task = tokio::spawn(gateway::serve(gateway, doors, stopping.clone().cancelled_owned()));
    let jobs = tokio::spawn(till::run_jobs(Arc::clone(&app.till.desk), stopping.clone()));
    let delivering = tokio::spawn(Job::Deliver.run(Arc::clone(&app), stopping.clone()));
    let sending = tokio::spawn(Job::Send.run(Arc::clone(&app), stopping.clone()));
    app::drops::jobs::start(&app).await?;
    let dropping = tokio::spawn(Job::Drops.run(Arc::clone(&app), stopping.clone()));
    let asking = tokio::spawn(run_trivia(Arc::clone(&app), stopping.clone()));
    tracing::info!(url = %public_url, "ready");
    let upkeep = tokio::spawn(metrics::keep_up(stopping.clone()));
    let clearing = tokio::spawn(clear_away(Arc::clone(&app), stopping.clone()));
    let streaming = [rtmp_task, webrtc_task];
    let others = [http_task, jobs, cataloguing, delivering, sending, dropping, asking, upkeep, clearing];
    tasks.extend(streaming.into_iter().chain(others));
    let url = public_url;
    Ok(House {
        app,
        http,
        https,
        rtmp,
        webrtc,
        url,
        inner_url,
        rtmp_url,
        setup,
        drain,
        stopping,
        tasks,
        _in_use: in_use,
    })
}

/// Connections that may wait to be taken, as far as the system allows (`net.core.somaxconn`). Who comes past it is let in
/// a second later, when the caller's system knocks again: a drop's first thousand must not be.
const WAITING: u32 = 4_096;

/// A listener, and where it is: the system chooses a port for 0.
fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A house that starts again finds its port free, though the last one's connections still end.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(WAITING)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    open().map_err(|error| StartError::Listen(address, error))
}

/// Questions that are asked now are looked at closely; the others with the drops.
async fn run_trivia(app: Arc<App>, stopping: CancellationToken) {
    while stopping.run_until_cancelled(app::trivia::judge::round(&app)).await.is_some() {}
}

/// Beside the first requests: a large catalogue does not keep the house from opening.
async fn fill_catalogue(app: Arc<App>) {
    if let Err(problem) = app::catalogue::start(&app).await {
        tracing::error!(%problem, "the catalogue's start did not finish; search may find too little");
    }
}

/// Once an hour, what is remembered for a while only.
async fn clear_away(app: Arc<App>, stopping: CancellationToken) {
    loop {
        if let Err(problem) = app::repeat::sweep(&app).await {
            tracing::warn!(%problem, "old idempotency keys are cleared away later");
        }
        if let Err(problem) = app::people::sweep::sweep(&app).await {
            tracing::warn!(%problem, "sessions and links that are over are cleared away later");
        }
        if let Err(problem) = app::replay::keep::sweep(&app).await {
            tracing::warn!(%problem, "recordings whose time is over are removed later");
        }
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(3_600)) => {}
        }
    }
}

/// Completes at SIGTERM or Ctrl-C.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            biased;
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
