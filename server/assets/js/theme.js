// Switches between light and dark at once; without this the same button asks the server.

const root = document.documentElement;

document.querySelector("form[data-theme-switch]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `whom_theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});
