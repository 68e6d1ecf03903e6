-- Codes that residents show at tills.
--
-- Notes: 1. `until` is a whole second. 2. A code is stored as half of the SHA-256 of community and code, in hexadecimal digits. 3. That it was
--        used is the wallet's to know: rows are added, and deleted an hour after they end.

CREATE TABLE paycode (
  until     timestamptz NOT NULL,
  community text        COLLATE "C" NOT NULL,
  digest    text        COLLATE "C" NOT NULL,
  resident  text        COLLATE "C" NOT NULL,
  PRIMARY KEY (community, digest)
);

CREATE INDEX paycode_resident ON paycode (community, resident, until);
CREATE INDEX paycode_until ON paycode (until);
