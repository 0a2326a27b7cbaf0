-- The journal as it began. "ALCM": by this number the program knows a file of its own.
PRAGMA application_id = 1095517005;

CREATE TABLE journal (version INTEGER PRIMARY KEY, step TEXT NOT NULL);

-- Single facts, without a trace of which of them belong to one call.
CREATE TABLE facts (
    id BLOB NOT NULL PRIMARY KEY,
    second INTEGER NOT NULL,
    lang TEXT,
    kind INTEGER NOT NULL,
    subject TEXT NOT NULL,
    outcome INTEGER,
    talked INTEGER
);

-- Calls that may go on. A row goes a day after its call has ended.
CREATE TABLE calls (
    mark BLOB NOT NULL PRIMARY KEY,
    began INTEGER,
    seen INTEGER NOT NULL DEFAULT 0,
    ended INTEGER,
    turn INTEGER NOT NULL DEFAULT -1,
    place TEXT NOT NULL DEFAULT '',
    lang TEXT NOT NULL DEFAULT '',
    lang_turn INTEGER NOT NULL DEFAULT -1,
    dialled INTEGER,
    dialled_turn INTEGER NOT NULL DEFAULT -1,
    tried INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    counted INTEGER
);

-- How often something happened in one hour, Paris time. No language: ''. No outcome: -1.
CREATE TABLE tallies (
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    lang TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    count INTEGER NOT NULL,
    talked INTEGER NOT NULL,
    waited INTEGER NOT NULL,
    PRIMARY KEY (day, hour, kind, lang, subject, outcome)
);
