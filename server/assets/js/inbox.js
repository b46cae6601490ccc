// What is done to several conversations is done to the one that is chosen where none is ticked.

import { say } from "./toast.js";
import { word } from "./words.js";

const form = document.querySelector("form[data-bulk]");
const ticked = () => form.querySelectorAll("[data-row] input[type=checkbox]:checked").length;

form?.addEventListener(
  "submit",
  (event) => {
    if (ticked()) return;
    const chosen = form.querySelector("[data-row][data-chosen] input[type=checkbox]");
    if (chosen) return (chosen.checked = true);
    event.preventDefault();
    event.stopImmediatePropagation();
    say(form.dataset.none ?? word("failed"));
  },
  true,
);

const tell = () => form?.toggleAttribute("data-some", ticked() > 0);
form?.addEventListener("change", tell);
form?.addEventListener("whom:sent", tell);
