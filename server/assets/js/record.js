// The rows of a timeline follow what happens: new ones come in where they belong, changed ones change, and what
// was loaded above and below stays. Nothing moves under the eyes of whoever reads.

import { morph } from "./morph.js";

const record = () => document.getElementById("record");
const at = (row) => Number(row.dataset.at);
const isRow = (row) => row.matches("[data-row][id], .visit");
const keyOf = (row) => row.id || row.dataset.once || "";

function follow(page) {
  const here = record();
  const fresh = page.getElementById("record");
  if (!here || !fresh) return;
  const rows = [...fresh.children].filter(isRow);
  if (!rows.length) return;
  const known = new Map([...here.children].filter(keyOf).map((row) => [keyOf(row), row]));
  const wanted = new Set([...fresh.children].map(keyOf));
  const newest = Math.max(...rows.map(at));
  const oldest = Math.min(...rows.map(at));
  const isFirstPart = !fresh.querySelector("[data-newer]");
  const anchor = [...here.children].find((row) => row.getBoundingClientRect().bottom > 0);
  const before = anchor?.getBoundingClientRect().top;
  // What is gone from the part that was fetched is gone: a note that was taken away, a visit that grew.
  for (const row of [...here.children]) {
    const isWithin = isRow(row) && at(row) >= oldest && (isFirstPart || at(row) <= newest);
    if (isWithin && !(row.id && wanted.has(row.id))) row.remove();
  }
  let place = null;
  for (const next of [...fresh.children].reverse()) {
    if (next.matches(".more")) continue;
    const old = known.get(keyOf(next));
    if (old?.isConnected) {
      morph(old, next, false);
      place = old;
      continue;
    }
    const added = document.importNode(next, true);
    const below = place ?? [...here.children].find((row) => row.matches(".more") || (row.dataset.at && at(row) < oldest));
    here.insertBefore(added, below ?? null);
    if (isRow(added) && at(added) === newest) added.setAttribute("data-fresh", "");
    place = added;
  }
  if (anchor?.isConnected && before < 0) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
}

document.addEventListener("whom:page", (event) => follow(event.detail));
