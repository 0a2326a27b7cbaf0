-- The key of a day, and a mark made with it of each different caller of that day. Both go once the day is over.
CREATE TABLE day_keys (day TEXT NOT NULL PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE day_callers (day TEXT NOT NULL, mark BLOB NOT NULL, PRIMARY KEY (day, mark)) WITHOUT ROWID;
