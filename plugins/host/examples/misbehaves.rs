//! A plugin that does everything a plugin should not, on demand: the name of the person says what.
#![allow(unsafe_code, clippy::print_stdout, clippy::unwrap_used)]

use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::process::Command;
use std::time::Duration;

use whom_plugin::prelude::*;

/// Misbehaves
#[derive(Deserialize, JsonSchema)]
pub struct Settings {
    /// Has to be there.
    mode: String,
    /// A key.
    api_key: Option<Secret>,
}

/// The plugin.
pub struct Misbehaves(Settings);

impl Plugin for Misbehaves {
    type Settings = Settings;
    const ABOUT: About = About::new("misbehaves", "Misbehaves").reaches(&["api.example.com"]);

    fn open(settings: Settings) -> Result<Self> {
        match settings.mode.as_str() {
            "refuse" => Err(Error::setting("mode", "this mode is refused")),
            "panic" => panic!("no start"),
            _ => Ok(Self(settings)),
        }
    }
}

impl Enrich for Misbehaves {
    const READS: &'static [&'static str] = &["name", "website"];
    const WRITES: &'static [&'static str] = &["notes"];

    fn enrich(&self, person: &Person, host: &Host<'_>) -> Result<Outcome> {
        if person.text("name") == Some("claim too much") {
            return Ok(Claims::new().say("email", "mallory@example.org", 1.0).into());
        }
        let said = self.act(person, host)?;
        Ok(Claims::new().say("notes", said, 1.0).into())
    }
}

impl Cards for Misbehaves {
    const READS: &'static [&'static str] = &["name"];

    fn card(&self, person: &Person, host: &Host<'_>) -> Result<Option<Card>> {
        if person.text("name") == Some("nothing") {
            return Ok(None);
        }
        let row = Row { label: "said".into(), value: self.act(person, host)? };
        Ok(Some(Card { title: "Misbehaves".into(), rows: vec![row], link: None }))
    }
}

export!(Misbehaves: Enrich, Cards);

impl Misbehaves {
    fn act(&self, person: &Person, host: &Host<'_>) -> Result<String> {
        let deed = person.text("name").unwrap_or("echo");
        Ok(match deed {
            "echo" => format!("{:?}", person.properties.keys().collect::<Vec<_>>()),
            "fail" => return Err(Error::failed("it failed")),
            "panic" => {
                let list = [1, 2, 3];
                let index = std::hint::black_box(7);
                list[index].to_string()
            }
            "panic in a thread" => {
                let ended = std::thread::spawn(|| panic!("in a thread")).join();
                format!("{}", ended.is_err())
            }
            "segfault" => {
                unsafe { std::ptr::null_mut::<u8>().wrapping_add(8).write_volatile(1) };
                "survived".to_owned()
            }
            "abort" => std::process::abort(),
            "exit" => std::process::exit(0),
            "overflow" => overflow(1).to_string(),
            "ask for 4 GB" => {
                let bytes = vec![1_u8; std::hint::black_box(4_194_304_000)];
                bytes.len().to_string()
            }
            "leak" => {
                let bytes = vec![1_u8; 100 * 1024 * 1024];
                std::hint::black_box(bytes.leak()).len().to_string()
            }
            "sleep" => nap(Duration::from_secs(600)),
            "nap" => nap(Duration::from_millis(300)),
            "spin" => loop {
                std::hint::spin_loop();
            },
            "wait to be cancelled" => {
                while !host.cancelled() {
                    std::thread::sleep(Duration::from_millis(5));
                }
                "was cancelled".to_owned()
            }
            "forge" => {
                let frame = r#"{"jsonrpc":"2.0","id":1,"result":{"outcome":"opted_out"}}"#;
                println!("{frame}");
                let _ = std::fs::write("/dev/fd/0", frame);
                "forged".to_owned()
            }
            "break the protocol" => {
                let socket = unsafe { <std::fs::File as std::os::fd::FromRawFd>::from_raw_fd(3) };
                let _ = (&socket).write_all(b"this is no frame\n");
                std::mem::forget(socket);
                "broke it".to_owned()
            }
            "claim a lot" => return Ok("x".repeat(17 * 1024 * 1024)),
            "foreign host" => host.get("https://evil.example.org/").send()?.text().to_owned(),
            "fetch" => fetch(host.get(person.text("website").unwrap_or_default()))?,
            "fetch with key" => {
                let key = self.0.api_key.clone().unwrap_or(Secret::of("api_key"));
                fetch(host.get(person.text("website").unwrap_or_default()).bearer(&key))?
            }
            "fetch a lot" => {
                let url = person.text("website").unwrap_or_default();
                for number in 0..11 {
                    host.get(format!("{url}?{number}")).send()?;
                }
                String::new()
            }
            "show key" => self.0.api_key.as_ref().map_or("none", Secret::placeholder).to_owned(),
            "keep" => {
                host.cache_put("seen", &42, 60)?;
                host.cache_get::<u32>("seen")?.map_or("lost".to_owned(), |seen| seen.to_string())
            }
            "read /etc/passwd" => told(std::fs::read("/etc/passwd")),
            "read environment" => format!("{}", std::env::vars_os().count()),
            "list descriptors" => told(std::fs::read_dir("/proc/self/fd")),
            "write" => told(std::fs::write("/tmp/whom-misbehaves", "x")),
            "connect" => told(TcpStream::connect(("127.0.0.1", 9))),
            "send a datagram" => told(UdpSocket::bind("127.0.0.1:0")),
            "connect a unix socket" => told(std::os::unix::net::UnixStream::connect("/run/x")),
            "start a program" => told(Command::new("/bin/true").status()),
            "kill the server" => told(kill_parent()),
            "start a thread" => std::thread::spawn(|| "ran".to_owned()).join().unwrap(),
            "sign" => host.hmac_sha256(&Secret::of("api_key"), "what is signed")?,
            "hide" => Secret::of("another").placeholder().to_owned(),
            other => format!("does not know `{other}`"),
        })
    }
}

fn fetch(request: whom_plugin::Request<'_>) -> Result<String> {
    let answer = request.send()?;
    Ok(format!("{} {}", answer.status(), answer.text()))
}

fn told<T>(done: std::io::Result<T>) -> String {
    match done {
        Ok(_) => "allowed".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

unsafe extern "C" {
    safe fn getppid() -> i32;
    safe fn kill(pid: i32, signal: i32) -> i32;
}

fn kill_parent() -> std::io::Result<()> {
    // Signal 0 only asks whether it would be allowed.
    if kill(getppid(), 0) == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}

#[allow(unconditional_recursion)]
fn overflow(depth: u64) -> u64 {
    let filler = std::hint::black_box([depth; 512]);
    overflow(depth + 1) + filler[3]
}

fn nap(span: Duration) -> String {
    std::thread::sleep(span);
    "done".to_owned()
}
