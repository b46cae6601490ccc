// Switches between light and dark at once; without this the same buttons ask the server.

const root = document.documentElement;

document.querySelector("form[data-theme-form]")?.addEventListener("submit", (event) => {
  const chosen = event.submitter?.value;
  if (!chosen) return;
  event.preventDefault();
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  const kept = chosen === "system" ? "; max-age=0" : `${chosen}; max-age=31536000`;
  document.cookie = `whom_theme=${kept}; path=/; samesite=lax`;
  for (const button of event.target.querySelectorAll("button[name=theme]")) {
    button.ariaPressed = String(button === event.submitter);
  }
});
