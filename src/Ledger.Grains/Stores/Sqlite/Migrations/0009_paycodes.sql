-- Codes that residents show at tills.
--
-- Notes: 1. `until` is in whole Unix seconds. 2. A code is stored as half of the SHA-256 of community and code, in hexadecimal digits. 3. That
--        it was used is the wallet's to know: rows are added, and deleted an hour after they end.

CREATE TABLE paycode (
  community TEXT    NOT NULL,
  digest    TEXT    NOT NULL,
  resident  TEXT    NOT NULL,
  until     INTEGER NOT NULL,
  PRIMARY KEY (community, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX paycode_resident ON paycode (community, resident, until);
CREATE INDEX paycode_until ON paycode (until);
