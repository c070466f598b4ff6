// Receives from Verge gateways (../uplink-protocol.md, sections 4 and 8). Node.js 18 or newer, nothing to install.
//
//     new Receiver(store).message("gw-1", "batch", bytes) gives the ack messages to publish
import { batchOf, cborOf } from "./verge-uplink.mjs";

/** The shortest CBOR of numbers, text and arrays of them. */
function cbor(value) {
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  return head(0, value);
}

function head(major, number) {
  const n = BigInt(number);
  const size = n < 24n ? 0 : n < 1n << 8n ? 1 : n < 1n << 16n ? 2 : n < 1n << 32n ? 4 : 8;
  const out = Buffer.alloc(1 + size);
  out[0] = (major << 5) | (size ? 24 + Math.log2(size) : Number(n));
  for (let i = size, rest = n; i > 0; i--, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}

/** Keeps everything in memory. A lasting one does the same in one transaction of a database. */
export class MemoryStore {
  marks = new Map(); catalogs = new Map(); samples = []; events = []; gaps = [];
  mark = (key) => this.marks.get(key) ?? 0;
  catalog = (key) => this.catalogs.get(key);
  keepCatalog = (key, catalog) => this.catalogs.has(key) || this.catalogs.set(key, catalog);
  /** All of it or nothing, and durable when it returns. */
  commit(source, batch, marks) {
    const { epoch, lane, bseq } = batch;
    for (const sample of batch.samples) this.samples.push({ source, epoch, lane, bseq, ...sample });
    for (const event of batch.events) this.events.push({ source, epoch, lane, bseq, ...event });
    for (const gap of batch.gaps) this.gaps.push({ source: `${source}/${epoch}`, gap });
    for (const [key, mark] of marks) this.marks.set(key, mark);
  }
  gapsOf = (source) => this.gaps.filter((each) => each.source === source).map((each) => each.gap);
}

export class Receiver {
  epochs = new Map(); // the epoch each gateway spoke of last: a catalog does not name its own
  invalid = 0;

  /** `now`: a clock that is right, in ms since 1970, or one that says 0. */
  constructor(store, now = () => 0) {
    this.store = store;
    this.now = now;
  }

  /** Not for retained messages. `kind` is the last part of the topic. Gives the messages to publish on the gateway's `ack`. */
  message(gateway, kind, bytes) {
    try {
      const value = kind === "hello" || kind === "catalog" || kind === "batch" ? cborOf(bytes) : null;
      if (kind === "hello") return this.hello(gateway, value);
      if (kind === "batch") return [this.batch(gateway, value, bytes)];
      if (kind === "catalog") this.catalog(gateway, value);
    } catch (refused) {
      this.invalid++; // no answer: the gateway keeps what it has, and an operator looks here
      console.error(`${gateway}/${kind}: ${refused.message}`);
    }
    return [];
  }

  hello(gateway, [version, epoch, , lanes, rev]) {
    if (version !== 1 || lanes?.length !== 3) throw new Error(`hello of version ${version}`);
    this.epochs.set(gateway, epoch);
    const need = rev > 0 && !this.store.catalog(`${gateway}/${epoch}/${rev}`);
    return [0, 1, 2].map((lane) => this.ack(gateway, epoch, lane, need));
  }

  catalog(gateway, catalog) {
    if (!Array.isArray(catalog?.types) || !Array.isArray(catalog.devices)) throw new Error("not a catalog");
    if (this.epochs.has(gateway)) // else it may be of an epoch long gone
      this.store.keepCatalog(`${gateway}/${this.epochs.get(gateway)}/${catalog.rev}`, catalog);
  }

  batch(gateway, [version, epoch, lane, bseq, , rev], bytes) {
    if (version !== 1 || ![0, 1, 2].includes(lane)) throw new Error(`batch of version ${version}, lane ${lane}`);
    this.epochs.set(gateway, epoch);
    const key = (ofLane) => `${gateway}/${epoch}/${ofLane}`;
    if (bseq <= this.store.mark(key(lane))) return this.ack(gateway, epoch, lane);
    const catalog = this.store.catalog(`${gateway}/${epoch}/${rev}`);
    if (!catalog) return this.ack(gateway, epoch, lane, true);
    const batch = batchOf(bytes, catalog);
    if (over(batch.gaps, lane, this.store.mark(key(lane))) < bseq - 1) return this.ack(gateway, epoch, lane);
    const gaps = [...this.store.gapsOf(`${gateway}/${epoch}`), ...batch.gaps];
    const marks = [0, 1, 2].map((each) => [key(each), over(gaps, each, each === lane ? bseq : this.store.mark(key(each)))]);
    this.store.commit(gateway, batch, marks);
    return this.ack(gateway, epoch, lane);
  }

  ack(gateway, epoch, lane, need = false) {
    const ack = [1, epoch, lane, this.store.mark(`${gateway}/${epoch}/${lane}`), this.now()];
    return Buffer.concat([Buffer.of(0), cbor(need ? [...ack, "catalog"] : ack)]);
  }
}

/** Where a lane's mark stands after the numbers that gaps declare lost. */
function over(gaps, lane, mark) {
  const gap = gaps.find(([of, first, last]) => of === lane && first <= mark + 1 && last > mark);
  return gap ? over(gaps, lane, gap[2]) : mark;
}
