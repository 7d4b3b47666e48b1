/* Names for what Django's scripts draw without them, so that a screen reader says what a box is for: a search for records
   (Select2) takes the label of the field it stands in for, a calendar or a clock the words of the icon that opens it. */
const labelOf = (field) => document.querySelector(`label[for="${field.id}"]`)?.textContent.trim().replace(/[:：]$/, "") ?? "";

const name = (field) => {
  const box = field.nextElementSibling;
  if (!box?.matches(".select2-container")) return;
  const selection = box.querySelector(".select2-selection");
  const rendered = box.querySelector(".select2-selection__rendered[role='textbox']");
  const search = box.querySelector(".select2-search__field");
  rendered?.removeAttribute("role"); // it is what the box holds, not another box
  rendered?.removeAttribute("aria-readonly");
  selection.setAttribute("aria-label", labelOf(field));
  if (rendered) selection.setAttribute("aria-labelledby", `${(selection.id ||= `${field.id}_box`)} ${rendered.id}`);
  search?.setAttribute("aria-label", labelOf(field));
};

const nameAll = (part) => {
  for (const field of part.querySelectorAll("select.admin-autocomplete")) name(field);
  for (const box of document.querySelectorAll(".calendarbox, .clockbox")) {
    const icon = box.id.replace("calendarbox", "calendarlink").replace("clockbox", "clocklink");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", document.getElementById(icon)?.firstElementChild?.title ?? "");
  }
};

const nameOpened = (event) => {
  const list = document.querySelector(".select2-dropdown");
  if (!list) return;
  const box = document.querySelector(".select2-container--open .select2-selection");
  list.parentElement.setAttribute("role", "region");
  list.parentElement.setAttribute("aria-label", labelOf(event.target));
  list.querySelector(".select2-search__field")?.setAttribute("aria-label", labelOf(event.target));
  box?.setAttribute("aria-controls", box.getAttribute("aria-owns"));
  // "Searching…" and "No results" stand in the list of answers, where only answers may; they are read out all the same.
  const settle = () => list.querySelectorAll("[role='alert']").forEach((said) => said.setAttribute("role", "option"));
  new MutationObserver(settle).observe(list, { childList: true, subtree: true });
  settle();
};

addEventListener("load", () => {
  for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
  const $ = window.django?.jQuery;
  $?.(() => nameAll(document)); // in turn: jQuery may draw the searches after this event
  $?.(document).on("select2:open", nameOpened);
  document.addEventListener("formset:added", (event) => nameAll(event.target));
});
