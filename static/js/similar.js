// While the title of a thread is typed, threads like it are shown below. Without this they stand on its preview.
for (const input of document.querySelectorAll("input[data-similar]")) {
  const box = document.createElement("div");
  box.setAttribute("aria-live", "polite");
  input.closest(".field").after(box);
  let timer;
  let asked = "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const title = input.value.trim().slice(0, 200);
      if (title === asked) return;
      asked = title;
      try {
        const answer = await fetch(`${input.dataset.similar}?q=${encodeURIComponent(title)}`);
        // Its own page said it, every word escaped; an answer to what was typed before comes too late.
        if (answer.ok && title === asked) box.innerHTML = await answer.text();
      } catch {
        // No answer, nothing to show.
      }
    }, 400);
  });
}
