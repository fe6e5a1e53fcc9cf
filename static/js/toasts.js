// A toast is put away by its button or, when nothing else is open, by Escape. Without this script it leaves
// by its style sheet.
const toasts = () => [...document.querySelectorAll(".toast")].filter((one) => one.checkVisibility());

const putAway = (toast) => {
  const hadFocus = toast.contains(document.activeElement);
  toast.remove();
  if (hadFocus) document.getElementById("content").focus();
};

for (const button of document.querySelectorAll("[data-put-away]")) {
  button.hidden = false;
  button.addEventListener("click", () => putAway(button.closest(".toast")));
}

// Asked while the key is on its way down: what it closes is still open then.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || document.querySelector(":popover-open, details.menu[open], .why-box[open]")) return;
    const last = toasts().at(-1);
    if (last) putAway(last);
  },
  true,
);
