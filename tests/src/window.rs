//! A window of a browser, and somebody in front of it: they point, touch, type and look.
//!
//! Whatever is looked for is waited for. Places are named as a person names them, by what stands on a
//! button or beside a field; a CSS selector stands where a part of the page is meant.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::{
    By, Key, RequestData, SessionId, WebElement,
    action_chain::ActionChain,
    common::command::{Actions, Command, FormatRequestData},
    error::WebDriverResult,
};

use super::{
    Browser, Screen, Server,
    until::{PATIENCE, comes},
};

/// A window and whoever sits in front of it.
pub struct Window {
    browser: Browser,
    base: String,
    touches: bool,
}

/// A command of the browser's own that WebDriver has no word for.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl FormatRequestData for DevTools {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        RequestData::new(Method::POST, format!("/session/{session}/goog/cdp/execute")).add_body(body)
    }
}

/// What stands in a page, as whoever reads it knows it.
const BUTTON: &str =
    "self::button or self::summary or @role='button' or (self::a and contains(@class,'button'))";
const LINK: &str = "self::a[@href]";
const FIELD: &str = "self::input or self::select or self::textarea";

impl Window {
    /// Opens one on a server; nothing where the machine has no browser.
    pub async fn open(server: &Server, screen: Screen) -> Option<Self> {
        let browser = Browser::start(screen).await?;
        Some(Self { browser, base: server.base().to_owned(), touches: screen == Screen::Phone })
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Shuts it.
    pub async fn shut(self) {
        self.browser.quit().await;
    }

    // Going somewhere

    /// Signs in with a one-time link, and ends in the inbox.
    pub async fn sign_in(&self, server: &Server, login: &str) {
        let link = server.post(&format!("/v1/people/{login}/login-link"), &json!({})).await;
        self.go(link["path"].as_str().expect("the path of a link")).await;
        self.at("/inbox").await;
    }

    /// Opens a path by typing its address.
    pub async fn go(&self, path: &str) {
        self.browser.driver().goto(format!("{}{path}", self.base)).await.expect("a page");
    }

    /// The path of the page.
    pub async fn path(&self) -> String {
        self.browser.driver().current_url().await.map_or_else(|_| String::new(), |url| url.path().to_owned())
    }

    /// Waits until a page of this path is open.
    pub async fn at(&self, path: &str) {
        let is_there = || async {
            self.path().await.starts_with(path)
                && self.js("document.readyState === 'complete'").await == json!(true)
        };
        self.must(comes(PATIENCE, is_there).await, &format!("{path} opens")).await;
    }

    // Keys

    /// Keys and pointer without the time that the library lets pass between two of them.
    fn keys(&self) -> ActionChain {
        self.browser.driver().action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
    }

    async fn perform(&self, chain: ActionChain) {
        if let Err(error) = chain.perform().await {
            // A key that leads to another page may do so before the driver is done with it.
            let has_left = error.to_string().contains("navigation");
            self.must(has_left, &format!("keys and pointer work ({error})")).await;
        }
    }

    /// Presses a key, wherever the keyboard is.
    pub async fn press(&self, key: impl Into<char>) {
        self.stroke(key.into(), None).await;
    }

    /// Presses a key while another is held.
    pub async fn press_with(&self, held: Key, key: impl Into<char>) {
        self.stroke(key.into(), Some(held)).await;
    }

    /// One stroke, which is one event of the browser: the driver would press a key again that led to another page.
    async fn stroke(&self, key: char, held: Option<Key>) {
        let (name, code, text) = match key {
            '\u{e003}' => ("Backspace".to_owned(), 8, String::new()),
            '\u{e004}' => ("Tab".to_owned(), 9, String::new()),
            '\u{e006}' | '\u{e007}' => ("Enter".to_owned(), 13, "\r".to_owned()),
            '\u{e00c}' => ("Escape".to_owned(), 27, String::new()),
            '\u{e013}' => ("ArrowUp".to_owned(), 38, String::new()),
            '\u{e015}' => ("ArrowDown".to_owned(), 40, String::new()),
            letter => (letter.to_string(), u32::from(letter.to_ascii_uppercase()), letter.to_string()),
        };
        let modifiers = match held {
            Some(Key::Alt) => 1,
            Some(Key::Control) => 2,
            Some(Key::Shift) => 8,
            _ => 0,
        };
        // Whoever holds a key does not write a letter; what the two do in a field has a name of its own.
        let text = if modifiers == 2 && name != "Enter" { String::new() } else { text };
        let commands = if modifiers == 2 && key == 'a' { json!(["selectAll"]) } else { json!([]) };
        for (step, event) in ["keyDown", "keyUp"].into_iter().enumerate() {
            let parameters = json!({
                "type": if step == 0 && text.is_empty() { "rawKeyDown" } else { event },
                "key": name, "windowsVirtualKeyCode": code, "modifiers": modifiers,
                "text": if step == 0 { text.as_str() } else { "" }, "commands": if step == 0 { commands.clone() } else { json!([]) },
            });
            let command = DevTools { command: "Input.dispatchKeyEvent", parameters };
            if let Err(error) = self.browser.driver().cmd(command).await {
                // The page may be gone before the key comes up again.
                self.must(step == 1, &format!("a key can be pressed ({error})")).await;
            }
        }
    }

    /// Types where the keyboard is.
    pub async fn write(&self, text: &str) {
        self.perform(self.keys().send_keys(text)).await;
    }

    // Finding

    /// The first element of a selector that is shown.
    pub async fn find(&self, place: &str) -> WebElement {
        self.shown(place, None, place).await
    }

    /// A button, by what stands on it or what it is called, within a place.
    pub async fn button(&self, place: &str, name: &str) -> WebElement {
        self.shown(place, Some(named(BUTTON, name)), &format!("the button “{name}” in {place}")).await
    }

    /// A link, by what stands on it, within a place.
    pub async fn link(&self, place: &str, name: &str) -> WebElement {
        self.shown(place, Some(named(LINK, name)), &format!("the link “{name}” in {place}")).await
    }

    /// A field, by its label, within a place.
    pub async fn field(&self, place: &str, label: &str) -> WebElement {
        self.shown(place, Some(named(FIELD, label)), &format!("the field “{label}” in {place}")).await
    }

    async fn shown(&self, place: &str, within: Option<String>, what: &str) -> WebElement {
        let begun = Instant::now();
        loop {
            // Live updates take elements away while they are looked at: then it is looked again.
            if let Ok(Some(found)) = self.look_for(place, within.as_deref()).await {
                return found;
            }
            self.must(begun.elapsed() < PATIENCE, &format!("{what} is shown")).await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    async fn look_for(&self, place: &str, within: Option<&str>) -> WebDriverResult<Option<WebElement>> {
        for place in self.browser.driver().find_all(By::Css(place)).await? {
            let found = match within {
                Some(path) => place.find_all(By::XPath(path)).await?,
                None => vec![place],
            };
            for one in found {
                if one.is_displayed().await? {
                    return Ok(Some(one));
                }
            }
        }
        Ok(None)
    }

    // Pointing

    /// Clicks or touches what is found; it is found anew where the page changed under the pointer.
    pub async fn hit(&self, find: impl AsyncFn() -> WebElement) {
        let mut last = String::new();
        for _ in 0..10 {
            let element = find().await;
            let done = match self.touches {
                true => self.touch(&element).await,
                false => element.click().await.map_err(|error| error.to_string()),
            };
            match done {
                Ok(()) => return,
                Err(error) => last = error,
            }
            // What only just scrolls in lies under the bar that stays on top.
            let _ = element.scroll_into_view().await;
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        self.must(false, &format!("something can be pointed at ({last})")).await;
    }

    /// Clicks or touches the first shown element of a selector.
    pub async fn click(&self, place: &str) {
        self.hit(async || self.find(place).await).await;
    }

    /// Clicks or touches a button.
    pub async fn click_button(&self, place: &str, name: &str) {
        self.hit(async || self.button(place, name).await).await;
    }

    /// Clicks or touches a link.
    pub async fn click_link(&self, place: &str, name: &str) {
        self.hit(async || self.link(place, name).await).await;
    }

    /// Goes into a field with the pointer and writes over what stands there.
    pub async fn fill(&self, place: &str, label: &str, text: &str) {
        self.hit(async || self.field(place, label).await).await;
        self.press_with(Key::Control, 'a').await;
        self.write(text).await;
    }

    /// Lets a keyboard of so many pixels come up from the foot of a telephone, or go again.
    pub async fn keyboard_of(&self, height: u32) {
        let screen = json!({ "width": 375, "height": 812 - height, "deviceScaleFactor": 2, "mobile": true });
        let command = DevTools { command: "Emulation.setDeviceMetricsOverride", parameters: screen };
        self.browser.driver().cmd(command).await.expect("a screen");
    }

    /// Moves the pointer over a place and leaves it there.
    pub async fn points_at(&self, place: &str) {
        let element = self.find(place).await;
        self.perform(self.keys().move_to_element_center(&element)).await;
    }

    /// Touches the middle of an element with a finger, if nothing else lies over it.
    async fn touch(&self, element: &WebElement) -> Result<(), String> {
        const IS_FREE: &str = "const [one] = arguments; one.scrollIntoView({ block: 'nearest', behavior: 'instant' }); \
            const is = () => { const box = one.getBoundingClientRect(); \
              const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
              return Boolean(top) && (one.contains(top) || top.contains(one) || top.closest('label')?.control === one); }; \
            if (!is()) one.scrollIntoView({ block: 'center', behavior: 'instant' }); return is();";
        let driver = self.browser.driver();
        let said = |error: thirtyfour::error::WebDriverError| error.to_string();
        let target = element.to_json().map_err(said)?;
        let is_free = driver.execute(IS_FREE, vec![target.clone()]).await.map_err(said)?;
        if is_free.json() != &json!(true) {
            return Err("something lies over it".to_owned());
        }
        let touch = json!([{ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": [
            { "type": "pointerMove", "duration": 0, "origin": target, "x": 0, "y": 0 },
            { "type": "pointerDown", "button": 0 }, { "type": "pause", "duration": 30 }, { "type": "pointerUp", "button": 0 },
        ] }]);
        driver.cmd(Command::PerformActions(Actions::from(touch))).await.map(drop).map_err(said)
    }

    // Looking

    /// What is to be read in a place now; nothing where there is no such place.
    pub async fn read(&self, place: &str) -> String {
        match self.browser.driver().find(By::Css(place)).await {
            Ok(found) => found.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until words stand in a place.
    pub async fn sees(&self, place: &str, words: &str) {
        let is_so = || async { self.read(place).await.contains(words) };
        self.must(comes(PATIENCE, is_so).await, &format!("“{words}” is seen in {place}")).await;
    }

    /// Waits until words no longer stand in a place.
    pub async fn sees_no(&self, place: &str, words: &str) {
        let is_so = || async { !self.read(place).await.contains(words) };
        self.must(comes(PATIENCE, is_so).await, &format!("“{words}” is gone from {place}")).await;
    }

    /// What a script expression is worth in the page; null where it cannot be asked.
    pub async fn js(&self, expression: &str) -> Value {
        let script = format!("return {expression};");
        match self.browser.driver().execute(&script, vec![]).await {
            Ok(answer) => answer.json().clone(),
            Err(_) => Value::Null,
        }
    }

    /// Waits until a script expression is true in the page.
    pub async fn finds(&self, what: &str, expression: &str) {
        let is_so = || async { self.js(&format!("Boolean({expression})")).await == json!(true) };
        self.must(comes(PATIENCE, is_so).await, what).await;
    }

    /// Waits until a value stands in a control.
    pub async fn stands(&self, control: &str, value: &str) {
        let is_so = || async {
            self.js(&format!("document.querySelector({})?.value", json!(control))).await == json!(value)
        };
        self.must(comes(PATIENCE, is_so).await, &format!("“{value}” stands in {control}")).await;
    }

    /// Whether the keyboard is in a control.
    pub async fn is_in(&self, control: &str) -> bool {
        self.js(&format!("document.activeElement === document.querySelector({})", json!(control))).await
            == json!(true)
    }

    /// Fails with what the window shows, unless something was so.
    pub async fn must(&self, is_so: bool, what: &str) {
        if is_so {
            return;
        }
        let shown: String = self.read("body").await.chars().take(3000).collect();
        let address =
            self.browser.driver().current_url().await.map_or_else(|_| String::new(), |url| url.to_string());
        let focus = self.js("document.activeElement?.outerHTML?.slice(0, 300)").await;
        // A picture says more; where to put it is said by whoever looks for a fault.
        if let Ok(folder) = std::env::var("WHOM_TEST_PICTURES") {
            let name = format!("failed-{}.png", std::process::id());
            let _ = self.browser.driver().screenshot(&std::path::Path::new(&folder).join(name)).await;
        }
        panic!("it is not so that {what}\n--- {address}\n--- focus: {focus}\n{shown}");
    }
}

/// Elements of a sort that have a name: what stands on them, what they are called, or what their label says.
fn named(sort: &str, name: &str) -> String {
    format!(
        ".//*[{sort}][normalize-space(.)=\"{name}\" or @aria-label=\"{name}\" or @title=\"{name}\" or \
         @placeholder=\"{name}\" or @id=//label[normalize-space(.)=\"{name}\"]/@for or \
         ancestor::label[starts-with(normalize-space(.), \"{name}\")]]"
    )
}
