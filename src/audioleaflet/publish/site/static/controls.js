import { all, byId, clock, fill, inWords, on, press, words } from "./dom.js";
import { audio, player } from "./player.js";

press("back", () => player.back());
press("forward", () => player.forward());
press("previous", () => player.step(-1));
press("next", () => player.step(1));
press("reload", () => location.reload());
for (const button of all(".toggle")) {
  on(button, "click", () => player.toggle());
  on(audio, "play pause", () => {
    button.textContent = audio.paused ? words.play : words.pause;
    button.classList.toggle("playing", !audio.paused);
  });
}

const speed = byId("speed");
on(speed, "change", () => (audio.defaultPlaybackRate = audio.playbackRate = speed.value));

const volume = byId("volume");
on(volume, "input", () => (audio.volume = volume.value / 100));
audio.volume = 0.5;
volume.parentElement.hidden = audio.volume !== 0.5; // some phones leave it to their keys
audio.volume = 1;

const chapters = all(".chapters a").map((link, index) => {
  const button = document.createElement("button");
  button.append(...link.childNodes);
  on(button, "click", () => player.playFrom(player.starts[index]));
  link.replaceWith(button);
  return button;
});

const slider = byId("seek");
let held = false;
const tellTime = () => {
  const [time, total] = [slider.value * 1000, player.duration].map(inWords);
  slider.setAttribute("aria-valuetext", fill(words.place, { time, total, chapter: player.title }));
};
on(slider, "input", () => {
  held = true;
  tellTime();
});
on(slider, "change", () => {
  held = false;
  player.seek(slider.value * 1000);
});

let current = null;
player.onMove(({ type }) => {
  if (current !== player.chapter) {
    chapters[current]?.removeAttribute("aria-current");
    current = player.chapter;
    chapters[current].setAttribute("aria-current", "true");
  }
  byId("clock").textContent = `${clock(player.at)} / ${clock(player.duration)}`;
  if (held) return;
  slider.value = Math.floor(player.at / 1000);
  // Screen readers speak every change of the slider that has the focus.
  if (slider !== document.activeElement || type !== "timeupdate") tellTime();
});

const tellWrong = (text) => {
  byId("wrong").textContent = text;
  byId("reload").hidden = !text;
};
export const fail = () => tellWrong(words.wrong);
if (audio.error) fail();
on(audio, "error", fail);
on(audio, "playing", () => tellWrong(""));
const loading = ({ type }) => (byId("loading").textContent = type === "waiting" ? words.loading : "");
on(audio, "waiting playing canplay pause error", loading);
