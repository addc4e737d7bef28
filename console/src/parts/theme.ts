export type Theme = "system" | "light" | "dark";

const key = "podium-theme";

export function theme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** setTheme shows the page in a theme, and remembers it in this browser. */
export function setTheme(chosen: Theme) {
  if (chosen === "system") {
    localStorage.removeItem(key);
    delete document.documentElement.dataset.theme;
    return;
  }
  localStorage.setItem(key, chosen);
  document.documentElement.dataset.theme = chosen;
}
