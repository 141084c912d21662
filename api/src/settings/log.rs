//! What is logged and traced.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use futures_util::FutureExt;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::trace::SpanExporter as _;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, registry::LookupSpan,
    util::SubscriberInitExt,
};

use super::{
    SettingError, SettingWarning,
    filter::{self, OURS},
    secret::Secret,
};

const ENDPOINT: &str = "--otlp-endpoint (JIJ_OTLP_ENDPOINT)";

/// What is logged, to standard error.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// The filter of the log: a level, or levels by part such as `warn,api=debug`. Of libraries nothing below
    /// info is logged, whatever is set: it would repeat what people write and send
    /// [default: info; warn for the demo]
    #[arg(long = "log", env = "JIJ_LOG", value_name = "FILTER")]
    filter: Option<String>,

    /// How to write it: for people, or as JSON with an object a line
    /// [default: text on a terminal and in the demo, else json]
    #[arg(long, env = "JIJ_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,

    /// Where to send traces: an OpenTelemetry collector's address for OTLP over HTTP, such as
    /// http://127.0.0.1:4318/v1/traces; secrets go into OTEL_EXPORTER_OTLP_HEADERS
    /// [default: nowhere]
    #[arg(
        long,
        env = "JIJ_OTLP_ENDPOINT",
        hide_env_values = true,
        value_name = "URL"
    )]
    otlp_endpoint: Option<Secret>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// The log and the traces, as long as this is kept.
#[derive(Debug)]
#[must_use = "traces are sent as long as this is kept"]
pub struct Log {
    traces: Option<SdkTracerProvider>,
}

impl Drop for Log {
    fn drop(&mut self) {
        let Some(traces) = self.traces.take() else {
            return;
        };
        if let Err(error) = traces.shutdown() {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

impl LogSettings {
    /// Starts logging; `level` and `format` hold where nothing is set.
    pub fn start(&self, level: &str, format: LogFormat) -> Result<Log, SettingError> {
        let filter = self.filter(level)?;
        let is_terminal = std::io::stderr().is_terminal();
        let usual = if is_terminal { LogFormat::Text } else { format };
        let lines = match self.log_format.unwrap_or(usual) {
            LogFormat::Text => text(is_terminal),
            LogFormat::Json => json(),
        };
        let traces = self.traces()?;
        let spans = traces
            .as_ref()
            .map(|traces| tracing_opentelemetry::layer().with_tracer(traces.tracer("jij")));
        tracing_subscriber::registry()
            .with(filter)
            .with(filter_fn(is_ours_or_brief))
            .with(lines)
            .with(spans)
            .init();
        Ok(Log { traces })
    }

    /// The filter of the log; `level` where none is set.
    pub fn filter(&self, level: &str) -> Result<EnvFilter, SettingError> {
        filter::read(self.filter.as_deref().unwrap_or(level)).map_err(|problem| SettingError {
            name: "--log (JIJ_LOG)",
            problem,
            hint: "a level (off, error, warn, info, debug, trace), or parts beside one such as warn,api=debug",
        })
    }

    /// What sends traces, in the background and in batches; none where nothing is set.
    fn traces(&self) -> Result<Option<SdkTracerProvider>, SettingError> {
        let Some(exporter) = self.exporter()? else {
            return Ok(None);
        };
        let resource = Resource::builder().with_service_name("jij").build();
        Ok(Some(
            SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_resource(resource)
                .build(),
        ))
    }

    /// Returns the exporter of traces to the collector; none where no collector is set.
    fn exporter(&self) -> Result<Option<SpanExporter>, SettingError> {
        let Some(endpoint) = &self.otlp_endpoint else {
            return Ok(None);
        };
        let wrong = |problem: &str| SettingError {
            name: ENDPOINT,
            problem: problem.to_owned(),
            hint: "the whole address that takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; what it is to keep secret goes into OTEL_EXPORTER_OTLP_HEADERS",
        };
        check_collector(endpoint.expose()).map_err(wrong)?;
        SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint.expose())
            .build()
            .map(Some)
            .map_err(|_| wrong("the address cannot be used"))
    }

    /// Returns what is probably not meant so.
    pub fn warnings(&self) -> Vec<SettingWarning> {
        let endpoint = self.otlp_endpoint.as_ref();
        let url = endpoint.and_then(|endpoint| url::Url::parse(endpoint.expose()).ok());
        let Some(url) = url else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        if url.path() == "/" {
            warnings.push(SettingWarning::new(
                ENDPOINT,
                "the address has no path, where most collectors take nothing",
                "usually the path is /v1/traces",
            ));
        }
        if url.port() == Some(OTLP_GRPC) {
            warnings.push(SettingWarning::new(
                ENDPOINT,
                "port 4317 is for OTLP over gRPC, and traces are sent over HTTP",
                "usually the port is 4318",
            ));
        }
        warnings
    }

    /// Sends the collector an export without a span. Returns false where no collector is set.
    pub async fn try_collector(&self) -> Result<bool, SettingError> {
        let settings = self.clone();
        let trying = tokio::task::spawn_blocking(move || {
            let Some(exporter) = settings.exporter()? else {
                return Ok(false);
            };
            // The client is one that blocks: its answer is there at once.
            match exporter.export(Vec::new()).now_or_never() {
                Some(Ok(())) => Ok(true),
                Some(Err(fault)) => Err(fault.to_string()),
                None => Err("no answer".to_owned()),
            }
            .map_err(|problem| SettingError {
                name: ENDPOINT,
                problem: format!("the collector takes no traces: {problem}"),
                hint: "the whole address that takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces",
            })
        });
        trying.await.unwrap_or_else(|fault| {
            Err(SettingError {
                name: ENDPOINT,
                problem: fault.to_string(),
                hint: "report this: it is a fault of the program",
            })
        })
    }
}

/// The port of OTLP over gRPC.
const OTLP_GRPC: u16 = 4_317;

/// Checks that this is the address of a collector without a password or a query, which the
/// exporter would repeat in the log when it cannot reach the collector.
fn check_collector(address: &str) -> Result<(), &'static str> {
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return Err("the address begins with neither http:// nor https://");
    }
    let url = url::Url::parse(address).map_err(|_| "the address cannot be read")?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err("the address holds a user, a password or a query");
    }
    Ok(())
}

/// Returns true for what this program logs, and for what libraries log at info or above. Below
/// that they repeat what passes through them: html5ever every token of a text, tungstenite frames,
/// sea-orm the database's address with its password, hyper and rustls headers and bytes.
fn is_ours_or_brief(metadata: &Metadata<'_>) -> bool {
    let part = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OURS.contains(&part)
}

fn is_of_settings(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("api::settings")
}

/// Shows the warnings about settings on standard error, for commands that keep no log.
pub fn show_warnings() {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time();
    tracing_subscriber::registry()
        .with(LevelFilter::WARN)
        .with(filter_fn(is_of_settings))
        .with(lines)
        .init();
}

fn text<S>(is_terminal: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal)
        .with_target(false)
        .boxed()
}

fn json<S>() -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr)
        .boxed()
}
