/* A visitor's own programme, kept on this device so that it is still there tomorrow. Without this script, and where
   storage is blocked, the stars are sent with the form and live in the address alone. */
const kept = (slug) => {
  try {
    const slugs = JSON.parse(localStorage.getItem(`agenda-${slug}`));
    return Array.isArray(slugs) ? slugs.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
};
const keep = (slug, slugs) => {
  try {
    localStorage.setItem(`agenda-${slug}`, JSON.stringify(slugs));
  } catch {}
};
const asked = () => new URLSearchParams(location.search).getAll("s");

// The stars: those kept are filled, unless the address brought a choice. Every change is kept, and from then on what
// the address said no longer counts.
for (const form of document.querySelectorAll("form[data-agenda]")) {
  const slug = form.dataset.agenda;
  const stars = [...form.querySelectorAll("[name=s][type=checkbox]")];
  let elsewhere = []; // chosen, but not on this page
  const fill = (isBack) => {
    const slugs = asked().length ? asked() : kept(slug);
    stars.forEach((star) => (star.checked = slugs.includes(star.value) || (star.checked && !isBack)));
    elsewhere = slugs.filter((each) => !stars.some((star) => star.value === each));
  };
  fill(false);
  addEventListener("pageshow", (event) => event.persisted && fill(true));
  form.addEventListener("change", () => {
    keep(slug, [...stars.filter((star) => star.checked).map((star) => star.value), ...elsewhere]);
    history.replaceState(null, "", location.pathname + location.hash);
  });
  form.addEventListener("formdata", (event) => elsewhere.forEach((each) => event.formData.append("s", each)));
}

// The page of the own programme: without a choice it opens the one that is kept. A shared one is taken over only where
// it leaves out nothing that was kept.
for (const page of document.querySelectorAll("[data-chosen]")) {
  const slugs = kept(page.dataset.of);
  if (asked().length) {
    const chosen = page.dataset.chosen.split(" ").filter(Boolean);
    if (slugs.every((each) => asked().includes(each))) keep(page.dataset.of, chosen);
  } else if (slugs.length) {
    location.replace(`?${new URLSearchParams(slugs.map((each) => ["s", each]))}`);
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("is-done");
      button.nextElementSibling.textContent = button.dataset.done;
    } catch {} // refused: the address stands beside the button
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
