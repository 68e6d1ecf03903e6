-- Redemptions by the merchant who hands them over, so that its counter finds them.
--
-- Notes: 1. Times as in 0001: when it was redeemed. 2. All of it follows from the transactions that made and moved it; `status` in the words of the
--        events, what timed out from when that is recorded. 3. Few are open, however many there ever were: hence an index of their own.

CREATE TABLE redemption (
  community TEXT    NOT NULL,
  stream    TEXT    NOT NULL,
  sequence  INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  at_nanos  INTEGER NOT NULL,
  merchant  TEXT    NOT NULL,
  status    TEXT    NOT NULL,
  PRIMARY KEY (community, stream, sequence)
) STRICT, WITHOUT ROWID;

WITH said AS (
    SELECT j.community, j.stream, j.sequence, j.effective_at, j.effective_nanos, e.value
    FROM journal j, json_each(CAST(j.events AS TEXT)) e
    WHERE j.stream LIKE 'resident/%' AND (instr(CAST(j.events AS TEXT), 'redemption') > 0 OR instr(CAST(j.events AS TEXT), 'timed_out') > 0)),
moved AS (
    SELECT community, stream, json_extract(value, '$.of') AS of, max(sequence),
        CASE json_extract(value, '$.event')
            WHEN 'redemption_moved.v1' THEN json_extract(value, '$.to') WHEN 'redemption_cancelled.v1' THEN 'cancelled' ELSE 'timed_out' END AS status
    FROM said
    WHERE json_extract(value, '$.event') IN ('redemption_moved.v1', 'redemption_cancelled.v1')
        OR (json_extract(value, '$.event') = 'hold_released.v1' AND json_extract(value, '$.how') = 'timed_out')
    GROUP BY 1, 2, 3)
INSERT INTO redemption
SELECT s.community, s.stream, s.sequence, s.effective_at, s.effective_nanos, json_extract(s.value, '$.merchant'),
    coalesce(m.status, CASE WHEN json_extract(s.value, '$.price.cash') IS NULL THEN 'placed' ELSE 'awaits_payment' END)
FROM said s LEFT JOIN moved m ON m.community = s.community AND m.stream = s.stream AND m.of = s.sequence
WHERE json_extract(s.value, '$.event') = 'reward_redeemed.v1';

CREATE INDEX redemption_of_merchant ON redemption (community, merchant, at, at_nanos, stream, sequence);
CREATE INDEX redemption_open ON redemption (community, merchant, at, at_nanos, stream, sequence) WHERE status IN ('awaits_payment', 'placed', 'ready', 'booked');
