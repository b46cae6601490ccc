// The bell: what somebody is told comes as news and stands in the list; what is routed to them may open.

import { on, refresh } from "./live.js";
import { isBeingEdited } from "./morph.js";
import { say } from "./toast.js";
import { word } from "./words.js";

const bell = document.querySelector("[data-bell]");
const count = bell?.querySelector(".bell-count");
const list = bell?.querySelector(".notices");

const says = ({ sort, by }) => word(`told_${sort}`, { who: by ? by[0].toUpperCase() + by.slice(1) : word("somebody") });

function show(unread) {
  bell.dataset.unread = unread;
  count.hidden = unread === 0;
  count.textContent = unread > 99 ? "99+" : unread;
  bell.querySelector("summary").ariaLabel = word(unread ? "bell_unread" : "bell", { unread });
}

const isWriting = () => [...document.querySelectorAll("input, textarea, select")].some((field) => !field.closest("dialog") && isBeingEdited(field));

on("told", ({ notice, unread, opens }) => {
  if (!bell) return;
  show(unread);
  if (!notice) return;
  const isHere = new URL(notice.link, location.href).pathname === location.pathname;
  // One window is enough to bring it up: the one that is looked at.
  if (opens && !isHere && document.hasFocus() && !isWriting()) return location.assign(notice.link);
  if (!document.hidden) say(`${says(notice)} · ${notice.about}`, { link: isHere ? undefined : notice.link });
  // A task that became due changed by the clock alone.
  if (notice.sort === "due") refresh(document.querySelectorAll("#rail, #notices")).catch(() => {});
  else refresh(document.querySelectorAll("#notices")).catch(() => {});
});

/** The latest, as the page of notices shows them. */
async function fill() {
  const answer = await fetch("/notices", { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const all = list.querySelector('a[href="/notices"]');
  const rows = [...page.querySelectorAll(".notice-list > li")].slice(0, 8).map((one) => {
    const link = Object.assign(document.createElement("a"), { href: one.querySelector("a").getAttribute("href"), className: one.className });
    const text = document.createElement("span");
    const title = Object.assign(document.createElement("strong"), { textContent: one.querySelector("a").textContent });
    text.append(title, Object.assign(document.createElement("span"), { textContent: one.querySelector("a + *").textContent }));
    link.append(text, document.importNode(one.querySelector("time"), true));
    return link;
  });
  if (!rows.length) rows.push(Object.assign(document.createElement("p"), { className: "soft", textContent: word("told_nothing") }));
  list.replaceChildren(...rows, all);
  // What stood there was seen.
  if (Number(bell.dataset.unread)) fetch("/v1/me/notices/read", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
}

bell?.addEventListener("toggle", () => bell.open && fill().catch(() => {}));
