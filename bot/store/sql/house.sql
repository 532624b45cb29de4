-- What the house asks about its own file: its size, and settings of a copy. As in queries.sql,
-- each query has a name and says what it is for.

-- loosen --
-- A copy on its way has no journal: one that was cut short is thrown away whole.
PRAGMA journal_mode = OFF;

-- hurry --
-- Nobody waits for each page of a copy: the whole file is brought to the disk at the end.
PRAGMA synchronous = OFF;
