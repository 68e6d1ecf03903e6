-- Programmes that are still being written.
--
-- Notes: 1. times as in 0001. 2. Whoever changes, publishes or deletes a draft names the revision that he saw. 3. A published draft stays,
--        unchanged, until somebody deletes it; the version that it became has its own text.

CREATE TABLE draft (
  created_at    timestamptz NOT NULL,
  changed_at    timestamptz NOT NULL,
  revision      integer     NOT NULL CHECK (revision > 0),
  published_as  integer,
  created_nanos smallint    NOT NULL,
  changed_nanos smallint    NOT NULL,
  community     text        COLLATE "C" NOT NULL,
  id            text        COLLATE "C" NOT NULL,
  name          text        NOT NULL,
  created_by    text        COLLATE "C" NOT NULL,
  changed_by    text        COLLATE "C" NOT NULL,
  json          text        NOT NULL,
  PRIMARY KEY (community, id)
);
