//! `/metrics` for Prometheus, on a listener of its own: figures are for the operator.

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Services, job::Lane};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

use super::AppState;

/// The upper bounds of durations, in seconds.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// The upper bounds of how many ballots share a transaction.
const BALLOTS: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// Every figure of this process.
#[derive(Clone)]
pub struct Figures {
    handle: PrometheusHandle,
    process: Collector,
}

impl Figures {
    /// Gathers the figures of this process from now on; once a process.
    pub fn gather() -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
            .set_buckets_for_metric(Matcher::Full("jij_ballot_batch_size".to_owned()), &BALLOTS)?
            .install_recorder()?;
        let process = Collector::default();
        process.describe();
        describe();
        Ok(Self { handle, process })
    }

    /// The routes of the listener for Prometheus.
    pub fn router(self, services: Services) -> Router {
        Router::new()
            .route("/metrics", get(tell))
            .with_state((self, services))
    }

    /// Lets go of what durations were kept since they were last asked for; to be called every
    /// few seconds, so that nothing piles up where nobody asks.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }
}

/// The figures in Prometheus' text format.
async fn tell(State((figures, services)): State<(Figures, Services)>) -> Response {
    figures.process.collect();
    // The rest is worth more than this one: without the database it is absent.
    for (lane, name) in [(Lane::General, "general"), (Lane::Mail, "mail")] {
        if let Ok(jobs) = services.count_due_jobs(lane).await {
            metrics::gauge!("jij_jobs_due", "lane" => name).set(figure(jobs));
        }
    }
    let text = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, text)], figures.handle.render()).into_response()
}

/// A count as Prometheus keeps it; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn figure(count: u64) -> f64 {
    count as f64
}

fn describe() {
    metrics::describe_counter!(
        "jij_http_requests_total",
        "Requests answered, by route, method and status."
    );
    metrics::describe_histogram!(
        "jij_http_request_seconds",
        metrics::Unit::Seconds,
        "Time from a request's head to its answer's head, by route."
    );
    metrics::describe_counter!(
        "jij_requests_refused_total",
        "Requests refused because too many were under way."
    );
    metrics::describe_gauge!(
        "jij_connections",
        "WebSockets and event streams that are open, by kind."
    );
    metrics::describe_counter!(
        "jij_operations_total",
        "GraphQL operations by transport, kind and outcome: answered, errors, timed_out, refused."
    );
    metrics::describe_histogram!(
        "jij_operation_seconds",
        "The time from the beginning of an operation to its answer, or to its first state."
    );
    metrics::describe_counter!(
        "jij_panics_total",
        "Operations that ended in a panic, which was caught and answered INTERNAL."
    );
    metrics::describe_gauge!("jij_subscriptions", "Subscriptions that are running.");
    metrics::describe_counter!(
        "jij_states_made_total",
        "States that were executed and serialised for those who watch."
    );
    metrics::describe_counter!(
        "jij_states_sent_total",
        "States that went to someone who watches."
    );
    metrics::describe_counter!(
        "jij_ballots_total",
        "Ballots cast, changed or retracted, by outcome: counted, refused, failed."
    );
    metrics::describe_histogram!(
        "jij_ballot_batch_size",
        "Ballots that shared a transaction."
    );
    metrics::describe_gauge!("jij_ballot_queue", "Ballots that wait to be counted.");
    metrics::describe_counter!(
        "jij_new_voters_refused_total",
        "Ballots refused because too many new voters came from one network."
    );
    metrics::describe_counter!(
        "jij_splits_refused_total",
        "Requests for split results refused because too many waited for a count."
    );
    metrics::describe_counter!(
        "jij_job_attempts_total",
        "Attempts at jobs, by outcome: done, failed."
    );
    metrics::describe_gauge!("jij_jobs_due", "Jobs that are due and not done, by lane.");
    metrics::describe_gauge!("jij_database_up", "1 while the database answers, else 0.");
}

/// Counts a request and how long its answer took. The path is the route's, never what was asked:
/// there are only so many.
pub(super) async fn observe(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let clock = &state.services.clock;
    let begun = clock.now();
    let response = next.run(request).await;
    let took = (clock.now() - begun).to_std().unwrap_or_default();
    metrics::histogram!("jij_http_request_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    metrics::counter!(
        "jij_http_requests_total",
        "route" => route,
        "method" => method,
        "status" => response.status().as_u16().to_string()
    )
    .increment(1);
    response
}
