//! A real browser, where there is one.

use std::{
    io::Write,
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

/// What somebody sits in front of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// A window of this many pixels.
    Desk(u32, u32),
    /// A telephone of 375 by 812 pixels that is touched.
    Phone,
    /// A window in which no script runs.
    WithoutScripts,
}

impl Screen {
    /// The usual desk.
    pub const DESK: Self = Self::Desk(1440, 900);
}

/// Chromium under its driver; both end when this is dropped.
pub struct Browser {
    driver: WebDriver,
    process: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one. Nothing comes back, and that loudly, where the machine has none; with
    /// `WHOM_TEST_REQUIRE=browser` that is a failure.
    pub async fn start(screen: Screen) -> Option<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let free =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let process = Command::new("chromedriver")
            .arg(format!("--port={}", free.port()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(process) = process else {
            let required = std::env::var("WHOM_TEST_REQUIRE").unwrap_or_default();
            assert!(!required.contains("browser"), "chromedriver is required and not installed");
            // Written past the test runner, which keeps what a passing test prints to itself.
            let said =
                "SKIPPED: a test of the pages needs chromium and chromedriver, and chromedriver is missing\n";
            let _ = std::io::stderr().write_all(said.as_bytes());
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let wanted = capabilities(screen, profile.path());
        let address = format!("http://{free}");
        for _ in 0..600 {
            if let Ok(driver) = WebDriver::new(&address, wanted.clone()).await {
                return Some(Self { driver, process, _profile: profile });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the browser does not start");
    }

    /// What drives it.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Ends it.
    pub async fn quit(mut self) {
        let _ = self.driver.clone().quit().await;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn capabilities(screen: Screen, profile: &std::path::Path) -> ChromeCapabilities {
    let mut wanted = DesiredCapabilities::chrome();
    let (width, height) =
        if let Screen::Desk(width, height) = screen { (width, height) } else { (1440, 900) };
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        &format!("--user-data-dir={}", profile.display()),
        &format!("--window-size={width},{height}"),
    ] {
        wanted.add_arg(argument).expect("an argument");
    }
    match screen {
        Screen::Desk(..) => Ok(()),
        // A window cannot be made as narrow as a telephone; this also makes it one that is touched.
        Screen::Phone => wanted.add_experimental_option(
            "mobileEmulation",
            json!({ "deviceMetrics": { "width": 375, "height": 812, "pixelRatio": 2, "touch": true, "mobile": true } }),
        ),
        Screen::WithoutScripts => wanted.add_experimental_option(
            "prefs",
            json!({ "profile.managed_default_content_settings.javascript": 2 }),
        ),
    }
    .expect("an option");
    wanted
}
