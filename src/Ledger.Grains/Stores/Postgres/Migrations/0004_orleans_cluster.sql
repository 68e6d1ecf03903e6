-- Which silos there are, and what wakes the sweeper: the queries that Orleans looks up, and our tables behind them.
--
-- Notes:
--  1. Fixed by Orleans 10.4: the keys below, the parameter names, and the result columns. Our own: the three tables and the texts.
--  2. Each text is ONE statement, so nothing is ever half done. A write answers with one number: 1 when it happened, 0 when another silo
--     was first.
--  3. A change of a silo's row counts up cluster_version in the same statement, and only from the version that the silo had read: two silos
--     can never both believe that they changed the membership.
--  4. The version's row must come back even while no silo is there, hence the LEFT JOINs.
--  5. Reminders are asked for by ranges of a hash; nothing else may depend on it.

CREATE TABLE cluster_version (
  cluster_id text NOT NULL PRIMARY KEY,
  version    integer NOT NULL
);

CREATE TABLE cluster_silo (
  cluster_id text        NOT NULL,
  address    text        NOT NULL,
  port       integer     NOT NULL,
  generation integer     NOT NULL,
  silo_name  text        NOT NULL,
  host_name  text        NOT NULL,
  status     integer     NOT NULL,
  proxy_port integer     NOT NULL,
  suspects   text,
  started_at timestamptz NOT NULL,
  alive_at   timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE TABLE reminder (
  service_id text        NOT NULL,
  grain_id   text        NOT NULL,
  name       text        NOT NULL,
  grain_hash integer     NOT NULL,
  start_at   timestamptz NOT NULL,
  period     bigint      NOT NULL,
  version    integer     NOT NULL,
  PRIMARY KEY (service_id, grain_id, name)
);

CREATE INDEX reminder_hash ON reminder (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('GatewaysQueryKey', '
SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation"
  FROM cluster_silo WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0'),
('MembershipReadRowKey', '
SELECT s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.silo_name AS "SiloName", s.host_name AS "HostName",
       s.status AS "Status", s.proxy_port AS "ProxyPort", s.suspects AS "SuspectTimes", s.started_at AS "StartTime",
       s.alive_at AS "IAmAliveTime", v.version AS "Version"
  FROM cluster_version v
  LEFT JOIN cluster_silo s
    ON s.cluster_id = v.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
 WHERE v.cluster_id = @DeploymentId'),
('MembershipReadAllKey', '
SELECT s.address AS "Address", s.port AS "Port", s.generation AS "Generation", s.silo_name AS "SiloName", s.host_name AS "HostName",
       s.status AS "Status", s.proxy_port AS "ProxyPort", s.suspects AS "SuspectTimes", s.started_at AS "StartTime",
       s.alive_at AS "IAmAliveTime", v.version AS "Version"
  FROM cluster_version v
  LEFT JOIN cluster_silo s ON s.cluster_id = v.cluster_id
 WHERE v.cluster_id = @DeploymentId'),
('InsertMembershipVersionKey', '
WITH i AS (INSERT INTO cluster_version (cluster_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*) FROM i'),
('UpdateIAmAlivetimeKey', '
WITH u AS (
  UPDATE cluster_silo SET alive_at = @IAmAliveTime
   WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation RETURNING 1)
SELECT count(*) FROM u'),
('InsertMembershipKey', '
WITH v AS (
  UPDATE cluster_version SET version = version + 1
   WHERE cluster_id = @DeploymentId AND version = @Version
     AND NOT EXISTS (SELECT 1 FROM cluster_silo
                      WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
  RETURNING 1),
i AS (
  INSERT INTO cluster_silo (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
  SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
   WHERE EXISTS (SELECT 1 FROM v) RETURNING 1)
SELECT count(*) FROM i'),
('UpdateMembershipKey', '
WITH v AS (
  UPDATE cluster_version SET version = version + 1
   WHERE cluster_id = @DeploymentId AND version = @Version
     AND EXISTS (SELECT 1 FROM cluster_silo
                  WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
  RETURNING 1),
u AS (
  UPDATE cluster_silo SET status = @Status, suspects = @SuspectTimes, alive_at = @IAmAliveTime
   WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
     AND EXISTS (SELECT 1 FROM v) RETURNING 1)
SELECT count(*) FROM u'),
('DeleteMembershipTableEntriesKey', '
WITH s AS (DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId RETURNING 1),
     v AS (DELETE FROM cluster_version WHERE cluster_id = @DeploymentId RETURNING 1)
SELECT count(*) FROM v'),
('CleanupDefunctSiloEntriesKey', '
WITH d AS (
  DELETE FROM cluster_silo WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3 RETURNING 1)
SELECT count(*) FROM d'),
('ReadReminderRowsKey', '
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period AS "Period", version AS "Version"
  FROM reminder WHERE service_id = @ServiceId AND grain_id = @GrainId'),
('ReadReminderRowKey', '
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period AS "Period", version AS "Version"
  FROM reminder WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName'),
('ReadRangeRows1Key', '
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period AS "Period", version AS "Version"
  FROM reminder WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash'),
('ReadRangeRows2Key', '
SELECT grain_id AS "GrainId", name AS "ReminderName", start_at AS "StartTime", period AS "Period", version AS "Version"
  FROM reminder WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)'),
('UpsertReminderRowKey', '
INSERT INTO reminder AS r (service_id, grain_id, name, grain_hash, start_at, period, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
    ON CONFLICT (service_id, grain_id, name) DO UPDATE
   SET grain_hash = excluded.grain_hash, start_at = excluded.start_at, period = excluded.period, version = r.version + 1
RETURNING version AS "Version"'),
('DeleteReminderRowKey', '
WITH d AS (
  DELETE FROM reminder WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
SELECT count(*) FROM d'),
('DeleteReminderRowsKey', '
DELETE FROM reminder WHERE service_id = @ServiceId');
