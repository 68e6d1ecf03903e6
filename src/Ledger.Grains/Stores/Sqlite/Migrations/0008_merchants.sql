-- The register of merchants.
--
-- Notes: 1. Times as in 0001. 2. A row for every change, never changed: the last one counts, the others tell who changed what and when.
--        3. A merchant without a row may sell all the same.

CREATE TABLE merchant (
  community     TEXT    NOT NULL,
  id            TEXT    NOT NULL,
  revision      INTEGER NOT NULL CHECK (revision > 0),
  json          TEXT    NOT NULL,
  changed_by    TEXT    NOT NULL,
  changed_at    INTEGER NOT NULL,
  changed_nanos INTEGER NOT NULL,
  PRIMARY KEY (community, id, revision)
) STRICT, WITHOUT ROWID;
