-- Budgets of campaigns.
--
-- Notes for whoever changes this:
--  1. `budget` holds what leases that have ended drew; a lease in `budget_lease` is open. What was drawn in all is the sum of both. A lease
--     that ends is deleted and its `used` added to `ended`, so whoever still holds it finds no row, and its set fails.
--  2. One process has the file, so a lease that is there when a process first asks for one belongs to nobody any more: it is ended.
--  3. 2^61 stands for a limit that is not set. Lease numbers are never used again (AUTOINCREMENT).

CREATE TABLE budget (
  community    TEXT    NOT NULL,
  campaign     TEXT    NOT NULL,
  ended_points INTEGER NOT NULL,
  ended_awards INTEGER NOT NULL,
  PRIMARY KEY (community, campaign)
) STRICT, WITHOUT ROWID;

CREATE TABLE budget_lease (
  lease          INTEGER PRIMARY KEY AUTOINCREMENT,
  community      TEXT    NOT NULL,
  campaign       TEXT    NOT NULL,
  granted_points INTEGER NOT NULL,
  granted_awards INTEGER NOT NULL,
  used_points    INTEGER NOT NULL DEFAULT 0,
  used_awards    INTEGER NOT NULL DEFAULT 0,
  CHECK (used_points BETWEEN 0 AND granted_points AND used_awards BETWEEN 0 AND granted_awards)
) STRICT;

CREATE INDEX budget_lease_campaign ON budget_lease (community, campaign);
