//! Mail by SMTP. A phone's messages go into the folder: no SMS provider is wired yet.

use std::time::Duration;

use app::ports::{Channel, Message, NotSent, Transport};
use async_trait::async_trait;
use kernel::Timestamp;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::MessageFolder;

/// For each step of the conversation with the server.
const STEP: Duration = Duration::from_secs(10);

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    #[error("mail_from is not \"Name <address>\": {0}")]
    From(lettre::address::AddressError),
    #[error("smtp_url is not smtps://user:password@host:port or smtp://…?tls=required: {0}")]
    Url(lettre::transport::smtp::Error),
}

/// A mail server, and the folder beside it.
#[derive(Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Names messages: what stands behind the `@` of the sender.
    domain: String,
    phones: MessageFolder,
}

impl Smtp {
    /// Reads the settings; connects to nothing yet.
    ///
    /// # Errors
    /// When `url` or `from` cannot be read.
    pub fn new(url: &str, from: &str, phones: MessageFolder) -> Result<Self, SmtpError> {
        let from: Mailbox = from.parse().map_err(SmtpError::From)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(SmtpError::Url)?;
        let domain = from.email.domain().to_owned();
        Ok(Self { transport: builder.timeout(Some(STEP)).build(), from, domain, phones })
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, NotSent> {
        let never = |cause: String| NotSent::Never(cause);
        // The address itself is not told: it would end up in the log.
        let to: lettre::Address = message.to.parse().map_err(|_| never("not an address".into()))?;
        let html = message.html.clone().unwrap_or_default();
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.as_deref().unwrap_or_default())
            .message_id(Some(format!("<{}@{}>", message.id, self.domain)))
            .multipart(MultiPart::alternative_plain_html(message.text.clone(), html))
            .map_err(|error| never(error.to_string()))
    }
}

#[async_trait]
impl Transport for Smtp {
    async fn send(&self, message: &Message, now: Timestamp) -> Result<(), NotSent> {
        if message.channel == Channel::Sms {
            return self.phones.send(message, now).await;
        }
        let mail = self.mail(message)?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(NotSent::Never(error.to_string())),
            Err(error) => Err(NotSent::Later(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use app::ports::About;
    use kernel::{EntryId, Random};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    /// A mail server that answers `verdict` to the recipient. Returns its address and, later, what it was sent.
    async fn server(verdict: &'static str) -> (String, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a client");
            let (read, mut write) = stream.split();
            let mut lines = BufReader::new(read).lines();
            let mut heard = Vec::new();
            let mut body = false;
            write.write_all(b"220 here\r\n").await.expect("written");
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match line.as_str() {
                    "." => "250 taken\r\n",
                    _ if body => "",
                    line if line.starts_with("RCPT") => verdict,
                    "DATA" => "354 go on\r\n",
                    "QUIT" => "221 bye\r\n",
                    _ => "250 yes\r\n",
                };
                body = (body && line != ".") || line == "DATA";
                heard.push(line);
                if write.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
            }
            heard
        });
        (url, heard)
    }

    fn message(to: &str) -> Message {
        let id = EntryId::mint(Timestamp::EPOCH, &mut Random::seeded(4));
        let (about, channel, subject) = (About::Order, Channel::Mail, Some("订单 7 已付款".to_owned()));
        Message { id, about, channel, to: to.into(), subject, text: "Thanks".into(), html: Some("<p>Thanks".into()) }
    }

    fn smtp(url: &str) -> Smtp {
        Smtp::new(url, "Vellaire <shop@example.com>", MessageFolder::new("unused".into())).expect("settings")
    }

    #[tokio::test]
    async fn a_mail_has_both_forms_and_the_id_of_its_message() {
        let (url, heard) = server("250 yes\r\n").await;
        let message = message("ann@example.com");
        smtp(&url).send(&message, Timestamp::EPOCH).await.expect("taken");
        let heard = heard.await.expect("heard").join("\n");
        for line in [
            "RCPT TO:<ann@example.com>",
            "From: Vellaire <shop@example.com>",
            &format!("Message-ID: <{}@example.com>", message.id),
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(heard.contains(line), "{line} in {heard}");
        }
    }

    #[tokio::test]
    async fn what_will_never_work_is_not_tried_again() {
        let check = async |verdict, to: &str, later: bool| {
            let (url, _heard) = server(verdict).await;
            let refused = smtp(&url).send(&message(to), Timestamp::EPOCH).await.expect_err("refused");
            assert_eq!(matches!(refused, NotSent::Later(_)), later, "{refused}");
        };
        check("451 busy\r\n", "ann@example.com", true).await;
        check("550 no such user\r\n", "ann@example.com", false).await;
        check("250 yes\r\n", "not an address", false).await;
        let nobody = smtp("smtp://127.0.0.1:1").send(&message("a@example.com"), Timestamp::EPOCH).await;
        assert!(matches!(nobody, Err(NotSent::Later(_))), "{nobody:?}");
    }

    #[test]
    fn settings_that_cannot_be_read_are_named() {
        let folder = || MessageFolder::new("unused".into());
        assert!(matches!(Smtp::new("smtp://mail.example", "nobody", folder()), Err(SmtpError::From(_))));
        assert!(matches!(Smtp::new("http://mail.example", "a@example.com", folder()), Err(SmtpError::Url(_))));
        assert!(Smtp::new("smtps://u:p@mail.example:465", "a@example.com", folder()).is_ok());
    }
}
