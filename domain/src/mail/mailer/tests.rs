use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::*;

fn mail(subject: &str) -> Mail {
    Mail {
        to: "an@example.org".to_owned(),
        subject: subject.to_owned(),
        text: "https://example.org/?token=secret é".to_owned(),
    }
}

#[tokio::test]
async fn memory_keeps_the_newest() {
    let mailer = Mailer::memory();
    for number in 0..=KEPT {
        mailer.send(mail(&number.to_string())).await.unwrap();
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
fn a_message_is_plain_text_in_utf_8() {
    let message = message(mail("Één"), "JIJ <jij@example.org>".parse().unwrap()).unwrap();
    let written = String::from_utf8(message.formatted()).unwrap();
    assert!(written.contains("Content-Type: text/plain; charset=utf-8"));
    assert!(written.contains("To: an@example.org"));
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
    let (read, sent) = tokio::join!(server, mailer.send(mail("Bevestig")));
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
    let sent = Mailer::none().send(mail("Bevestig")).await;
    assert!(matches!(sent, Err(MailError::NoServer)));
}
