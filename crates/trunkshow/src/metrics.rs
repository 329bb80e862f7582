//! What the process counts of itself. Requests, commits and sockets are counted where they happen; the rest is looked up
//! when somebody reads the page.

use std::fs;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use app::room::Rooms;
use async_trait::async_trait;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use rustix::param::{clock_ticks_per_second, page_size};
use store::Store;
use streamer::Streamer;
use tokio_util::sync::CancellationToken;

/// Upper bounds, in seconds: from a cached page to a request that waits for its part.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
const COUNTS: [f64; 8] = [1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 250.0, 500.0];
/// What was counted is summed up this often, so that it does not pile up where nobody reads it.
const UPKEEP: Duration = Duration::from_secs(5);

/// One recorder for the process, whatever runs in it.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

fn install() -> Option<PrometheusHandle> {
    let matched = |builder: PrometheusBuilder, suffix: &str, buckets: &[f64]| {
        builder.set_buckets_for_metric(Matcher::Suffix(suffix.to_owned()), buckets)
    };
    let builder = matched(PrometheusBuilder::new(), "_seconds", &SECONDS);
    let builder = builder.and_then(|builder| matched(builder, "_units", &COUNTS));
    let builder = builder.and_then(|builder| matched(builder, "_commands", &COUNTS));
    let handle = builder.and_then(PrometheusBuilder::install_recorder);
    handle.map_err(|error| tracing::error!(%error, "nothing is counted")).ok()
}

fn describe() {
    describe_counter!("trunkshow_http_requests_total", "Answered requests");
    describe_histogram!("trunkshow_http_request_seconds", Unit::Seconds, "Time to a request's answer, by route");
    describe_gauge!(
        "trunkshow_http_connections",
        "Open HTTP connections, room sockets and trusted proxies not counted"
    );
    describe_counter!("trunkshow_http_connections_refused", "Connections closed at once, past a bound");
    describe_gauge!("trunkshow_room_lines", "Open room sockets and event streams");
    describe_gauge!("trunkshow_rooms", "Open rooms");
    describe_gauge!("trunkshow_viewers", "Distinct viewers in open rooms");
    describe_gauge!("trunkshow_publishers", "Encoders on air");
    describe_histogram!("trunkshow_commit_seconds", Unit::Seconds, "Time of a group commit");
    describe_histogram!("trunkshow_sync_seconds", Unit::Seconds, "Time of a wait for the disk (SQLite)");
    describe_histogram!("trunkshow_commit_units", "Units of work in a group commit");
    describe_histogram!("trunkshow_till_batch_commands", "Till commands decided together");
    describe_gauge!("trunkshow_outbox", "Events that have not reached everybody yet");
    describe_gauge!("trunkshow_claims", "Claims that wait for their payment");
    describe_gauge!("process_resident_memory_bytes", Unit::Bytes, "Resident memory");
    describe_gauge!("process_cpu_seconds_total", Unit::Seconds, "User and system time");
    describe_gauge!("process_open_fds", "Open files");
    describe_gauge!("process_threads", "Threads");
}

/// The page's source.
#[derive(Debug)]
pub(crate) struct Measured {
    rooms: Arc<Rooms>,
    store: Arc<Store>,
    streamer: Arc<Streamer>,
}

impl Measured {
    pub(crate) fn new(rooms: Arc<Rooms>, store: Arc<Store>, streamer: Arc<Streamer>) -> Arc<Self> {
        RECORDER.get_or_init(|| install().inspect(|_| describe()));
        Arc::new(Self { rooms, store, streamer })
    }
}

#[async_trait]
impl gateway::Metrics for Measured {
    async fn text(&self) -> String {
        let (rooms, viewers) = self.rooms.open_now();
        gauge!("trunkshow_rooms").set(f64::from(rooms));
        gauge!("trunkshow_viewers").set(f64::from(viewers));
        gauge!("trunkshow_publishers").set(self.streamer.publishing() as f64);
        match self.store.waiting().await {
            Ok(waiting) => {
                gauge!("trunkshow_outbox").set(waiting.outbox as f64);
                gauge!("trunkshow_claims").set(waiting.claims as f64);
            }
            // The rest is worth reading most of all then.
            Err(error) => tracing::warn!(%error, "the store's counts are missing from the metrics"),
        }
        process();
        RECORDER.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
    }
}

/// Sums up until stopped.
pub(crate) async fn keep_up(stopping: CancellationToken) {
    let Some(handle) = RECORDER.get().and_then(Option::as_ref) else { return };
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(UPKEEP) => handle.run_upkeep(),
        }
    }
}

/// From Linux' /proc; elsewhere these are left out.
fn process() {
    let field = |file: &str, skip: usize| -> Option<f64> {
        let text = fs::read_to_string(file).ok()?;
        // The program's name may hold anything, but ends with the last parenthesis.
        let rest = text.rsplit_once(')').map_or(text.as_str(), |(_, rest)| rest);
        rest.split_whitespace().nth(skip)?.parse().ok()
    };
    if let Some(pages) = field("/proc/self/statm", 1) {
        gauge!("process_resident_memory_bytes").set(pages * page_size() as f64);
    }
    // Fields 14, 15 and 20 of proc_pid_stat(5); the first after the name is the third.
    if let (Some(user), Some(system)) = (field("/proc/self/stat", 11), field("/proc/self/stat", 12)) {
        gauge!("process_cpu_seconds_total").set((user + system) / clock_ticks_per_second() as f64);
    }
    if let Some(threads) = field("/proc/self/stat", 17) {
        gauge!("process_threads").set(threads);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(files.count() as f64);
    }
}
