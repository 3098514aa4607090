// Theme button and charts. Pages are complete without it.
"use strict";
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const names = { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" };
  const order = ["auto", "light", "dark"];

  function showTheme() {
    button.textContent = names[root.dataset.theme || "auto"];
  }

  if (button) {
    button.hidden = false;
    showTheme();
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(root.dataset.theme || "auto") + 1) % order.length];
      if (next === "auto") delete root.dataset.theme;
      else root.dataset.theme = next;
      try {
        if (next === "auto") localStorage.removeItem("tidemark-theme");
        else localStorage.setItem("tidemark-theme", next);
      } catch {
        // Storage is switched off: the choice holds for this page.
      }
      showTheme();
      drawAll();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
  }

  // On a narrow screen the navigation scrolls sideways: show where we are.
  const current = document.querySelector("#nav a[aria-current]");
  if (current) {
    const nav = current.closest("nav");
    nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
  }

  // --- charts -----------------------------------------------------------------------------------
  let drawn = [];
  let library = null;

  /** Loads the chart library once, and only on pages that have a chart. */
  function loadLibrary() {
    if (!library) {
      library = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = root.dataset.chartSrc;
        script.onload = () => resolve(window.Chart);
        script.onerror = () => {
          library = null;
          reject(new Error("could not load " + script.src));
        };
        document.head.append(script);
      });
    }
    return library;
  }

  function colour(variable) {
    const probe = document.createElement("span");
    probe.hidden = true;
    probe.style.color = `var(${variable})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  const toneVariable = {
    good: "--good-fill",
    warn: "--warn-fill",
    bad: "--bad-fill",
    unknown: "--unknown-fill",
    neutral: "--accent",
  };

  function moment(millis, span) {
    const text = new Date(millis).toISOString();
    return span > 3 * 86400e3 ? text.slice(5, 10) : text.slice(11, 16);
  }

  function draw(Chart, figure) {
    const data = JSON.parse(figure.dataset.chart);
    const box = figure.querySelector(".chart-box");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${data.title}; the numbers are in the table below`);
    box.replaceChildren(canvas);
    box.hidden = false;
    const times = data.times;
    const known = (value) => value !== null && value !== undefined;
    const span = times.length ? times[times.length - 1] - times[0] : 0;
    const datasets = data.series.map((series) => ({
      label: series.name,
      data: series.values.map((value, i) => ({ x: times[i], y: value })),
      borderColor: colour(toneVariable[series.tone]),
      backgroundColor: colour(toneVariable[series.tone]),
      borderDash: series.tone === "unknown" ? [5, 4] : [],
      borderWidth: series.tone === "unknown" ? 1.5 : 2.2,
      // A value without neighbours has no line to be seen by.
      pointRadius: series.values.map((value, i) => (known(value) && !known(series.values[i - 1]) && !known(series.values[i + 1]) ? 3 : 0)),
      pointHitRadius: 12,
      spanGaps: false,
      tension: 0,
    }));
    if (data.limit !== undefined && times.length) {
      datasets.push({
        label: `${data.limitLabel} (${data.limit} ${data.unit})`,
        data: [
          { x: times[0], y: data.limit },
          { x: times[times.length - 1], y: data.limit },
        ],
        borderColor: colour("--bad-fill"),
        borderDash: [2, 3],
        borderWidth: 1.5,
        pointRadius: 0,
        pointHitRadius: 0,
      });
    }
    const muted = colour("--muted");
    const line = colour("--line");
    const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
    drawn.push(
      new Chart(canvas, {
        type: "line",
        data: { datasets },
        options: {
          animation: false,
          responsive: true,
          maintainAspectRatio: false,
          parsing: false,
          normalized: true,
          interaction: { mode: "index", intersect: false },
          scales: {
            x: {
              type: "linear",
              min: times[0],
              max: times[times.length - 1],
              grid: { display: false },
              border: { color: line },
              ticks: { color: muted, font, maxTicksLimit: 8, maxRotation: 0, callback: (value) => moment(value, span) },
            },
            y: {
              suggestedMin: 0,
              grid: { color: line },
              border: { display: false },
              ticks: { color: muted, font, maxTicksLimit: 6, callback: (value) => `${+value.toFixed(3)} ${data.unit}` },
            },
          },
          plugins: {
            legend: {
              align: "start",
              labels: { color: muted, font, boxWidth: 22, boxHeight: 1.5 },
            },
            tooltip: {
              callbacks: {
                title: (items) => (items.length ? new Date(items[0].parsed.x).toISOString().slice(0, 16).replace("T", " ") + " UTC" : ""),
                label: (item) => ` ${item.dataset.label}: ${+item.parsed.y.toFixed(3)} ${data.unit}`,
              },
            },
          },
        },
      }),
    );
  }

  function drawAll() {
    for (const chart of drawn) chart.destroy();
    drawn = [];
    const figures = document.querySelectorAll("figure[data-chart]");
    if (!figures.length) return;
    loadLibrary()
      .then((Chart) => figures.forEach((figure) => draw(Chart, figure)))
      .catch((error) => {
        // Without the library the table says the same: open it.
        console.error(error);
        for (const figure of figures) figure.querySelector("details").open = true;
      });
  }

  document.addEventListener("tidemark:swapped", drawAll);
  drawAll();
})();
