#!/usr/bin/env python3
"""Decodes Verge uplink messages (../uplink-protocol.md). Python 3.8 or newer, nothing to install.

    catalog = cbor_of(catalog_message); batch = batch_of(batch_message, catalog)

What is not as the page says raises ValueError, LookupError or TypeError. `check.py` holds it against the vectors.
"""
import zlib
from decimal import Decimal

INFLATED_MAX = 1 << 20


def cbor_of(message):
    """The CBOR value in a message: coding byte 0 plain, 1 raw DEFLATE; at most 1 MiB inflated."""
    if not message or message[0] > 1 or len(message) > INFLATED_MAX:
        raise ValueError("not a Verge message")
    body = bytes(message[1:])
    if message[0] == 1:
        inflater = zlib.decompressobj(-15)
        try:
            body = inflater.decompress(body, INFLATED_MAX)
        except zlib.error as wrong:
            raise ValueError(str(wrong))
        demand(inflater.eof and not inflater.unused_data, "cut off, over 1 MiB inflated, or bytes left over")
    value, end = item(body, 0, 0)
    demand(end == len(body), f"{len(body) - end} bytes too many")
    return value


def demand(holds, what):
    if not holds:
        raise ValueError(what)


def item(b, at, depth):
    """One CBOR item of definite length at offset `at`: (value, offset behind it)."""
    demand(depth <= 16 and at < len(b), f"cut off, or nested too deep, at {at}")
    major, n, at = b[at] >> 5, b[at] & 31, at + 1
    size = 1 << (n - 24) if 24 <= n < 28 else 0
    demand(n < 28 and at + size <= len(b), f"cut off, or an indefinite length, at {at}")
    simple = n
    if size:
        n, at = int.from_bytes(b[at:at + size], "big"), at + size
    demand(major in (0, 1, 7) or n <= len(b) - at, f"length {n} at {at}, {len(b) - at} bytes left")
    if major < 2:
        return (n if major == 0 else -1 - n), at
    if major < 4:
        raw = b[at:at + n]
        return (raw if major == 2 else raw.decode()), at + n
    if major < 6:
        values = []
        for _ in range(n * (major - 3)):
            value, at = item(b, at, depth + 1)
            values.append(value)
        return (values if major == 4 else dict(zip(values[::2], values[1::2]))), at
    if major == 7 and simple in (20, 21, 22):
        return {20: False, 21: True, 22: None}[simple], at
    raise ValueError(f"CBOR type {major}/{simple} at {at}")


def batch_of(message, catalog):
    """Samples with values as Decimal or None, events and gaps; times in ms since 1970 or since boot."""
    version, epoch, lane, bseq, rseq, rev, clk, tick, base, groups, events, gaps = cbor_of(message)
    demand(version == 1 and rev == catalog["rev"], f"version {version} (known: 1), catalog {rev} (known: {catalog['rev']})")
    demand(0 <= lane <= 2 and len(clk) == 3 and tick > 0, "not a batch")
    ids = [device[1] for device in catalog["devices"]]
    return {
        "epoch": epoch, "lane": lane, "bseq": bseq, "rseq": rseq,
        "clock": "utc" if clk[0] == 0 else "boot", "unc_ms": clk[1], "boot": clk[2],
        "samples": [s for group in groups for s in samples_of(group, catalog, base, tick)],
        "events": [{"t_ms": (base + e[0]) * tick, "kind": e[1], "severity": e[2],
                    "device": None if e[3] is None else ids[e[3]],
                    "details": e[4] if len(e) > 4 else {}} for e in events],
        "gaps": gaps}


def samples_of(group, catalog, base, tick):
    """The samples of a group, device by device, oldest first."""
    number, which, counts, times, quality, *columns = group
    _, period_ms, points = catalog["types"][number]
    ids = [device[1] for device in catalog["devices"] if device[0] == number]
    demand(len(columns) == len(points), f"{len(columns)} columns, {len(points)} points")
    if isinstance(which, int):
        demand(which <= len(ids), "a device the catalog lacks")
        ids = ids[:which]
    else:  # skipped[d] devices lie between this one and the one before
        ids = [ids[sum(which[:d + 1]) + d] for d in range(len(which))]
    counts = [counts] * len(ids) if isinstance(counts, int) else counts
    total = sum(counts)
    demand(len(counts) == len(ids), "counts and devices differ")
    demand(total * len(points) <= 1 << 20 and all(c == 0 or len(c) == total for c in [times, *columns]), "lengths differ")
    samples, k, first, before = [], 0, base, [0] * len(points)
    for device, count in zip(ids, counts):
        last = [None] * len(points)
        for n in range(count):
            t = first + times[k] if n == 0 else t + period_ms // tick + times[k]
            first = t if n == 0 else first
            values = []
            for p, column in enumerate(columns):
                delta = 0 if column == 0 else column[k]
                if delta is None:
                    values.append(None)
                    continue
                if last[p] is None:  # the device's first value: since the nearest earlier device's
                    last[p] = before[p] = before[p] + delta
                else:
                    last[p] += delta
                demand(abs(last[p]) <= 1 << 53, "a value beyond 2^53")
                values.append(Decimal(last[p]).scaleb(-points[p][2]))
            samples.append({"device": device, "t_ms": t * tick, "quality": 0, "values": values})
            k += 1
    for sample, code, *point in quality or []:
        if point:
            samples[sample].setdefault("point_quality", {})[points[point[0]][0]] = code
        else:
            samples[sample]["quality"] = code
    return samples
