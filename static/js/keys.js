// The desk by keyboard, bound by event.key. In a list j k move, x selects, Enter opens, and a s p r n
// are for the marked ticket or the selected ones. Everywhere else a key presses, or goes to, what bears
// it as data-key. Keys rest while somebody types, with Ctrl, Alt or Meta, and when they are switched off.
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const help = document.getElementById("keys");
const rows = () => [...document.querySelectorAll("tr[data-ticket]")];
const marked = () => document.querySelector("tr[data-ticket].is-cursor");
const selected = () => document.querySelector("tr[data-ticket] input[name=ticket]:checked");

const mark = (row) => {
  marked()?.classList.remove("is-cursor");
  row.classList.add("is-cursor");
};

const move = (step) => {
  const all = rows();
  const here = all.indexOf(marked());
  const row = all[Math.max(0, Math.min(all.length - 1, here < 0 && step < 0 ? 0 : here + step))];
  mark(row);
  row.querySelector(".line a").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const select = () => marked()?.querySelector("input[name=ticket]")?.click();

// Change what is selected, else the marked ticket, in the bar at the foot of the list.
const change = (key) => {
  if (!selected()) select();
  if (selected()) document.querySelector(`[data-key-selected="${key}"]`).focus();
};

const write = (what) => {
  const link = marked()?.querySelector(".line a");
  if (link) location.href = `${link.href}#write-${what}`;
};

const inList = {
  j: () => move(1),
  k: () => move(-1),
  x: select,
  a: () => change("a"),
  s: () => change("s"),
  p: () => change("p"),
  r: () => write("reply"),
  n: () => write("note"),
};

// A menu that was opened by its key: on to the first thing in it.
const enter = (menu) => menu.querySelector(".menu-box :is(summary, input:not([type=hidden]), a)")?.focus();

const press = (key) => {
  const bearers = [...document.querySelectorAll(`[data-key="${key}"]`)];
  const shown = bearers.filter((each) => each.checkVisibility());
  const one = shown.find((each) => each.matches(TYPING)) ?? shown[0];
  if (!one) return false;
  one.focus();
  if (one.matches(TYPING)) return true;
  one.click();
  if (one.matches("details[open] > summary")) enter(one.parentElement);
  return true;
};

const deed = (key) => {
  if (key === "?" && help) return () => help.togglePopover();
  if (rows().length && key in inList) return inList[key];
  return null;
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(TYPING)) event.target.blur();
  if (document.body.dataset.keys === "off" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const found = deed(event.key);
  if (found) found();
  if (found || (/^[a-z/]$/.test(event.key) && press(event.key))) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr[data-ticket]");
  if (row) mark(row);
});

// A ticket that was opened by r or n: begin to write at once.
if (/^#write-[a-z]+$/.test(location.hash)) {
  const label = `label[for="${location.hash.slice(1)}"]`;
  addEventListener("load", () => document.querySelector(label)?.click());
}
