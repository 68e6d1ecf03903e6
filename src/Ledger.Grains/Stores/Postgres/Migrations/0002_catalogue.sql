-- Communities, who may call for them, and their programmes.
--
-- Notes: 1. times as in 0001: a timestamptz and the nanoseconds beyond its microseconds. 2. A key is stored as its SHA-256; the key itself
--        is shown once. 3. A programme's version never changes and is never deleted. 4. A programme's json is the text as it came.

CREATE TABLE community (
  created_at    timestamptz NOT NULL,
  created_nanos smallint    NOT NULL,
  id            text        COLLATE "C" NOT NULL PRIMARY KEY,
  name          text        NOT NULL
);

CREATE TABLE api_key (
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz,
  revoked_at    timestamptz,
  created_nanos smallint    NOT NULL,
  expires_nanos smallint,
  revoked_nanos smallint,
  id            text        COLLATE "C" NOT NULL PRIMARY KEY,
  client        text        COLLATE "C" NOT NULL,
  community     text        COLLATE "C",            -- null for all
  scopes        text[]      COLLATE "C" NOT NULL,
  sources       text[]      COLLATE "C" NOT NULL,   -- granted CloudEvents sources
  merchant      text        COLLATE "C",
  hash          bytea       NOT NULL UNIQUE
);

CREATE TABLE programme (
  effective_at    timestamptz NOT NULL,
  published_at    timestamptz NOT NULL,
  version         integer     NOT NULL CHECK (version > 0),
  effective_nanos smallint    NOT NULL,
  published_nanos smallint    NOT NULL,
  community       text        COLLATE "C" NOT NULL,
  published_by    text        COLLATE "C" NOT NULL,
  json            text        NOT NULL,
  PRIMARY KEY (community, version)
);
