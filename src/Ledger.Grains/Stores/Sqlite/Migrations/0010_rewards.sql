-- Rewards of the mall.
--
-- Notes: 1. times as in 0001. 2. Whoever changes a reward names the revision that he saw. 3. The row of a withdrawn reward
--        stays, for its identifier stands for it for ever.

CREATE TABLE reward (
  community     TEXT    NOT NULL,
  id            TEXT    NOT NULL,
  revision      INTEGER NOT NULL CHECK (revision > 0),
  json          TEXT    NOT NULL,
  withdrawn     INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  changed_by    TEXT    NOT NULL,
  changed_at    INTEGER NOT NULL,
  changed_nanos INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
