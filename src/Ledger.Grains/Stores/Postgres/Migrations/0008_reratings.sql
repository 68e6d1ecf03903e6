-- Past periods that are decided again by another programme.
--
-- Notes: 1. times as in 0001. 2. status is proposed, approved, rejected, done or failed. 3. Never deleted: corrections in the journal name them.
--        4. No two approved or done ones of a community share an instant. 5. failure is a code of docs/errors.md.

CREATE TABLE rerating (
  from_at        timestamptz NOT NULL,
  until_at       timestamptz NOT NULL,
  proposed_at    timestamptz NOT NULL,
  decided_at     timestamptz,
  done_at        timestamptz,
  residents      bigint      NOT NULL,
  given          bigint      NOT NULL,
  taken          bigint      NOT NULL,
  refused        bigint      NOT NULL,
  from_nanos     smallint    NOT NULL,
  until_nanos    smallint    NOT NULL,
  proposed_nanos smallint    NOT NULL,
  decided_nanos  smallint,
  done_nanos     smallint,
  community      text        COLLATE "C" NOT NULL,
  id             text        COLLATE "C" NOT NULL,
  status         text        COLLATE "C" NOT NULL,
  digest         text        COLLATE "C" NOT NULL,
  proposed_by    text        COLLATE "C" NOT NULL,
  decided_by     text        COLLATE "C",
  failure        text        COLLATE "C",
  reason         text        NOT NULL,
  programme      text        NOT NULL,
  PRIMARY KEY (community, id)
);
