-- The register of merchants.
--
-- Notes: 1. Times as in 0001. 2. A row for every change, never changed: the last one counts, the others tell who changed what and when.
--        3. A merchant without a row may sell all the same.

CREATE TABLE merchant (
  changed_at    timestamptz NOT NULL,
  revision      integer     NOT NULL CHECK (revision > 0),
  changed_nanos smallint    NOT NULL,
  community     text        COLLATE "C" NOT NULL,
  id            text        COLLATE "C" NOT NULL,
  changed_by    text        COLLATE "C" NOT NULL,
  json          text        NOT NULL,
  PRIMARY KEY (community, id, revision)
);
