-- SPDX-License-Identifier: MIT
--
-- Version 2: coverage.  Where calls go that a station neither answers nor forwards, and which
-- stations send all their calls there.  As in version 1, the view T_fault says what is invalid
-- about a row of T, and triggers refuse the statement with its sentence.

-- Tables --------------------------------------------------------------------------------

-- 1: calls do not ring at the station but go to its coverage points for that, if it has any.
ALTER TABLE station ADD COLUMN send_all_calls INTEGER NOT NULL DEFAULT 0;

CREATE TABLE coverage_point (
	extension TEXT NOT NULL REFERENCES station,
	step INTEGER NOT NULL,			-- 1 ... 16, tried in this order
	target TEXT NOT NULL,			-- any number or handle, ours or not
	-- all (at once, always), busy, no-answer, send-all-calls
	condition TEXT NOT NULL,
	-- until the next step, 1 ... 300; NULL = as configured
	ring_seconds INTEGER,
	PRIMARY KEY (extension, step, condition)
) STRICT, WITHOUT ROWID;

-- What is invalid -----------------------------------------------------------------------

DROP VIEW station_fault;

CREATE VIEW station_fault (extension, sentence) AS
SELECT extension, 'station ' || extension || ': ' || CASE
	WHEN extension = '' OR extension GLOB '*[^-0-9A-Za-z._+*#]*'
	  OR length(extension) <> length(CAST(extension AS BLOB)) THEN
		'an extension is digits, letters or . _ - + * #, without spaces'
	WHEN length(extension) > 64 THEN
		'the extension is longer than 64 characters'
	WHEN length(name) > 128 THEN
		'the name is longer than 128 characters'
	WHEN instr(name, char(0))
	  OR name GLOB '*[' || char(1) || '-' || char(31) || ']*'
	  OR name GLOB '*[' || char(127) || '-' || char(159) || ']*' THEN
		'the name holds control characters'
	WHEN name GLOB '*' || char(65533) || '*' THEN
		'the name is not UTF-8'
	WHEN NOT EXISTS (SELECT 1 FROM class_of_restriction AS c WHERE c.cor = s.cor) THEN
		'COR ' || s.cor || ' does not exist'
	WHEN appearances NOT BETWEEN 1 AND 64 THEN
		'appearances must be from 1 to 64'
	WHEN ring_seconds NOT BETWEEN 1 AND 300 THEN
		'ring_seconds must be from 1 to 300, or NULL'
	WHEN in_service NOT IN (0, 1) THEN
		'in_service must be 0 or 1'
	WHEN send_all_calls NOT IN (0, 1) THEN
		'send_all_calls must be 0 or 1'
	WHEN EXISTS (SELECT 1 FROM station_number AS n WHERE n.number = s.extension) THEN
		'this is a number of station ' ||
		(SELECT extension FROM station_number AS n WHERE n.number = s.extension)
	WHEN extension IN (SELECT code FROM feature_access_code) THEN
		'this is a feature access code'
	END
FROM station AS s;

DROP VIEW station_number_fault;

CREATE VIEW station_number_fault (number, sentence) AS
SELECT number, 'number ' || number || ': ' || CASE
	WHEN number = '' OR number GLOB '*[^-0-9A-Za-z._+*#]*'
	  OR length(number) <> length(CAST(number AS BLOB)) THEN
		'a number is digits, letters or . _ - + * #, without spaces'
	WHEN length(number) > 64 THEN
		'it is longer than 64 characters'
	WHEN NOT EXISTS (SELECT 1 FROM station AS s WHERE s.extension = n.extension) THEN
		'station ' || n.extension || ' does not exist'
	WHEN EXISTS (SELECT 1 FROM station AS s WHERE s.extension = n.number) THEN
		'this is the extension of a station'
	WHEN number IN (SELECT code FROM feature_access_code) THEN
		'this is a feature access code'
	WHEN EXISTS (SELECT 1 FROM call_forwarding AS f WHERE f.extension = n.extension
		     AND n.number IN (f.destination, ltrim(f.destination, '+'))) THEN
		'station ' || n.extension || ' forwards to it and would forward to itself'
	WHEN EXISTS (SELECT 1 FROM coverage_point AS c WHERE c.extension = n.extension
		     AND n.number IN (c.target, ltrim(c.target, '+'))) THEN
		'it covers station ' || n.extension || ', which would cover itself'
	END
FROM station_number AS n;

CREATE VIEW coverage_point_fault (extension, step, condition, sentence) AS
SELECT extension, step, condition,
	'coverage point ' || step || ' of station ' || extension || ': ' || CASE
	WHEN NOT EXISTS (SELECT 1 FROM station AS s WHERE s.extension = p.extension) THEN
		'station ' || extension || ' does not exist'
	WHEN step NOT BETWEEN 1 AND 16 THEN
		'step must be from 1 to 16'
	WHEN condition NOT IN ('all', 'busy', 'no-answer', 'send-all-calls') THEN
		'condition must be all, busy, no-answer or send-all-calls'
	WHEN target = '' OR target GLOB '*[^-0-9A-Za-z._+*#]*'
	  OR length(target) <> length(CAST(target AS BLOB)) THEN
		'a target is digits, letters or . _ - + * #, without spaces'
	WHEN length(target) > 64 THEN
		'the target is longer than 64 characters'
	WHEN extension IN (target, ltrim(target, '+'))
	  OR EXISTS (SELECT 1 FROM station_number AS n WHERE n.extension = p.extension
		     AND n.number IN (p.target, ltrim(p.target, '+'))) THEN
		'it would cover itself'
	WHEN ring_seconds NOT BETWEEN 1 AND 300 THEN
		'ring_seconds must be from 1 to 300, or NULL'
	END
FROM coverage_point AS p;

-- After every insert and update, and with the station they belong to --------------------

CREATE TRIGGER coverage_point_insert AFTER INSERT ON coverage_point
BEGIN
	INSERT INTO refusal SELECT sentence FROM coverage_point_fault
		WHERE extension = NEW.extension AND step = NEW.step
		  AND condition = NEW.condition;
END;

CREATE TRIGGER coverage_point_update AFTER UPDATE ON coverage_point
BEGIN
	INSERT INTO refusal SELECT sentence FROM coverage_point_fault
		WHERE extension = NEW.extension AND step = NEW.step
		  AND condition = NEW.condition;
END;

CREATE TRIGGER station_update_coverage AFTER UPDATE OF extension ON station
WHEN NEW.extension <> OLD.extension
BEGIN
	UPDATE coverage_point SET extension = NEW.extension
		WHERE extension = OLD.extension;
END;

CREATE TRIGGER station_delete_coverage BEFORE DELETE ON station
BEGIN
	DELETE FROM coverage_point WHERE extension = OLD.extension;
END;

PRAGMA user_version = 2;
