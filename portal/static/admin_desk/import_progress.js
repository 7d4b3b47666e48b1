// While a sheet is read and written, its form says how far that is. Without this, the page just waits.
for (const form of document.querySelectorAll("form[data-progress]")) {
  const box = form.querySelector(".import-progress");
  const bar = box.querySelector("progress");
  const words = box.querySelector("output");

  const ask = async () => {
    try {
      const answer = await fetch(form.dataset.progress, { headers: { Accept: "application/json" } });
      const state = answer.ok ? await answer.json() : {};
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
      }
      if (state.words) words.value = state.words;
    } catch {
      // the next question may be answered
    }
    if (!box.hidden) setTimeout(ask, 700);
  };

  form.addEventListener("submit", () => {
    box.hidden = false;
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
    setTimeout(ask, 300);
  });

  // the page was left and is shown again
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    box.hidden = true;
    form.querySelectorAll("button").forEach((button) => (button.disabled = false));
  });
}
