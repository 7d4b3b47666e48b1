/* From one large photograph to the next: by its buttons, of which popovers alone would make a pile, and by the arrow keys.
   Closing leads back to the thumbnail of the one that was seen last. */
const openViewer = () => document.querySelector(".gallery .viewer:popover-open");

document.addEventListener("click", (event) => {
  const button = event.target.closest(".gallery :is(.previous, .next)");
  if (!button) return;
  event.preventDefault();
  const next = document.getElementById(button.getAttribute("popovertarget"));
  openViewer().hidePopover();
  next.parentElement.querySelector(".thumbnail").focus();
  next.showPopover();
});

document.addEventListener("keydown", (event) => {
  const direction = { ArrowLeft: ".previous", ArrowRight: ".next" }[event.key];
  if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
  openViewer()?.querySelector(direction)?.click();
});
