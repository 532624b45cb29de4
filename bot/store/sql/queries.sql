-- Every question the store is asked. A query that touches a seeker's data takes the seeker's id,
-- or the id of a row that a worker of the house was handed.

-- keep_update --
-- An update is kept once: the same update, or the same tap under another number, changes nothing.
INSERT INTO inbox (update_id, tap, chat, body, received)
VALUES (:update_id, :tap, :chat, :body, :received)
ON CONFLICT DO NOTHING;

-- waiting_updates --
-- What still waits for a turn, in the order Telegram counted it. INDEXED BY, or SQLite walks
-- through all that is done as well, by the other index in that order.
SELECT id, update_id, tap, chat, body, received, tries FROM inbox INDEXED BY inbox_waiting
WHERE state = 'waiting' ORDER BY update_id LIMIT :limit;

-- updates_done --
-- Their turns are done; the rows stay a while, so that the same updates are known again.
UPDATE inbox SET state = 'done', done = :now
WHERE state = 'waiting' AND id IN (SELECT value FROM json_each(:ids));

-- update_failed --
-- One more try went wrong.
UPDATE inbox SET tries = tries + 1 WHERE id = :id RETURNING tries;

-- update_aside --
-- It cannot be handled and must not hold up the ones behind it.
UPDATE inbox SET state = 'aside', done = :now WHERE id = :id AND state = 'waiting';

-- blank_inbox --
-- Only the number of each update stays, or Telegram could hand an erased update in again. What
-- still waits was written after that, and is a new beginning.
UPDATE inbox
SET chat = 0, body = x'', state = 'done', done = coalesce(done, :now)
WHERE chat = :chat AND state <> 'waiting';

-- tidy_inbox --
-- Updates older than we keep them. What still waits is never dropped.
DELETE FROM inbox WHERE received < :before AND state <> 'waiting';

-- seekers --
-- Several seekers, whole.
SELECT id, chat, turn, format, body, last_seen, screen, newest FROM seekers
WHERE id IN (SELECT value FROM json_each(:seekers));

-- save_seeker --
-- A seeker after a turn. The screen is left alone: the sender may have moved it meanwhile.
INSERT INTO seekers (id, chat, turn, format, body, last_seen, screen, newest)
VALUES (:seeker, :chat, :turn, :format, :body, :last_seen, :screen, :newest)
ON CONFLICT (id) DO UPDATE SET
    chat = excluded.chat, turn = excluded.turn, format = excluded.format,
    body = excluded.body, last_seen = excluded.last_seen,
    newest = nullif(max(coalesce(newest, 0), coalesce(excluded.newest, 0)), 0);

-- set_screen --
-- The message that navigation edits from now on.
UPDATE seekers SET screen = :screen WHERE id = :seeker;

-- saw_number --
-- A message with this number is in the chat.
UPDATE seekers SET newest = max(coalesce(newest, 0), :message) WHERE id = :seeker;

-- newest_of_all --
-- The highest message number known in any chat.
SELECT max(newest) FROM seekers WHERE newest IS NOT NULL;

-- forget_newest --
-- The message numbers that a backup knows are too low: others may have them by now.
UPDATE seekers SET newest = NULL WHERE newest IS NOT NULL;

-- forget_plans --
-- A plan is replaced, never edited.
DELETE FROM nudges WHERE seeker IN (SELECT value FROM json_each(:seekers));

-- keep_plans --
-- All the nudges still owed to some seekers, given as JSON: seeker, rule, person, due, turn.
INSERT INTO nudges (seeker, rule, person, due, turn)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(:seekers_plans);

-- due_nudges --
-- Seekers with something due. No ORDER BY: the index gives the longest due first, and asking
-- for an order would sort everything that is due before the first answer. INDEXED BY, because
-- DISTINCT alone tempts SQLite to walk through all nudges, seeker by seeker.
SELECT DISTINCT seeker FROM nudges INDEXED BY nudges_due WHERE due <= :now LIMIT :limit;

-- nudges_of --
-- What is owed to some seekers, the next one first.
SELECT rule, person, due, turn, seeker FROM nudges
WHERE seeker IN (SELECT value FROM json_each(:seekers)) ORDER BY seeker, due, rule, person;

-- nudged_after --
-- Seekers who are owed something, by number: to reckon all plans anew, a few at a time.
SELECT DISTINCT seeker FROM nudges WHERE seeker > :after ORDER BY seeker LIMIT :limit;

-- next_due --
-- When the bell has to ring next.
SELECT MIN(due) FROM nudges;

-- last_outbox --
-- The highest number ever given to a request.
SELECT seq FROM sqlite_sequence WHERE name = 'outbox';

-- enqueue --
-- One request to send, under a number chosen before, because its seal is bound to it.
INSERT INTO outbox (id, seeker, chat, kind, method, payload, file, file_name, screen, lasting,
                    turn, not_before, not_after, made, state, reason, probes, claimed, settled, follows)
VALUES (:id, :seeker, :chat, :kind, :method, :payload, :file, :file_name, :screen, :lasting,
        :turn, :not_before, :not_after, :made, :state, :reason, :probes, :claimed, :settled, :follows);

-- pending --
-- What may go out now, of one kind: of each chat only its oldest request, none while one of that
-- chat is under way, none but answers to presses of a chat that rests. First words go before what
-- follows them in other chats, which may be left out. The index is read in this order, so it stops
-- at the limit.
SELECT chat, method, payload, kind, seeker, file, file_name, screen, lasting, turn, not_before,
       id, state, tries, message, reason, made, settled, not_after, claimed, after_chat, after_all,
       probes, told, follows
FROM outbox AS one
WHERE state = 'pending' AND kind = :kind AND follows <= :follows AND not_before <= :now
  AND (method = 'answerCallbackQuery' OR chat NOT IN (SELECT value FROM json_each(:resting)))
  AND chat NOT IN (SELECT value FROM json_each(:flying))
  AND NOT EXISTS (SELECT 1 FROM outbox AS older
                  WHERE older.state IN ('pending', 'sending')
                    AND older.chat = one.chat AND older.id < one.id)
  AND NOT EXISTS (SELECT 1 FROM outbox AS flying
                  WHERE flying.state = 'sending' AND flying.chat = one.chat)
ORDER BY follows, id LIMIT :limit;

-- doubtful --
-- What a turn of these chats has to know of: nudges not out yet, and requests nobody is sure of.
SELECT chat, method, payload, kind, seeker, file, file_name, screen, lasting, turn, not_before,
       id, state, tries, message, reason, made, settled, not_after, claimed, after_chat, after_all,
       probes, told, follows
FROM outbox
WHERE chat IN (SELECT value FROM json_each(:chats))
  AND (state = 'unsure' OR state = 'refused' AND told = 0
       OR kind = 'nudge' AND state IN ('pending', 'sending'))
ORDER BY id;

-- to_settle --
-- Requests nobody is sure of, the one that waited longest first; given up after four times.
SELECT chat, method, payload, kind, seeker, file, file_name, screen, lasting, turn, not_before,
       id, state, tries, message, reason, made, settled, not_after, claimed, after_chat, after_all,
       probes, told, follows
FROM outbox INDEXED BY outbox_unsure
WHERE state = 'unsure' AND settled <= :before AND probes < 4 ORDER BY settled LIMIT :limit;

-- recorded_numbers --
-- The message numbers above one that are known in a chat, and whether each was given before (-1)
-- or after (1) a request left. By number and by clock, or it is not known (0): a request that was
-- put back leaves late, and a clock may be set back. An edit has the number of an older message.
SELECT message, CASE WHEN method NOT LIKE 'send%' THEN 0
                     WHEN id < :id AND claimed <= :claimed THEN -1
                     WHEN id > :id AND claimed >= :claimed THEN 1 ELSE 0 END
FROM outbox WHERE chat = :chat AND message > :above ORDER BY message LIMIT 100;

-- under_way --
-- Whether a message may be coming into a chat at this moment.
SELECT 1 FROM outbox
WHERE chat = :chat AND state = 'sending' AND method <> 'answerCallbackQuery' LIMIT 1;

-- parted --
-- Whether a message that is known to have arrived left between two requests of its chat.
SELECT 1 FROM outbox
WHERE chat = :chat AND state = 'sent' AND id > :first AND id < :last
  AND claimed BETWEEN :since AND :until AND message IS NOT NULL AND method LIKE 'send%' LIMIT 1;

-- next_number --
-- The first message number above one that was given to a later request of any chat.
SELECT min(message) FROM outbox WHERE id > :id AND message > :above;

-- is_overtaken --
-- Whether the screen of a later turn follows a request in its chat.
SELECT 1 FROM outbox WHERE chat = :chat AND id > :id AND screen = 1 AND turn > :turn LIMIT 1;

-- seen_in_vain --
-- Telegram was asked after it, and did not know it.
UPDATE outbox SET probes = probes + 1, settled = :now WHERE id = :id AND state = 'unsure';

-- given_up --
-- Nobody asks Telegram after it any more.
UPDATE outbox SET probes = max(probes, 4), settled = :now WHERE id = :id AND state = 'unsure';

-- postponed --
-- Telegram could not be asked after it: it rests, and is asked after again.
UPDATE outbox SET settled = :now WHERE id = :id AND state = 'unsure';

-- told_of --
-- The seeker knows that these may or may not have arrived.
UPDATE outbox SET told = 1 WHERE id IN (SELECT value FROM json_each(:ids));

-- claim --
-- From here on it may have reached the channel. What is known of the message numbers now tells
-- later where to look for it. Of a chat whose seeker knows none, one of the last that were sent.
UPDATE outbox SET
    state = 'sending', claimed = :now, after_all = :newest,
    after_chat = coalesce(
        (SELECT newest FROM seekers WHERE seekers.id = outbox.seeker),
        (SELECT max(message) FROM (SELECT message FROM outbox AS known
                                   WHERE known.chat = outbox.chat AND known.state = 'sent'
                                   ORDER BY known.id DESC LIMIT 50)))
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
  AND id NOT IN (SELECT value FROM json_each(:besides))
RETURNING id;

-- recover_unsure --
-- After a crash: what would be doubled is not sent again.
UPDATE outbox SET state = 'unsure', reason = 'crash', settled = :now
WHERE state = 'sending' AND id NOT IN (SELECT value FROM json_each(:besides))
RETURNING id;

-- doubt_restored --
-- A backup knows these as not sent; whether they went out after it was made, nobody knows.
UPDATE outbox SET state = 'unsure', reason = 'restored', probes = 4, claimed = :at, settled = :at
WHERE state IN ('pending', 'sending') RETURNING id;

-- forget_numbers --
-- As `forget_newest`: nothing is asked after by a number that only the backup knew.
UPDATE outbox SET message = NULL, after_chat = NULL, after_all = NULL
WHERE coalesce(message, after_chat, after_all) IS NOT NULL;

-- withdraw --
-- These did not go out, and no longer shall.
UPDATE outbox SET state = 'cancelled', reason = :reason, settled = :now, file = NULL
WHERE state IN ('pending', 'unsure') AND id IN (SELECT value FROM json_each(:ids))
RETURNING id;

-- is_said --
-- Whether a part of what was said unasked in a turn has arrived.
SELECT 1 FROM outbox WHERE seeker = :seeker AND state = 'sent' AND turn = :turn AND kind = 'nudge' LIMIT 1;

-- cancel_all --
-- Nothing can be said to this seeker any more.
UPDATE outbox SET state = 'cancelled', reason = :reason, settled = :now, file = NULL
WHERE seeker = :seeker AND state = 'pending'
RETURNING kind, turn;

-- tidy_outbox --
-- Settled requests older than we keep them. What must still be sent is never dropped, and what a
-- seeker has still to be told of stays for a year in all: 335 days more.
DELETE FROM outbox
WHERE made < :before AND state NOT IN ('pending', 'sending')
  AND (state <> 'unsure' OR told = 1 OR seeker IS NULL OR made < :before - 335 * 86400000);

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

-- hand_over_files --
-- A file that was asked for before everything was erased still goes out; it is nobody's from now on.
UPDATE outbox SET seeker = NULL WHERE chat = :chat AND state = 'pending' AND file IS NOT NULL;

-- erase_outbox --
-- Every request to this seeker, sent or not, but for a file on its way. Nudges and counts go with
-- the seeker's row.
DELETE FROM outbox
WHERE id IN (SELECT id FROM outbox WHERE seeker = :seeker
             UNION SELECT id FROM outbox
                   WHERE chat = :chat AND NOT (state = 'pending' AND file IS NOT NULL));

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
