// A button that copies what stands in a field, for browsers that can.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
for (const field of document.querySelectorAll("input[data-shown]")) {
  field.addEventListener("focus", () => field.select());
}
