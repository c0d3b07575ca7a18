-- The connections of each provider wait in a line of their own: a replica claims for one provider at a time, and a slow one
-- takes nobody else's place. The owner of the tables sees every tenant's connections only while row security is not forced.
ALTER TABLE due_queue ADD COLUMN provider text COLLATE "C";
ALTER TABLE connections NO FORCE ROW LEVEL SECURITY;
UPDATE due_queue AS d SET provider = c.provider
FROM connections AS c
WHERE c.tenant_id = d.tenant_id AND c.connection_id = d.connection_id;
ALTER TABLE connections FORCE ROW LEVEL SECURITY;
-- Fails, and so undoes everything, where a connection could not be seen.
ALTER TABLE due_queue ALTER COLUMN provider SET NOT NULL;

DROP INDEX due_queue_scheduled;
DROP INDEX due_queue_asked;
-- Claiming by schedule, and the time of the next claim.
CREATE INDEX due_queue_scheduled ON due_queue (provider, due_at) WHERE priority = 0 AND due_at IS NOT NULL;
-- Claiming what somebody asked for, before anything else.
CREATE INDEX due_queue_asked ON due_queue (provider, due_at) WHERE priority = 1 AND due_at IS NOT NULL;
