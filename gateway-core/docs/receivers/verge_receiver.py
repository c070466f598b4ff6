#!/usr/bin/env python3
"""Receives from Verge gateways into SQLite (../uplink-protocol.md, sections 4 and 8). Python 3.8, nothing to install.

    receiver = Receiver(sqlite3.connect("ledger.db", isolation_level=None))
    for ack in receiver.message("gw-1", "batch", payload): publish("verge/v1/gw-1/ack", ack)
"""
import json
import sys
from verge_uplink import batch_of, cbor_of

SCHEMA = """
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS mark(gateway, epoch, lane, bseq, PRIMARY KEY(gateway, epoch, lane));
CREATE TABLE IF NOT EXISTS catalog(gateway, epoch, rev, message, PRIMARY KEY(gateway, epoch, rev));
CREATE TABLE IF NOT EXISTS reading(gateway, epoch, lane, rseq, device, point, t_ms, boot, value, quality,
                                   PRIMARY KEY(gateway, epoch, lane, rseq, point));
CREATE TABLE IF NOT EXISTS event(gateway, epoch, lane, rseq, device, t_ms, boot, kind, severity, details,
                                 PRIMARY KEY(gateway, epoch, lane, rseq));
CREATE TABLE IF NOT EXISTS gap(gateway, epoch, lane, bseq_first, bseq_last, rseq_first, rseq_last, reason,
                               t_first, t_last, readings);
"""


def cbor(value):
    """The shortest CBOR of numbers, text and lists of them."""
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(0, value)


def head(major, n):
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << 8 * size:
            return bytes([major << 5 | low]) + n.to_bytes(size, "big")


class Receiver:
    def __init__(self, db, now=lambda: 0):
        """`now`: a clock that is right, in ms since 1970, or one that says 0."""
        self.db, self.now = db, now
        self.epochs, self.invalid = {}, 0
        db.executescript(SCHEMA)

    def message(self, gateway, kind, payload):
        """Not for retained messages. `kind` is the last part of the topic. Gives the messages to publish on the gateway's `ack`."""
        try:
            if kind == "hello":
                return self.hello(gateway, cbor_of(payload))
            if kind == "batch":
                return [self.batch(gateway, cbor_of(payload), payload)]
            if kind == "catalog":
                self.catalog(gateway, cbor_of(payload)["rev"], payload)
        except (ValueError, LookupError, TypeError) as refused:
            self.invalid += 1  # no answer: the gateway keeps what it has, and an operator looks here
            print(f"{gateway}/{kind}: {refused!r}", file=sys.stderr)
        return []

    def hello(self, gateway, hello):
        version, epoch, _, lanes, rev, *_ = hello
        if version != 1 or len(lanes) != 3:
            raise ValueError(f"hello of version {version}")
        self.epochs[gateway] = epoch
        need = rev > 0 and self.known(gateway, epoch, rev) is None
        return [self.ack(gateway, epoch, lane, need) for lane in range(3)]

    def catalog(self, gateway, rev, payload):
        """It does not name its epoch: the one spoken of last. Before that it may be of one long gone."""
        if gateway in self.epochs:
            self.db.execute("INSERT OR IGNORE INTO catalog VALUES(?,?,?,?)", (gateway, self.epochs[gateway], rev, payload))

    def known(self, gateway, epoch, rev):
        row = self.db.execute("SELECT message FROM catalog WHERE (gateway, epoch, rev) = (?,?,?)", (gateway, epoch, rev)).fetchone()
        return row and cbor_of(row[0])

    def mark(self, *key):
        row = self.db.execute("SELECT bseq FROM mark WHERE (gateway, epoch, lane) = (?,?,?)", key).fetchone()
        return row[0] if row else 0

    def ack(self, gateway, epoch, lane, need=False):
        ack = [1, epoch, lane, self.mark(gateway, epoch, lane), self.now()]
        return b"\0" + cbor(ack + ["catalog"] if need else ack)

    def batch(self, gateway, head, payload):
        version, epoch, lane, bseq, _, rev, *_ = head
        if version != 1 or lane not in (0, 1, 2):
            raise ValueError(f"batch of version {version}, lane {lane}")
        self.epochs[gateway] = epoch
        if bseq <= self.mark(gateway, epoch, lane):
            return self.ack(gateway, epoch, lane)
        catalog = self.known(gateway, epoch, rev)
        if catalog is None:
            return self.ack(gateway, epoch, lane, need=True)
        batch = batch_of(payload, catalog)
        if over(batch["gaps"], lane, self.mark(gateway, epoch, lane)) >= bseq - 1:
            self.db.execute("BEGIN IMMEDIATE")
            with self.db:  # commits, or takes all of it back
                self.store((gateway, epoch, lane), batch, catalog)
        return self.ack(gateway, epoch, lane)

    def store(self, key, batch, catalog):
        points = {device[1]: catalog["types"][device[0]][2] for device in catalog["devices"]}
        boot, rseq = (batch["boot"] if batch["clock"] == "boot" else None), batch["rseq"]
        for sample in batch["samples"]:
            for value, (point, *_) in zip(sample["values"], points[sample["device"]]):
                quality = sample.get("point_quality", {}).get(point, sample["quality"])
                self.insert("reading", *key, rseq, sample["device"], point, sample["t_ms"], boot,
                            None if value is None else f"{value:f}", quality)
            rseq += 1
        for event in batch["events"]:
            self.insert("event", *key, rseq, event["device"], event["t_ms"], boot, event["kind"], event["severity"],
                        json.dumps(event["details"]))
            rseq += 1
        for lane, *gap in batch["gaps"]:
            summary = gap.pop() if isinstance(gap[-1], dict) else {}
            self.insert("gap", *key[:2], lane, *gap, summary.get("readings", 0))
        self.set_mark(*key, batch["bseq"])
        for lane in range(3):
            gaps = self.db.execute("SELECT lane, bseq_first, bseq_last FROM gap WHERE (gateway, epoch) = (?,?)", key[:2]).fetchall()
            self.set_mark(*key[:2], lane, over(gaps, lane, self.mark(*key[:2], lane)))

    def insert(self, table, *row):
        self.db.execute(f"INSERT INTO {table} VALUES({','.join('?' * len(row))})", row)

    def set_mark(self, *row):
        self.db.execute("INSERT OR REPLACE INTO mark VALUES(?,?,?,?)", row)


def over(gaps, lane, mark):
    """Where a lane's mark stands after the numbers that gaps declare lost."""
    for of, first, last, *_ in gaps:
        if of == lane and first <= mark + 1 and last > mark:
            return over(gaps, lane, last)
    return mark
