// Files that go along: they can be chosen several times over, and each can be left out again. Each is kept
// with the draft as soon as it is chosen; where that fails it goes along with the form.

import { say } from "./toast.js";
import { word } from "./words.js";

const kilobytes = (size) => (size < 1e6 ? `${Math.max(1, Math.round(size / 1e3))} kB` : `${(size / 1e6).toFixed(1)} MB`);

for (const place of document.querySelectorAll("[data-files]")) {
  const field = place.querySelector("input[type=file]");
  const list = place.querySelector("[data-files-chosen]");
  const form = field.form;
  let kept = [...list.querySelectorAll("[data-kept]")].map((line) => ({
    id: line.dataset.kept, name: line.querySelector(".name").textContent, said: line.querySelector(".faint").textContent,
  }));
  let chosen = [];
  let busy = 0;

  const take = (files) => {
    chosen = files;
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    field.files = all.files;
  };

  function line(name, said, out) {
    const one = document.createElement("li");
    one.append(Object.assign(document.createElement("span"), { className: "name", textContent: name, title: name }));
    one.append(Object.assign(document.createElement("span"), { className: "faint", textContent: said }));
    if (out) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "icon-button small", textContent: "×" });
      button.setAttribute("aria-label", `${list.dataset.remove}: ${name}`);
      button.addEventListener("click", () => {
        out();
        field.focus();
      });
      one.append(button);
    }
    return one;
  }

  function draw() {
    list.replaceChildren(
      ...kept.map((file) => {
        const one = line(file.name, file.said ?? kilobytes(file.size), () => remove(file));
        one.append(Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: file.id }));
        return one;
      }),
      ...chosen.map((file) => line(file.name, kilobytes(file.size), () => {
        take(chosen.filter((other) => other !== file));
        draw();
      })),
    );
    if (busy) list.append(line(place.dataset.keeping, ""));
    form.dispatchEvent(new Event("change"));
  }

  async function keep(files) {
    busy += 1;
    draw();
    try {
      const body = new FormData();
      for (const file of files) body.append("files", file);
      const answer = await fetch(place.dataset.keep, { method: "POST", body });
      const told = await answer.json().catch(() => undefined);
      if (!answer.ok || answer.redirected || !told) {
        say(told?.detail ?? word("failed"), { bad: true });
      } else {
        kept = told;
        if (form.dataset.draftAddress) history.replaceState(history.state, "", form.dataset.draftAddress);
      }
    } catch {
      // No connection: they go along with the form.
      take([...chosen, ...files]);
    }
    busy -= 1;
    draw();
  }

  async function remove(file) {
    kept = kept.filter((other) => other !== file);
    draw();
    await fetch(`${place.dataset.keep}/${file.id}/remove`, { method: "POST" }).catch(() => {});
  }

  const add = (files) => (place.dataset.keep && navigator.onLine ? keep(files) : (take([...chosen, ...files]), draw()));

  field.addEventListener("change", () => {
    const files = [...field.files];
    take(chosen);
    if (files.length) add(files);
  });
  // What is still on its way to the draft is waited for.
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(place.dataset.keeping);
  }, true);
  if (kept.length) draw();

  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.dataset.drop = "";
  });
  form.addEventListener("dragleave", () => delete form.dataset.drop);
  form.addEventListener("drop", (event) => {
    delete form.dataset.drop;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
}
