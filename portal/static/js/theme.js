/* The visitor's choice of colours: as the device, light or dark. Loaded before the page is drawn, so that it does not
   flash; the staff desk keeps its own choice under the same name, so both agree. */
{
  const root = document.documentElement;
  const next = { auto: "light", light: "dark", dark: "auto" };
  const chosen = () => {
    try {
      return localStorage.getItem("theme") in next ? localStorage.getItem("theme") : "auto";
    } catch {
      return root.dataset.theme || "auto"; // storage is blocked: the choice lasts as long as the page
    }
  };
  const choose = (theme) => {
    root.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {}
  };
  root.dataset.theme = chosen();

  addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const describe = () => {
        button.setAttribute("aria-label", button.dataset[root.dataset.theme]);
        button.title = button.dataset[root.dataset.theme];
      };
      button.addEventListener("click", () => {
        choose(next[root.dataset.theme]);
        describe();
      });
      describe();
      button.hidden = false;
    }
  });
}
