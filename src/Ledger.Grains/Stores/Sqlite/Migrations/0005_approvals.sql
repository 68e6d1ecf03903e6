-- What waits for a decision, so that operators find it.
--
-- Notes: 1. Times as in 0001. 2. `entry` is what the wallet remembers of it, as JSON; the journal tells all of it again. 3. An award that is
--        decided by nobody leaves a transaction that does not refer to it, only postings of its lot out of `pending`: hence the two indexes.

CREATE TABLE approval (
  community   TEXT    NOT NULL,
  stream      TEXT    NOT NULL,
  sequence    INTEGER NOT NULL,
  activity    TEXT,                          -- none for an adjustment
  since       INTEGER NOT NULL,
  since_nanos INTEGER NOT NULL,
  entry       BLOB    NOT NULL,
  PRIMARY KEY (community, stream, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX approval_since ON approval (community, since, since_nanos, stream, sequence);

CREATE INDEX journal_from_pending ON journal (community, stream, lot) WHERE from_account = 'pending';
CREATE INDEX further_posting_from_pending ON further_posting (community, stream, lot) WHERE from_account = 'pending';
