-- SPDX-License-Identifier: MIT
--
-- A small office to try halfcall with.  Create the database, then load this file:
--
--   halfcalld -U -f halfcalld.conf
--   sqlite3 -bail users.db < sample-users.sql
--
-- Loading it again puts these rows back as they are here and leaves all others alone.
-- What you change counts from the next call on.
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

-- Who may not call whom; without a row everybody may.  The lobby cannot call COR 5.
INSERT OR REPLACE INTO calling_permission (from_cor, to_cor, permitted)
VALUES (4, 5, 0);

-- Stations.  What is left out: three lines, the configured ring time, in service.
INSERT OR REPLACE INTO station (extension, name, cor, ring_seconds)
VALUES
	('1001', 'Alice',     1, NULL),
	('1002', 'Dave',      2, NULL),		-- may not call outside
	('1003', 'Lobby',     4, NULL),		-- nor be called from there
	('2001', 'Bob',       1, NULL),		-- forwards to Carol
	('2002', 'Carol',     1, NULL),
	('2003', 'Erin',      3, 12),	-- no toll calls; rings 12 seconds
	('2004', 'Announcer', 5, NULL);		-- never calls

-- Other numbers and handles that reach a station: here, the direct one from outside.
INSERT OR REPLACE INTO station_number (number, extension)
VALUES
	('15550100', '1001'),
	('alice',    '1001'),
	('15550102', '2002');

-- Numbers by what they begin with; x is any digit and the longest pattern counts.  The
-- words are rows of table call_type.
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

-- Bob is away: every call to him goes to Carol.  Erin's go to Carol when she is busy, and
-- to the lobby when a colleague calls and nobody answers.
INSERT OR REPLACE INTO call_forwarding (extension, condition, source, destination)
VALUES
	('2001', 'unconditional', 'any',      '2002'),
	('2003', 'busy',          'any',      '2002'),
	('2003', 'no-answer',     'internal', '1003');

-- Coverage: who takes the calls that nobody took, step by step.  Dave's go to Carol, and
-- unanswered ones then to Alice, 15 seconds each.  Carol sends all of hers to Alice after
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
