"use strict";
(() => {
  const form = document.getElementById("upload");
  const file = document.getElementById("file");
  const wrong = document.getElementById("wrong");
  const going = document.getElementById("going");
  const bar = document.getElementById("bar");
  const share = document.getElementById("share");
  const end = document.getElementById("end");
  const stop = document.getElementById("stop");
  const send = form.querySelector("button.main");
  const { then, quiet, suffix, most, begins, at } = form.dataset;

  const say = (text) => {
    wrong.textContent = text;
    wrong.hidden = !text;
    file.classList.toggle("wrong", Boolean(text));
  };

  // What can be known before it travels: its name, its size, how it begins.
  const objection = async (chosen) => {
    if (!chosen.name.toLowerCase().endsWith(suffix)) return `This is not a file that ends in ${suffix}. Choose another.`;
    if (chosen.size === 0) return "This file is empty. Choose another.";
    if (chosen.size > Number(most)) return "This file is larger than can be sent from here. Send it by the console or the command line.";
    if (!begins) return "";
    const bytes = new Uint8Array(await chosen.slice(0, 64).arrayBuffer());
    const from = bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : Number(at);
    const found = String.fromCharCode(...bytes.slice(from, from + begins.length));
    return found === begins ? "" : `This file is named like one that ends in ${suffix}, and does not begin like one. Choose another.`;
  };

  const over = (text) => {
    going.hidden = true;
    send.disabled = false;
    end.textContent = text;
    end.hidden = !text;
  };

  const travel = (chosen) => {
    const fields = new FormData();
    for (const [name, value] of Object.entries(JSON.parse(quiet))) fields.append(name, value);
    fields.append("file", chosen);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (told) => {
      if (!told.lengthComputable) return;
      const percent = Math.floor((100 * told.loaded) / told.total);
      bar.value = percent;
      share.textContent = `${percent} %`;
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) location.assign(then);
      else over("It was not taken. Open this page anew and try once more.");
    });
    request.addEventListener("error", () => over("The connection broke. Try once more."));
    request.addEventListener("abort", () => over("Stopped. Nothing was kept."));
    stop.onclick = () => request.abort();
    request.open("POST", form.action);
    send.disabled = true;
    end.hidden = true;
    going.hidden = false;
    request.send(fields);
  };

  file.addEventListener("change", async () => say(file.files[0] ? await objection(file.files[0]) : ""));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = file.files[0];
    if (!chosen) return;
    const found = await objection(chosen);
    say(found);
    if (found) file.focus();
    else travel(chosen);
  });
})();
