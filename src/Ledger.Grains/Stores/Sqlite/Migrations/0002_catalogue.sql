-- Communities, who may call for them, and their programmes.
--
-- Notes: 1. times as in 0001: Unix seconds and nanoseconds of the second. 2. A key is stored as its SHA-256; the key itself is shown once.
--        3. A programme's version never changes and is never deleted.

CREATE TABLE community (
  id            TEXT    NOT NULL PRIMARY KEY,
  name          TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  created_nanos INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  id            TEXT    NOT NULL PRIMARY KEY,
  client        TEXT    NOT NULL,
  community     TEXT    NOT NULL,           -- '*' for all
  scopes        TEXT    NOT NULL,
  sources       TEXT    NOT NULL,           -- granted CloudEvents sources, one per line
  merchant      TEXT,
  hash          BLOB    NOT NULL UNIQUE,
  created_at    INTEGER NOT NULL,
  created_nanos INTEGER NOT NULL,
  expires_at    INTEGER,
  expires_nanos INTEGER,
  revoked_at    INTEGER,
  revoked_nanos INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE programme (
  community       TEXT    NOT NULL,
  version         INTEGER NOT NULL CHECK (version > 0),
  effective_at    INTEGER NOT NULL,
  effective_nanos INTEGER NOT NULL,
  json            TEXT    NOT NULL,
  published_by    TEXT    NOT NULL,
  published_at    INTEGER NOT NULL,
  published_nanos INTEGER NOT NULL,
  PRIMARY KEY (community, version)
) STRICT, WITHOUT ROWID;
