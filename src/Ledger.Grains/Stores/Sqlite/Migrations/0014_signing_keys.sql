-- Keys that sign a community's vouchers.
--
-- Notes: 1. Times are whole Unix seconds. 2. One key of a community is not retired, and only that one has its private half.

CREATE TABLE signing_key (
  number     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  community  TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  public     BLOB    NOT NULL,
  private    BLOB,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;

CREATE INDEX signing_key_community ON signing_key (community, number);
