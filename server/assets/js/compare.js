// What would come of a merge follows what is chosen, without leaving the page.

import { morph } from "./morph.js";

const form = document.querySelector("form[data-compare]");
let asked = 0;

form?.addEventListener("change", async (event) => {
  if (!event.target.matches("input[type=radio]")) return;
  const own = ++asked;
  const sent = new FormData(form);
  sent.delete("why");
  try {
    const answer = await fetch(`${form.dataset.compare}?${new URLSearchParams(sent)}`, { headers: { accept: "text/html" } });
    if (!answer.ok || own !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("compared");
    if (fresh) morph(document.getElementById("compared"), fresh, false);
  } catch {
    // What is chosen stays chosen; the merge itself says what came of it.
  }
});
