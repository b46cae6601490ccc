//! A mail, as a mail program writes it.

/// A mail that somebody writes.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The sender, with or without a name.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Its Message-ID, without brackets.
    pub id: String,
    /// The Message-ID that it answers.
    pub answers: Option<String>,
    /// The text.
    pub text: String,
}

impl Letter {
    /// One to the company; it has been sent just now, since it names no date.
    pub fn new(from: &str, id: &str, subject: &str, text: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: "help@shop.example".to_owned(),
            subject: subject.to_owned(),
            id: id.to_owned(),
            answers: None,
            text: text.to_owned(),
        }
    }

    /// The same as an answer to a message.
    pub fn answering(mut self, id: &str) -> Self {
        self.answers = Some(id.to_owned());
        self
    }

    /// As it travels.
    pub fn raw(&self) -> String {
        let answers = self
            .answers
            .as_ref()
            .map_or_else(String::new, |id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n"));
        format!(
            "From: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}>\r\n{answers}MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            self.from,
            self.to,
            self.subject,
            self.id,
            self.text.replace('\n', "\r\n")
        )
    }

    /// The report of a mail server that a message of ours could not be delivered, as Postfix writes it.
    pub fn bounce(message_id: &str, recipient: &str, why: &str) -> String {
        [
            "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
            "To: help@shop.example",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
            "",
            "--b",
            "Content-Type: text/plain",
            "",
            "I'm sorry to have to inform you that your message could not be delivered.",
            "",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example",
            "",
            &format!("Final-Recipient: rfc822; {recipient}"),
            "Action: failed",
            "Status: 5.1.1",
            &format!("Diagnostic-Code: smtp; {why}"),
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            &format!("Message-ID: <{message_id}>"),
            "",
            "--b--",
            "",
        ]
        .join("\r\n")
    }
}
