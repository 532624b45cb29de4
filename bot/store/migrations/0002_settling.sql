-- What it takes to find out about a message that may or may not have arrived, and to keep a
-- nudge from going out when its time is over.

ALTER TABLE seekers ADD COLUMN newest INTEGER;                  -- the highest message number known in the chat
ALTER TABLE outbox ADD COLUMN not_after INTEGER;                -- too old to be said from then on
ALTER TABLE outbox ADD COLUMN claimed INTEGER;                  -- when it left, as far as we know
ALTER TABLE outbox ADD COLUMN after_chat INTEGER;               -- the highest number known in its chat when it left
ALTER TABLE outbox ADD COLUMN after_all INTEGER;                -- the highest number known in any chat when it left
ALTER TABLE outbox ADD COLUMN probes INTEGER NOT NULL DEFAULT 0;  -- times that Telegram was asked after it in vain
ALTER TABLE outbox ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));  -- the seeker knows of the doubt

-- Turns are taken in the order that Telegram counted, not in the order updates came in.
DROP INDEX inbox_waiting;
CREATE INDEX inbox_waiting ON inbox (update_id) WHERE state = 'waiting';

CREATE INDEX outbox_unsure ON outbox (settled) WHERE state = 'unsure';

PRAGMA user_version = 2;
