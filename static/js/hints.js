// Suggest what may already help while the subject is typed. Without this script the page says it once.
const place = document.querySelector("[data-hints]");
const field = place && place.closest("form").elements.subject;

let waiting;
let wanted;

const suggest = async () => {
  const words = field.value.trim();
  if (words === wanted) return;
  wanted = words;
  const answer = await fetch(`${place.dataset.hints}?about=${encodeURIComponent(words)}`);
  if (!answer.ok || words !== wanted) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  place.replaceChildren(fresh.content);
};

if (field) {
  wanted = field.value.trim();
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 400);
  });
}
