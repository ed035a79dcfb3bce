-- SPDX-License-Identifier: MIT
-- Who the system tests' telephones are.
INSERT OR REPLACE INTO class_of_restriction (cor, description, calling_party, called_party, frl) VALUES
	(1, 'unrestricted', 'none', 'none', 3),
	(2, 'may not call', 'origination', 'none', 0),
	(3, 'may not be called', 'none', 'termination', 0),
	(4, 'not outside', 'outward', 'none', 3);
INSERT OR REPLACE INTO station (extension, name, cor, in_service) VALUES
	('1001', 'Alice', 1, 1),
	('1002', 'Restricted', 2, 1),
	('1003', 'Inside only', 4, 1),
	('1004', 'Out of service', 1, 0),
	('2001', 'Bob', 1, 1),
	('2002', 'Carol', 1, 1),
	('2003', 'Forwarded', 1, 1),
	('2004', 'Not to be called', 3, 1),
	('2005', 'Out of service', 1, 0);
INSERT OR REPLACE INTO dial_pattern (pattern, call_type, min_frl, min_length, max_length) VALUES
	('2', 'station', 0, 4, 4),
	('0', 'public', 0, 5, 15),
	('00', 'toll', 5, 6, 15),
	('112', 'emergency', 0, 3, 3);
INSERT OR REPLACE INTO call_forwarding (extension, condition, source, destination, active) VALUES
	('2003', 'unconditional', 'any', '2002', 1);
