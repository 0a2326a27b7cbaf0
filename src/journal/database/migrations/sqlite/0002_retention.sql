-- What has been kept long enough is found without reading everything.
CREATE INDEX facts_by_second ON facts (second);
