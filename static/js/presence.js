// Say now and then that this ticket is open here, and show who else has it open. It rests while the page
// is hidden; leaving says so at once. Without this script nobody is told that one is here.
const place = document.querySelector("[data-presence]");

const token = () => document.querySelector("input[name=csrf_token]")?.value ?? "";

const writes = () =>
  [...document.querySelectorAll("#reply textarea, #note textarea, textarea[name=body]")].some(
    (box) => box.value !== box.defaultValue || box === document.activeElement,
  );

const said = (writing) => {
  const form = new FormData();
  form.set("csrf_token", token());
  form.set("writing", writing);
  return form;
};

const beat = async () => {
  if (document.hidden) return;
  const body = said(writes() ? "answering" : "looking");
  try {
    const response = await fetch(place.dataset.presence, { method: "POST", body });
    if (!response.ok || response.redirected) return;
    const html = await response.text();
    if (html.trim() !== place.innerHTML.trim()) place.innerHTML = html;
  } catch {
    // no connection: the next beat will say it
  }
};

if (place) {
  beat();
  setInterval(beat, Number(place.dataset.every) * 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) navigator.sendBeacon(place.dataset.presence, said("left"));
    else beat();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea") && !place.dataset.writes) {
      place.dataset.writes = "yes";
      beat();
    }
  });
}
