// The queue by keyboard: j k move, Enter opens, c writes a new ticket, ? tells the keys. Off where
// somebody types, with Ctrl, Alt or Meta, and when switched off (remembered in this browser).
const rows = [...document.querySelectorAll("table.rows tbody tr")];
const choice = document.querySelector("[data-keys-switch]");
const isOff = () => localStorage.getItem("pledge-keys") === "off";
let cursor = -1;

const move = (step) => {
  if (!rows.length) return;
  rows[cursor]?.classList.remove("is-cursor");
  cursor = Math.max(0, Math.min(rows.length - 1, cursor + step));
  const row = rows[cursor];
  row.classList.add("is-cursor");
  row.querySelector("a").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const deeds = {
  j: () => move(1),
  k: () => move(-1),
  c: () => document.querySelector("a[data-key=c]")?.click(),
  "?": () => document.getElementById("keys")?.toggleAttribute("open"),
};

document.addEventListener("keydown", (event) => {
  if (isOff() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const deed = deeds[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
});

if (choice) {
  const say = () => {
    choice.textContent = isOff() ? "Switch the keys on" : "Switch the keys off";
  };
  choice.hidden = false;
  choice.addEventListener("click", () => {
    localStorage.setItem("pledge-keys", isOff() ? "on" : "off");
    say();
  });
  say();
}
