"""The sealed log: what the databases said, kept outside them and signed.

Audit events are written in the transaction of the fact they record and are not chained there. A sealer
reads them in the order `(xid, seq)` below the snapshot horizon, appends one entry each to a Merkle log
(RFC 9162) and signs a checkpoint. Whoever later deletes, alters, moves or inserts a row behind the seal,
or puts back an older copy of the database, contradicts the log; `verification` says where.
"""
