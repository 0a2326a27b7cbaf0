-- The key of a day, and a mark made with it of each different caller of that day. Both go once the day is over.
CREATE TABLE day_keys (day TEXT COLLATE "C" NOT NULL PRIMARY KEY, key BYTEA NOT NULL);

CREATE TABLE day_callers (day TEXT COLLATE "C" NOT NULL, mark BYTEA NOT NULL, PRIMARY KEY (day, mark));
