/* The order of sessions without times of their own: rows are dragged by their handle, moved by its arrow keys or by the
   two buttons beside it. Only their positions are filled in; saving is the form's. Without this script the buttons ask
   the server to do the same. */
const form = document.querySelector("form.programme");
let unsaved = form?.querySelector(".has-errors, [autofocus]") != null;
const told = form?.querySelector(".programme-told");

const together = (row) => [...form.querySelectorAll("tr[data-group]")].filter((each) => each.dataset.group === row.dataset.group);

const tell = (words, place, places) => (told.textContent = words.replace("{place}", place).replace("{places}", places));

/* Puts `row` at `place` among its like and counts all of them anew. */
const put = (row, place) => {
  const rows = together(row);
  const from = rows.indexOf(row);
  const to = Math.max(0, Math.min(rows.length - 1, place));
  if (to === from) return tell(told.dataset.edge);
  rows[to][to > from ? "after" : "before"](row);
  together(row).forEach((each, number) => (each.querySelector("[name$=-position]").value = number + 1));
  tell(told.dataset.moved, to + 1, rows.length);
  unsaved = true;
};

const step = (control, by) => {
  const row = control.closest("tr");
  put(row, together(row).indexOf(row) + by);
  control.focus();
  control.scrollIntoView({ block: "nearest" });
};

/* The row follows the pointer. The page listens, since a handle that changes its place loses the pointer. */
const drag = (row) => {
  const follow = ({ clientY }) => {
    if (clientY < 80 || clientY > innerHeight - 40) scrollBy(0, clientY < 80 ? -12 : 12);
    const rows = together(row);
    const middles = rows.map((each) => each.getBoundingClientRect()).map((box) => box.top + box.height / 2);
    const from = rows.indexOf(row);
    let to = from; // past the middle of a neighbour, so that rows of different heights do not flicker
    while (to > 0 && clientY < middles[to - 1]) to--;
    while (to < rows.length - 1 && clientY > middles[to + 1]) to++;
    if (to !== from) put(row, to);
  };
  const drop = () => {
    row.classList.remove("is-dragged");
    removeEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, drop);
  };
  row.classList.add("is-dragged");
  addEventListener("pointermove", follow);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, drop);
};

if (told) {
  for (const grip of form.querySelectorAll(".programme-grip")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", (event) => event.button || drag(grip.closest("tr")));
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    step(button, button.value.endsWith("up") ? -1 : 1);
  });
  form.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const control = event.target.closest(".programme-order button");
    if (!by || !control) return;
    event.preventDefault();
    step(control, by);
  });

  form.addEventListener("change", (event) => (unsaved ||= event.target.closest(".programme-field") !== null));
  form.addEventListener("submit", () => (unsaved = false));
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
}
