-- Residents as counters know them, and codes that counters get for them.
--
-- Notes: 1. All of a profile is personal, and nothing of it is anywhere else: to erase a person is to delete the row. 2. `pin` is what its key
--        derivation made of it. 3. A paycode that a counter got for a member asks for the PIN above `pin_above` points; one that the resident got, never.

CREATE TABLE profile (
  locked_until timestamptz,
  wrong_pins   integer NOT NULL,
  community    text    COLLATE "C" NOT NULL,
  resident     text    COLLATE "C" NOT NULL,
  name         text,
  phone        text    COLLATE "C",
  member_code  text    COLLATE "C",
  pin          text,
  PRIMARY KEY (community, resident)
);

CREATE UNIQUE INDEX profile_phone ON profile (community, phone);
CREATE UNIQUE INDEX profile_member_code ON profile (community, member_code);

ALTER TABLE paycode ADD COLUMN pin_above bigint;
