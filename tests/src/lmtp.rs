//! A mail server that hands mail over to Whom (RFC 2033), on a real socket.

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// Hands a message over and waits until it was taken.
pub async fn hand_over(port: u16, from: &str, message: &str) {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("somebody listens for LMTP");
    let (reader, writer) = stream.into_split();
    let mut line = Line { reader: BufReader::new(reader), writer };
    line.expect("220").await;
    line.ask("LHLO mx.example", "250").await;
    line.ask(&format!("MAIL FROM:<{from}>"), "250").await;
    line.ask("RCPT TO:<help@shop.example>", "250").await;
    line.ask("DATA", "354").await;
    // A line that begins with a dot has a second one while it travels.
    let stuffed = message.replace("\r\n.", "\r\n..");
    line.ask(&format!("{stuffed}\r\n."), "250").await;
    line.ask("QUIT", "221").await;
}

struct Line {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Line {
    async fn ask(&mut self, said: &str, expected: &str) {
        self.writer.write_all(format!("{said}\r\n").as_bytes()).await.expect("a line can be written");
        self.expect(expected).await;
    }

    async fn expect(&mut self, expected: &str) {
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).await.expect("an answer");
            assert!(line.starts_with(expected), "the answer is {line:?} and not {expected}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }
}
