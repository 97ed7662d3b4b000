(function () {
  var form = document.getElementById("compare");
  if (!form.dataset.current || !window.crypto || !crypto.subtle) { return; }
  var field = form.elements.pdf;
  function show(answer) {
    form.querySelectorAll("[data-answer]").forEach(function (said) {
      said.hidden = said.dataset.answer !== answer;
    });
  }
  function compare(file) {
    if (!file) { show("no_file"); return; }
    file.arrayBuffer().then(function (bytes) {
      return crypto.subtle.digest("SHA-256", bytes);
    }).then(function (digest) {
      var hex = Array.from(new Uint8Array(digest), function (byte) {
        return byte.toString(16).padStart(2, "0");
      }).join("");
      if (hex === form.dataset.current) { show("issued"); }
      else if (form.dataset.superseded.split(" ").indexOf(hex) >= 0) { show("superseded"); }
      else { show("other"); }
    }).catch(function () { form.submit(); });
  }
  document.getElementById("stays").hidden = false;
  document.getElementById("is-sent").hidden = true;
  field.addEventListener("change", function () { compare(field.files[0]); });
  form.addEventListener("submit", function (event) { event.preventDefault(); compare(field.files[0]); });
  form.addEventListener("dragover", function (event) { event.preventDefault(); });
  form.addEventListener("drop", function (event) {
    event.preventDefault();
    compare(event.dataTransfer.files[0]);
  });
}());
