-- SPDX-License-Identifier: MIT
--
-- The users' database, version 1: stations, calling permissions, forwardings.  It is written with
-- the sqlite3 command or any other program, and by halfcalld when a telephone dials a feature.
--
-- Each table T has a view T_fault (key ..., sentence) that says what is invalid about a row.
-- Triggers query it after every insert and update and refuse the statement with its sentence,
-- since the sqlite3 shell leaves foreign keys off.  The foreign keys are declared all the same,
-- without actions, so that turning them on changes nothing.
--
--   select * from station_fault where sentence is not null;     -- empty, always

-- Tables --------------------------------------------------------------------------------

CREATE TABLE class_of_restriction (
	cor INTEGER PRIMARY KEY,		-- 0 ... 995
	description TEXT NOT NULL DEFAULT '',
	-- none, origination, outward, all-toll, tac-toll
	calling_party TEXT NOT NULL DEFAULT 'none',
	-- none, termination, inward, manual, public
	called_party TEXT NOT NULL DEFAULT 'none',
	frl INTEGER NOT NULL DEFAULT 0		-- facility restriction level, 0 ... 7
) STRICT;

CREATE TABLE calling_permission (		-- no row = permitted
	from_cor INTEGER NOT NULL REFERENCES class_of_restriction,
	to_cor INTEGER NOT NULL REFERENCES class_of_restriction,
	permitted INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (from_cor, to_cor)
) STRICT, WITHOUT ROWID;

CREATE TABLE station (
	extension TEXT NOT NULL PRIMARY KEY,	-- number or handle
	name TEXT NOT NULL DEFAULT '',		-- shown to the other party
	cor INTEGER NOT NULL DEFAULT 1 REFERENCES class_of_restriction,
	appearances INTEGER NOT NULL DEFAULT 3,	-- lines, 1 ... 64
	-- until "no answer", 1 ... 300; NULL = as configured
	ring_seconds INTEGER,
	in_service INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE INDEX station_cor ON station (cor);

CREATE TABLE station_number (			-- other numbers or handles of a station
	number TEXT NOT NULL PRIMARY KEY,
	extension TEXT NOT NULL REFERENCES station
) STRICT, WITHOUT ROWID;

CREATE INDEX station_number_extension ON station_number (extension);

-- What the words in dial_pattern.call_type mean.
CREATE TABLE call_type (
	call_type TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
	is_public INTEGER NOT NULL DEFAULT 0,	-- leaves the private network
	is_toll INTEGER NOT NULL DEFAULT 0,	-- costs; always public
	is_tac INTEGER NOT NULL DEFAULT 0,	-- reached by dialling a trunk access code
	is_emergency INTEGER NOT NULL DEFAULT 0,	-- bypasses every restriction
	is_attendant INTEGER NOT NULL DEFAULT 0,	-- the operator of this system
	description TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- The longest pattern a number begins with counts; the lengths are of the whole number.
CREATE TABLE dial_pattern (
	pattern TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,	-- digits, x = any digit
	call_type TEXT NOT NULL COLLATE NOCASE REFERENCES call_type,
	min_frl INTEGER NOT NULL DEFAULT 0,	-- 0 ... 7
	min_length INTEGER,			-- NULL = the pattern's own length
	max_length INTEGER NOT NULL DEFAULT 24	-- up to 64
) STRICT, WITHOUT ROWID;

CREATE INDEX dial_pattern_call_type ON dial_pattern (call_type);

CREATE TABLE call_forwarding (
	extension TEXT NOT NULL REFERENCES station,
	-- unconditional, busy, no-answer, unreachable
	condition TEXT NOT NULL DEFAULT 'unconditional',
	source TEXT NOT NULL DEFAULT 'any',	-- internal, external; these win over any
	destination TEXT NOT NULL,		-- any number or handle, ours or not
	active INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (extension, condition, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE feature_access_code (
	code TEXT NOT NULL PRIMARY KEY,		-- digits, * and #
	feature TEXT NOT NULL			-- a word: a-z, 0-9, -
) STRICT, WITHOUT ROWID;

-- Refusing ------------------------------------------------------------------------------

-- INSERT INTO refusal SELECT sentence WHERE ... refuses the statement if there is a row.
-- RAISE takes no computed text before SQLite 3.47 and Debian 12 has 3.40, but a bad JSON
-- path is reported with its text: "JSON path error near 'station 1001: COR 7 does not
-- exist'".  The RAISE is never reached; because of it SQLite keeps what it needs to undo
-- the whole statement.
CREATE VIEW refusal (sentence) AS SELECT NULL WHERE 0;

CREATE TRIGGER refusal_raise INSTEAD OF INSERT ON refusal WHEN NEW.sentence IS NOT NULL
BEGIN
	SELECT json_extract('{}', NEW.sentence);
	SELECT RAISE(ABORT, 'this row makes no sense');
END;

-- What is invalid -----------------------------------------------------------------------

CREATE VIEW class_of_restriction_fault (cor, sentence) AS
SELECT cor, 'COR ' || cor || ': ' || CASE
	WHEN cor NOT BETWEEN 0 AND 995 THEN
		'a COR is a number from 0 to 995'
	WHEN calling_party NOT IN
		('none', 'origination', 'outward', 'all-toll', 'tac-toll') THEN
		'calling_party must be none, origination, outward, all-toll or tac-toll'
	WHEN called_party NOT IN
		('none', 'termination', 'inward', 'manual', 'public') THEN
		'called_party must be none, termination, inward, manual or public'
	WHEN frl NOT BETWEEN 0 AND 7 THEN
		'frl must be from 0 to 7'
	END
FROM class_of_restriction;

CREATE VIEW calling_permission_fault (from_cor, to_cor, sentence) AS
SELECT from_cor, to_cor,
	'calling permission from ' || from_cor || ' to ' || to_cor || ': ' || CASE
	WHEN from_cor NOT IN (SELECT cor FROM class_of_restriction) THEN
		'COR ' || from_cor || ' does not exist'
	WHEN to_cor NOT IN (SELECT cor FROM class_of_restriction) THEN
		'COR ' || to_cor || ' does not exist'
	WHEN permitted NOT IN (0, 1) THEN
		'permitted must be 0 or 1'
	END
FROM calling_permission;

-- The lengths in characters and in bytes differ if the text contains a NUL or is not ASCII.
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
	WHEN EXISTS (SELECT 1 FROM station_number AS n WHERE n.number = s.extension) THEN
		'this is a number of station ' ||
		(SELECT extension FROM station_number AS n WHERE n.number = s.extension)
	WHEN extension IN (SELECT code FROM feature_access_code) THEN
		'this is a feature access code'
	END
FROM station AS s;

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
	END
FROM station_number AS n;

CREATE VIEW call_type_fault (call_type, sentence) AS
SELECT call_type, 'call type ' || call_type || ': ' || CASE
	WHEN call_type = '' OR call_type GLOB '*[^-0-9A-Za-z_]*'
	  OR length(call_type) <> length(CAST(call_type AS BLOB))
	  OR length(call_type) > 64 THEN
		'a call type is a word of at most 64 letters, digits, _ or -'
	WHEN is_public NOT IN (0, 1) OR is_toll NOT IN (0, 1) OR is_tac NOT IN (0, 1)
	  OR is_emergency NOT IN (0, 1) OR is_attendant NOT IN (0, 1) THEN
		'is_public, is_toll, is_tac, is_emergency and is_attendant must be 0 or 1'
	WHEN is_toll AND NOT is_public THEN
		'toll calls are public: set is_public too'
	END
FROM call_type;

CREATE VIEW dial_pattern_fault (pattern, sentence) AS
SELECT pattern, 'dial pattern ' || pattern || ': ' || CASE
	WHEN pattern = '' OR pattern GLOB '*[^0-9xX]*'
	  OR length(pattern) <> length(CAST(pattern AS BLOB)) THEN
		'a pattern is digits, and x for any digit'
	WHEN length(pattern) > 64 THEN
		'it is longer than 64 digits'
	WHEN NOT EXISTS (SELECT 1 FROM call_type AS t
			 WHERE t.call_type = p.call_type) THEN
		'call type ' || p.call_type || ' does not exist, see table call_type'
	WHEN min_frl NOT BETWEEN 0 AND 7 THEN
		'min_frl must be from 0 to 7'
	WHEN min_length NOT BETWEEN 0 AND 64 OR max_length NOT BETWEEN 1 AND 64 THEN
		'min_length and max_length must be from 1 to 64'
	WHEN coalesce(min_length, length(pattern)) > max_length THEN
		'min_length ' || coalesce(min_length, length(pattern))
		|| ' is above max_length ' || max_length
	WHEN max_length < length(pattern) THEN
		'the pattern is longer than max_length ' || max_length
	END
FROM dial_pattern AS p;

CREATE VIEW call_forwarding_fault (extension, condition, source, sentence) AS
SELECT extension, condition, source, 'forwarding of station ' || extension || ': ' || CASE
	WHEN NOT EXISTS (SELECT 1 FROM station AS s WHERE s.extension = f.extension) THEN
		'station ' || extension || ' does not exist'
	WHEN condition NOT IN ('unconditional', 'busy', 'no-answer', 'unreachable') THEN
		'condition must be unconditional, busy, no-answer or unreachable'
	WHEN source NOT IN ('internal', 'external', 'any') THEN
		'source must be internal, external or any'
	WHEN destination = '' OR destination GLOB '*[^-0-9A-Za-z._+*#]*'
	  OR length(destination) <> length(CAST(destination AS BLOB)) THEN
		'a destination is digits, letters or . _ - + * #, without spaces'
	WHEN length(destination) > 64 THEN
		'the destination is longer than 64 characters'
	WHEN extension IN (destination, ltrim(destination, '+'))
	  OR EXISTS (SELECT 1 FROM station_number AS n WHERE n.extension = f.extension
		     AND n.number IN (f.destination, ltrim(f.destination, '+'))) THEN
		'it would forward to itself'
	WHEN active NOT IN (0, 1) THEN
		'active must be 0 or 1'
	END
FROM call_forwarding AS f;

CREATE VIEW feature_access_code_fault (code, sentence) AS
SELECT code, 'feature access code ' || code || ': ' || CASE
	WHEN code = '' OR code GLOB '*[^0-9*#]*' OR length(code) > 16
	  OR length(code) <> length(CAST(code AS BLOB)) THEN
		'a code is at most 16 digits, * or #'
	WHEN feature = '' OR feature GLOB '*[^-a-z0-9]*' OR length(feature) > 64
	  OR length(feature) <> length(CAST(feature AS BLOB)) THEN
		'a feature is a word of at most 64 small letters, digits or -'
	WHEN EXISTS (SELECT 1 FROM station AS s WHERE s.extension = code) THEN
		'this is the extension of a station'
	WHEN EXISTS (SELECT 1 FROM station_number AS n WHERE n.number = code) THEN
		'this is a number of a station'
	END
FROM feature_access_code;

-- After every insert --------------------------------------------------------------------

CREATE TRIGGER class_of_restriction_insert AFTER INSERT ON class_of_restriction
BEGIN
	INSERT INTO refusal SELECT sentence FROM class_of_restriction_fault
		WHERE cor = NEW.cor;
END;

CREATE TRIGGER calling_permission_insert AFTER INSERT ON calling_permission
BEGIN
	INSERT INTO refusal SELECT sentence FROM calling_permission_fault
		WHERE from_cor = NEW.from_cor AND to_cor = NEW.to_cor;
END;

CREATE TRIGGER station_insert AFTER INSERT ON station
BEGIN
	INSERT INTO refusal SELECT sentence FROM station_fault
		WHERE extension = NEW.extension;
END;

CREATE TRIGGER station_number_insert AFTER INSERT ON station_number
BEGIN
	INSERT INTO refusal SELECT sentence FROM station_number_fault
		WHERE number = NEW.number;
END;

CREATE TRIGGER call_type_insert AFTER INSERT ON call_type
BEGIN
	INSERT INTO refusal SELECT sentence FROM call_type_fault
		WHERE call_type = NEW.call_type;
END;

CREATE TRIGGER dial_pattern_insert AFTER INSERT ON dial_pattern
BEGIN
	INSERT INTO refusal SELECT sentence FROM dial_pattern_fault
		WHERE pattern = NEW.pattern;
END;

CREATE TRIGGER call_forwarding_insert AFTER INSERT ON call_forwarding
BEGIN
	INSERT INTO refusal SELECT sentence FROM call_forwarding_fault
		WHERE extension = NEW.extension AND condition = NEW.condition
		  AND source = NEW.source;
END;

CREATE TRIGGER feature_access_code_insert AFTER INSERT ON feature_access_code
BEGIN
	INSERT INTO refusal SELECT sentence FROM feature_access_code_fault
		WHERE code = NEW.code;
END;

-- Before a key changes: UPDATE OR REPLACE would silently delete the row with the new key -

CREATE TRIGGER class_of_restriction_rename BEFORE UPDATE OF cor ON class_of_restriction
WHEN NEW.cor <> OLD.cor
BEGIN
	INSERT INTO refusal SELECT 'COR ' || cor || ': exists already'
		FROM class_of_restriction WHERE cor = NEW.cor;
END;

CREATE TRIGGER station_rename BEFORE UPDATE OF extension ON station
WHEN NEW.extension <> OLD.extension
BEGIN
	INSERT INTO refusal SELECT 'station ' || extension || ': exists already'
		FROM station WHERE extension = NEW.extension;
END;

CREATE TRIGGER call_type_rename BEFORE UPDATE OF call_type ON call_type
WHEN NEW.call_type <> OLD.call_type COLLATE NOCASE
BEGIN
	INSERT INTO refusal SELECT 'call type ' || call_type || ': exists already'
		FROM call_type WHERE call_type = NEW.call_type;
END;

-- After every update; rows that name a changed key follow it ----------------------------

CREATE TRIGGER class_of_restriction_update AFTER UPDATE ON class_of_restriction
BEGIN
	INSERT INTO refusal SELECT sentence FROM class_of_restriction_fault
		WHERE cor = NEW.cor;
	UPDATE station SET cor = NEW.cor WHERE cor = OLD.cor AND NEW.cor <> OLD.cor;
	UPDATE calling_permission SET
		from_cor = iif(from_cor = OLD.cor, NEW.cor, from_cor),
		to_cor = iif(to_cor = OLD.cor, NEW.cor, to_cor)
		WHERE OLD.cor IN (from_cor, to_cor) AND NEW.cor <> OLD.cor;
END;

CREATE TRIGGER calling_permission_update AFTER UPDATE ON calling_permission
BEGIN
	INSERT INTO refusal SELECT sentence FROM calling_permission_fault
		WHERE from_cor = NEW.from_cor AND to_cor = NEW.to_cor;
END;

CREATE TRIGGER station_update AFTER UPDATE ON station
BEGIN
	INSERT INTO refusal SELECT sentence FROM station_fault
		WHERE extension = NEW.extension;
	UPDATE station_number SET extension = NEW.extension
		WHERE extension = OLD.extension AND NEW.extension <> OLD.extension;
	UPDATE call_forwarding SET extension = NEW.extension
		WHERE extension = OLD.extension AND NEW.extension <> OLD.extension;
END;

CREATE TRIGGER station_number_update AFTER UPDATE ON station_number
BEGIN
	INSERT INTO refusal SELECT sentence FROM station_number_fault
		WHERE number = NEW.number;
END;

CREATE TRIGGER call_type_update AFTER UPDATE ON call_type
BEGIN
	INSERT INTO refusal SELECT sentence FROM call_type_fault
		WHERE call_type = NEW.call_type;
	UPDATE dial_pattern SET call_type = NEW.call_type
		WHERE call_type = OLD.call_type
		  AND NEW.call_type <> OLD.call_type COLLATE BINARY;
END;

CREATE TRIGGER dial_pattern_update AFTER UPDATE ON dial_pattern
BEGIN
	INSERT INTO refusal SELECT sentence FROM dial_pattern_fault
		WHERE pattern = NEW.pattern;
END;

CREATE TRIGGER call_forwarding_update AFTER UPDATE ON call_forwarding
BEGIN
	INSERT INTO refusal SELECT sentence FROM call_forwarding_fault
		WHERE extension = NEW.extension AND condition = NEW.condition
		  AND source = NEW.source;
END;

CREATE TRIGGER feature_access_code_update AFTER UPDATE ON feature_access_code
BEGIN
	INSERT INTO refusal SELECT sentence FROM feature_access_code_fault
		WHERE code = NEW.code;
END;

-- Before a row is deleted ---------------------------------------------------------------
--
-- Rows that belong to it are deleted with it: the numbers and forwardings of a station, the
-- permissions of a COR.  A row that others refer to cannot be deleted: a COR with stations, a
-- call type with patterns.  Forwardings to a deleted station stay: their target is a number.

CREATE TRIGGER class_of_restriction_delete BEFORE DELETE ON class_of_restriction
BEGIN
	INSERT INTO refusal SELECT
		'COR ' || OLD.cor || ': station ' || extension || ' has it'
		FROM station WHERE cor = OLD.cor LIMIT 1;
	DELETE FROM calling_permission WHERE OLD.cor IN (from_cor, to_cor);
END;

CREATE TRIGGER station_delete BEFORE DELETE ON station
BEGIN
	DELETE FROM station_number WHERE extension = OLD.extension;
	DELETE FROM call_forwarding WHERE extension = OLD.extension;
END;

CREATE TRIGGER call_type_delete BEFORE DELETE ON call_type
BEGIN
	INSERT INTO refusal SELECT
		'call type ' || OLD.call_type || ': dial pattern ' || pattern || ' has it'
		FROM dial_pattern WHERE call_type = OLD.call_type LIMIT 1;
END;

-- Words for dial_pattern.call_type ------------------------------------------------------
--
-- Plain words first, then those of Communication Manager's ARS and AAR digit analysis.
-- Which of the latter are toll calls is our choice; change a row where your network differs.

INSERT INTO call_type (call_type,
	is_public, is_toll, is_tac, is_emergency, is_attendant, description)
VALUES
	('internal',      0, 0, 0, 0, 0, 'another station'),
	('station',       0, 0, 0, 0, 0, 'another station'),
	('extension',     0, 0, 0, 0, 0, 'another station'),
	('private',       0, 0, 0, 0, 0, 'elsewhere in the private network'),
	('network',       0, 0, 0, 0, 0, 'elsewhere in the private network'),
	('on-net',        0, 0, 0, 0, 0, 'elsewhere in the private network'),
	('tie',           0, 0, 0, 0, 0, 'another switch of the private network'),
	('feature',       0, 0, 0, 0, 0, 'a feature access code'),
	('voicemail',     0, 0, 0, 0, 0, 'the message server'),
	('attendant',     0, 0, 0, 0, 1, 'the operator of this system'),
	('emergency',     1, 0, 0, 1, 0, 'bypasses every restriction'),
	('public',        1, 0, 0, 0, 0, 'the public network, free or at local rate'),
	('external',      1, 0, 0, 0, 0, 'the public network, free or at local rate'),
	('off-net',       1, 0, 0, 0, 0, 'the public network, free or at local rate'),
	('local',         1, 0, 0, 0, 0, 'the local area'),
	('free',          1, 0, 0, 0, 0, 'the called party pays'),
	('freephone',     1, 0, 0, 0, 0, 'the called party pays'),
	('toll-free',     1, 0, 0, 0, 0, 'the called party pays'),
	('service',       1, 0, 0, 0, 0, 'a service of the public network'),
	('information',   1, 0, 0, 0, 0, 'a service of the public network'),
	('operator',      1, 0, 0, 0, 0, 'an operator of the public network'),
	('toll',          1, 1, 0, 0, 0, 'any call that costs'),
	('long-distance', 1, 1, 0, 0, 0, 'outside the local area'),
	('national',      1, 1, 0, 0, 0, 'outside the local area'),
	('international', 1, 1, 0, 0, 0, 'another country'),
	('mobile',        1, 1, 0, 0, 0, 'a mobile network'),
	('satellite',     1, 1, 0, 0, 0, 'a satellite network'),
	('premium',       1, 1, 0, 0, 0, 'the caller pays the called party'),
	('premium-rate',  1, 1, 0, 0, 0, 'the caller pays the called party'),
	('shared-cost',   1, 1, 0, 0, 0, 'both parties pay'),
	('tac',           1, 0, 1, 0, 0, 'a trunk access code'),
	('tac-toll',      1, 1, 1, 0, 0, 'toll through a trunk access code'),
	('tac-private',   0, 0, 1, 0, 0, 'a private trunk through its access code'),
	('ext',           0, 0, 0, 0, 0, 'dial plan: extension'),
	('pext',          0, 0, 0, 0, 0, 'dial plan: prefixed extension'),
	('udp',           0, 0, 0, 0, 0, 'dial plan: uniform dial plan'),
	('fac',           0, 0, 0, 0, 0, 'dial plan: feature access code'),
	('dac',           1, 0, 1, 0, 0, 'dial plan: dial access code'),
	('attd',          0, 0, 0, 0, 1, 'dial plan: attendant'),
	('aar',           0, 0, 0, 0, 0, 'AAR: private network'),
	('lev0',          0, 0, 0, 0, 0, 'AAR: private numbering, local level'),
	('lev1',          0, 0, 0, 0, 0, 'AAR: private numbering, level 1'),
	('lev2',          0, 0, 0, 0, 0, 'AAR: private numbering, level 2'),
	('lpvt',          0, 0, 0, 0, 0, 'ARS: local private'),
	('npvt',          0, 0, 0, 0, 0, 'ARS: national private'),
	('unku',          0, 0, 0, 0, 0, 'AAR: unknown numbering'),
	('pubu',          1, 0, 0, 0, 0, 'ARS: public, unknown numbering'),
	('alrt',          1, 0, 0, 1, 0, 'ARS: emergency, alerts the attendant'),
	('emer',          1, 0, 0, 1, 0, 'ARS: emergency'),
	('hnpa',          1, 0, 0, 0, 0, 'ARS: home numbering plan area'),
	('locl',          1, 0, 0, 0, 0, 'ARS: local'),
	('fnpa',          1, 1, 0, 0, 0, 'ARS: foreign numbering plan area'),
	('natl',          1, 1, 0, 0, 0, 'ARS: national'),
	('intl',          1, 1, 0, 0, 0, 'ARS: international'),
	('iop',           1, 1, 0, 0, 0, 'ARS: international operator'),
	('op',            1, 0, 0, 0, 0, 'ARS: operator'),
	('nsvc',          1, 0, 0, 0, 0, 'ARS: national service'),
	('svcl',          1, 0, 0, 0, 0, 'ARS: service call'),
	('svfl',          1, 0, 0, 0, 0, 'ARS: service call, first party control'),
	('svct',          1, 1, 0, 0, 0, 'ARS: service call that costs'),
	('svft',          1, 1, 0, 0, 0, 'ARS: first party control, costs');

PRAGMA user_version = 1;
