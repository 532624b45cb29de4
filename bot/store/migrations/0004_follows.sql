-- Under a rush, whoever waits for a first word goes before second words to others.

ALTER TABLE outbox ADD COLUMN follows INTEGER NOT NULL DEFAULT 0 CHECK (follows IN (0, 1));  -- another answer of its turn goes before

-- DESC: 'reply' before 'nudge'.
DROP INDEX outbox_ready;
CREATE INDEX outbox_ready ON outbox (kind DESC, follows, id) WHERE state = 'pending';

PRAGMA user_version = 4;
