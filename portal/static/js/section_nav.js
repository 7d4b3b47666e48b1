/* Marks, in the navigation of a long page, the part that is being read. */
const links = new Map();
for (const link of document.querySelectorAll(".section-nav a")) {
  const part = document.getElementById(link.hash.slice(1));
  if (part) links.set(part, link);
}
const seen = new Set();
const watcher = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) seen[isIntersecting ? "add" : "delete"](target);
    const current = [...links.keys()].find((part) => seen.has(part));
    for (const [part, link] of links) part === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  },
  { rootMargin: "-20% 0px -60% 0px" },
);
for (const part of links.keys()) watcher.observe(part);
