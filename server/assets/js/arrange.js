// A list put in order by dragging: with the pointer, or with Space and the arrow keys. Without this there are
// buttons for one step up and down.

import { take } from "./live.js";

const said = document.getElementById("arrange-said");
let held;

const rows = (list) => [...list.children];
const placeOf = (row) => rows(row.parentElement).indexOf(row);

function takeUp(handle) {
  const row = handle.closest("li");
  held = { handle, row, from: placeOf(row), before: row.nextElementSibling };
  row.classList.add("lifted");
  handle.setAttribute("aria-pressed", "true");
  said.textContent = said.dataset.taken;
}

function move(step) {
  const { row, handle } = held;
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  row.parentElement.insertBefore(row, step < 0 ? other : other.nextElementSibling);
  // A row that moves in the page loses the focus.
  handle.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  said.textContent = `${placeOf(row) + 1} / ${rows(row.parentElement).length}`;
}

async function putDown({ keeps }) {
  if (!held) return;
  const { row, handle, from, before } = held;
  held = null;
  row.classList.remove("lifted");
  handle.setAttribute("aria-pressed", "false");
  if (!keeps) {
    row.parentElement.insertBefore(row, before);
    handle.focus({ preventScroll: true });
    said.textContent = "";
    return;
  }
  const place = placeOf(row);
  if (place === from) return;
  const form = row.querySelector("form");
  const body = new URLSearchParams(new FormData(form));
  body.set("deed", "to");
  body.set("place", place);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.statusText);
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (document.activeElement === document.body) handle.focus({ preventScroll: true });
  } catch {
    location.reload();
  }
}

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle) return;
  const isHeld = held?.handle === handle;
  if (event.key === " " || event.key === "Enter") isHeld ? putDown({ keeps: true }) : takeUp(handle);
  else if (isHeld && event.key === "ArrowUp") move(-1);
  else if (isHeld && event.key === "ArrowDown") move(1);
  else if (isHeld && event.key === "Escape") putDown({ keeps: false });
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  // Moving the row takes the focus away for a moment; going elsewhere puts it down.
  if (held && !held.pointer && event.target === held.handle && event.relatedTarget) putDown({ keeps: true });
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || event.button) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  takeUp(handle);
  held.pointer = event.pointerId;
});

document.addEventListener("pointermove", (event) => {
  if (!held || held.pointer !== event.pointerId) return;
  const list = held.row.parentElement;
  const below = rows(list).find((row) => {
    const { top, height } = row.getBoundingClientRect();
    return row !== held.row && event.clientY < top + height / 2;
  });
  if (below !== held.row.nextElementSibling) list.insertBefore(held.row, below ?? null);
});

for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, (event) => {
    if (held?.pointer === event.pointerId) putDown({ keeps: name === "pointerup" });
  });
}
