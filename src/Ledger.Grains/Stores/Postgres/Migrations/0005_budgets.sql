-- Budgets of campaigns. The same meaning as the embedded store's 0004.
--
-- Notes for whoever changes this:
--  1. `budget` holds what leases that have ended drew; a lease in `budget_lease` is open. What was drawn in all is the sum of both. A lease
--     that ends is deleted and its `used` added to `ended`, so whoever still holds it updates no row, and its batch fails.
--  2. Whoever grants or ends something locks the row in `budget` first: then the sum of what is granted stands still. The journal, which
--     counts what is drawn, touches only the row of its own silo's lease, once per batch, and never the row in `budget`.
--  3. 2^61 stands for a limit that is not set. Lease numbers are never used again.

CREATE TABLE budget (
  ended_points bigint NOT NULL,
  ended_awards bigint NOT NULL,
  community    text   COLLATE "C" NOT NULL,
  campaign     text   COLLATE "C" NOT NULL,
  PRIMARY KEY (community, campaign)
);

CREATE TABLE budget_lease (
  lease          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  granted_points bigint      NOT NULL,
  granted_awards bigint      NOT NULL,
  used_points    bigint      NOT NULL DEFAULT 0,
  used_awards    bigint      NOT NULL DEFAULT 0,
  renewed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  community      text        COLLATE "C" NOT NULL,
  campaign       text        COLLATE "C" NOT NULL,
  CONSTRAINT budget_lease_holds CHECK (used_points BETWEEN 0 AND granted_points AND used_awards BETWEEN 0 AND granted_awards)
) WITH (fillfactor = 50);

CREATE INDEX budget_lease_campaign ON budget_lease (community, campaign);
