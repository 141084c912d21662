use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;

use super::*;

const JOB: JobId = JobId(Uuid::from_u128(7));

fn mail(subject: &str) -> Mail {
    Mail {
        to: "an@example.org".to_owned(),
        subject: subject.to_owned(),
        text: "https://example.org/?token=secret é".to_owned(),
    }
}

fn now() -> Instant {
    "2026-11-30T10:00:00Z".parse().unwrap()
}

fn written(mail: &Mail, job: JobId) -> String {
    let from = "JIJ <jij@example.org>".parse().unwrap();
    let message = message(mail, &from, job, now()).unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

fn header<'a>(written: &'a str, name: &str) -> &'a str {
    let start = format!("{name}: ");
    let found = written.lines().find_map(|line| line.strip_prefix(&start));
    found.unwrap_or_else(|| panic!("no {name} in {written}"))
}

#[tokio::test]
async fn memory_keeps_the_newest() {
    let mailer = Mailer::memory();
    for number in 0..=KEPT {
        let mail = mail(&number.to_string());
        mailer.send(mail, JOB, now()).await.unwrap();
    }
    let kept = mailer.kept();
    assert_eq!(kept.len(), KEPT);
    assert_eq!(kept[0].subject, "1");
}

#[test]
fn a_mail_says_only_its_subject_in_a_log() {
    assert_eq!(format!("{:?}", mail("s")), r#"Mail { subject: "s", .. }"#);
}

#[test]
fn a_message_is_plain_text_that_no_robot_answers() {
    let written = written(&mail("Één"), JOB);
    assert_eq!(header(&written, "MIME-Version"), "1.0");
    assert_eq!(
        header(&written, "Content-Type"),
        "text/plain; charset=utf-8"
    );
    assert_eq!(
        header(&written, "Content-Transfer-Encoding"),
        "quoted-printable"
    );
    assert_eq!(header(&written, "Date"), "Mon, 30 Nov 2026 10:00:00 +0000");
    assert_eq!(header(&written, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&written, "To"), "an@example.org");
}

#[test]
fn a_text_has_real_line_ends_and_short_lines() {
    let long = "Een zin die niet op één regel past, want die gaat nog een heel eind door. ";
    let text = format!(
        "Dag,\n\n{}\n.\nhttps://example.org/?token=a\n",
        long.repeat(20)
    );
    let written = written(&Mail { text, ..mail("s") }, JOB);
    assert!(written.is_ascii());
    assert!(
        !written.replace("\r\n", "").contains(['\r', '\n']),
        "a bare line end"
    );
    assert!(written.lines().all(|line| line.len() <= 76), "{written}");
    assert!(
        written.contains("\r\n\r\nDag,\r\n\r\nEen zin die"),
        "{written}"
    );
    assert!(
        written.contains("\r\n.\r\nhttps://example.org/?token=3Da\r\n"),
        "{written}"
    );
}

#[test]
fn a_retry_with_the_same_words_is_the_same_message_and_any_other_is_not() {
    let other_job = JobId(Uuid::from_u128(8));
    let id = |mail: &Mail, job| header(&written(mail, job), "Message-ID").to_owned();
    let first = id(&mail("s"), JOB);
    assert!(
        first.starts_with('<') && first.ends_with("@example.org>"),
        "{first}"
    );
    assert_eq!(id(&mail("s"), JOB), first);
    assert_ne!(id(&mail("s"), other_job), first);
    let new_link = Mail {
        text: "https://example.org/?token=another".to_owned(),
        ..mail("s")
    };
    assert_ne!(id(&new_link, JOB), first, "a new link must arrive");
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named_without_their_text() {
    let error = Mailer::smtp("http://user:secret@host", "jij@example.org").unwrap_err();
    assert!(!error.to_string().contains("secret"));
    assert!(matches!(
        Mailer::smtp("smtps://localhost", "nobody"),
        Err(MailerError::From)
    ));
}

/// Sends one mail to a server that answers `verdict` to the recipient; gives what the server
/// read.
async fn sent_to_server(verdict: &str) -> (Result<(), MailError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = async {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let (mut read, mut in_text) = (String::new(), false);
        writer.write_all(b"220 test\r\n").await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            let answer = match line.as_str() {
                "." => {
                    in_text = false;
                    "250 kept"
                }
                _ if in_text => "",
                "DATA" => {
                    in_text = true;
                    "354 go on"
                }
                "QUIT" => break,
                line if line.starts_with("RCPT") => verdict,
                _ => "250 fine",
            };
            read.push_str(&line);
            read.push('\n');
            if !answer.is_empty() {
                writer
                    .write_all(format!("{answer}\r\n").as_bytes())
                    .await
                    .unwrap();
            }
            if answer == "250 kept" || answer.starts_with('5') {
                break;
            }
        }
        read
    };
    let mailer = Mailer::smtp(&format!("smtp://{address}"), "JIJ <jij@example.org>").unwrap();
    let (read, sent) = tokio::join!(server, mailer.send(mail("Bevestig"), JOB, now()));
    (sent, read)
}

#[tokio::test]
async fn a_mail_reaches_the_server() {
    let (sent, read) = sent_to_server("250 fine").await;
    assert!(sent.is_ok(), "{sent:?}");
    for part in [
        "MAIL FROM:<jij@example.org>",
        "RCPT TO:<an@example.org>",
        "Subject: Bevestig",
        "https://example.org/?token=3Dsecret =C3=A9",
    ] {
        assert!(read.contains(part), "{part} is not in {read}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_without_the_address() {
    let (sent, _) = sent_to_server("550 no such user an@example.org").await;
    let error = sent.unwrap_err();
    assert_eq!(error.to_string(), "the mail server answered 550");
}

#[tokio::test]
async fn without_a_server_nothing_is_sent() {
    let sent = Mailer::none().send(mail("Bevestig"), JOB, now()).await;
    assert!(matches!(sent, Err(MailError::NoServer)));
}

/// The steps of a dialogue, in order, as the server sees them.
const STEPS: [&str; 5] = ["", "EHLO", "MAIL", "RCPT", "DATA"];

/// Answers every step before this one, and then says nothing for as long as the connection lasts.
async fn fall_silent(stream: TcpStream, silent: &str) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    if !silent.is_empty() {
        writer.write_all(b"220 test\r\n").await.unwrap();
    }
    let mut in_text = false;
    while let Ok(Some(line)) = lines.next_line().await {
        let is_silent = silent.is_empty() || line.starts_with(silent) || in_text;
        if !is_silent {
            let answer: &[u8] = if line == "DATA" {
                in_text = true;
                b"354 go on\r\n"
            } else {
                b"250 fine\r\n"
            };
            writer.write_all(answer).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_at_any_step_is_given_up() {
    for silent in STEPS.into_iter().chain(["the text"]) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let limit = Duration::from_millis(100);
        let limits = TimeLimits {
            connect: limit,
            command: limit,
            data: limit,
        };
        let mailer = Mailer::smtp_within(&url, "jij@example.org", limits).unwrap();
        let server = async {
            let (stream, _) = listener.accept().await.unwrap();
            fall_silent(stream, silent).await;
        };
        let (sent, ()) = tokio::join!(mailer.send(mail("s"), JOB, now()), server);
        assert!(
            matches!(sent, Err(MailError::Silent { .. })),
            "{silent}: {sent:?}"
        );
        let told = sent.unwrap_err().to_string();
        assert!(
            told.contains("did not answer") && told.contains("100ms"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_server_that_took_the_mail_and_says_no_goodbye_has_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let mailer = Mailer::smtp(&url, "jij@example.org").unwrap();
    let server = async {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 test\r\n").await.unwrap();
        let mut in_text = false;
        while let Ok(Some(line)) = lines.next_line().await {
            let answer: &[u8] = match line.as_str() {
                "QUIT" => b"",
                "." => {
                    in_text = false;
                    b"250 kept\r\n"
                }
                _ if in_text => b"",
                "DATA" => {
                    in_text = true;
                    b"354 go on\r\n"
                }
                _ => b"250 fine\r\n",
            };
            writer.write_all(answer).await.unwrap();
        }
    };
    let (sent, ()) = tokio::join!(mailer.send(mail("s"), JOB, now()), server);
    assert!(sent.is_ok(), "{sent:?}");
}

#[test]
fn addresses_of_servers_are_read_and_bad_ones_refused() {
    for url in [
        "smtp://localhost",
        "smtp://user:p%40ss@mail.example.org:2525/jij.example.org",
        "smtp://[::1]:2525?tls=opportunistic",
        "smtp://mail.example.org?tls=required",
        "smtps://user:secret@mail.example.org",
    ] {
        assert!(Mailer::smtp(url, "jij@example.org").is_ok(), "{url}");
    }
    for url in [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://h?tls=maybe",
        "smtp://u:%FF@h",
    ] {
        let refused = Mailer::smtp(url, "jij@example.org");
        assert!(matches!(refused, Err(MailerError::Url(_))), "{url}");
    }
}
