// Where somebody is in each list, kept while the window is open: who comes back from a ticket, or from
// changing some, goes on at the same ticket. Where it left the list, or moved within it, the one after it.
const links = [...document.querySelectorAll("tr[data-ticket] .line a")];
const placeOf = (url) => {
  const said = new URL(url).searchParams;
  return { list: said.get("in"), key: said.get("key") };
};
const read = (list) => JSON.parse(sessionStorage.getItem(`cursor ${list}`)) ?? { keys: [], at: null };
const write = (list, cursor) => sessionStorage.setItem(`cursor ${list}`, JSON.stringify(cursor));

const isReturn = () => {
  const [{ type }] = performance.getEntriesByType("navigation");
  const from = document.referrer && new URL(document.referrer).pathname;
  return (
    type === "back_forward" ||
    from === location.pathname ||
    /^\/desk\/(tickets|bulk-changes|taking)\b/.test(from)
  );
};

// The place in the list as it is now: of what stood from there on, the first that still does.
const comeBack = (list) => {
  const before = read(list);
  const here = new Map(links.map((link) => [placeOf(link.href).key, link]));
  const on = before.keys.slice(before.keys.indexOf(before.at));
  const key = [before.at, ...on].find((each) => here.has(each)) ?? null;
  write(list, { keys: [...here.keys()], at: key });
  if (key === null || !isReturn()) return;
  here.get(key).focus({ preventScroll: true });
  here.get(key).closest("tr").scrollIntoView({ block: "nearest" });
};

if (links.length) {
  comeBack(placeOf(links[0].href).list);
  document.addEventListener("focusin", ({ target }) => {
    const link = target.closest("tr[data-ticket]")?.querySelector(".line a");
    if (!link) return;
    const { list, key } = placeOf(link.href);
    write(list, { ...read(list), at: key });
  });
} else {
  const { list, key } = placeOf(location.href);
  if (list && key) write(list, { ...read(list), at: key });
}
