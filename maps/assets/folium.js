/* The little that Folium's own templates ask of jQuery, which the page leaves out. */
(function (global) {
  "use strict";

  if (global.$) return;

  /** Elements from markup, or the document with its `ready`. */
  global.$ = function (what) {
    if (what === document) {
      const isLoading = document.readyState === "loading";
      return { ready: (act) => (isLoading ? addEventListener("DOMContentLoaded", act) : act()) };
    }
    const template = document.createElement("template");
    template.innerHTML = what.trim();
    return [...template.content.childNodes];
  };
})(window);
