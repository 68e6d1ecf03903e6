-- Programmes that are still being written.
--
-- Notes: 1. times as in 0001. 2. Whoever changes, publishes or deletes a draft names the revision that he saw. 3. A published draft stays,
--        unchanged, until somebody deletes it; the version that it became has its own text.

CREATE TABLE draft (
  community     TEXT    NOT NULL,
  id            TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  revision      INTEGER NOT NULL CHECK (revision > 0),
  json          TEXT    NOT NULL,
  created_by    TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  created_nanos INTEGER NOT NULL,
  changed_by    TEXT    NOT NULL,
  changed_at    INTEGER NOT NULL,
  changed_nanos INTEGER NOT NULL,
  published_as  INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
