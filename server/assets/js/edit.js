// Edits a field where it stands: saved when it is left or by Enter, taken back by Escape.
//
// The form is the one that works without this; see components/edit.rs for what is sent and answered.

import { word } from "./words.js";

const fieldOf = (form) => form.querySelector(".edit-field");
const saidOf = (form) => form.querySelector(".edit-said");
const fading = new WeakMap();

function say(form, text) {
  clearTimeout(fading.get(form));
  saidOf(form).textContent = text;
  if (text === word("saved")) fading.set(form, setTimeout(() => (saidOf(form).textContent = ""), 2500));
}

const stood = (field) => (field.matches("select") ? [...field.options].find((one) => one.defaultSelected)?.value ?? "" : field.defaultValue);

function keep(field, value) {
  if (field.matches("select")) for (const one of field.options) one.defaultSelected = one.value === value;
  else field.defaultValue = value;
}

function problem(form, parts) {
  form.querySelector(".edit-problem")?.remove();
  const field = fieldOf(form);
  field.ariaInvalid = parts ? "true" : "false";
  if (!parts) return field.removeAttribute("aria-describedby");
  const place = document.createElement("div");
  place.className = "edit-problem";
  place.role = "alert";
  place.id = `${field.id}-problem`;
  place.append(...parts);
  field.setAttribute("aria-describedby", place.id);
  form.append(place);
}

const text = (tag, words) => Object.assign(document.createElement(tag), { textContent: words });

function choose(form, current, mine) {
  const field = fieldOf(form);
  const values = document.createElement("dl");
  values.className = "values";
  values.append(text("dt", word("yours")), text("dd", mine || word("nothing")), text("dt", word("theirs")), text("dd", current.value || word("nothing")));
  const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
  const keepMine = Object.assign(text("button", word("keep_yours")), { type: "button", className: "small" });
  const takeTheirs = Object.assign(text("button", word("take_theirs")), { type: "button", className: "small" });
  buttons.append(keepMine, takeTheirs);
  problem(form, [text("p", word("conflict", { who: current.by || word("somebody") })), values, buttons]);
  keepMine.addEventListener("click", () => {
    form.elements.version.value = current.version;
    problem(form);
    save(form);
  });
  takeTheirs.addEventListener("click", () => {
    form.elements.version.value = current.version;
    field.value = current.value;
    keep(field, current.value);
    problem(form);
    field.focus();
  });
}

async function save(form) {
  const field = fieldOf(form);
  const mine = field.value;
  if (form.ariaBusy === "true" || form.querySelector(".edit-problem .values")) return;
  if (mine === stood(field)) return problem(form);
  form.ariaBusy = "true";
  say(form, word("saving"));
  try {
    const version = form.elements.version?.value ?? "";
    const headers = { accept: "application/json" };
    if (version) headers["if-match"] = `"${version}"`;
    const answer = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok && !answer.redirected) {
      // What stands there may be what the server made of it, unless somebody writes on already.
      keep(field, told.value ?? mine);
      if (field.value === mine && told.value !== undefined) field.value = told.value;
      if (form.elements.was) form.elements.was.value = told.value ?? mine;
      if (told.version !== undefined && form.elements.version) form.elements.version.value = told.version;
      // Fields that share a version, such as those of one profile, go on from the new one.
      for (const other of document.querySelectorAll(`input[name=version][data-of="${form.elements.version?.dataset.of ?? ""}"]`)) {
        if (other.dataset.of) other.value = told.version;
      }
      problem(form);
      say(form, word("saved"));
      form.dispatchEvent(new CustomEvent("whom:saved", { bubbles: true, detail: told }));
    } else if (answer.status === 409 && told.current) {
      say(form, "");
      choose(form, told.current, mine);
    } else {
      say(form, "");
      problem(form, [text("p", told.detail ?? word("failed"))]);
    }
  } catch {
    say(form, "");
    problem(form, [text("p", word("not_sent"))]);
  }
  form.ariaBusy = "false";
  if (field.value !== mine && document.activeElement !== field) save(form);
}

const formOf = (event) => (event.target.matches?.(".edit-field") ? event.target.closest("form[data-edit]") : null);

document.addEventListener("focusout", (event) => {
  const form = formOf(event);
  if (form) save(form);
});

document.addEventListener("change", (event) => {
  const form = formOf(event);
  if (form && event.target.matches("select, input[type=date], input[type=checkbox]")) save(form);
});

document.addEventListener("keydown", (event) => {
  const form = formOf(event);
  if (!form || event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    event.target.value = stood(event.target);
    problem(form);
    event.target.blur();
  } else if (event.key === "Enter" && !event.shiftKey && !event.target.matches("select")) {
    event.preventDefault();
    save(form);
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-edit]")) return;
  event.preventDefault();
  save(event.target);
});
