// The list of tickets: how many are selected and what the bar would do to them, and what came in since.
// Rows are never pushed under the pointer: the page says "4 new", and who is where is written anew. Those
// new ones stand out once they are shown.
const bulk = document.getElementById("bulk");
const boxes = [...document.querySelectorAll("tr[data-ticket] input[name=ticket]")];
const every = document.querySelector("[data-select-all]");
const news = document.querySelector("[data-news]");
const EVERY_MS = 20_000;

const say = (one, many, count) => (count === 1 ? one : many.replace("COUNT", count));

// What has been chosen in the bar, in the words of its own choices.
const chosen = () =>
  [...bulk.querySelectorAll("select")]
    .filter((field) => field.value)
    .map((field) => field.selectedOptions[0].textContent);

const show = () => {
  const count = boxes.filter((box) => box.checked).length;
  const words = bulk.dataset;
  const isPlain = !bulk.elements.status.value && !bulk.elements.priority.value;
  const isAll = bulk.elements.all?.checked ?? false;
  const what = chosen();
  const does = isPlain && what.length > 0 && !isAll;
  bulk.querySelector(".bulk-n").textContent = say(words.one, words.many, count);
  bulk.elements.confirmed.value = does ? "1" : "";
  bulk.querySelector(".bulk-what").textContent = what.length
    ? `${what.join(", ")}. ${isPlain ? words.stays : words.moves}`
    : "";
  const button = bulk.querySelector(".button-primary");
  button.disabled = what.length === 0;
  if (!isAll) {
    button.textContent = does
      ? say(words.changeOne, words.changeMany, count)
      : say(words.seeOne, words.seeMany, count);
  }
  if (every) {
    every.checked = count > 0 && count === boxes.length;
    every.indeterminate = count > 0 && count < boxes.length;
  }
};

if (bulk) {
  let last = null;
  boxes.forEach((box, place) =>
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [Math.min(last, place), Math.max(last, place)];
        for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
      }
      last = place;
      show();
    }),
  );
  bulk.addEventListener("change", show);
  bulk.addEventListener("reset", () => setTimeout(show));
  bulk.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("select")) return;
    event.preventDefault();
    if (event.target.value) bulk.requestSubmit(bulk.querySelector(".button-primary"));
  });
  if (every) {
    every.hidden = false;
    every.addEventListener("change", () => {
      for (const box of boxes) box.checked = every.checked;
      show();
    });
  }
  addEventListener("pageshow", show);
  show();
}

// Ask what is new; nothing is drawn while the answer stays the same.
let tag = null;
const ask = async () => {
  if (document.hidden) return;
  const headers = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch(news.dataset.news, { headers, redirect: "error" });
  if (answer.status !== 200) return;
  tag = answer.headers.get("ETag");
  const told = document.createElement("template");
  told.innerHTML = await answer.text();
  const present = told.content.querySelector("[data-present]");
  present.remove();
  const line = told.content.textContent.trim();
  if (line !== news.textContent.trim()) news.replaceChildren(told.content);
  for (const old of document.querySelectorAll("tr[data-ticket] [data-viewers]")) {
    const now = present.content.querySelector(`[data-viewers="${old.dataset.viewers}"]`);
    old.replaceChildren(...(now ? now.childNodes : []));
  }
};

// What stood in the list when its news were asked for: the rest is new on the page that shows them.
const SHOWN = "rows-shown";
const numbers = () => [...document.querySelectorAll("tr[data-ticket]")].map((row) => row.dataset.ticket);
const known = sessionStorage.getItem(SHOWN);
sessionStorage.removeItem(SHOWN);

const markNew = (row) => {
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = news.dataset.new;
  row.classList.add("is-new");
  row.querySelector(".line").append(words);
};

if (news && known) {
  const before = new Set(JSON.parse(known));
  for (const row of document.querySelectorAll("tr[data-ticket]")) {
    if (!before.has(row.dataset.ticket)) markNew(row);
  }
}

if (news) {
  news.addEventListener("click", (event) => {
    if (event.target.closest("a")) sessionStorage.setItem(SHOWN, JSON.stringify(numbers()));
  });
  const quietly = () => ask().catch(() => {});
  setInterval(quietly, EVERY_MS);
  document.addEventListener("visibilitychange", quietly);
}
