// Who else looks at this, and who is writing: a heart-beat while the page is seen, and what others' beats tell.

import { on } from "./live.js";
import { word } from "./words.js";

const EVERY = 15000;
const WRITES_FOR = 8000;
const tab = Math.random().toString(36).slice(2);
const places = [...document.querySelectorAll("[data-presence]")];
let wroteAt = 0;
let wrote = false;

const isWriting = () => Date.now() - wroteAt < WRITES_FOR;

function beat(gone = false) {
  wrote = isWriting();
  for (const topic of new Set(places.map((place) => place.dataset.presence))) {
    const body = new Blob([JSON.stringify({ topic, tab, writes: wrote, gone })], { type: "application/json" });
    if (gone) navigator.sendBeacon("/v1/presence", body);
    else fetch("/v1/presence", { method: "POST", body, keepalive: true }).catch(() => {});
  }
}

const letters = (name) => {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((one) => one?.[0] ?? "").join("").toUpperCase();
};

function draw({ topic, people }) {
  for (const place of places.filter((one) => one.dataset.presence === topic)) {
    place.replaceChildren();
    if (!people.length) continue;
    for (const one of people.slice(0, 3)) {
      place.append(Object.assign(document.createElement("span"), { className: "face", textContent: letters(one.name), ariaHidden: "true" }));
    }
    const writing = people.filter((one) => one.writes);
    const who = (writing.length ? writing : people).map((one) => one.name);
    const names = new Intl.ListFormat(document.documentElement.lang).format(who);
    const says = writing.length ? (who.length > 1 ? "presence_write" : "presence_writes") : who.length > 1 ? "presence_look" : "presence_looks";
    place.append(Object.assign(document.createElement("span"), { textContent: word(says, { who: names }) }));
  }
}

if (places.length) {
  on("presence", draw);
  for (const topic of new Set(places.map((place) => place.dataset.presence))) {
    fetch(`/v1/presence?${new URLSearchParams({ topic })}`)
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((people) => people.length && draw({ topic, people }))
      .catch(() => {});
  }
  beat();
  setInterval(() => !document.hidden && beat(), EVERY);
  // Somebody who stops writing is told so before the next beat.
  setInterval(() => wrote && !isWriting() && beat(), 2000);
  document.addEventListener("input", (event) => {
    if (!event.target.closest("textarea, [contenteditable], .edit-field")) return;
    wroteAt = Date.now();
    if (!wrote) beat();
  });
  document.addEventListener("visibilitychange", () => beat(document.hidden));
  addEventListener("pagehide", () => beat(true));
}
