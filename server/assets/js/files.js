// Files that go along: they can be chosen several times over, and each can be left out again.

for (const place of document.querySelectorAll("[data-files]")) {
  const field = place.querySelector("input[type=file]");
  const list = place.querySelector("[data-files-chosen]");
  let chosen = [];

  const set = (files) => {
    chosen = files;
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    field.files = all.files;
    list.replaceChildren(...files.map((file) => {
      const line = document.createElement("li");
      const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name, title: file.name });
      const out = Object.assign(document.createElement("button"), { type: "button", className: "icon-button small", textContent: "×" });
      out.setAttribute("aria-label", `${list.dataset.remove}: ${file.name}`);
      out.addEventListener("click", () => {
        set(chosen.filter((one) => one !== file));
        field.focus();
      });
      line.append(name, out);
      return line;
    }));
  };

  field.addEventListener("change", () => {
    if (field.files.length) set([...chosen, ...field.files]);
    else set(chosen);
  });

  const form = field.form;
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
    set([...chosen, ...event.dataTransfer.files]);
  });
}
