-- A merchant's movements of a day lie in order of time: a page of its list begins where the one before it ended, and reads no more than it gives.
--
-- Notes: 1. The columns stay as they were. 2. Sales are written where the day's last ones lie. 3. The journal's key sees to it that a transaction is
--        written once; stream and sequence are in the key to tell movements of one moment apart.

CREATE TABLE movement_by_time (
  community TEXT    NOT NULL,
  merchant  TEXT    NOT NULL,
  day       TEXT    NOT NULL,
  stream    TEXT    NOT NULL,
  sequence  INTEGER NOT NULL,
  kind      TEXT    NOT NULL,
  points    INTEGER NOT NULL CHECK (points <> 0),
  money     INTEGER,
  currency  TEXT,
  reference TEXT,
  terminal  TEXT,
  cashier   TEXT,
  at        INTEGER NOT NULL,
  at_nanos  INTEGER NOT NULL,
  PRIMARY KEY (community, merchant, day, at, at_nanos, stream, sequence),
  CHECK ((money IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO movement_by_time SELECT * FROM movement;

DROP TABLE movement;

ALTER TABLE movement_by_time RENAME TO movement;
