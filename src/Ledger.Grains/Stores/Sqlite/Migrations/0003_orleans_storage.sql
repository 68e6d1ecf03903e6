-- Snapshots through Microsoft.Orleans.Persistence.AdoNet: the queries that it looks up, and our table behind them.
--
-- Notes:
--  1. Fixed by Orleans 10.4: table OrleansQuery (QueryKey, QueryText), the keys below, the parameter names, and the result columns
--     PayloadBinary, Version and NewGrainStateVersion. Our own: grain_state and the texts.
--  2. Each text is ONE statement without BEGIN or COMMIT. A text with its own transaction that fails half-way leaves its pooled
--     connection inside the transaction, and everybody else finds the database locked.
--  3. No row returned means that another activation wrote first; Orleans raises InconsistentStateException from that.
--  4. Orleans' hash parameters are not used: the primary key is the real identity. key_text is '' where there is none.
--  5. Grain keys must begin with something that is not a hexadecimal digit, else Orleans folds '1' and '01' into one key.

CREATE TABLE OrleansQuery (
  QueryKey  TEXT NOT NULL PRIMARY KEY,
  QueryText TEXT NOT NULL
);

CREATE TABLE grain_state (
  service_id TEXT    NOT NULL,
  grain_type TEXT    NOT NULL,
  key_n0     INTEGER NOT NULL,
  key_n1     INTEGER NOT NULL,
  key_text   TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  payload    BLOB,
  saved_at   INTEGER NOT NULL,
  PRIMARY KEY (service_id, grain_type, key_n0, key_n1, key_text)
) STRICT;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version
  FROM grain_state
 WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
   AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = ifnull(@GrainIdExtensionString, '''')'),
('WriteToStorageKey', '
INSERT INTO grain_state (service_id, grain_type, key_n0, key_n1, key_text, version, payload, saved_at)
SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, ifnull(@GrainIdExtensionString, ''''), 1, @PayloadBinary, unixepoch()
 WHERE @GrainStateVersion IS NULL OR EXISTS (
       SELECT 1 FROM grain_state
        WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
          AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = ifnull(@GrainIdExtensionString, ''''))
    ON CONFLICT (service_id, grain_type, key_n0, key_n1, key_text) DO UPDATE
   SET version = grain_state.version + 1, payload = excluded.payload, saved_at = excluded.saved_at
 WHERE grain_state.version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion'),
('ClearStorageKey', '
UPDATE grain_state SET payload = NULL, version = version + 1, saved_at = unixepoch()
 WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
   AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = ifnull(@GrainIdExtensionString, '''')
   AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion'),
('DeleteStorageKey', '
DELETE FROM grain_state
 WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
   AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = ifnull(@GrainIdExtensionString, '''')
   AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion');
