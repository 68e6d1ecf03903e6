-- Keys that sign a community's vouchers.
--
-- Notes: 1. Times are whole seconds. 2. One key of a community is not retired, and only that one has its private half.

CREATE TABLE signing_key (
  number     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  community  text        COLLATE "C" NOT NULL,
  id         text        COLLATE "C" NOT NULL,
  public     bytea       NOT NULL,
  private    bytea
);

CREATE INDEX signing_key_community ON signing_key (community, number);
