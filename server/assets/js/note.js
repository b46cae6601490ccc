// Enter saves a note, Shift+Enter adds a line.

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[data-enter-saves]") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (field.value.trim()) field.form.requestSubmit();
});
