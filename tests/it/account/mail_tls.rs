//! Mail over TLS to a server whose certificate an authority of the system vouches for.

use std::{fs, sync::Arc};

use harness::{DatabaseKind, Program, TestDatabase, Wire, operation, program::command};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::{EMAIL, registration};

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");

/// Takes one mail over TLS; gives what the server read, or the reason why there was no dialogue.
async fn take(listener: &TcpListener, tls: &TlsAcceptor) -> Result<String, String> {
    let (stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
    let stream = tls
        .accept(stream)
        .await
        .map_err(|error| error.to_string())?;
    let (reader, mut writer) = tokio::io::split(stream);
    let mut lines = BufReader::new(reader).lines();
    writer
        .write_all(b"220 test\r\n")
        .await
        .map_err(|error| error.to_string())?;
    let (mut read, mut in_text) = (String::new(), false);
    while let Ok(Some(line)) = lines.next_line().await {
        read.push_str(&line);
        read.push('\n');
        let answer: &[u8] = match line.as_str() {
            "." => b"250 kept\r\n",
            _ if in_text => continue,
            "DATA" => {
                in_text = true;
                b"354 go on\r\n"
            }
            _ => b"250 fine\r\n",
        };
        writer
            .write_all(answer)
            .await
            .map_err(|error| error.to_string())?;
        if line == "." {
            break;
        }
    }
    Ok(read)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_the_system_vouches_for_is_trusted_and_another_is_not() {
    let Some(storage) = TestDatabase::create(DatabaseKind::Sqlite).await else {
        return;
    };
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let authorities = folder.path().join("authorities.pem");
    fs::write(&authorities, cert.pem()).expect("a file");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a configuration");
    let tls = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    for is_trusted in [false, true] {
        let mut serve = command(BINARY, &storage.url, &["serve"]);
        serve
            .env("JIJ_SMTP_URL", format!("smtps://localhost:{port}"))
            .env("JIJ_MAIL_FROM", "JIJ <jij@example.org>")
            .env("JIJ_SPECIAL_USE_DOMAINS", "true");
        if is_trusted {
            serve.env("SSL_CERT_FILE", &authorities);
        }
        let server = Program::serve(serve).await;
        let email = format!("{is_trusted}.{EMAIL}");
        let body = json!({
            "query": operation("AccountRegister").document,
            "variables": { "input": registration(&email) },
        });
        let mut wire = Wire::connect(server.address).await.expect("a connection");
        let answer = wire.post("/graphql", None, &body.to_string()).await;
        let answer: Value = serde_json::from_slice(&answer.expect("an answer")).expect("JSON");
        assert_eq!(
            answer["data"]["accountRegister"]["userErrors"],
            json!([]),
            "{answer}"
        );
        let mut taken = take(&listener, &tls).await;
        if is_trusted {
            // The mail of the first round may be tried again before this one.
            while !taken.as_ref().is_ok_and(|read| read.contains(&email)) {
                taken = take(&listener, &tls).await;
            }
        } else {
            let refusal = taken.expect_err("nobody vouches for it");
            assert!(refusal.contains("UnknownCA"), "{refusal}");
        }
        server.kill();
    }
    storage.remove().await;
}
