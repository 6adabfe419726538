#!/usr/bin/env python3
"""Compares the program's table with those of the peers, order by order: `agreement.py RUN_DIR PEER_DIR...`.

Comparable are (1) which orders are in scope, all of them by their order id, and (2) determination and flag of every order
of which one code decides: exactly one of its diagnoses stands in the table of codes, that code decides by itself (see
tables.py), and the order has no words. The rest needs facts, combinations or text, which the peers do not do. Any
difference ends with exit code 1; no value of an order is printed.
"""

import sys
from pathlib import Path

import duckdb

QUERY = """
    SELECT count(*), count(*) FILTER (ours.order_id IS NULL OR peer.order_id IS NULL), count(*) FILTER (peer.decides),
        count(*) FILTER (peer.decides AND (ours.determination <> peer.determination OR ours.flag <> peer.flag))
    FROM read_parquet(?) AS ours FULL JOIN read_parquet(?) AS peer ON ours.order_id = peer.order_id
"""


def main():
    ours, *peers = (str(Path(folder) / "assessments.parquet") for folder in sys.argv[1:])
    for peer in peers:
        orders, one_side, decided, different = duckdb.execute(QUERY, [ours, peer]).fetchone()
        name = Path(peer).parent.name
        print(f"{name}: {orders} orders, {decided} of them decided by one code ({100 * decided / max(orders, 1):.0f} %)")
        if one_side or different or not decided:
            sys.exit(f"{name}: {one_side} orders only on one side, {different} of {decided} with another answer")


if __name__ == "__main__":
    main()
