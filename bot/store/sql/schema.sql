-- A new house. Moments are unix milliseconds in UTC. Columns marked sealed hold what the seal
-- made of UTF-8 text or of a file. An existing house comes here by the migrations.

-- Every update as it was received, until its turn is done. AUTOINCREMENT, so that the id of an
-- erased row is never given to another.
CREATE TABLE inbox (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL UNIQUE,
    tap       TEXT UNIQUE,               -- the press of a button: may come under two update ids
    chat      INTEGER NOT NULL,          -- 0 once its seeker was erased
    body      BLOB NOT NULL,             -- sealed
    received  INTEGER NOT NULL,
    state     TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'aside')),
    tries     INTEGER NOT NULL DEFAULT 0,
    done      INTEGER
) STRICT;

CREATE INDEX inbox_of_chat ON inbox (chat, state);
CREATE INDEX inbox_waiting ON inbox (update_id) WHERE state = 'waiting';
CREATE INDEX inbox_received ON inbox (received);

-- One row per seeker; the body is the whole seeker.
CREATE TABLE seekers (
    id        INTEGER PRIMARY KEY,       -- the channel's user id
    chat      INTEGER NOT NULL,
    turn      INTEGER NOT NULL,
    format    INTEGER NOT NULL,
    body      BLOB NOT NULL,             -- sealed
    last_seen INTEGER,
    screen    INTEGER,                   -- the message that navigation edits
    newest    INTEGER                    -- the highest message number known in the chat
) STRICT;

CREATE INDEX seekers_newest ON seekers (newest) WHERE newest IS NOT NULL;

-- What is still owed to a seeker; replaced whole after each turn.
CREATE TABLE nudges (
    seeker INTEGER NOT NULL REFERENCES seekers (id) ON DELETE CASCADE,
    rule   TEXT NOT NULL,
    person INTEGER NOT NULL,             -- 0: about nobody
    due    INTEGER NOT NULL,
    turn   INTEGER NOT NULL,
    PRIMARY KEY (seeker, rule, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX nudges_due ON nudges (due, seeker);

-- Every request to send. AUTOINCREMENT, so that an answer that arrives for an erased row can
-- never settle another.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    seeker     INTEGER,                  -- NULL: to nobody we know (a group, a farewell)
    chat       INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('reply', 'nudge')),
    method     TEXT NOT NULL,
    payload    BLOB NOT NULL,            -- sealed
    file       BLOB,                     -- sealed; gone once settled, except unsure
    file_name  TEXT NOT NULL DEFAULT '',
    screen     INTEGER NOT NULL DEFAULT 0 CHECK (screen IN (0, 1)),
    lasting    INTEGER NOT NULL DEFAULT 0 CHECK (lasting IN (0, 1)),
    turn       INTEGER NOT NULL DEFAULT 0,
    state      TEXT NOT NULL DEFAULT 'pending'
               CHECK (state IN ('pending', 'sending', 'sent', 'refused', 'unsure', 'cancelled')),
    not_before INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    message    INTEGER,                  -- the number the channel gave it
    reason     TEXT NOT NULL DEFAULT '',
    made       INTEGER NOT NULL,
    settled    INTEGER,
    not_after  INTEGER,                  -- too old to be said from then on
    claimed    INTEGER,                  -- when it left, as far as we know
    after_chat INTEGER,                  -- the highest number known in its chat when it left
    after_all  INTEGER,                  -- the highest number known in any chat when it left
    probes     INTEGER NOT NULL DEFAULT 0,  -- times that Telegram was asked after it in vain
    told       INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),  -- the seeker knows of the doubt
    follows    INTEGER NOT NULL DEFAULT 0 CHECK (follows IN (0, 1))  -- another answer of its turn goes before
) STRICT;

-- DESC: 'reply' before 'nudge'.
CREATE INDEX outbox_ready ON outbox (kind DESC, follows, id) WHERE state = 'pending';
CREATE INDEX outbox_of_chat ON outbox (chat, state);
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
CREATE INDEX outbox_seeker ON outbox (seeker, state);
CREATE INDEX outbox_made ON outbox (made);
CREATE INDEX outbox_unsure ON outbox (settled) WHERE state = 'unsure';

-- What an operator may see: numbers, no words.
CREATE TABLE counts (
    seeker   INTEGER PRIMARY KEY REFERENCES seekers (id) ON DELETE CASCADE,
    asked    INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    met      INTEGER NOT NULL,
    named    INTEGER NOT NULL
) STRICT;

-- What the house notes for itself: when it last heard from Telegram, a scrub that is owed.
CREATE TABLE notes_of_house (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Someone was erased at this moment; who is not known to anyone.
CREATE TABLE erasures (
    at INTEGER NOT NULL
) STRICT;

-- 'TwMn': by this number a store is told from a database of another program.
PRAGMA application_id = 1417104750;
PRAGMA user_version = 4;
