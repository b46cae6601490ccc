// "Edit details": the first field of the pane is in hand at once, also where the pane was out of sight.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-edits]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const about = document.getElementById("about");
  const first = about?.querySelector("#about-person .edit-field, .fields .edit-field");
  if (!first) return;
  event.preventDefault();
  // On a telephone one pane is shown at a time.
  if (!first.checkVisibility()) {
    const folded = first.closest("details");
    if (folded) folded.open = true;
    if (!about.checkVisibility()) location.hash = "about";
  }
  first.focus();
  first.select?.();
});
