import { fail } from "./controls.js";
import { all, byId, on, tell, words } from "./dom.js";
import { audio, player } from "./player.js";

const LATE = 300; // ms: the next timeupdate may be too late
const LAG = 50; // ms by which MP3 sounds later than it went in

/** Call `act` when playing reaches `end()`, in ms. */
function watch(sound, end, act) {
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    const left = (end() - sound.currentTime * 1000) / sound.playbackRate;
    if (sound.paused || left > LATE) return;
    if (left > 0) timer = setTimeout(look, left);
    else act();
  };
  on(sound, "timeupdate", look);
}

const sleep = byId("sleep");
let due = Infinity;
let end = Infinity;
const aim = () => (end = sleep.value === "chapter" ? player.end : Infinity);
const rest = () => {
  audio.pause();
  sleep.value = "";
  due = end = Infinity;
  tell(words.asleep);
};
on(audio, "seeking", aim);
on(sleep, "change", () => {
  aim();
  due = Date.now() + (Number(sleep.value) || Infinity) * 60_000;
});
on(audio, "timeupdate", () => Date.now() >= due && rest());
watch(audio, () => end, rest);

// A word is said by a second player, so that the place stays; what was playing goes on after it.
const voice = new Audio();
let saying = null;
let goOn = false;
const stop = () => {
  saying?.setAttribute("aria-pressed", "false");
  saying = null;
  voice.pause();
};
const until = () => Number(saying?.dataset.until) + LAG;
watch(voice, until, () => {
  stop();
  if (goOn) player.play();
});
on(audio, "play", stop);
on(voice, "error", () => {
  stop();
  fail();
});
for (const button of all("button.say")) {
  button.setAttribute("aria-pressed", "false");
  on(button, "click", () => {
    const again = saying === button;
    goOn = !audio.paused || (saying && goOn);
    stop();
    if (again) return;
    audio.pause();
    saying = button;
    button.setAttribute("aria-pressed", "true");
    if (!voice.src || voice.error) voice.src = audio.src;
    voice.defaultPlaybackRate = voice.playbackRate = audio.playbackRate;
    voice.volume = audio.volume;
    voice.currentTime = button.dataset.at / 1000;
    voice.play().catch(() => {}); // the error event tells
  });
}
