// Small helps for those whose browser runs scripts. Everything here also works without: keywords can be typed,
// the address copied from the browser, and the server recognises a form that was sent twice.

// Suggestions, for keywords and for search: what is typed after the last comma is looked up, and the answer holds lists
// of words by any names. Made ready when the field is first used: the form may have come later than this script.
document.addEventListener("focusin", ({ target: input }) => {
  if (!input.dataset.suggest || input.list) return;
  const list = document.createElement("datalist");
  list.id = `${input.id}_suggestions`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer;
  let asked = "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    const comma = input.value.lastIndexOf(",") + 1;
    const done = input.value.slice(0, comma);
    const rest = input.value.slice(comma);
    const typed = rest.trim();
    if (typed.length < 2 || typed === asked) return;
    timer = setTimeout(async () => {
      asked = typed;
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`);
        if (!answer.ok) return;
        const words = Object.values(await answer.json()).flat();
        // An option replaces the whole value, so each carries the keywords before it, spaced as they were typed.
        const before = done + rest.slice(0, rest.length - rest.trimStart().length);
        list.replaceChildren(...words.map((word) => new Option("", before + word)));
      } catch {
        // No answer, no suggestions: the field is still a field.
      }
    }, 200);
  });
});

// Copy an address: the button is there only where it can work.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = words), 4000);
  });
}

// A form sent once is not sent again by an impatient second press. Nothing is disabled, so that the button's
// own value is still sent; coming back to the page, also by the browser's back button, frees it again.
const sent = new Set();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(release, 8000, form);
});

function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}
addEventListener("pageshow", () => sent.forEach(release));

// Quote: when words of the comment are selected as its link is used, they alone are quoted, as its ?passage=.
function quoteSelected(event) {
  const link = event.target.closest?.('a[href*="quote=1"]');
  if (!link) return;
  const chosen = getSelection();
  const comment = link.closest('[id^="comment-"]');
  const within = [chosen.anchorNode, chosen.focusNode].every((node) => node && comment?.contains(node));
  const address = new URL(link.href);
  address.searchParams.delete("passage");
  const words = within ? String(chosen).trim() : "";
  if (words && words.length <= 1000) address.searchParams.set("passage", words);
  link.href = address;
}
for (const how of ["pointerdown", "keydown"]) document.addEventListener(how, quoteSelected);

// The member's menu closes by Escape, by a press beside it, and when the keyboard moves on.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  const leave = ({ target }) => menu.contains(target) || (menu.open = false);
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
