-- Rewards of the mall.
--
-- Notes: 1. times as in 0001. 2. Whoever changes a reward names the revision that he saw. 3. The row of a withdrawn reward
--        stays, for its identifier stands for it for ever.

CREATE TABLE reward (
  changed_at    timestamptz NOT NULL,
  revision      integer     NOT NULL CHECK (revision > 0),
  changed_nanos smallint    NOT NULL,
  withdrawn     boolean     NOT NULL,
  community     text        COLLATE "C" NOT NULL,
  id            text        COLLATE "C" NOT NULL,
  changed_by    text        COLLATE "C" NOT NULL,
  json          text        NOT NULL,
  PRIMARY KEY (community, id)
);
