// A thread is read from its end, or from the message that a link leads to, however far that is.

import { say } from "./toast.js";
import { word } from "./words.js";

const thread = document.getElementById("thread");
const composer = document.getElementById("composer");
const ENTRY = /^#(e_\w+)$/;

function show(place) {
  thread.querySelector("[data-marked]")?.removeAttribute("data-marked");
  place.setAttribute("data-marked", "");
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
  const high = place.getBoundingClientRect().height > innerHeight * 0.6;
  place.scrollIntoView({ block: high ? "start" : "center", behavior: "instant" });
}

/** Shows the message that the address names; one that is not loaded is asked for with what stands around it. */
function follow() {
  const entry = ENTRY.exec(location.hash)?.[1];
  if (!entry) return false;
  const place = document.getElementById(entry);
  if (place) show(place);
  const address = new URL(location.href);
  if (!place && address.searchParams.get("at") !== entry) {
    for (const name of ["before", "after"]) address.searchParams.delete(name);
    address.searchParams.set("at", entry);
    location.replace(address);
  }
  return Boolean(place);
}

const last = () => thread.querySelector(":scope > li:last-child");

function toEnd() {
  const place = last();
  if (!place) return;
  // The composer stands over the foot of the screen.
  place.style.scrollMarginBottom = `${(composer?.getBoundingClientRect().height ?? 0) + 24}px`;
  place.scrollIntoView({ block: "end", behavior: "instant" });
}

if (thread) {
  const marked = thread.querySelector("[data-marked]");
  if (!follow()) {
    if (marked) show(marked);
    else if (!location.hash) toEnd();
  }
  addEventListener("hashchange", follow);

  // Whoever stands at the end stays there while more comes.
  let isAtEnd = true;
  const look = () => (isAtEnd = document.documentElement.scrollHeight - innerHeight - scrollY < 120);
  addEventListener("scroll", look, { passive: true });
  look();
  thread.addEventListener("whom:refreshed", () => isAtEnd && toEnd());

  thread.addEventListener("click", async (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const copied = event.target.closest("a[data-copy-link]");
    const time = event.target.closest("a.at");
    if (copied && plain && navigator.clipboard) {
      event.preventDefault();
      await navigator.clipboard.writeText(copied.href);
      copied.closest("details")?.removeAttribute("open");
      say(word("copied"));
    } else if (time && plain) {
      // It stands here already.
      event.preventDefault();
      history.replaceState(history.state, "", new URL(time.href).hash);
      show(time.closest("li"));
    }
  });
}
