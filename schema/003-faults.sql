-- SPDX-License-Identifier: MIT
--
-- Version 3: faults on demand.  What halfcalld is to do wrong with requests of a station, so that
-- others can be tested against it: halfcalld(8), Faults on demand.  halfcalld counts `nth` and
-- `remaining` down as requests pass; a row whose `remaining` is 0 is used up and does nothing.

-- Tables --------------------------------------------------------------------------------

CREATE TABLE fault (
	id INTEGER PRIMARY KEY,
	extension TEXT NOT NULL REFERENCES station,
	half TEXT NOT NULL,			-- orig, term, line
	method TEXT NOT NULL DEFAULT 'INVITE',
	nth INTEGER NOT NULL DEFAULT 1,		-- from the nth such request on
	-- silent, delay, answer, ring-then, drop, duplicate, wrong-phase, no-phase, lose-header,
	-- malformed, stale-etag, late-cancel, hurry
	action TEXT NOT NULL,
	value TEXT,				-- milliseconds, status or text, as the action says
	remaining INTEGER NOT NULL DEFAULT 1	-- how often
) STRICT;

CREATE INDEX fault_extension ON fault (extension);

-- What is invalid -----------------------------------------------------------------------

CREATE VIEW fault_fault (id, sentence) AS
SELECT id, 'fault ' || id || ' of station ' || extension || ': ' || CASE
	WHEN NOT EXISTS (SELECT 1 FROM station AS s WHERE s.extension = f.extension) THEN
		'station ' || extension || ' does not exist'
	WHEN half NOT IN ('orig', 'term', 'line') THEN
		'half must be orig, term or line'
	WHEN method = '' OR method GLOB '*[^A-Z]*' OR length(method) > 15
	  OR length(method) <> length(CAST(method AS BLOB)) THEN
		'method must be a word of at most 15 capital letters'
	WHEN method IN ('ACK', 'CANCEL') THEN
		'ACK and CANCEL belong to their INVITE and have no faults of their own'
	WHEN nth NOT BETWEEN 1 AND 1000000 THEN
		'nth must be from 1 to 1000000'
	WHEN remaining NOT BETWEEN 0 AND 1000000 THEN
		'remaining must be from 0 to 1000000'
	WHEN action NOT IN ('silent', 'delay', 'answer', 'ring-then', 'drop', 'duplicate',
		'wrong-phase', 'no-phase', 'lose-header', 'malformed', 'stale-etag',
		'late-cancel', 'hurry') THEN
		'there is no action ' || action
	WHEN action IN ('ring-then', 'wrong-phase', 'no-phase', 'late-cancel')
	  AND method <> 'INVITE' THEN
		action || ' is for INVITE'
	WHEN action = 'stale-etag' AND method <> 'PUBLISH' THEN
		'stale-etag is for PUBLISH'
	WHEN action = 'hurry' AND method NOT IN ('INVITE', 'PUBLISH') THEN
		'hurry is for INVITE or PUBLISH'
	WHEN action IN ('silent', 'delay', 'answer', 'ring-then') AND method = 'PUBLISH' THEN
		'PUBLISH is sent and never comes'
	WHEN action IN ('drop', 'duplicate', 'wrong-phase', 'no-phase', 'lose-header',
		'malformed', 'late-cancel') AND half = 'line' AND method = 'INVITE' THEN
		'a line reservation sends no INVITE'
	WHEN action IN ('delay', 'late-cancel', 'hurry')
	  AND (value IS NULL OR value = '' OR value GLOB '*[^0-9]*' OR length(value) > 5
	       OR CAST(value AS INTEGER) NOT BETWEEN 1 AND 60000) THEN
		'value must be from 1 to 60000 milliseconds'
	WHEN action IN ('answer', 'ring-then')
	  AND (value IS NULL OR value NOT GLOB '[3-6][0-9][0-9]') THEN
		'value must be a status from 300 to 699'
	WHEN action IN ('wrong-phase', 'lose-header')
	  AND (value IS NULL OR value = '' OR value GLOB '*[^-0-9A-Za-z]*'
	       OR length(value) > 64) THEN
		'value must be at most 64 letters, digits or -'
	WHEN action IN ('silent', 'drop', 'duplicate', 'no-phase', 'malformed', 'stale-etag')
	  AND value <> '' THEN
		action || ' has no value'
	END
FROM fault AS f;

-- After every insert and update, and with the station they belong to --------------------

CREATE TRIGGER fault_insert AFTER INSERT ON fault
BEGIN
	INSERT INTO refusal SELECT sentence FROM fault_fault WHERE id = NEW.id;
END;

CREATE TRIGGER fault_update AFTER UPDATE ON fault
BEGIN
	INSERT INTO refusal SELECT sentence FROM fault_fault WHERE id = NEW.id;
END;

CREATE TRIGGER station_update_fault AFTER UPDATE OF extension ON station
WHEN NEW.extension <> OLD.extension
BEGIN
	UPDATE fault SET extension = NEW.extension WHERE extension = OLD.extension;
END;

CREATE TRIGGER station_delete_fault BEFORE DELETE ON station
BEGIN
	DELETE FROM fault WHERE extension = OLD.extension;
END;

PRAGMA user_version = 3;
