// The queue by keyboard: j k move, Enter opens, c writes a new ticket, ? tells the keys.
const rows = [...document.querySelectorAll("table.rows tbody tr")];
let cursor = -1;

const move = (step) => {
  if (!rows.length) return;
  rows[cursor]?.classList.remove("is-cursor");
  cursor = Math.max(0, Math.min(rows.length - 1, cursor + step));
  rows[cursor].classList.add("is-cursor");
  const link = rows[cursor].querySelector(".c-sub a");
  link.focus({ preventScroll: true });
  rows[cursor].scrollIntoView({ block: "nearest" });
};

const deeds = {
  j: () => move(1),
  k: () => move(-1),
  c: () => document.querySelector("a[data-key=c]")?.click(),
  "?": () => document.getElementById("keys")?.toggleAttribute("open"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const deed = deeds[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
});
