/* A video is loaded from its platform only once it is asked for: the first click on its link puts the player in place
   of the picture. Without this the link leads to the platform, as it still does in a new tab. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-player]");
  if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  player.title = link.dataset.title;
  player.allow = "encrypted-media; fullscreen; picture-in-picture";
  player.referrerPolicy = "strict-origin"; // YouTube plays only where it learns which site asks
  player.setAttribute("sandbox", "allow-same-origin allow-scripts");
  player.src = link.dataset.player;
  link.parentElement.replaceChildren(player);
  player.focus();
});
