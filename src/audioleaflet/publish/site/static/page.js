// When all is ready, the player takes the place of the native controls.
import "./controls.js";
import { all, byId, fill, on, press, tell, words } from "./dom.js";
import "./keys.js";
import { sentence } from "./marking.js";
import "./place.js";
import { audio, player } from "./player.js";
import "./timer.js";

press("copy", async () => {
  const link = new URL(`#${sentence().id}`, location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    tell(words.copied);
  } catch {
    // Not allowed, or no HTTPS: to be copied by hand.
    const field = byId("link");
    field.parentElement.hidden = false;
    field.value = link;
    field.select();
    tell(words.copy_failed);
  }
});

const report = byId("report");
const address = report?.href;
if (address?.startsWith("mailto:")) {
  on(report, "click", () => {
    const cue = sentence().id.slice(0, -9); // without the edition
    const place = fill(`\n${words.report}`, { chapter: player.title, cue });
    report.href = address + encodeURIComponent(place.replaceAll("\n", "\r\n"));
  });
}

for (const block of all(".chapter > :is(p:not(.at), ul, ol)")) {
  const first = block.querySelector(".s");
  if (!first) continue;
  const button = document.createElement("button");
  button.className = "from of-paragraph";
  button.dataset.at = first.dataset.at;
  button.textContent = document.querySelector(".from").textContent;
  block.before(button);
}
// Sentences take the pointer only: to a screen reader they are plain text.
on(document, "click", ({ target }) => {
  const from = target.closest(".from") ?? (getSelection().isCollapsed && !target.closest("a") && target.closest(".s"));
  if (from) player.playFrom(from.dataset.at);
});

const due = byId("past-due");
const today = new Date().toLocaleDateString("sv"); // as Swedes write it: 2026-01-31
if (due && today > due.dataset.due) due.hidden = false;

audio.controls = false;
document.querySelector("main").append(byId("bar"));
for (const part of all("[data-needs-script], [data-without-script]")) part.hidden = !part.hidden;
audio.dispatchEvent(new Event("loadedmetadata")); // shows where it is
