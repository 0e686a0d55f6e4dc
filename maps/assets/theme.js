/* The light or the dark theme: as the system has it, until the button says otherwise. */
(function (global) {
  "use strict";

  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];

  const theme = {
    chosen: null,

    current: () => root.dataset.theme,

    /** Choose "light" or "dark", or null for what the system has. */
    choose(name) {
      theme.chosen = name === "light" || name === "dark" ? name : null;
      const next = theme.chosen || (system.matches ? "dark" : "light");
      const isChanged = next !== root.dataset.theme;
      root.dataset.theme = next;
      const button = document.getElementById("theme");
      if (button) button.setAttribute("aria-pressed", String(next === "dark"));
      if (isChanged) listeners.forEach((listener) => listener());
    },

    onChange: (listener) => listeners.push(listener),

    start() {
      theme.choose(theme.chosen);
      document.getElementById("theme").addEventListener("click", () => {
        theme.choose(theme.current() === "dark" ? "light" : "dark");
      });
    },
  };

  // Whoever asks for less motion gets maps that jump instead of sliding.
  if (global.L && matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const { panBy } = L.Map.prototype;
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, inertia: false });
    L.Map.include({
      panBy(offset, options) {
        return panBy.call(this, offset, { ...options, animate: false });
      },
    });
  }

  theme.choose(null);
  system.addEventListener("change", () => theme.choose(theme.chosen));
  global.TwoNationsTheme = theme;
})(window);
