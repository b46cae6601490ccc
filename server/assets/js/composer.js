// What somebody writes is kept while they write: here at once, with the server soon after. Ctrl or Cmd
// with Enter sends; files can be dropped; r and n go to the answer and the note.

const form = document.querySelector("form[data-draft]");

if (form) {
  const text = form.elements.text;
  const state = form.querySelector("[data-draft-state]");
  const key = `whom-draft-${form.dataset.draftKey}`;
  const fields = ["text", "kind", "to", "cc"].filter((name) => form.elements[name]);
  let waiting = 0;
  let sending = false;
  let saved = "";

  const now = () => Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
  const put = (draft) => {
    for (const name of fields) if (draft[name] !== undefined) form.elements[name].value = draft[name];
  };

  const keep = () => {
    const draft = now();
    if (draft.text.trim()) localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
    else localStorage.removeItem(key);
  };

  async function save() {
    const draft = now();
    const body = new URLSearchParams(draft);
    if (sending || body.toString() === saved) return;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: body.toString().length < 60000 });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      saved = body.toString();
      state.textContent = draft.text.trim() ? form.dataset.saved : "";
    } catch {
      state.textContent = form.dataset.onlyHere;
    }
  }

  // What was sent is no draft any more; what the server has not yet heard of is.
  if (document.querySelector("[data-sent]")) localStorage.removeItem(key);
  try {
    const mine = JSON.parse(localStorage.getItem(key) ?? "null");
    if (mine && mine.at > Number(form.dataset.draftAt) && mine.text !== text.value) {
      put(mine);
      save();
    }
  } catch {
    localStorage.removeItem(key);
  }

  form.addEventListener("input", () => {
    keep();
    state.textContent = "";
    clearTimeout(waiting);
    waiting = setTimeout(save, 700);
  });
  addEventListener("pagehide", () => save());

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sending = true;
    keep();
    clearTimeout(waiting);
    for (const button of form.querySelectorAll("button")) button.ariaBusy = "true";
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (!text.value.trim() || sending) return;
    const send = [...form.querySelectorAll("[data-sends]")].find((button) => button.checkVisibility());
    form.requestSubmit(send);
  });

  document.addEventListener("keydown", (event) => {
    const kind = { r: "reply", n: "note" }[event.key];
    const typing = event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (!kind || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.elements.kind.value = kind;
    text.focus();
    text.scrollIntoView({ block: "nearest" });
  });

  // On a small screen the bar stays open while something stands in it.
  const fill = () => form.toggleAttribute("data-filled", Boolean(text.value.trim() || form.elements.files?.files.length));
  form.addEventListener("input", fill);
  form.addEventListener("change", fill);
  fill();
  // Opened by the focus and not by the touch before it, or another field would stand under the finger when
  // the focus comes. Closed by going elsewhere: a button that takes no focus when it is touched must not move away.
  const open = (event) => form.toggleAttribute("data-open", form.contains(event.target));
  document.addEventListener("focusin", open);
  document.addEventListener("pointerdown", (event) => form.contains(event.target) || open(event));
}

// A thread is read from its end; the composer stands over the foot of the screen.
const last = document.querySelector(".thread > li:last-child");
if (last && !location.hash) {
  const covered = form ? form.getBoundingClientRect().height : 0;
  last.style.scrollMarginBottom = `${covered + 24}px`;
  last.scrollIntoView({ block: "end", behavior: "instant" });
}
