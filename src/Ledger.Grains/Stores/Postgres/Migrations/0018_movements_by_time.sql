-- A merchant's movements of a day are found in order of time: a page of its list begins where the one before it ended, and reads no more than it gives.
--
-- Notes: 1. All that the order needs is in the index: with less, the rest of the day is sorted for each page wherever the statistics do not know the day
--        yet. It costs some 80 bytes for a movement.

CREATE INDEX movement_time ON movement (community, merchant, day, at, at_nanos, stream, sequence);

DROP INDEX movement_day;
