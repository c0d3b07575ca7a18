-- Links by their own id, and who decided one and why. The id follows from the tenant and the pair, as identity_link_id() in
-- domain/ids makes it: the first half of a SHA-256, marked as a UUID of version 8.
ALTER TABLE links
    ADD COLUMN link_id uuid,
    ADD COLUMN decided_by text,  -- null: a rule
    ADD COLUMN reason text;

-- The owner of the tables sees every tenant's rows only while row security is not forced.
ALTER TABLE links NO FORCE ROW LEVEL SECURITY;
UPDATE links SET link_id = substr(overlay(overlay(
    encode(sha256('identity_link'::bytea || uuid_send(tenant_id) || uuid_send(low) || uuid_send(high)), 'hex')
    placing '8' from 13) placing '8' from 17), 1, 32)::uuid;
ALTER TABLE links FORCE ROW LEVEL SECURITY;
ALTER TABLE links ALTER COLUMN link_id SET NOT NULL;

-- The pair that an operator names by the id of its link.
CREATE UNIQUE INDEX links_by_id ON links (tenant_id, link_id);

-- By whose work a record came to say what it says: the cause and id of a commit. Null: before this was kept.
ALTER TABLE records
    ADD COLUMN cause text,
    ADD COLUMN run_id uuid;
