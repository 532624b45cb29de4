-- Every question the store is asked. A query that touches a seeker's data takes the seeker's id,
-- or the id of a row that a worker of the house was handed.

-- keep_update --
-- An update is kept once: the same update, or the same tap under another number, changes nothing.
INSERT INTO inbox (update_id, tap, chat, body, received)
VALUES (:update_id, :tap, :chat, :body, :received)
ON CONFLICT DO NOTHING
RETURNING id;

-- waiting_updates --
-- What still waits for a turn, oldest first, over all chats.
SELECT id, update_id, tap, chat, body, received, tries FROM inbox
WHERE state = 'waiting' ORDER BY id LIMIT :limit;

-- chats_waiting --
-- The chats that wait, the longest waiting first: what a start has to take up. INDEXED BY, or
-- SQLite walks through all that is done as well, to save itself the grouping.
SELECT chat FROM inbox INDEXED BY inbox_waiting WHERE state = 'waiting' GROUP BY chat ORDER BY MIN(id);

-- next_update --
-- The oldest update of one chat that waits: a seeker's updates are handled in order.
SELECT id, update_id, tap, chat, body, received, tries FROM inbox
WHERE state = 'waiting' AND chat = :chat ORDER BY id LIMIT 1;

-- update_done --
-- Its turn is done; the row stays a while, so that the same update is known again.
UPDATE inbox SET state = 'done', done = :now WHERE id = :id AND state = 'waiting';

-- update_failed --
-- One more try went wrong.
UPDATE inbox SET tries = tries + 1 WHERE id = :id RETURNING tries;

-- update_aside --
-- It cannot be handled and must not hold up the ones behind it.
UPDATE inbox SET state = 'aside', done = :now WHERE id = :id AND state = 'waiting';

-- blank_inbox --
-- Only the number of each update stays, or Telegram could hand an erased update in again.
UPDATE inbox
SET tap = NULL, chat = 0, body = x'', state = 'done', done = coalesce(done, :now)
WHERE chat = :chat;

-- tidy_inbox --
-- Updates older than we keep them. What still waits is never dropped.
DELETE FROM inbox WHERE received < :before AND state <> 'waiting';

-- seeker --
-- One seeker, whole.
SELECT id, chat, turn, format, body, last_seen, screen FROM seekers WHERE id = :seeker;

-- save_seeker --
-- A seeker after a turn. The screen is left alone: the sender may have moved it meanwhile.
INSERT INTO seekers (id, chat, turn, format, body, last_seen, screen)
VALUES (:seeker, :chat, :turn, :format, :body, :last_seen, :screen)
ON CONFLICT (id) DO UPDATE SET
    chat = excluded.chat, turn = excluded.turn, format = excluded.format,
    body = excluded.body, last_seen = excluded.last_seen;

-- set_screen --
-- The message that navigation edits from now on.
UPDATE seekers SET screen = :screen WHERE id = :seeker;

-- forget_plan --
-- A plan is replaced, never edited.
DELETE FROM nudges WHERE seeker = :seeker;

-- keep_plan --
-- All the nudges still owed to one seeker, given as JSON: rule, person, due, turn.
INSERT INTO nudges (seeker, rule, person, due, turn)
SELECT :seeker, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:rows);

-- due_nudges --
-- Seekers with something due. No ORDER BY: the index gives the longest due first, and asking
-- for an order would sort everything that is due before the first answer. INDEXED BY, because
-- DISTINCT alone tempts SQLite to walk through all nudges, seeker by seeker.
SELECT DISTINCT seeker FROM nudges INDEXED BY nudges_due WHERE due <= :now LIMIT :limit;

-- nudges_of --
-- What is owed to one seeker, the next one first.
SELECT rule, person, due, turn, seeker FROM nudges
WHERE seeker = :seeker ORDER BY due, rule, person;

-- next_due --
-- When the bell has to ring next.
SELECT MIN(due) FROM nudges;

-- last_outbox --
-- The highest number ever given to a request.
SELECT seq FROM sqlite_sequence WHERE name = 'outbox';

-- enqueue --
-- One request to send, under a number chosen before, because its seal is bound to it.
INSERT INTO outbox (id, seeker, chat, kind, method, payload, file, file_name, screen, lasting,
                    turn, not_before, made)
VALUES (:id, :seeker, :chat, :kind, :method, :payload, :file, :file_name, :screen, :lasting,
        :turn, :not_before, :made);

-- pending --
-- What may go out now: of each chat only its oldest request, and none while one of that chat is
-- under way. Replies before nudges. The index is read in this order, so it stops at the limit.
SELECT chat, method, payload, kind, seeker, file, file_name, screen, lasting, turn, not_before,
       id, state, tries, message, reason, made, settled
FROM outbox AS one
WHERE state = 'pending' AND not_before <= :now
  AND NOT EXISTS (SELECT 1 FROM outbox AS older
                  WHERE older.state IN ('pending', 'sending')
                    AND older.chat = one.chat AND older.id < one.id)
  AND NOT EXISTS (SELECT 1 FROM outbox AS flying
                  WHERE flying.state = 'sending' AND flying.chat = one.chat)
ORDER BY kind DESC, id LIMIT :limit;

-- claim --
-- From here on it may have reached the channel.
UPDATE outbox SET state = 'sending'
WHERE state = 'pending' AND id IN (SELECT value FROM json_each(:ids))
RETURNING id;

-- settle --
-- What became of a request. What is settled for good is never settled again; a file is kept
-- only while it may still have to go out.
UPDATE outbox SET
    state = :state, message = coalesce(:message, message), reason = :reason, settled = :now,
    file = CASE :state WHEN 'unsure' THEN file END
WHERE id = :id AND state IN ('pending', 'sending', 'unsure')
RETURNING id;

-- put_back --
-- It surely was not sent: it goes out later, in its old place.
UPDATE outbox SET state = 'pending', not_before = :not_before, tries = :tries, settled = NULL
WHERE id = :id AND state IN ('sending', 'unsure')
RETURNING id;

-- recover_again --
-- After a crash: what changes nothing when it is done twice simply goes out again.
UPDATE outbox SET state = 'pending'
WHERE state = 'sending' AND method IN (SELECT value FROM json_each(:methods))
RETURNING id;

-- recover_unsure --
-- After a crash: what would be doubled is not sent again.
UPDATE outbox SET state = 'unsure', reason = 'crash' WHERE state = 'sending' RETURNING id;

-- cancel_nudges --
-- The seeker acted before these went out: they would only interrupt.
UPDATE outbox SET state = 'cancelled', reason = 'overtaken', file = NULL
WHERE seeker = :seeker AND state = 'pending' AND kind = 'nudge'
RETURNING id;

-- tidy_outbox --
-- Settled requests older than we keep them. What must still be sent is never dropped.
DELETE FROM outbox WHERE made < :before AND state NOT IN ('pending', 'sending');

-- save_counts --
-- The numbers of one seeker.
INSERT INTO counts (seeker, asked, answered, met, named)
VALUES (:seeker, :asked, :answered, :met, :named)
ON CONFLICT (seeker) DO UPDATE SET
    asked = excluded.asked, answered = excluded.answered, met = excluded.met,
    named = excluded.named;

-- totals --
-- What an operator may see.
SELECT (SELECT count(*) FROM seekers), coalesce(sum(asked), 0), coalesce(sum(answered), 0),
       coalesce(sum(met), 0), coalesce(sum(named), 0)
FROM counts;

-- erase_outbox --
-- Every request to this seeker, sent or not. Nudges and counts go with the seeker's row.
DELETE FROM outbox
WHERE id IN (SELECT id FROM outbox WHERE seeker = :seeker
             UNION SELECT id FROM outbox WHERE chat = :chat);

-- erase_seeker --
-- The seeker, with nudges and counts.
DELETE FROM seekers WHERE id = :seeker;

-- note_erasure --
-- That someone was erased, without saying who.
INSERT INTO erasures (at) VALUES (:now);

-- get_note --
-- A note of the house.
SELECT value FROM notes_of_house WHERE key = :key;

-- set_note --
-- A note of the house, written or replaced.
INSERT INTO notes_of_house (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- drop_note --
-- A note that is no longer needed.
DELETE FROM notes_of_house WHERE key = :key;

-- begin --
-- The write lock is taken at once: a read that later wants to write may be refused.
BEGIN IMMEDIATE;

-- commit --
-- From here on it is on the disk.
COMMIT;

-- checkpoint --
-- Everything into the one file, and the log cut to nothing.
PRAGMA wal_checkpoint(TRUNCATE);

-- vacuum --
-- The file is written anew, without what was deleted.
VACUUM;

-- keep_rules --
-- References are enforced; only after migrations, which may rebuild tables.
PRAGMA foreign_keys = ON;

-- quick_check --
-- Is the file sound? One row 'ok', or what is wrong.
PRAGMA quick_check(1);

-- schema_version --
-- Which migration the file has seen.
PRAGMA user_version;

-- application --
-- Whose database it is.
PRAGMA application_id;

-- tables --
-- How many tables there are; none in a new house.
SELECT count(*) FROM sqlite_master;
