import { all, byId, on, section, tell, words } from "./dom.js";

const SLACK = 30; // a clock set to 94537 may say 94536
const HEARD = 3000; // then "previous chapter" is the start of this one

export const audio = byId("audio");
audio.preservesPitch = true;

/** The recording and where it is, in milliseconds from its start. */
export const player = {
  duration: Number(section.dataset.duration),
  numbers: JSON.parse(section.dataset.numbers),
  starts: JSON.parse(section.dataset.starts),
  titles: all(".chapters span").map((title) => title.textContent),

  get at() {
    return audio.currentTime * 1000 + SLACK;
  },
  get chapter() {
    return Math.max(0, this.starts.findLastIndex((start) => start <= this.at));
  },
  get title() {
    return this.titles[this.chapter];
  },
  get end() {
    return this.starts[this.chapter + 1] ?? this.duration;
  },
  onMove(act) {
    on(audio, "timeupdate seeking play pause loadedmetadata", act);
  },
  seek(ms) {
    const at = Math.min(Math.max(ms, 0), this.duration) / 1000;
    audio.currentTime = at;
    if (audio.readyState) return;
    // Kept until the sound is there (HTML, default playback start position), but not by every browser.
    const again = () => Math.abs(audio.currentTime - at) < 1 || (audio.currentTime = at);
    audio.addEventListener("durationchange", again, { once: true });
  },
  back(seconds = 10) {
    this.forward(-seconds);
  },
  forward(seconds = 30) {
    this.seek((audio.currentTime + seconds) * 1000);
  },
  step(by) {
    const again = by < 0 && this.at - this.starts[this.chapter] > HEARD;
    const start = this.starts[Math.max(0, this.chapter + (again ? 0 : by))];
    if (start === undefined) tell(words.last);
    else this.seek(start);
  },
  play() {
    const { currentTime, error } = audio;
    const over = this.at >= this.duration;
    if (error) audio.load();
    if (over) this.seek(0);
    else if (error) this.seek(currentTime * 1000);
    audio.play().catch(() => {}); // the error event tells
  },
  toggle() {
    if (audio.paused) this.play();
    else audio.pause();
  },
  playFrom(ms) {
    this.seek(ms);
    this.play();
  },
};
