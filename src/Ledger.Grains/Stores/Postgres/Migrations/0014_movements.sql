-- What moved to and from merchants, a row for each transaction that moved it, and the days that are closed.
--
-- Notes: 1. Times as in 0001. 2. All of it but `day` follows from the transaction; nothing changes a row afterwards. 3. `day` is the settlement day in
--        which it happened or, where that was closed for the merchant before the row was committed, the day after the last closed one. Appends hold
--        a shared advisory lock of the community while they look, and whoever closes a day holds it alone: so each append is before the closing
--        or sees it. 4. No key: the journal's own sees to it that a transaction is written once, and the one index stays small, for a merchant's rows
--        of a day share its entries. 5. What was recorded before days were pinned lies in the calendar's day of UTC+8.

CREATE TABLE movement (
  sequence  bigint      NOT NULL,
  points    bigint      NOT NULL CHECK (points <> 0),
  money     bigint,
  at        timestamptz NOT NULL,
  day       date        NOT NULL,
  at_nanos  smallint    NOT NULL,
  community text        COLLATE "C" NOT NULL,
  merchant  text        COLLATE "C" NOT NULL,
  stream    text        COLLATE "C" NOT NULL,
  kind      text        COLLATE "C" NOT NULL,
  currency  text        COLLATE "C",
  reference text        COLLATE "C",
  terminal  text        COLLATE "C",
  cashier   text        COLLATE "C",
  CHECK ((money IS NULL) = (currency IS NULL))
);

CREATE TABLE closed_day (
  through   date NOT NULL,
  community text COLLATE "C" NOT NULL,
  merchant  text COLLATE "C" NOT NULL,
  PRIMARY KEY (community, merchant)
);

WITH moved AS (
    SELECT p.community, p.stream, p.sequence, substr(CASE WHEN p.to_account LIKE 'merchant/%' THEN p.to_account ELSE p.from_account END, 10) AS merchant,
        sum(CASE WHEN p.to_account LIKE 'merchant/%' THEN p.points ELSE -p.points END) AS points,
        min(CASE WHEN p.from_account = 'held' THEN 'capture' WHEN p.from_account = 'available' THEN 'spend' ELSE 'refund' END) AS kind
    FROM posting p
    WHERE p.stream LIKE 'resident/%' AND (p.to_account LIKE 'merchant/%' OR p.from_account LIKE 'merchant/%')
    GROUP BY 1, 2, 3, 4),
parts AS (
    SELECT m.*, j.effective_at, j.effective_nanos, jsonb_path_query_first(convert_from(j.events, 'UTF8')::jsonb, '$[*].settlement') AS part
    FROM moved m JOIN journal j ON j.community = m.community AND j.stream = m.stream AND j.sequence = m.sequence)
INSERT INTO movement (sequence, points, money, at, day, at_nanos, community, merchant, stream, kind, currency, reference, terminal, cashier)
SELECT sequence, points, sign(points) * (part->>'money')::bigint, effective_at,
    coalesce((part->>'day')::date, (effective_at AT TIME ZONE 'UTC' + interval '8 hours')::date), effective_nanos, community, merchant, stream, kind,
    part->'rate'->>'currency', part->>'reference', part->>'terminal', part->>'cashier'
FROM parts;

CREATE INDEX movement_day ON movement (community, merchant, day);
