// Enter saves a note, Shift+Enter adds a line.

for (const field of document.querySelectorAll("textarea[data-enter-saves]")) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim()) field.form.requestSubmit();
  });
}
