-- The highest message number of all is asked for at every start: not by reading every seeker.

CREATE INDEX seekers_newest ON seekers (newest) WHERE newest IS NOT NULL;

PRAGMA user_version = 3;
