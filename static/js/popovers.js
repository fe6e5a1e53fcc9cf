// What opens behind a word closes by Escape, by a click elsewhere, and when another one opens. Behind
// "Why" the explanation is fetched when somebody is about to open it, and "explained" said once it is there;
// it stands beneath its cell, moved so far to the left that all of it is in the window, also when the window
// or the words of a chip change and the cells wrap anew. Without this script there is a link.
const boxes = "details.why-box, details.menu, details.subjects";
const open = () =>
  [...document.querySelectorAll(boxes)].filter((box) => box.open && !box.matches(".is-docked"));

const shut = (box) => {
  box.open = false;
  for (const part of box.querySelectorAll(".menu-part")) {
    part.open = part.querySelector(":checked") !== null;
  }
  box.querySelector("summary").focus();
};

const ROOM = 24;
const fit = (why) => {
  why.style.left = "0";
  const beyond = why.getBoundingClientRect().right + ROOM - document.documentElement.clientWidth;
  why.style.left = `${-Math.max(0, beyond)}px`;
};
const resized = new ResizeObserver(() => {
  for (const why of document.querySelectorAll(".why-box[open] > .why")) fit(why);
});
for (const each of document.querySelectorAll("html, .promises > li")) resized.observe(each);

const fetched = new Map();
const explanation = (box) => {
  const url = box.dataset.why;
  if (!fetched.has(url)) {
    const answer = fetch(url, { headers: { Accept: "text/html" } }).then((response) => {
      if (!response.ok || response.redirected) throw new Error(response.status);
      return response.text();
    });
    answer.catch(() => fetched.delete(url));
    fetched.set(url, answer);
  }
  return fetched.get(url);
};

// The box opens once its content is there, so that it is never empty and never grows.
const explain = async (box, isAsked) => {
  const page = box.querySelector(".why a").href;
  try {
    const html = await explanation(box);
    box.querySelector(".why").innerHTML = html;
  } catch {
    if (isAsked) location.href = page;
    return;
  }
  const close = box.querySelector(".why-close");
  close.hidden = false;
  close.addEventListener("click", () => shut(box));
  delete box.dataset.why;
  box.dispatchEvent(new CustomEvent("explained", { bubbles: true }));
  box.open = true;
};

for (const box of document.querySelectorAll("details[data-why]")) {
  const summary = box.querySelector("summary");
  resized.observe(box.querySelector(".why"));
  const soon = () => box.dataset.why && explanation(box).catch(() => {});
  summary.addEventListener("pointerenter", soon, { once: true });
  summary.addEventListener("focus", soon, { once: true });
  summary.addEventListener("click", (event) => {
    if (!box.dataset.why) return;
    event.preventDefault();
    explain(box, event.isTrusted);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const box of open()) shut(box);
});

document.addEventListener("click", (event) => {
  for (const box of open()) if (!box.contains(event.target)) box.open = false;
});
