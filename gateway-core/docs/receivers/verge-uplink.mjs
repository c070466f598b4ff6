// Decodes Verge uplink messages (../uplink-protocol.md). Node.js 18 or newer, nothing to install.
//
//     const catalog = cborOf(catalogMessage), batch = batchOf(batchMessage, catalog)
//
// What is not as the page says throws. `node check.mjs` holds it against the vectors.
import { inflateRawSync } from "node:zlib";

const INFLATED_MAX = 1 << 20;

/** The CBOR value in a message: coding byte 0 plain, 1 raw DEFLATE; at most 1 MiB inflated. */
export function cborOf(message) {
  if (message.length === 0 || message.length > INFLATED_MAX || message[0] > 1)
    throw new Error("not a Verge message");
  const body = Buffer.from(message.subarray(1));
  const plain = message[0] === 1 ? inflated(body) : body;
  const reader = { b: plain, at: 0 };
  const value = item(reader, 0);
  if (reader.at !== plain.length) throw new Error(`${plain.length - reader.at} bytes too many`);
  return value;
}

function inflated(body) {
  const { buffer, engine } = inflateRawSync(body, { maxOutputLength: INFLATED_MAX, info: true });
  demand(engine.bytesWritten === body.length, "bytes after the DEFLATE data");
  return buffer;
}

function demand(holds, what) {
  if (!holds) throw new Error(what);
}

/** One CBOR item of definite length. Integers beyond 2^53, as epochs are, come as BigInt. */
function item(r, depth) {
  if (depth > 16 || r.at >= r.b.length) throw new Error(`cut off, or nested too deep, at ${r.at}`);
  const major = r.b[r.at] >> 5, low = r.b[r.at++] & 31;
  const size = low >= 24 && low < 28 ? 1 << (low - 24) : 0;
  if (low >= 28 || r.at + size > r.b.length)
    throw new Error(`cut off, or an indefinite length, at ${r.at}`);
  if (major === 7) {
    const simple = { 20: false, 21: true, 22: null }[low];
    if (simple === undefined) throw new Error(`CBOR simple value ${low} at ${r.at}`);
    return simple;
  }
  let n = low;
  if (size === 8) n = r.b.readBigUInt64BE(r.at);
  else if (size) n = r.b.readUIntBE(r.at, size);
  r.at += size;
  if (typeof n === "bigint" && n < 1n << 53n) n = Number(n);
  if (major === 0) return n;
  if (major === 1) return typeof n === "bigint" ? -1n - n : -1 - n;
  if (major === 6 || n > r.b.length - r.at) throw new Error(`CBOR type ${major}, length ${n}, at ${r.at}`);
  if (major === 2) return r.b.subarray(r.at, (r.at += n));
  if (major === 3) return r.b.toString("utf8", r.at, (r.at += n));
  if (major === 4) return Array.from({ length: n }, () => item(r, depth + 1));
  return Object.fromEntries(Array.from({ length: n }, () => [item(r, depth + 1), item(r, depth + 1)]));
}

/** Samples with values as decimal strings or null, events and gaps; ms since 1970 or since boot. */
export function batchOf(message, catalog) {
  const fields = cborOf(message);
  const [version, epoch, lane, bseq, rseq, rev, clk, tick, base, groups, events, gaps] = fields;
  demand(version === 1 && rev === catalog.rev, `version ${version} (known: 1), catalog ${rev} (known: ${catalog.rev})`);
  demand(fields.length === 12 && lane <= 2 && clk.length === 3 && tick > 0, "not a batch");
  return {
    epoch, lane, bseq, rseq,
    clock: clk[0] === 0 ? "utc" : "boot", unc_ms: clk[1], boot: clk[2],
    samples: groups.flatMap((group) => samplesOf(group, catalog, base, tick)),
    events: events.map(([t, kind, severity, device, details]) => ({
      t_ms: (base + t) * tick, kind, severity,
      device: device === null ? null : catalog.devices[device][1], details: details ?? {}, // throws if unknown
    })),
    gaps,
  };
}

/** The samples of a group, device by device, oldest first. */
function samplesOf([number, which, counts, times, quality, ...columns], catalog, base, tick) {
  const [, periodMs, points] = catalog.types[number];
  const known = catalog.devices.filter(([type]) => type === number).map(([, id]) => id);
  let at = -1; // which: so many first devices, or how many are skipped before each
  demand(columns.length === points.length, `${columns.length} columns, ${points.length} points`);
  const ids = Array.isArray(which) ? which.map((skipped) => known[(at += skipped + 1)]) : known.slice(0, which);
  const total = Array.isArray(counts) ? counts.reduce((a, b) => a + b, 0) : counts * ids.length;
  demand(ids.length === (which.length ?? which) && ids.every((id) => id !== undefined), "a device the catalog lacks");
  demand(!Array.isArray(counts) || counts.length === ids.length, "counts and devices differ");
  demand(total * points.length <= 1 << 20 && [times, ...columns].every((c) => c === 0 || c.length === total), "lengths differ");
  const before = points.map(() => 0); // per point: the first value of the nearest earlier device with one
  const samples = [];
  let first = base;
  ids.forEach((device, d) => {
    const last = points.map(() => null);
    for (let n = 0, t = 0; n < (Array.isArray(counts) ? counts[d] : counts); n++) {
      const k = samples.length;
      t = n === 0 ? (first += times[k]) : t + Math.floor(periodMs / tick) + times[k];
      const values = columns.map((column, p) => {
        const delta = column === 0 ? 0 : column[k];
        if (delta === null) return null;
        last[p] = last[p] === null ? (before[p] += delta) : last[p] + delta;
        demand(Math.abs(last[p]) <= 2 ** 53, "a value beyond 2^53");
        return decimal(last[p], points[p][2]);
      });
      samples.push({ device, t_ms: t * tick, quality: 0, values });
    }
  });
  for (const [sample, code, point] of quality || []) {
    if (point === undefined) samples[sample].quality = code;
    else (samples[sample].point_quality ??= {})[points[point][0]] = code;
  }
  return samples;
}

function decimal(scaled, decimals) {
  const digits = String(Math.abs(scaled)).padStart(decimals + 1, "0");
  const text = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
  return scaled < 0 ? `-${text}` : text;
}
