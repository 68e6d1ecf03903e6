-- Snapshots through Microsoft.Orleans.Persistence.AdoNet: the queries that it looks up, and our table behind them.
--
-- Notes:
--  1. Fixed by Orleans 10.4: table OrleansQuery (QueryKey, QueryText), the keys below, the parameter names, and the result columns
--     PayloadBinary, Version and NewGrainStateVersion. Our own: grain_state and the texts.
--  2. Each text is one statement.
--  3. No row returned means that another activation wrote first; Orleans raises InconsistentStateException from that.
--  4. Orleans' hash parameters are not used: the primary key is the real identity. key_text is '' where there is none.
--  5. Grain keys must begin with something that is not a hexadecimal digit, else Orleans folds '1' and '01' into one key.
--  6. Snapshots are compressed by nobody else, so PostgreSQL may; they are written again and again, so pages leave room.

CREATE TABLE OrleansQuery (
  QueryKey  text NOT NULL PRIMARY KEY,
  QueryText text NOT NULL
);

CREATE TABLE grain_state (
  key_n0     bigint      NOT NULL,
  key_n1     bigint      NOT NULL,
  saved_at   timestamptz NOT NULL,
  version    integer     NOT NULL,
  service_id text        COLLATE "C" NOT NULL,
  grain_type text        COLLATE "C" NOT NULL,
  key_text   text        COLLATE "C" NOT NULL,
  payload    bytea,
  PRIMARY KEY (service_id, grain_type, key_n0, key_n1, key_text)
) WITH (fillfactor = 80);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version
  FROM grain_state
 WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
   AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(@GrainIdExtensionString, '''')'),
('WriteToStorageKey', '
INSERT INTO grain_state AS stored (service_id, grain_type, key_n0, key_n1, key_text, version, payload, saved_at)
SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), 1, @PayloadBinary, now()
 WHERE @GrainStateVersion IS NULL OR EXISTS (
       SELECT 1 FROM grain_state
        WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
          AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(@GrainIdExtensionString, ''''))
    ON CONFLICT (service_id, grain_type, key_n0, key_n1, key_text) DO UPDATE
   SET version = stored.version + 1, payload = excluded.payload, saved_at = excluded.saved_at
 WHERE stored.version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion'),
('ClearStorageKey', '
UPDATE grain_state SET payload = NULL, version = version + 1, saved_at = now()
 WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
   AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(@GrainIdExtensionString, '''')
   AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion'),
('DeleteStorageKey', '
DELETE FROM grain_state
 WHERE service_id = @ServiceId AND grain_type = @GrainTypeString
   AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(@GrainIdExtensionString, '''')
   AND version = @GrainStateVersion
RETURNING version + 1 AS NewGrainStateVersion');
