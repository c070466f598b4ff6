#!/usr/bin/env python3
"""Holds verge_uplink.py and verge_receiver.py against the vectors: check.py ../vectors"""
import json
import sqlite3
import sys
from pathlib import Path

from verge_receiver import Receiver
from verge_uplink import batch_of, cbor_of


def lines(name):
    return [json.loads(line) for line in (Path(sys.argv[1]) / name).read_text().splitlines()]


def plain(value):
    return json.loads(json.dumps(value, default=lambda d: d.hex().upper() if isinstance(d, bytes) else f"{d:f}"))


def refuses(decode):
    try:
        decode()
    except (ValueError, LookupError, TypeError):
        return True
    return False


def batches():
    for v in lines("uplink.jsonl"):
        found = plain(batch_of(bytes.fromhex(v["batch"]), cbor_of(bytes.fromhex(v["catalog"]))))
        assert found == v["meaning"], f"{v['id']}:\n{found}\n{v['meaning']}"


def messages():
    vectors = lines("messages.jsonl")
    catalog = cbor_of(bytes.fromhex(vectors[0]["message"]))
    for v in vectors:
        message = bytes.fromhex(v["message"])
        if "refuse" in v:
            assert refuses(lambda: batch_of(message, catalog)), f"{v['id']}: not refused"
        else:
            assert plain(cbor_of(message)) == v["meaning"], v["id"]


def conversations():
    for v in lines("receiver.jsonl"):
        db = sqlite3.connect(":memory:", isolation_level=None)
        receiver = Receiver(db)
        for n, step in enumerate(v["steps"]):
            acks = receiver.message("gw-1", step["topic"], bytes.fromhex(step["message"]))
            said = [[ack[1], ack[2], ack[3], ack[5] if len(ack) > 5 else None] for ack in map(cbor_of, acks)]
            assert said == step["acks"], f"{v['id']}, step {n}: {said}, expected {step['acks']}"
        numbers = db.execute("SELECT (SELECT count(DISTINCT epoch||'/'||lane||'/'||rseq) FROM reading) + (SELECT count(*) FROM event)")
        assert numbers.fetchone()[0] == v["stored"], v["id"]
        assert db.execute("SELECT count(*) FROM gap").fetchone()[0] == v["gaps"], v["id"]


batches(), messages(), conversations()
print("all vectors agree")
