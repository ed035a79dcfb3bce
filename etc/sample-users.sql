-- SPDX-License-Identifier: MIT
--
-- A small office to try halfcall with.  Create the database, then load this file:
--
--   halfcalld -U -f halfcalld.conf
--   sqlite3 -bail users.db < sample-users.sql
--
-- Loading it again restores these rows and leaves all others alone.  A change takes effect with
-- the next call.
BEGIN;

-- Classes of restriction: what a station may call, and from where it may be called.
INSERT OR REPLACE INTO class_of_restriction
	(cor, description, calling_party, called_party, frl)
VALUES
	(1, 'unrestricted',            'none',        'none',   7),
	(2, 'no outside calls',        'outward',     'none',   0),
	(3, 'no calls that cost',      'all-toll',    'none',   3),
	(4, 'lobby telephone',         'outward',     'inward', 0),
	(5, 'receives only',           'origination', 'none',   0);

-- Permission between classes; without a row it is given.  COR 4, the lobby, cannot call COR 5.
INSERT OR REPLACE INTO calling_permission (from_cor, to_cor, permitted)
VALUES (4, 5, 0);

-- Stations.  By default they have three lines, ring call.no_answer seconds and are in service.
INSERT OR REPLACE INTO station (extension, name, cor, ring_seconds)
VALUES
	('1001', 'Alice',     1, NULL),
	('1002', 'Dave',      2, NULL),		-- may not call outside
	('1003', 'Lobby',     4, NULL),		-- no calls to or from outside
	('2001', 'Bob',       1, NULL),		-- forwards to Carol
	('2002', 'Carol',     1, NULL),
	('2003', 'Erin',      3, 12),	-- no toll calls; rings 12 seconds
	('2004', 'Announcer', 5, NULL);		-- never calls

-- Other numbers and handles of a station: here, its direct number from outside.
INSERT OR REPLACE INTO station_number (number, extension)
VALUES
	('15550100', '1001'),
	('alice',    '1001'),
	('15550102', '2002');

-- What a number that begins with the pattern is; x is any digit, and the longest pattern that
-- matches counts.  The words are rows of table call_type.
INSERT OR REPLACE INTO dial_pattern (pattern, call_type, min_frl, min_length, max_length)
VALUES
	('0',    'attendant',     0, 1,  1),
	('112',  'emergency',     0, 3,  3),	-- bypasses every restriction
	('911',  'emergency',     0, 3,  3),
	('1xxx', 'internal',      0, 4,  4),
	('2xxx', 'internal',      0, 4,  4),
	('9',    'local',         0, 8,  8),	-- 9 and seven digits
	('91',   'long-distance', 3, 12, 12),	-- costs, and needs FRL 3
	('9011', 'international', 5, 9,  20);

-- All calls to Bob go to Carol.  Calls to Erin go to Carol when Erin is busy, and calls from
-- colleagues to the lobby when Erin does not answer.
INSERT OR REPLACE INTO call_forwarding (extension, condition, source, destination)
VALUES
	('2001', 'unconditional', 'any',      '2002'),
	('2003', 'busy',          'any',      '2002'),
	('2003', 'no-answer',     'internal', '1003');

-- Coverage: where calls go that a station does not take, step by step.  Dave's go to Carol, and
-- unanswered ones then to Alice; each rings 15 seconds.  Carol's all go to Alice after
--
--   UPDATE station SET send_all_calls = 1 WHERE extension = '2002';
INSERT OR REPLACE INTO coverage_point (extension, step, target, condition, ring_seconds)
VALUES
	('1002', 1, '2002', 'busy',           15),
	('1002', 2, '2002', 'no-answer',      15),
	('1002', 3, '1001', 'no-answer',      15),
	('2002', 1, '1001', 'send-all-calls', 20);

-- What a telephone may dial to change its own features.
INSERT OR REPLACE INTO feature_access_code (code, feature)
VALUES
	('*21', 'call-fwd-all-activate'),
	('#21', 'call-fwd-all-deactivate'),
	('*67', 'call-fwd-busy-activate'),
	('#67', 'call-fwd-busy-deactivate'),
	('*61', 'call-fwd-no-answer-activate'),
	('#61', 'call-fwd-no-answer-deactivate'),
	('*40', 'send-all-calls-on'),
	('#40', 'send-all-calls-off'),
	('*31', 'restrict-cli');

COMMIT;
