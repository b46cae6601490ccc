//! Messages per second from mailbox to `Incoming`, and whether memory stays flat.
//!
//! `cargo bench -p whom-server --bench mail -- [mailbox]`; without one it writes its own.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may give up")]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::Instant,
};

use whom_core::model::Timestamp;
use whom_server::mail::{Mail, MailPolicy, MailReader, MailSort, read_mail};

fn main() {
    // cargo itself passes `--bench`.
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let everything = MailPolicy {
        include: [MailSort::Lists, MailSort::Automatic, MailSort::Bounces, MailSort::NoReply].into(),
        ..MailPolicy::default()
    };
    match path {
        Some(path) => {
            let path = Path::new(&path);
            run("as set by default", MailReader::open(path).unwrap(), &MailPolicy::default());
            run("all included", MailReader::open(path).unwrap(), &everything);
            if path.is_file() {
                let again = || File::open(path).unwrap();
                let four = again().chain(again()).chain(again()).chain(again());
                run("the same four times over", MailReader::new(four).unwrap(), &everything);
            }
        }
        None => {
            for count in [20_000, 80_000] {
                let reader = MailReader::new(Generated::new(count)).unwrap();
                run(&format!("{count} generated messages"), reader, &everything);
            }
        }
    }
}

fn run(what: &str, reader: MailReader, policy: &MailPolicy) {
    let received = Timestamp::parse("2026-12-01").unwrap();
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    let (mut count, mut bytes) = (0_u64, 0);
    let start = Instant::now();
    for item in reader {
        count += 1;
        let outcome = match item {
            Err(_) => "unreadable".to_owned(),
            Ok(item) => {
                bytes += item.bytes.len();
                match read_mail(&item.bytes, policy, received) {
                    Mail::Arrived(_) => "arrived".to_owned(),
                    Mail::Skipped(skip) => skip.word().to_owned(),
                    Mail::Malformed(problem) => format!("malformed: {problem}"),
                }
            }
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {count} messages, {:.1} MB", bytes as f64 / 1e6);
    println!("  {:.0} messages/s, {:.1} µs each", count as f64 / seconds, seconds * 1e6 / count as f64);
    println!("  {outcomes:?}");
    println!("  peak memory so far: {}", peak_memory());
}

/// The most memory this process ever held, as Linux counts it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "unknown on this system".to_owned(), |peak| peak.trim().to_owned())
}

/// An mbox that is made while it is read.
struct Generated {
    left: u64,
    message: io::Cursor<Vec<u8>>,
}

impl Generated {
    fn new(left: u64) -> Self {
        Self { left, message: io::Cursor::default() }
    }
}

impl Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.message.position() == self.message.get_ref().len() as u64 && self.left > 0 {
            self.left -= 1;
            self.message = io::Cursor::new(message(self.left).into_bytes());
        }
        self.message.read(buffer)
    }
}

fn message(number: u64) -> String {
    let person = number % 997;
    let (day, hour) = (number % 28 + 1, number % 24);
    let line = "The tent is dry, the pegs are straight, and the dog has found the third sock.\n";
    format!(
        "From p{person}@example.org Thu Jan {day:2} {hour:02}:00:00 2026\n\
         Return-Path: <p{person}@example.org>\n\
         Received: from mx.example.org (mx.example.org [192.0.2.7])\n\tby in.example.net with ESMTPS id {number:x};\n\
         \tThu, {day} Jan 2026 {hour:02}:00:01 +0000\n\
         Date: Thu, {day} Jan 2026 {hour:02}:00:00 +0000\n\
         From: =?utf-8?q?Ren=C3=A9e_Walker{person}?= <p{person}@example.org>\n\
         To: Shop <shop@example.net>\nCc: Ana <ana@example.com>\n\
         Subject: Re: Order {person}\nMessage-ID: <{number}@example.org>\n\
         References: <{person}-a@example.org> <{person}-b@example.net>\nIn-Reply-To: <{person}-b@example.net>\n\
         MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b1\n\n\
         --b1\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
         Hello, gr=C3=BC=C3=9Fe!\n{}\nOn Monday, Shop wrote:\n> {}\n\
         --b1\nContent-Type: text/html; charset=utf-8\n\n<p>Hello!</p><p>{}</p>\n--b1--\n\n",
        line.repeat(20),
        line,
        line.repeat(20),
    )
}
