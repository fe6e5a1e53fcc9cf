// Why a promise is due then, beside the conversation instead of above it: where the window is wide and
// somebody chose so. The choice is kept by the browser, and what was open comes back with the next page.
const CHOICE = "why-is-docked";
const SHOWN = "why-shown";
const place = document.querySelector("[data-dock]");
const wide = matchMedia("(min-width: 80rem)");
const isChosen = () => wide.matches && localStorage.getItem(CHOICE) === "yes";
const pageOf = (panel) => new URL(panel.querySelector("footer a").href).pathname;

let held = null;

// Back beneath its promise, where it opens as before.
const release = () => {
  const box = held;
  held = null;
  box.classList.remove("is-docked");
  box.append(place.querySelector(".why"));
  box.querySelector(".why-dock").setAttribute("aria-pressed", "false");
  place.hidden = true;
  return box;
};

const dock = (box) => {
  if (held) release().open = false;
  held = box;
  box.classList.add("is-docked");
  box.open = true;
  const panel = box.querySelector(".why");
  panel.querySelector(".why-dock").setAttribute("aria-pressed", "true");
  place.append(panel);
  place.hidden = false;
  sessionStorage.setItem(SHOWN, pageOf(panel));
};

const choose = (box, button) => {
  const docks = box !== held;
  localStorage.setItem(CHOICE, docks ? "yes" : "no");
  if (docks) dock(box);
  else release();
  button.focus();
};

const leave = () => {
  sessionStorage.removeItem(SHOWN);
  release();
};

const close = () => {
  const box = held;
  box.open = false;
  box.querySelector("summary").focus();
};

if (place) {
  document.addEventListener("explained", ({ target: box }) => {
    const button = box.querySelector(".why-dock");
    button.hidden = false;
    button.addEventListener("click", () => choose(box, button));
    if (isChosen()) dock(box);
  });

  document.addEventListener("click", (event) => {
    const box = event.target.closest("summary")?.closest(".why-box");
    if (!box || box === held || event.defaultPrevented || !isChosen()) return;
    event.preventDefault();
    dock(box);
  });

  document.addEventListener(
    "toggle",
    (event) => {
      if (held && event.target === held && !held.open) leave();
    },
    true,
  );

  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });

  wide.addEventListener("change", () => {
    if (held && !wide.matches) held.open = false;
  });

  const shown = sessionStorage.getItem(SHOWN);
  const box = shown && document.querySelector(`details[data-why^="${CSS.escape(shown)}?"]`);
  if (box && isChosen()) box.querySelector("summary").click();
}
