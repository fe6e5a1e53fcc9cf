// Show the promise of the choice at once. Without this script a button asks the server for it.
const form = document.querySelector("form[data-promise]");
const button = form && form.querySelector("[data-show]");

let wanted;

const show = async (priority) => {
  wanted = priority;
  const answer = await fetch(`${form.dataset.promise}?priority=${encodeURIComponent(priority)}`);
  if (!answer.ok || priority !== wanted) return;
  const card = form.querySelector(".pledge");
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  card.replaceChildren(...fresh.content.firstElementChild.childNodes);
};

if (button) {
  button.remove();
  form.addEventListener("change", (event) => {
    if (event.target.name === "choice") show(event.target.dataset.priority);
  });
}
