import { all, byId, on, press, section } from "./dom.js";
import { audio, player } from "./player.js";

const OURS = 1000; // ms that the page's own scroll may take
const BUSY = 4000; // ms that the page keeps still after the player was used

const sentences = all(".s").sort((a, b) => a.dataset.at - b.dataset.at);
const times = sentences.map((sentence) => Number(sentence.dataset.at));
const bar = byId("bar");
const back = byId("to-sentence");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let now = null;
let heard = false;
let away = false; // the reader has scrolled away
let ours = 0;
let busy = 0;

/** The sentence of this moment. What is only heard at the start of a chapter belongs to its first. */
export function sentence() {
  const index = Math.max(0, times.findLastIndex((time) => time <= player.at));
  const early = times[index] < player.starts[player.chapter] && times[index + 1] < player.end;
  return sentences[early ? index + 1 : index];
}

const inView = () => {
  const { top, bottom } = now.getBoundingClientRect();
  const room = innerHeight - bar.offsetHeight;
  return top >= 0 && (bottom <= room || top <= room / 3);
};
const offer = () => {
  back.hidden = !now || inView();
  const { bottom } = byId("play").getBoundingClientRect();
  bar.hidden = !heard || (bottom > 0 && back.hidden && !bar.contains(document.activeElement));
  document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`);
};
const show = () => {
  ours = performance.now() + OURS;
  now.scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
};

player.onMove(({ type }) => {
  if (type === "loadedmetadata") return;
  heard ||= type === "play";
  if (type === "play" || type === "seeking") away = false;
  const next = sentence();
  if (next && next !== now) {
    now?.classList.remove("now");
    next.classList.add("now");
    now = next;
    dispatchEvent(new Event("sentence"));
  }
  if (now && !audio.paused && !away && !still.matches && performance.now() > busy && !inView()) show();
  offer();
});
on(window, "wheel touchmove keydown", ({ key = " " }) => {
  if (!/^( |Page|Home|End|Arrow)/.test(key)) return;
  ours = 0;
  away = true;
});
on(window, "scroll", () => {
  if (now && performance.now() > ours) away ||= !inView();
  offer();
});
on(window, "scrollend", () => (away &&= now && !inView()));
on(section, "pointerdown keydown", () => (busy = performance.now() + BUSY));
press("to-sentence", () => {
  bar.querySelector(".toggle").focus({ preventScroll: true }); // this button goes
  away = false;
  show();
});
