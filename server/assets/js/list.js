// Choosing rows of a list: how many there are, all of the page, a stretch with Shift; a filter in one step.

const results = document.getElementById("results");
const boxes = () => [...results.querySelectorAll("input[name=id]")];
let last;

function say() {
  const form = results.querySelector("[data-list]");
  if (!form) return;
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  const every = form.querySelector("[data-all]");
  if (every) {
    every.hidden = false;
    every.checked = chosen.length > 0 && chosen.length === all.length;
    every.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const said = form.querySelector("[data-chosen-count]");
  const found = form.querySelector("input[name=all]");
  const text = found?.checked ? found.parentElement.textContent.trim() : `${chosen.length} ${said?.dataset.word}`;
  // Written only when it is another: the list is watched, and would be told of it for ever.
  if (said && said.textContent !== text) said.textContent = text;
  // One cannot be merged with itself, and everybody who was found cannot be looked at one by one.
  const merge = form.querySelector("button[value=merge]");
  if (merge) merge.disabled = chosen.length < 2 || Boolean(found?.checked);
}

results?.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[name=id]");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});

results?.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches("[name=id]:not(:checked)")) {
    const found = results.querySelector("input[name=all]");
    if (found) found.checked = false;
  }
  say();
});

results?.addEventListener("reset", () => setTimeout(say));
// Who came back to the page finds what was chosen as the browser kept it.
addEventListener("pageshow", say);
if (results) new MutationObserver(say).observe(results, { childList: true, subtree: true });
say();

// The second step of a filter comes without a page in between.
async function step(form) {
  const box = form.parentElement;
  const query = new URLSearchParams(new FormData(form));
  query.set("fragment", "filter");
  const answer = await fetch(`${form.action}?${query}`);
  if (!answer.ok || answer.redirected) return form.submit();
  box.innerHTML = await answer.text();
  box.querySelector("[data-filter-step] :is(input:not([type=hidden]), select)")?.focus();
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-filter-property]");
  if (form) step(form);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-filter-property]")) return;
  event.preventDefault();
  step(event.target);
});

// Where there are very many, the numbers of the segments come after the page.
const segments = document.querySelector("#segments[data-lazy]");
if (segments) {
  const answer = await fetch(segments.dataset.lazy).catch(() => undefined);
  if (answer?.ok && !answer.redirected) segments.outerHTML = await answer.text();
}
