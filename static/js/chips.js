// Tick the words of running chips; only while service hours last, and by the server's rules:
// two units at most, cut and never rounded. Without this script a reload says the same.
const words = (seconds) => {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours) return minutes ? `${hours} h ${String(minutes).padStart(2, "0")} m` : `${hours} h`;
  return minutes ? `${minutes} m` : "under a minute";
};

const loaded = Date.now();
const tick = () => {
  for (const chip of document.querySelectorAll(".chip[data-left]")) {
    const open = Math.min(Date.now(), Date.parse(chip.dataset.openUntil));
    const left = Number(chip.dataset.left) - Math.max(0, Math.floor((open - loaded) / 1000));
    if (left > 0) chip.querySelector("span").textContent = `${words(left)} left`;
  }
};
setInterval(tick, 15000);
