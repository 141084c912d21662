//! Reasons why a database cannot be connected to, for operators. None holds a password.

use std::{io, path::Path, str::FromStr, time::Duration};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self, Connection, PgConnection,
        error::DatabaseError,
        postgres::{PgConnectOptions, PgSslMode},
    },
};
use tokio::time::timeout;

use super::ConnectError;

/// The time that a server may take to let a connection in.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Connects to a server once: a pool would hide the reason, try again and then time out.
pub(super) async fn try_server(url: &str) -> Result<(), ConnectError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| ConnectError::Parameter)?;
    let connecting = PgConnection::connect_with(&options);
    match timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(Ok(connection)) => {
            // It has served its purpose, however it ends.
            let _ = timeout(CONNECT_TIMEOUT, connection.close()).await;
            Ok(())
        }
        Ok(Err(fault)) => Err(refusal(&fault, &options)),
        Err(_) => Err(refused(
            format!("{} does not answer", place(&options)),
            "the host and port of a PostgreSQL that this machine may reach; a firewall may be in between",
        )),
    }
}

fn refused(problem: String, hint: &'static str) -> ConnectError {
    ConnectError::Refused { problem, hint }
}

fn place(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(folder) => format!("the socket in {}", folder.display()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

fn refusal(fault: &sqlx::Error, options: &PgConnectOptions) -> ConnectError {
    let place = place(options);
    match fault {
        sqlx::Error::Database(said) => said_by_server(&**said, options),
        sqlx::Error::Tls(fault) => refused(
            format!("{place} cannot be reached over TLS: {fault}"),
            match options.get_ssl_mode() {
                PgSslMode::VerifyCa | PgSslMode::VerifyFull => {
                    "a server with TLS; sslrootcert= names the certificate of its authority, and the host is named as in its certificate"
                }
                _ => {
                    "a server with TLS, or another sslmode= (disable, prefer, require, verify-full)"
                }
            },
        ),
        sqlx::Error::Io(fault) if fault.kind() == io::ErrorKind::ConnectionRefused => refused(
            format!("nothing listens at {place}: {fault}"),
            "start PostgreSQL, or mend the host and port",
        ),
        sqlx::Error::Io(fault) if is_lookup(fault) => refused(
            format!("the host {} is not known: {fault}", options.get_host()),
            "the name or IP address of the machine that PostgreSQL runs on",
        ),
        sqlx::Error::Io(fault) => refused(
            format!("{place} cannot be reached: {fault}"),
            "the host and port of a PostgreSQL that this machine may reach",
        ),
        fault => refused(
            format!("{place} does not speak as PostgreSQL does: {fault}"),
            "the host and port of a PostgreSQL, not of a pool of another protocol",
        ),
    }
}

/// The words of the resolver have no kind of their own.
fn is_lookup(fault: &io::Error) -> bool {
    fault.to_string().contains("lookup")
}

fn said_by_server(said: &dyn DatabaseError, options: &PgConnectOptions) -> ConnectError {
    let (user, message) = (options.get_username(), said.message());
    match said.code().as_deref() {
        Some("28P01") => refused(
            format!("the server refuses the password of {user}"),
            "the user's password, percent-encoded where it is special",
        ),
        Some("28000") => refused(
            format!("the server does not let {user} in: {message}"),
            "a user that the server has, and a line for it in pg_hba.conf",
        ),
        Some("3D000") => refused(
            format!("the server has no such database: {message}"),
            "mend the name, or make it first: createdb",
        ),
        Some("42501") => refused(
            format!("{user} may not connect: {message}"),
            "GRANT CONNECT ON DATABASE",
        ),
        Some("53300") => refused(
            format!("the server takes no further connection: {message}"),
            "fewer --database-connections for each instance, or a greater max_connections",
        ),
        Some("57P03") => refused(
            format!("the server is not ready: {message}"),
            "start again once it is",
        ),
        _ => refused(
            format!("the server refuses the connection: {message}"),
            "an address such as postgres://jij@localhost/jij",
        ),
    }
}

/// Says why a file cannot be used as an embedded database, if it is the file's fault.
pub(super) fn of_file(fault: DbErr, path: &Path) -> ConnectError {
    let path = path.display();
    match sqlite_code(&fault).as_deref() {
        // SQLITE_NOTADB.
        Some("26") => refused(
            format!("{path} is a file, but no SQLite database"),
            "the file of an embedded database, such as sqlite://data/jij.sqlite3",
        ),
        // SQLITE_READONLY and its kinds, SQLITE_CANTOPEN.
        Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "14") => refused(
            format!("this user may not write {path}, or the files beside it"),
            "a folder and a file that belong to this user: SQLite makes -wal and -shm beside the file",
        ),
        // SQLITE_CORRUPT.
        Some("11") => refused(
            format!("{path} is damaged"),
            "keep a copy of it, and put back the last backup",
        ),
        // SQLITE_BUSY and its kinds.
        Some("5" | "261" | "517") => refused(
            format!("another program keeps {path} locked"),
            "end what has it open, such as the sqlite3 shell",
        ),
        _ => fault.into(),
    }
}

fn sqlite_code(fault: &DbErr) -> Option<String> {
    match fault {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            Some(error.as_database_error()?.code()?.into_owned())
        }
        _ => None,
    }
}
