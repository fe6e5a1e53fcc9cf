// Tell the server that the answers on this page were seen. Without this script it does not know.
const form = document.querySelector("form[data-reading]");

const tell = () => {
  if (document.hidden) return;
  document.removeEventListener("visibilitychange", tell);
  fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
};

if (form) {
  document.addEventListener("visibilitychange", tell);
  tell();
}
