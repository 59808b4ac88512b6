// While the files of a form are sent, it is shown how far they have come. Without this the browser sends them alone.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const field = form.querySelector("[data-sending]");
  const chosen = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (!field || !chosen || event.defaultPrevented) return;
  event.preventDefault();
  if (form.sending) return;
  form.sending = true;
  const bar = document.createElement("progress");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", field.dataset.sending);
  form.append(said, bar);
  said.textContent = field.dataset.sending;
  const request = new XMLHttpRequest();
  const stop = () => {
    form.sending = false;
    bar.remove();
    said.textContent = field.dataset.broken;
    dispatchEvent(new Event("pageshow")); // site.js lets it be sent again
  };
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    // Whoever listens to the page hears every tenth part of the way, not every step.
    said.textContent = `${field.dataset.sending} ${Math.floor((10 * loaded) / total) * 10} %`;
  };
  request.onerror = stop;
  request.onload = () => {
    // Nothing to read: it was saved and leads elsewhere (network.middleware.FollowedMiddleware).
    if (request.status === 204) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main) return stop();
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    scrollTo(0, 0);
    (main.querySelector("[role=alert]") ?? main).focus();
  };
  request.open("POST", form.action);
  request.setRequestHeader("X-Follow", "1");
  request.send(new FormData(form, event.submitter));
});
