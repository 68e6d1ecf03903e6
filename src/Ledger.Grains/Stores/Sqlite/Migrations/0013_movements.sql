-- What moved to and from merchants, a row for each transaction that moved it, and the days that are closed.
--
-- Notes: 1. Times as in 0001; a day is a text like 2026-03-01. 2. All of it but `day` follows from the transaction; nothing changes a row afterwards.
--        3. `day` is the settlement day in which it happened or, where that was closed for the merchant before the row was committed, the day after the
--        last closed one. There is one writer, so nothing comes in between. 4. Rows lie by merchant and day: one tree, written where it is read.
--        5. What was recorded before days were pinned lies in the calendar's day of UTC+8.

CREATE TABLE movement (
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
  PRIMARY KEY (community, merchant, day, stream, sequence),
  CHECK ((money IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE closed_day (
  community TEXT NOT NULL,
  merchant  TEXT NOT NULL,
  through   TEXT NOT NULL,
  PRIMARY KEY (community, merchant)
) STRICT, WITHOUT ROWID;

WITH moved AS (
    SELECT p.community, p.stream, p.sequence, substr(CASE WHEN p.to_account LIKE 'merchant/%' THEN p.to_account ELSE p.from_account END, 10) AS merchant,
        sum(CASE WHEN p.to_account LIKE 'merchant/%' THEN p.points ELSE -p.points END) AS points,
        min(CASE WHEN p.from_account = 'held' THEN 'capture' WHEN p.from_account = 'available' THEN 'spend' ELSE 'refund' END) AS kind
    FROM posting p
    WHERE p.stream LIKE 'resident/%' AND (p.to_account LIKE 'merchant/%' OR p.from_account LIKE 'merchant/%')
    GROUP BY 1, 2, 3, 4),
parts AS (
    SELECT m.*, j.effective_at, j.effective_nanos, (
        SELECT json_extract(e.value, '$.settlement') FROM json_each(CAST(j.events AS TEXT)) e
        WHERE json_extract(e.value, '$.settlement') IS NOT NULL LIMIT 1) AS part
    FROM moved m JOIN journal j ON j.community = m.community AND j.stream = m.stream AND j.sequence = m.sequence)
INSERT INTO movement
SELECT community, merchant, coalesce(json_extract(part, '$.day'), date(effective_at + 28800, 'unixepoch')), stream, sequence, kind, points,
    sign(points) * json_extract(part, '$.money'), json_extract(part, '$.rate.currency'), json_extract(part, '$.reference'),
    json_extract(part, '$.terminal'), json_extract(part, '$.cashier'), effective_at, effective_nanos
FROM parts;
