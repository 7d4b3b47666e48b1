/* Suggestions under the search field while somebody types: a combobox with a list (ARIA 1.2). Without this script the
   form is sent as it is, and Enter always sends it unless a suggestion was chosen with the arrows. */
const PAUSE = 150; // milliseconds after the last letter
let number = 0;

function element(name, properties) {
  const made = document.createElement(name);
  for (const [property, value] of Object.entries(properties)) made.setAttribute(property, value);
  return made;
}

class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("[name=q]");
    this.at = -1;
    this.options = [];
    this.id = `suggestions-${(number += 1)}`;
    this.list = element("ul", { id: this.id, role: "listbox", class: "suggestions", "aria-label": form.dataset.found });
    this.list.hidden = true;
    this.status = element("span", { role: "status", class: "visually-hidden" });
    form.append(this.list, this.status);
    const says = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries({ ...says, "aria-controls": this.id })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", (event) => event.isComposing || this.ask());
    this.input.addEventListener("compositionend", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.open(event.target.closest("[role=option]")));
  }

  ask() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const query = this.input.value.trim();
    if (query.length < 2 && !/[^\u0000-\u2fff]/.test(query)) return this.close();
    this.timer = setTimeout(() => this.fetch(query), PAUSE);
  }

  async fetch(query) {
    this.asked = new AbortController();
    try {
      const address = `${this.form.dataset.suggestions}?${new URLSearchParams({ q: query })}`;
      const answer = await fetch(address, { signal: this.asked.signal });
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).suggestions);
    } catch {} // typed on, or offline: there are just no suggestions
  }

  show(suggestions) {
    this.options = suggestions.map(({ title, kind, url, lang }, index) => {
      const option = element("li", { role: "option", id: `${this.id}-${index}`, "aria-selected": "false" });
      const [name, of] = [element("span", lang ? { lang } : {}), element("small", {})];
      [name.textContent, of.textContent, option.dataset.url] = [title, kind, url];
      option.append(name, " ", of);
      return option;
    });
    this.list.replaceChildren(...this.options);
    this.choose(-1);
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    const { found, nothing } = this.form.dataset;
    this.status.textContent = this.options.length ? `${found}: ${this.options.length}` : nothing;
  }

  choose(at) {
    this.at = at;
    this.options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.options[at].id);
    this.options[at].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || event.isComposing) return;
    const last = this.options.length - 1;
    const moves = { ArrowDown: this.at < last ? this.at + 1 : -1, ArrowUp: this.at < 0 ? last : this.at - 1 };
    if (event.key in moves) this.choose(moves[event.key]);
    else if (event.key === "Enter" && this.at >= 0) this.open(this.options[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  open(option) {
    if (option) location.assign(option.dataset.url);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.show([]);
    this.status.textContent = "";
  }
}

for (const form of document.querySelectorAll("form[data-suggestions]")) new Suggestions(form);
