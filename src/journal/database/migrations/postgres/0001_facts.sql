-- The journal as it began.
CREATE TABLE journal (version BIGINT PRIMARY KEY, step TEXT NOT NULL);

-- Single facts, without a trace of which of them belong to one call.
CREATE TABLE facts (
    id BYTEA NOT NULL PRIMARY KEY,
    second BIGINT NOT NULL,
    lang TEXT,
    kind SMALLINT NOT NULL,
    subject TEXT NOT NULL,
    outcome SMALLINT,
    talked BIGINT
);

-- Calls that may go on. A row goes a day after its call has ended.
CREATE TABLE calls (
    mark BYTEA NOT NULL PRIMARY KEY,
    began BIGINT,
    seen BIGINT NOT NULL DEFAULT 0,
    ended BIGINT,
    turn BIGINT NOT NULL DEFAULT -1,
    place TEXT NOT NULL DEFAULT '',
    lang TEXT NOT NULL DEFAULT '',
    lang_turn BIGINT NOT NULL DEFAULT -1,
    dialled BIGINT,
    dialled_turn BIGINT NOT NULL DEFAULT -1,
    tried BIGINT NOT NULL DEFAULT 0,
    answered BIGINT NOT NULL DEFAULT 0,
    counted BIGINT
);

-- How often something happened in one hour, Paris time. No language: ''. No outcome: -1.
CREATE TABLE tallies (
    day TEXT COLLATE "C" NOT NULL,
    hour BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    lang TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    outcome BIGINT NOT NULL,
    count BIGINT NOT NULL,
    talked BIGINT NOT NULL,
    waited BIGINT NOT NULL,
    PRIMARY KEY (day, hour, kind, lang, subject, outcome)
);
