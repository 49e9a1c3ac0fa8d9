import { byId, on, section } from "./dom.js";
import { audio, player } from "./player.js";

const speed = byId("speed");
const faster = (by) => {
  speed.selectedIndex = Math.min(Math.max(speed.selectedIndex + by, 0), speed.length - 1);
  speed.dispatchEvent(new Event("change"));
};
const click = (id) => () => byId(id).click();
const acts = {
  " ": click("play"),
  k: click("play"),
  arrowleft: click("back"),
  arrowright: click("forward"),
  p: click("previous"),
  n: click("next"),
  "<": () => faster(-1),
  ">": () => faster(1),
};
on(section, "keydown", (event) => {
  const key = event.key.toLowerCase();
  // Space presses a button, arrows move a slider, letters choose in a list.
  const theirs = key === " " ? "button, summary, input" : key.startsWith("arrow") ? "[type=range]" : "#link";
  if (!byId("keys").checked || event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(acts, key)) return;
  if (event.target.matches(`select, #link, ${theirs}`)) return;
  event.preventDefault();
  acts[key]();
});

const session = navigator.mediaSession;
const media = {
  play: () => player.play(),
  pause: () => audio.pause(),
  seekbackward: ({ seekOffset }) => player.back(seekOffset),
  seekforward: ({ seekOffset }) => player.forward(seekOffset),
  previoustrack: acts.p,
  nexttrack: acts.n,
  seekto: ({ seekTime }) => player.seek(seekTime * 1000),
};
if (session) {
  for (const action in media) session.setActionHandler(action, media[action]);
  player.onMove(() => {
    const { title } = player;
    const { title: album, publisher: artist } = section.dataset;
    if (session.metadata?.title !== title) session.metadata = new MediaMetadata({ title, artist, album });
    const duration = player.duration / 1000;
    const position = Math.min(audio.currentTime, duration);
    session.setPositionState({ duration, position, playbackRate: audio.playbackRate });
  });
}
