-- What every connection is told before anything else. Each line is a promise to the seeker.

-- Wait for another process (a backup by hand) instead of failing at once.
PRAGMA busy_timeout = 5000;

-- Readers never block the writer, and a commit is one append.
PRAGMA journal_mode = WAL;

-- A commit is on the disk before we say so: NORMAL loses the last ones in a power cut.
PRAGMA synchronous = FULL;

-- What is deleted is overwritten with zeros.
PRAGMA secure_delete = ON;

-- Nothing personal is written to a temporary file outside the store's own directory.
PRAGMA temp_store = MEMORY;
