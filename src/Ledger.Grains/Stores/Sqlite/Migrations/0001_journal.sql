-- The journal: the truth, and what is written with it in one transaction.
--
-- Notes for whoever changes this:
--  1. Every table is STRICT: an integer that grows past 64 bits must be an error, never a rounded real number.
--  2. A time is two integers: whole Unix seconds (may be negative) and the nanoseconds of that second. One integer of nanoseconds
--     would end in the year 2262. `datetime(recorded_at, 'unixepoch')` shows it.
--  3. `journal` has a rowid on purpose: rows go to the end of the table, and the two indexes hold only keys. Clustering the rows by
--     their key would dirty one page per row when many wallets write.
--  4. `key_hash` is the first 16 bytes of SHA-256 over community, source and command id. It is the only index over command keys and
--     lives for ever, so it is small; whoever finds a row by it compares source and command_id whole.
--  5. The first posting of a transaction lies inside its journal row, because a second row would cost nearly half of the write speed.
--     `further_posting` holds the second and later ones, `posting` shows them all alike: ask that view.
--  6. `events` are the bytes that were hashed. They are JSON, but never parse and write them back.
--  7. Text is compared by its UTF-8 bytes (BINARY), which is the order of code points.
--  8. `reference` is written by nobody yet. It will make merchants' references, refund ids and decisions unique.

CREATE TABLE journal (
  community       TEXT    NOT NULL,
  stream          TEXT    NOT NULL,
  sequence        INTEGER NOT NULL CHECK (sequence > 0),
  source          TEXT    NOT NULL,
  command_id      TEXT    NOT NULL,
  key_hash        BLOB    NOT NULL,
  fingerprint     BLOB    NOT NULL,
  recorded_at     INTEGER NOT NULL,
  recorded_nanos  INTEGER NOT NULL,
  effective_at    INTEGER NOT NULL,
  effective_nanos INTEGER NOT NULL,
  outcome         TEXT    NOT NULL,
  events          BLOB    NOT NULL,
  programme       INTEGER NOT NULL,
  refers_to       INTEGER,
  available       INTEGER NOT NULL,
  pending         INTEGER NOT NULL,
  held            INTEGER NOT NULL,
  debt            INTEGER NOT NULL,
  hash            BLOB    NOT NULL,
  postings        INTEGER NOT NULL,
  from_account    TEXT,
  to_account      TEXT,
  points          INTEGER CHECK (points > 0),
  lot             INTEGER,
  lot_ordinal     INTEGER,
  CHECK ((postings = 0) = (points IS NULL))
) STRICT;

CREATE UNIQUE INDEX journal_sequence ON journal (community, stream, sequence);
CREATE UNIQUE INDEX journal_command ON journal (key_hash);
CREATE INDEX journal_refers_to ON journal (community, stream, refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX journal_breakage ON journal (community, stream, lot) WHERE to_account = 'breakage';

CREATE TABLE further_posting (
  community    TEXT    NOT NULL,
  stream       TEXT    NOT NULL,
  sequence     INTEGER NOT NULL,
  ordinal      INTEGER NOT NULL CHECK (ordinal > 0),
  from_account TEXT    NOT NULL,
  to_account   TEXT    NOT NULL,
  points       INTEGER NOT NULL CHECK (points > 0),
  lot          INTEGER,
  lot_ordinal  INTEGER,
  PRIMARY KEY (community, stream, sequence, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX further_posting_breakage ON further_posting (community, stream, lot) WHERE to_account = 'breakage';

CREATE VIEW posting AS
SELECT community, stream, sequence, 0 AS ordinal, from_account, to_account, points, lot, lot_ordinal
  FROM journal WHERE points IS NOT NULL
UNION ALL
SELECT community, stream, sequence, ordinal, from_account, to_account, points, lot, lot_ordinal
  FROM further_posting;

CREATE TABLE reference (
  community TEXT    NOT NULL,
  scope     TEXT    NOT NULL,
  reference TEXT    NOT NULL,
  stream    TEXT    NOT NULL,
  sequence  INTEGER NOT NULL,
  PRIMARY KEY (community, scope, reference)
) STRICT, WITHOUT ROWID;

-- Erasable text of transactions. The events hold only a salted digest of it.
CREATE TABLE note (
  community TEXT    NOT NULL,
  stream    TEXT    NOT NULL,
  sequence  INTEGER NOT NULL,
  salt      BLOB    NOT NULL,
  text      TEXT    NOT NULL,
  PRIMARY KEY (community, stream, sequence)
) STRICT, WITHOUT ROWID;

-- When each stream next has something due; no row for never.
CREATE TABLE due (
  community TEXT    NOT NULL,
  stream    TEXT    NOT NULL,
  at        INTEGER NOT NULL,
  nanos     INTEGER NOT NULL,
  PRIMARY KEY (community, stream)
) STRICT, WITHOUT ROWID;

CREATE INDEX due_time ON due (at, nanos, community, stream);

-- Points in each account of a community; a resident's bare account is one row for all residents. A total is the sum over writers.
CREATE TABLE account_total (
  community TEXT    NOT NULL,
  account   TEXT    NOT NULL,
  writer    TEXT    NOT NULL,
  points    INTEGER NOT NULL,
  PRIMARY KEY (community, account, writer)
) STRICT, WITHOUT ROWID;
