-- The journal: the truth, and what is written with it in one transaction. The same meaning as the embedded store's 0001.
--
-- Notes for whoever changes this:
--  1. A time is a timestamptz, which ends at microseconds, and the 0 to 999 nanoseconds beyond them. So SQL can read and compare it, it
--     takes 10 bytes, and years 1 to 9999 keep every nanosecond. The earliest and the latest instant there is are -infinity and infinity.
--  2. Columns of eight bytes come first, then shorter ones, then texts: no byte is lost to alignment.
--  3. `key_hash` is the first 16 bytes of SHA-256 over community, source and command id, as a uuid because that is PostgreSQL's 16-byte
--     type. It is the only index over command keys and lives for ever, so it is small; whoever finds a row by it compares source and
--     command_id whole.
--  4. The names journal_sequence and journal_command are part of the program: a violation of the one means "another writer has this
--     sequence", of the other "this command is known".
--  5. `commit_id` says which transaction wrote the row: its pg_current_xact_id() plus `feed.shift`. Whoever reads on reads only below
--     pg_snapshot_xmin(pg_current_snapshot()), where every transaction has ended, in the order of commit_id, stream, sequence: nothing
--     skipped, nothing twice, however many silos write. `shift` is 0 until a dump is restored into a cluster whose transactions are
--     numbered lower; it is then set when the store is opened, so that commit_id goes on rising.
--  6. The first posting of a transaction lies inside its journal row, because a second row would cost nearly half of the write speed.
--     `further_posting` holds the second and later ones, `posting` shows them all alike: ask that view.
--  7. `events` are the bytes that were hashed. They are JSON, but never parse and write them back; so bytea, not jsonb.
--  8. Text is compared by its UTF-8 bytes (COLLATE "C"), which is the order of code points.
--  9. `account_total` has one row for each account and writer. A writer number belongs to one connection at a time (an advisory lock),
--     so no commit waits for another one's row; a number that is free again is taken again, so rows do not pile up.
-- 10. `reference` is written by nobody yet. It will make merchants' references, refund ids and decisions unique.

CREATE TABLE journal (
  sequence        bigint      NOT NULL CHECK (sequence > 0),
  commit_id       bigint      NOT NULL,
  recorded_at     timestamptz NOT NULL,
  effective_at    timestamptz NOT NULL,
  available       bigint      NOT NULL,
  pending         bigint      NOT NULL,
  held            bigint      NOT NULL,
  debt            bigint      NOT NULL,
  refers_to       bigint,
  points          bigint      CHECK (points > 0),
  lot             bigint,
  key_hash        uuid        NOT NULL,
  programme       integer     NOT NULL,
  postings        integer     NOT NULL,
  lot_ordinal     integer,
  recorded_nanos  smallint    NOT NULL,
  effective_nanos smallint    NOT NULL,
  community       text        COLLATE "C" NOT NULL,
  stream          text        COLLATE "C" NOT NULL,
  source          text        COLLATE "C" NOT NULL,
  command_id      text        COLLATE "C" NOT NULL,
  outcome         text        COLLATE "C" NOT NULL,
  from_account    text        COLLATE "C",
  to_account      text        COLLATE "C",
  fingerprint     bytea       NOT NULL,
  hash            bytea       NOT NULL,
  events          bytea       NOT NULL,
  CONSTRAINT journal_sequence UNIQUE (community, stream, sequence),
  CONSTRAINT journal_command UNIQUE (key_hash),
  CONSTRAINT journal_first_posting CHECK ((postings = 0) = (points IS NULL))
);

CREATE INDEX journal_commit ON journal (community, commit_id);
CREATE INDEX journal_refers_to ON journal (community, stream, refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX journal_breakage ON journal (community, stream, lot) WHERE to_account = 'breakage';

CREATE TABLE further_posting (
  sequence     bigint  NOT NULL,
  points       bigint  NOT NULL CHECK (points > 0),
  lot          bigint,
  ordinal      integer NOT NULL CHECK (ordinal > 0),
  lot_ordinal  integer,
  community    text    COLLATE "C" NOT NULL,
  stream       text    COLLATE "C" NOT NULL,
  from_account text    COLLATE "C" NOT NULL,
  to_account   text    COLLATE "C" NOT NULL,
  PRIMARY KEY (community, stream, sequence, ordinal)
);

CREATE INDEX further_posting_breakage ON further_posting (community, stream, lot) WHERE to_account = 'breakage';

CREATE VIEW posting AS
SELECT community, stream, sequence, 0 AS ordinal, from_account, to_account, points, lot, lot_ordinal
  FROM journal WHERE points IS NOT NULL
UNION ALL
SELECT community, stream, sequence, ordinal, from_account, to_account, points, lot, lot_ordinal
  FROM further_posting;

CREATE TABLE feed (
  shift bigint NOT NULL
);

INSERT INTO feed (shift) VALUES (0);

CREATE TABLE reference (
  community text   COLLATE "C" NOT NULL,
  scope     text   COLLATE "C" NOT NULL,
  reference text   COLLATE "C" NOT NULL,
  stream    text   COLLATE "C" NOT NULL,
  sequence  bigint NOT NULL,
  PRIMARY KEY (community, scope, reference)
);

-- Erasable text of transactions. The events hold only a salted digest of it.
CREATE TABLE note (
  community text   COLLATE "C" NOT NULL,
  stream    text   COLLATE "C" NOT NULL,
  sequence  bigint NOT NULL,
  salt      bytea  NOT NULL,
  text      text   NOT NULL,
  PRIMARY KEY (community, stream, sequence)
);

-- When each stream next has something due; no row for never.
CREATE TABLE due (
  at        timestamptz NOT NULL,
  nanos     smallint    NOT NULL,
  community text        COLLATE "C" NOT NULL,
  stream    text        COLLATE "C" NOT NULL,
  PRIMARY KEY (community, stream)
);

CREATE INDEX due_time ON due (at, nanos, community, stream);

-- Points in each account of a community; a resident's bare account is one row for all residents. A total is the sum over writers.
-- Every commit of a writer changes its rows, so pages leave room for the next version beside the last one.
CREATE TABLE account_total (
  points    bigint  NOT NULL,
  writer    integer NOT NULL,
  community text    COLLATE "C" NOT NULL,
  account   text    COLLATE "C" NOT NULL,
  PRIMARY KEY (community, account, writer)
) WITH (fillfactor = 50);
