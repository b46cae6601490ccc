// What somebody writes is kept while they write: here at once, with the server soon after. Ctrl or Cmd
// with Enter sends; r and n go to the answer and the note. Whoever writes is told of what comes meanwhile.

import { sending as sends } from "./sent.js";

const form = document.querySelector("form[data-draft]");

if (form) {
  const text = form.elements.text;
  const state = form.querySelector("[data-draft-state]");
  const key = `whom-draft-${form.dataset.draftKey}`;
  const fields = ["text", "kind", "to", "cc", "subject"].filter((name) => form.elements[name]);
  let waiting = 0;
  let sending = false;
  let saved = "";

  const now = () => Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));
  const put = (draft) => {
    for (const name of fields) if (draft[name] !== undefined) form.elements[name].value = draft[name];
  };
  const isWorthKeeping = (draft) => Boolean(draft.text.trim() || draft.subject?.trim());

  const keep = () => {
    const draft = now();
    if (isWorthKeeping(draft)) localStorage.setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
    else localStorage.removeItem(key);
    // Whoever comes back to this page, or whose browser brings it back, finds this very draft.
    if (form.dataset.draftAddress && isWorthKeeping(draft)) history.replaceState(history.state, "", form.dataset.draftAddress);
  };

  async function save() {
    const draft = now();
    const body = new URLSearchParams(draft);
    if (sending || body.toString() === saved) return;
    state.textContent = isWorthKeeping(draft) ? form.dataset.saving : "";
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: body.toString().length < 60000 });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      saved = body.toString();
      state.textContent = isWorthKeeping(draft) ? form.dataset.saved : "";
    } catch {
      state.textContent = form.dataset.onlyHere;
    }
  }

  // What the server has not yet heard of is brought to it.
  saved = new URLSearchParams(now()).toString();
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
  // What the server does not answer is tried again when there is a connection.
  addEventListener("online", () => save());
  addEventListener("pagehide", () => save());

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sending = true;
    keep();
    sends(key);
    clearTimeout(waiting);
    for (const button of form.querySelectorAll("button")) button.ariaBusy = "true";
  });
  // A page that the browser kept is one to write in again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sending = false;
    for (const button of form.querySelectorAll("button")) button.ariaBusy = "false";
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (!text.value.trim() || sending) return;
    const send = [...form.querySelectorAll("[data-sends]")].find((button) => button.checkVisibility());
    form.requestSubmit(send);
  });

  if (form.elements.kind) {
    document.addEventListener("keydown", (event) => {
      const kind = { r: "reply", n: "note" }[event.key];
      const typing = event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (!kind || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      form.elements.kind.value = kind;
      text.focus();
      text.scrollIntoView({ block: "nearest" });
    });
  }

  // What comes while somebody writes is told beside what they write, before it leaves.
  const thread = document.getElementById("thread");
  const messages = () => [...(thread?.querySelectorAll(":scope > .bubble[data-at]") ?? [])];
  const latest = () => messages().reduce((most, one) => Math.max(most, Number(one.dataset.at)), 0);
  let known = new Set(messages().map((one) => one.id));
  thread?.addEventListener("whom:refreshed", () => {
    const seen = Number(form.elements.seen.value);
    const came = messages().filter((one) => !known.has(one.id) && Number(one.dataset.at) > seen);
    known = new Set(messages().map((one) => one.id));
    if (!came.length) return;
    form.elements.seen.value = latest();
    if (!text.value.trim() || form.elements.kind.value === "note") return;
    const one = came.at(-1);
    const words = one.matches(".out") ? form.dataset.answered : form.dataset.wrote;
    form.querySelector("[data-meanwhile]")?.remove();
    const told = Object.assign(document.createElement("p"), { className: "notice bad", role: "alert" });
    told.setAttribute("data-meanwhile", "");
    told.textContent = words.replace("{who}", one.querySelector(".from").textContent.trim());
    form.querySelector(".composer-people").before(told);
  });

  // On a small screen the bar stays open while something stands in it.
  const fill = () => form.toggleAttribute("data-filled", Boolean(text.value.trim() || form.elements.files?.files.length || form.elements.kept));
  form.addEventListener("input", fill);
  form.addEventListener("change", fill);
  fill();
  // Opened by the focus and not by the touch before it, or another field would stand under the finger when
  // the focus comes. Closed by going elsewhere: a button that takes no focus when it is touched must not move away.
  const open = (event) => form.toggleAttribute("data-open", form.contains(event.target));
  document.addEventListener("focusin", open);
  document.addEventListener("pointerdown", (event) => form.contains(event.target) || open(event));
}
