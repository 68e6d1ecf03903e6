-- What waits for a decision, so that operators find it.
--
-- Notes: 1. Times as in 0001. 2. `entry` is what the wallet remembers of it, as JSON; the journal tells all of it again. 3. An award that is
--        decided by nobody leaves a transaction that does not refer to it, only postings of its lot out of `pending`: hence the two indexes.

CREATE TABLE approval (
  since       timestamptz NOT NULL,
  sequence    bigint      NOT NULL,
  since_nanos smallint    NOT NULL,
  community   text        COLLATE "C" NOT NULL,
  stream      text        COLLATE "C" NOT NULL,
  activity    text        COLLATE "C",       -- none for an adjustment
  entry       bytea       NOT NULL,
  PRIMARY KEY (community, stream, sequence)
);

CREATE INDEX approval_since ON approval (community, since, since_nanos, stream, sequence);

CREATE INDEX journal_from_pending ON journal (community, stream, lot) WHERE from_account = 'pending';
CREATE INDEX further_posting_from_pending ON further_posting (community, stream, lot) WHERE from_account = 'pending';
