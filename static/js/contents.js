/* The contents beside a document: the section that is being read is marked. */
const links = new Map(
  [...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]),
);
const seen = new Set();

function mark() {
  const first = [...links.keys()].find((id) => seen.has(id));
  for (const [id, link] of links) {
    if (id === first) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target.id);
      else seen.delete(target.id);
    }
    mark();
  },
  { rootMargin: "-10% 0px -60% 0px" },
);
for (const id of links.keys()) {
  const section = document.getElementById(id);
  if (section) observer.observe(section);
}
