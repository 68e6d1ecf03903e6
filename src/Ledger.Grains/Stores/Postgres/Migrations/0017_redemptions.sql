-- Redemptions by the merchant who hands them over, so that its counter finds them.
--
-- Notes: 1. Times as in 0001: when it was redeemed. 2. All of it follows from the transactions that made and moved it; `status` in the words of the
--        events, what timed out from when that is recorded. 3. Few are open, however many there ever were: hence an index of their own.

CREATE TABLE redemption (
  at        timestamptz NOT NULL,
  sequence  bigint      NOT NULL,
  at_nanos  smallint    NOT NULL,
  community text        COLLATE "C" NOT NULL,
  stream    text        COLLATE "C" NOT NULL,
  merchant  text        COLLATE "C" NOT NULL,
  status    text        COLLATE "C" NOT NULL,
  PRIMARY KEY (community, stream, sequence)
);

WITH said AS (
    SELECT j.community, j.stream, j.sequence, j.effective_at, j.effective_nanos, e.value
    FROM journal j CROSS JOIN LATERAL jsonb_array_elements(convert_from(j.events, 'UTF8')::jsonb) e (value)
    WHERE j.stream LIKE 'resident/%' AND convert_from(j.events, 'UTF8') ~ 'redemption|timed_out'),
moved AS (
    SELECT DISTINCT ON (community, stream, value->'of') community, stream, (value->>'of')::bigint AS of,
        CASE value->>'event' WHEN 'redemption_moved.v1' THEN value->>'to' WHEN 'redemption_cancelled.v1' THEN 'cancelled' ELSE 'timed_out' END AS status
    FROM said
    WHERE value->>'event' IN ('redemption_moved.v1', 'redemption_cancelled.v1') OR (value->>'event' = 'hold_released.v1' AND value->>'how' = 'timed_out')
    ORDER BY community, stream, value->'of', sequence DESC)
INSERT INTO redemption (community, stream, sequence, at, at_nanos, merchant, status)
SELECT s.community, s.stream, s.sequence, s.effective_at, s.effective_nanos, s.value->>'merchant',
    coalesce(m.status, CASE WHEN s.value->'price'->'cash' IS NULL THEN 'placed' ELSE 'awaits_payment' END)
FROM said s LEFT JOIN moved m ON m.community = s.community AND m.stream = s.stream AND m.of = s.sequence
WHERE s.value->>'event' = 'reward_redeemed.v1';

CREATE INDEX redemption_of_merchant ON redemption (community, merchant, at, at_nanos, stream, sequence);
CREATE INDEX redemption_open ON redemption (community, merchant, at, at_nanos, stream, sequence) WHERE status IN ('awaits_payment', 'placed', 'ready', 'booked');
