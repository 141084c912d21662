//! What is logged and traced.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, registry::LookupSpan,
    util::SubscriberInitExt,
};

use super::{SettingError, secret::Secret};

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
        let filter = EnvFilter::try_new(self.filter.as_deref().unwrap_or(level)).map_err(
            |error| SettingError {
                name: "--log (JIJ_LOG)",
                problem: error.to_string(),
                hint: "a level (error, warn, info, debug, trace), or parts such as warn,api=debug",
            },
        )?;
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

    /// What sends traces, in the background and in batches; none where nothing is set.
    fn traces(&self) -> Result<Option<SdkTracerProvider>, SettingError> {
        let Some(endpoint) = &self.otlp_endpoint else {
            return Ok(None);
        };
        let wrong = || SettingError {
            name: "--otlp-endpoint (JIJ_OTLP_ENDPOINT)",
            problem: "the address cannot be used".to_owned(),
            hint: "the whole address that takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; what it is to keep secret goes into OTEL_EXPORTER_OTLP_HEADERS",
        };
        if !is_collector(endpoint.expose()) {
            return Err(wrong());
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(endpoint.expose())
            .build()
            .map_err(|_| wrong())?;
        let resource = Resource::builder().with_service_name("jij").build();
        Ok(Some(
            SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_resource(resource)
                .build(),
        ))
    }
}

/// Returns true for the address of a collector without a password or a query, which the exporter
/// would repeat in the log when it cannot reach the collector.
fn is_collector(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
    })
}

/// The crates of this program.
const OURS: [&str; 4] = ["api", "domain", "entity", "migration"];

/// Returns true for what this program logs, and for what libraries log at info or above. Below
/// that they repeat what passes through them: html5ever every token of a text, tungstenite frames,
/// sea-orm the database's address with its password, hyper and rustls headers and bytes.
fn is_ours_or_brief(metadata: &Metadata<'_>) -> bool {
    let part = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OURS.contains(&part)
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
