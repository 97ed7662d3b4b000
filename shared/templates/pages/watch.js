(() => {
  // The end of the window by the reader's own clock, where that is another than the event's.
  const end = document.querySelector("#yours time");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (end && here) {
    const say = (timeZone) => {
      const at = new Date(end.dateTime), language = document.documentElement.lang;
      const day = { weekday: "long", year: "numeric", month: "long", day: "numeric", timeZone };
      const clock = { hour: "numeric", minute: "2-digit", timeZone };
      return `${at.toLocaleDateString(language, day)}, `
        + at.toLocaleTimeString(language, clock).toLowerCase();
    };
    const names = { "Asia/Calcutta": "India", "Asia/Kolkata": "India" };
    const city = names[here] || here.split("/").pop().replaceAll("_", " ");
    end.textContent = `${say(here)}, ${city} time`;
    document.getElementById("yours").hidden = say(here) === say(end.dataset.zone);
    document.getElementById("elsewhere").hidden = true;
  }

  // The address behind ours lives for minutes. When it has run out, ours is asked for a new one,
  // and the place is kept.
  const TRIES = 5, PATIENCE = 30000;
  const player = document.getElementById("player");
  const route = player.querySelector("source").getAttribute("src");
  let place = 0, speed = 1, plays = false, renewing = false, tries = 0, waits = 0;

  const renew = () => {
    window.clearTimeout(waits);
    renewing = true;
    tries += 1;
    // A browser remembers where an address led to; one that it has not seen it asks for anew.
    player.src = `${route}?again=${tries}.${Date.now()}`;
  };
  const failed = () => {
    renewing = true;
    if (tries < TRIES) {
      window.setTimeout(renew, tries * 1000);
      return;
    }
    const minutes = Math.floor(place / 60), seconds = String(Math.floor(place % 60));
    document.getElementById("place").textContent = `${minutes}:${seconds.padStart(2, "0")}`;
    document.getElementById("stopped").hidden = false;
  };
  const patient = () => {
    window.clearTimeout(waits);
    waits = window.setTimeout(renew, PATIENCE);
  };
  const moves = () => {
    if (!renewing) { place = player.currentTime; }
  };

  player.addEventListener("error", failed, true);
  player.addEventListener("loadedmetadata", () => {
    if (!renewing) { return; }
    player.currentTime = place;
    player.playbackRate = speed;
    renewing = false;
    if (plays) { player.play().catch(() => { plays = false; }); }
  });
  player.addEventListener("canplay", () => {
    tries = 0;
    window.clearTimeout(waits);
    document.getElementById("stopped").hidden = true;
  });
  player.addEventListener("ratechange", () => {
    if (!renewing) { speed = player.playbackRate; }
  });
  player.addEventListener("play", () => { plays = true; });
  player.addEventListener("pause", () => {
    if (!renewing && !player.error) { plays = false; }
  });
  player.addEventListener("waiting", patient);
  player.addEventListener("progress", () => { if (player.readyState < 3) { patient(); } });
  player.addEventListener("seeking", moves);
  player.addEventListener("timeupdate", () => {
    moves();
    if (player.readyState > 2) { window.clearTimeout(waits); }
  });
})();
