// Holds verge-uplink.mjs and verge-receiver.mjs against the vectors: node check.mjs ../vectors
import { readFileSync } from "node:fs";
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { MemoryStore, Receiver } from "./verge-receiver.mjs";
import { batchOf, cborOf } from "./verge-uplink.mjs";

const lines = (name) => readFileSync(join(process.argv[2], name), "utf8").trim().split("\n").map((line) => JSON.parse(line));
const hex = (text) => Buffer.from(text, "hex");

/** As JSON has it: bytes as hex; integers beyond 2^53 rounded, on both sides. */
const plain = (value) =>
  typeof value === "bigint" ? Number(value)
  : Buffer.isBuffer(value) ? value.toString("hex").toUpperCase()
  : Array.isArray(value) ? value.map(plain)
  : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  : value;

for (const v of lines("uplink.jsonl"))
  assert.deepEqual(plain(batchOf(hex(v.batch), cborOf(hex(v.catalog)))), v.meaning, v.id);

const messages = lines("messages.jsonl");
const catalog = cborOf(hex(messages[0].message));
for (const v of messages) {
  if (v.refuse) assert.throws(() => batchOf(hex(v.message), catalog), undefined, v.id);
  else assert.deepEqual(plain(cborOf(hex(v.message))), v.meaning, v.id);
}

for (const v of lines("receiver.jsonl")) {
  const store = new MemoryStore(), receiver = new Receiver(store);
  for (const [n, step] of v.steps.entries()) {
    const acks = receiver.message("gw-1", step.topic, hex(step.message)).map(cborOf);
    assert.deepEqual(acks.map((ack) => [ack[1], ack[2], ack[3], ack[5] ?? null]), step.acks, `${v.id}, step ${n}`);
  }
  assert.equal(store.samples.length + store.events.length, v.stored, v.id);
  assert.equal(store.gaps.length, v.gaps, v.id);
}
console.log("all vectors agree");
