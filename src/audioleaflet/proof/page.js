(function () {
  "use strict";
  var playing = null;

  function audioOf(button) {
    return document.getElementById("audio-" + button.dataset.chapter);
  }

  function block(button) {
    return document.querySelector('[data-cue="' + button.closest("tr").id + '"]');
  }

  function show(button, on) {
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "■" : "▶";
    button.closest("tr").classList.toggle("playing", on);
    var cue = block(button);
    if (cue) cue.classList.toggle("playing", on);
  }

  function stop() {
    if (!playing) return;
    var button = playing;
    playing = null;
    audioOf(button).pause();
    show(button, false);
  }

  function watch(button, end) {
    if (playing !== button) return;
    var audio = audioOf(button);
    if (audio.ended || audio.currentTime >= end) stop();
    else window.setTimeout(watch, 15, button, end);
  }

  function play(button) {
    stop();
    var audio = audioOf(button);
    var others = document.querySelectorAll("audio");
    for (var i = 0; i < others.length; i += 1) others[i].pause();
    playing = button;
    show(button, true);
    function begin() {
      if (playing !== button) return;
      audio.currentTime = Number(button.dataset.begin);
      audio.play().then(function () {
        watch(button, Number(button.dataset.end));
      }, failed);
    }
    function failed() {
      if (playing !== button) return;
      stop();
      document.getElementById("told").textContent =
        "The sound cannot be played. The folder “chapters” must lie beside this page.";
    }
    if (audio.readyState > 0) begin();
    else {
      audio.addEventListener("loadedmetadata", begin, { once: true });
      audio.addEventListener("error", failed, { once: true });
      audio.load();
    }
  }

  var links = document.querySelectorAll("a.play");
  var buttons = [];
  Array.prototype.forEach.call(links, function (link) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "play";
    button.setAttribute("aria-label", link.getAttribute("aria-label"));
    button.dataset.chapter = link.dataset.chapter;
    button.dataset.begin = link.dataset.begin;
    button.dataset.end = link.dataset.end;
    button.textContent = "▶";
    button.setAttribute("aria-pressed", "false");
    link.replaceWith(button);
    buttons.push(button);
    button.addEventListener("click", function () {
      if (playing === button) stop();
      else play(button);
    });
    button.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      var next = step && buttons[buttons.indexOf(button) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") stop();
  });

  // The chapter's own player: who presses it wants to hear on, not to the end of one line.
  Array.prototype.forEach.call(document.querySelectorAll("audio"), function (audio) {
    audio.addEventListener("pause", function () {
      if (playing && audioOf(playing) === audio && audio.currentTime < Number(playing.dataset.end)) {
        var button = playing;
        playing = null;
        show(button, false);
      }
    });
  });

  Array.prototype.forEach.call(document.querySelectorAll(".needs-script"), function (hint) {
    hint.hidden = false;
  });
})();
