// Chips go on by themselves while service hours last: their words, and when time is up for it their
// icon and colour too, at risk from 75 % and breached after due. The same words as the server's: two
// units at most, cut and never rounded. Without this script a reload says the same.
const AT_RISK = 0.75;
const STATES = ["running", "risk", "breached"];
const loaded = Date.now();
const say = document.documentElement.dataset; // the page's language says them, {} is the time

const words = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours) return minutes ? `${hours} h ${String(minutes).padStart(2, "0")} m` : `${hours} h`;
  return minutes ? `${minutes} m` : say.moment;
};

const look = (left, budget) => {
  const used = budget ? 1 - left / budget : 1;
  if (left < 0) return { state: "breached", icon: "breach", said: say.over.replace("{}", words(-left)) };
  if (used >= AT_RISK) return { state: "risk", icon: "risk", said: say.left.replace("{}", words(left)) };
  const eighths = Math.min(7, Math.floor(used * 8));
  return { state: "running", icon: `pie-${eighths}`, said: say.left.replace("{}", words(left)) };
};

const show = (chip, { state, icon, said }) => {
  const text = chip.querySelector("span");
  if (text.textContent !== said) text.textContent = said;
  const use = chip.querySelector("use");
  const href = use.getAttribute("href").replace(/#.*$/, `#${icon}`);
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
  for (const each of STATES) chip.classList.toggle(`chip-${each}`, each === state);
};

const tick = () => {
  const passed = Math.max(0, Math.floor((Date.now() - loaded) / 1000));
  for (const chip of document.querySelectorAll(".chip[data-left]")) {
    const { left, budget, open } = chip.dataset;
    const counted = open === undefined ? passed : Math.min(passed, Number(open));
    show(chip, look(Number(left) - counted, Number(budget)));
  }
};

setInterval(tick, 1000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
