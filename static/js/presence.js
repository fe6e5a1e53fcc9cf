// Say now and then that this ticket is open here, and show who else has it open and that somebody has
// written since; nothing that one reads or writes moves for it. It rests while the page is hidden; leaving
// says so at once. Without this script nobody is told that one is here.
const place = document.querySelector("[data-presence]");
const line = document.querySelector("[data-come-line]");

const token = () => document.querySelector("input[name=csrf_token]")?.value ?? "";

const writes = () =>
  [...document.querySelectorAll("#reply textarea, #note textarea, textarea[name=body]")].some(
    (box) => box.value !== box.defaultValue || box === document.activeElement,
  );

const said = (writing) => {
  const form = new FormData();
  form.set("csrf_token", token());
  form.set("writing", writing);
  if (place.dataset.seen) form.set("seen", place.dataset.seen);
  return form;
};

const show = (where, html) => {
  if (html.trim() !== where.innerHTML.trim()) where.innerHTML = html;
};

const beat = async () => {
  if (document.hidden) return;
  const body = said(writes() ? "answering" : "looking");
  try {
    const response = await fetch(place.dataset.presence, { method: "POST", body });
    if (!response.ok || response.redirected) return;
    const told = document.createElement("template");
    told.innerHTML = await response.text();
    const come = told.content.querySelector("[data-come]");
    come?.remove();
    show(place, told.innerHTML);
    if (line) show(line, come?.innerHTML ?? "");
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
