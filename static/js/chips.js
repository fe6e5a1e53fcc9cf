// Tick the words of running chips while service hours last, in the words of the server: two units
// at most, cut and never rounded. Without this script a reload says the same.
const words = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours) return minutes ? `${hours} h ${String(minutes).padStart(2, "0")} m` : `${hours} h`;
  return minutes ? `${minutes} m` : "under a minute";
};

const loaded = Date.now();

const tick = () => {
  for (const chip of document.querySelectorAll(".chip[data-left]")) {
    const until = Math.min(Date.now(), Date.parse(chip.dataset.openUntil));
    const passed = Math.max(0, Math.floor((until - loaded) / 1000));
    const left = Number(chip.dataset.left) - passed;
    const said = `${words(left)} left`;
    const text = chip.querySelector("span");
    if (left > 0 && text.textContent !== said) text.textContent = said;
  }
};

setInterval(tick, 15000);
document.addEventListener("visibilitychange", () => document.hidden || tick());
