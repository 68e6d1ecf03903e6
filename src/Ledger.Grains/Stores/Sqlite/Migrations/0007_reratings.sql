-- Past periods that are decided again by another programme.
--
-- Notes: 1. times as in 0001. 2. status is proposed, approved, rejected, done or failed. 3. Never deleted: corrections in the journal name them.
--        4. No two approved or done ones of a community share an instant. 5. failure is a code of docs/errors.md.

CREATE TABLE rerating (
  community      TEXT    NOT NULL,
  id             TEXT    NOT NULL,
  programme      TEXT    NOT NULL,
  from_at        INTEGER NOT NULL,
  from_nanos     INTEGER NOT NULL,
  until_at       INTEGER NOT NULL,
  until_nanos    INTEGER NOT NULL,
  reason         TEXT    NOT NULL,
  residents      INTEGER NOT NULL,
  given          INTEGER NOT NULL,
  taken          INTEGER NOT NULL,
  digest         TEXT    NOT NULL,
  proposed_by    TEXT    NOT NULL,
  proposed_at    INTEGER NOT NULL,
  proposed_nanos INTEGER NOT NULL,
  status         TEXT    NOT NULL,
  decided_by     TEXT,
  decided_at     INTEGER,
  decided_nanos  INTEGER,
  done_at        INTEGER,
  done_nanos     INTEGER,
  refused        INTEGER NOT NULL,
  failure        TEXT,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
