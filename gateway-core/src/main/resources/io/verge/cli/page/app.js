"use strict";
const $ = id => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const DAY_EVENTS = 30;
let look = null;
let feed = null;
const plots = new Map(); // "asset/point" -> {svg, at}

function make(tag, text, ...names) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  element.classList.add(...names);
  return element;
}

function span(ms) {
  if (ms === null || ms === undefined) return "-";
  const s = Math.round(ms / 1000);
  if (s < 90) return s + "s";
  if (s < 5400) return Math.round(s / 60) + "m";
  if (s < 129600) return Math.round(s / 3600) + "h";
  return Math.round(s / 86400) + "d";
}

function bytes(n) {
  return n < 1 << 20 ? Math.round(n / 1024) + " KiB" : (n / (1 << 20)).toFixed(1) + " MiB";
}

const unit = point => point.unit === "" ? "" : " " + point.unit;
const shown = point => point.value === null ? point.quality : point.value + unit(point);
const isSilent = points => points.length > 0 && points.every(p => p.value === null && p.quality !== "none");

function byAsset(points) {
  const assets = new Map();
  for (const point of points) {
    if (!assets.has(point.asset)) assets.set(point.asset, []);
    assets.get(point.asset).push(point);
  }
  return assets;
}

const find = (points, name, unit) => points.find(p => p.point === name && p.unit === unit);
const isLamp = points => find(points, "level", "%") !== undefined;

// --- the parts of the page, each drawn anew from the latest look ---

function drawHead(status) {
  $("name").textContent = status.name;
  $("about").textContent = status.gateway + ", Verge " + status.version + ", up " + span(status.upMs);
  const wrong = status.problems.length;
  $("state").textContent = wrong === 0 ? "all is well" : wrong === 1 ? "1 problem" : wrong + " problems";
  $("state").classList.toggle("bad", wrong > 0);
  $("problems").replaceChildren(...status.problems.map(problem => {
    const item = make("li", problem.where + ": " + problem.what + (problem.forMs ? ", for " + span(problem.forMs) : ""));
    item.append(make("small", problem.next));
    return item;
  }));
}

function drawLamps(assets) {
  const lamps = [...assets].filter(([, points]) => isLamp(points));
  $("lamps-part").hidden = lamps.length === 0;
  let lit = 0;
  $("lamps").replaceChildren(...lamps.map(([asset, points]) => {
    const level = Number(find(points, "level", "%").value ?? 0);
    const silent = isSilent(points);
    if (level > 0 && !silent) lit++;
    const button = make("button", null, "lamp");
    button.type = "button";
    button.title = asset + ": " + (silent ? "silent" : level + " %");
    button.setAttribute("aria-label", button.title);
    button.classList.toggle("silent", silent);
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", "0 0 20 20");
    for (const [name, radius, opacity] of [["base", 7, 1], ["glow", 7, silent ? 0 : level / 100]]) {
      const circle = document.createElementNS(SVG, "circle");
      circle.setAttribute("cx", 10);
      circle.setAttribute("cy", 10);
      circle.setAttribute("r", radius);
      circle.setAttribute("opacity", opacity);
      circle.classList.add(name);
      if (!(name === "glow" && silent)) picture.append(circle);
    }
    button.append(picture, make("span", asset.replace(/^.*?(\d+)$/, "$1")));
    button.onclick = () => open(asset);
    return button;
  }));
  $("lamps-sum").textContent = lit + " of " + lamps.length + " lit";
}

function drawFills(assets) {
  const bins = [...assets].map(([asset, points]) => [asset, find(points, "fill", "%")])
    .filter(([, fill]) => fill !== undefined);
  $("fills-part").hidden = bins.length === 0;
  bins.sort(([, a], [, b]) => Number(b.value ?? -1) - Number(a.value ?? -1));
  $("fills-sum").textContent = bins.length > 6 ? "the fullest 6 of " + bins.length : "";
  $("fills").replaceChildren(...bins.slice(0, 6).map(([asset, fill]) => {
    const row = make("div", null, "bin");
    row.classList.toggle("full", Number(fill.value) > 85);
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = Number(fill.value ?? 0);
    row.append(make("span", asset), bar, make("span", fill.value === null ? "-" : Math.round(fill.value) + " %"));
    return row;
  }));
}

function drawAssets(assets) {
  const list = $("assets");
  const wanted = $("find").value.trim().toLowerCase();
  let shownCount = 0;
  for (const [asset, points] of assets) {
    let row = document.getElementById("asset-" + asset);
    if (row === null) {
      row = make("details");
      row.id = "asset-" + asset;
      const head = make("summary");
      head.append(make("b", asset), make("span"));
      row.append(head, make("div", null, "inside"));
      row.addEventListener("toggle", () => { if (row.open) drawInside(row, asset); });
      list.append(row);
    }
    row.hidden = wanted !== "" && !asset.toLowerCase().includes(wanted);
    if (!row.hidden) shownCount++;
    row.classList.toggle("silent", isSilent(points));
    row.querySelector("summary span").textContent = isSilent(points)
      ? points[0].quality
      : points.filter(p => p.value !== null).slice(0, 3).map(shown).join(", ") || "no sample yet";
    if (row.open) drawInside(row, asset);
  }
  $("assets-sum").textContent = shownCount === assets.size ? assets.size : shownCount + " of " + assets.size;
}

function drawInside(row, asset) {
  const points = byAsset(look.points).get(asset) ?? [];
  const inside = row.querySelector(".inside");
  if (inside.childElementCount === 0) {
    if (isLamp(points)) inside.append(tests(asset));
    for (const point of points) {
      const box = make("div", null, "point");
      const line = make("div");
      line.append(make("span", point.point), make("span"));
      box.dataset.target = asset + "/" + point.point;
      box.append(line, make("div", null, "plot"));
      inside.append(box);
    }
  }
  for (const point of points) {
    const box = inside.querySelector('[data-target="' + asset + "/" + point.point + '"]');
    if (box === null) continue;
    box.firstChild.lastChild.textContent = shown(point)
      + (point.value !== null && point.quality !== "good" ? " (" + point.quality + ")" : "");
    plot(box.dataset.target, box.querySelector(".plot"));
  }
}

async function plot(target, place) {
  const kept = plots.get(target);
  if (kept !== undefined && Date.now() - kept < 60000) return;
  plots.set(target, Date.now());
  const answer = await fetch("api/plot?target=" + encodeURIComponent(target));
  if (!answer.ok) {
    plots.delete(target);
    return;
  }
  const picture = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  place.replaceChildren(document.importNode(picture, true));
}

function tests(asset) {
  const box = make("div", null, "tests");
  const told = make("output");
  const buttons = [["Dark", 0], ["50 %", 50], ["Bright", 100], ["Plan", -1]].map(([name, level]) => {
    const button = make("button", name);
    button.type = "button";
    button.onclick = async () => {
      buttons.forEach(one => one.disabled = true);
      told.textContent = "asking " + asset + " ...";
      try {
        const answer = await post("api/lamp", { target: asset, level });
        const text = await answer.text();
        const view = answer.ok ? JSON.parse(text) : null;
        told.textContent = view === null ? text : view.state + (view.why === "" ? "" : ": " + view.why)
          + (view.state === "done" && level >= 0 && view.args.for ? ", for 10 minutes" : "");
      } catch (failure) {
        told.textContent = "the page's server does not answer";
      }
      buttons.forEach(one => one.disabled = false);
    };
    return button;
  });
  box.append(...buttons, told);
  return box;
}

function row(head, text, small, ...names) {
  const line = make("div", null, ...names);
  line.append(make("b", head), document.createTextNode(text));
  if (small) line.append(make("small", small));
  return line;
}

function drawRest(status, events) {
  const buffer = status.buffer;
  const unacked = buffer.lanes.reduce((sum, lane) => sum + lane.unackedBatches, 0);
  $("links").replaceChildren(
    ...status.uplinks.map(link => row(link.name,
      link.state + " for " + span(link.stateMs) + (link.why === "" ? "" : ": " + link.why),
      link.server + ", last ack " + (link.lastAckMs === null ? "none yet" : span(link.lastAckMs) + " ago"),
      link.state === "up" ? "fine" : "wrong")),
    row("buffer", bytes(buffer.bytes) + " of " + bytes(buffer.limitBytes), unacked + " batches to deliver"),
    row("clock", status.clock.trusted ? "trusted" : "not trusted",
      status.clock.utc, status.clock.trusted ? "fine" : "wrong"));
  $("buses").replaceChildren(...status.buses.map(bus => row(bus.name,
    bus.state === "up" ? bus.devices + (bus.devices === 1 ? " device, " : " devices, ") + bus.loadPercent + " % busy" : "down: " + bus.why,
    bus.port + ", " + (100 * bus.failedPolls / Math.max(1, bus.polls)).toFixed(1) + " % of polls not good"
      + (bus.silent.length === 0 ? "" : "; silent: " + bus.silent.join(", ")),
    bus.state === "up" && bus.silent.length === 0 ? "fine" : "wrong")));
  $("events").replaceChildren(...events.slice().reverse().slice(0, DAY_EVENTS).map(event => row(
    event.kind, event.asset ?? "",
    (event.at === null ? "no clock" : event.at.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC")) + "  "
      + Object.entries(event.details).map(([key, value]) => key + "=" + value).join(" "),
    event.severity === "error" ? "wrong" : event.severity === "warning" ? "warning" : "fine")));
}

function draw() {
  if (look.error) {
    $("state").textContent = "no gateway";
    $("state").classList.add("bad");
    const item = make("li", look.error);
    item.append(make("small", look.next));
    $("problems").replaceChildren(item);
    return;
  }
  const assets = byAsset(look.points);
  drawHead(look.status);
  drawLamps(assets);
  drawFills(assets);
  drawAssets(assets);
  drawRest(look.status, look.events);
}

function open(asset) {
  const row = document.getElementById("asset-" + asset);
  if (row === null) return;
  $("find").value = "";
  draw();
  row.open = true;
  row.scrollIntoView({ block: "start" });
}

// --- who may see it, and what comes ---

function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Verge": "page" },
    body: JSON.stringify(body),
  });
}

function listen() {
  feed = new EventSource("api/feed");
  feed.addEventListener("look", event => {
    look = JSON.parse(event.data);
    $("gate").hidden = true;
    $("street").hidden = false;
    draw();
    document.body.dataset.drawn = "yes";
  });
  feed.onerror = () => {
    if (feed.readyState !== EventSource.CLOSED) {
      $("state").textContent = "connection lost";
      $("state").classList.add("bad");
      return;
    }
    gate();
  };
}

function gate() {
  $("street").hidden = true;
  $("gate").hidden = false;
}

async function enter(code) {
  const answer = await post("api/enter", { code });
  if (answer.ok) {
    $("refused").textContent = "";
    listen();
  } else {
    $("refused").textContent = await answer.text();
    gate();
  }
}

$("gate").onsubmit = event => {
  event.preventDefault();
  enter($("code").value);
};
$("find").oninput = () => { if (look !== null && !look.error) draw(); };

const given = new URLSearchParams(location.hash.slice(1));
history.replaceState(null, "", location.pathname);
if (given.get("code")) {
  enter(given.get("code")).then(() => {
    if (given.get("asset")) {
      const wait = new MutationObserver(() => {
        if (document.body.dataset.drawn === "yes") {
          wait.disconnect();
          open(given.get("asset"));
        }
      });
      wait.observe(document.body, { attributes: true });
    }
  });
} else {
  listen();
}
