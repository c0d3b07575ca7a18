-- Changes that callers asked for: what was asked, under which key, and what became of it. The row is the key's memory: it is
-- written before anything is sent, and kept until the key may be used again.
CREATE TABLE actions (
    tenant_id         uuid NOT NULL,
    action_id         uuid NOT NULL,                   -- version 7: the order of ids is the order of requests
    key_hash          text COLLATE "C" NOT NULL,       -- keyed hash of the caller and their Idempotency-Key
    fingerprint       text COLLATE "C" NOT NULL,       -- keyed hash of method, path and body
    kind              text NOT NULL,
    connection_id     uuid NOT NULL,                   -- no foreign key: what was done outlives the connection
    subject_kind      text NOT NULL,
    subject_id        uuid NOT NULL,
    provider_subject  text NOT NULL,                   -- what the provider knows it by
    sealed_arguments  text,                            -- null once it ended: nobody needs them any more
    requested_by      text NOT NULL,
    state             text NOT NULL,
    attempts          bigint NOT NULL,                 -- how often it was sent
    tries             bigint NOT NULL,                 -- how often it was put off in its present state
    sent_at           timestamptz,                     -- written before the first byte goes out, and when no answer came
    object_id         text NOT NULL,                   -- what was made or changed; empty where nothing is told
    error_code        text NOT NULL,
    error_detail      text NOT NULL,
    commit_no         bigint,                          -- the commit in which documents show it; null where none was needed
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    ended_at          timestamptz,
    expires_at        timestamptz NOT NULL,
    CONSTRAINT actions_pk PRIMARY KEY (tenant_id, action_id),
    CONSTRAINT actions_key_key UNIQUE (tenant_id, key_hash),
    CONSTRAINT actions_state_check CHECK (state IN ('queued', 'sending', 'in_doubt', 'accepted', 'succeeded', 'failed')),
    CONSTRAINT actions_ended_check CHECK ((state IN ('succeeded', 'failed')) = (ended_at IS NOT NULL)),
    CONSTRAINT actions_arguments_check CHECK ((ended_at IS NULL) = (sealed_arguments IS NOT NULL))
);

-- What has been kept long enough.
CREATE INDEX actions_expired ON actions (tenant_id, expires_at) WHERE ended_at IS NOT NULL;

ALTER TABLE actions ENABLE ROW LEVEL SECURITY;
ALTER TABLE actions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON actions
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

-- Which actions have something left to do. Like the due queue without a tenant wall, so that looking for work never visits a
-- tenant's table. The row is also the lock of its action: whoever changes that locks this first.
CREATE TABLE action_queue (
    action_id    uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    line         uuid NOT NULL,         -- the subject: what concerns one is sent one after the other
    holds_line   boolean NOT NULL,      -- false once the provider has accepted it
    next_at      timestamptz NOT NULL,  -- not before
    lease_owner  uuid,
    lease_until  timestamptz,
    claim        bigint NOT NULL,       -- grows with every claim; whoever writes names the claim they have
    CONSTRAINT action_queue_pk PRIMARY KEY (action_id),
    CONSTRAINT action_queue_lease_check CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);

-- Claiming.
CREATE INDEX action_queue_next ON action_queue (next_at);
-- Who is before one in its line, and what waits for news of a document.
CREATE INDEX action_queue_line ON action_queue (line);
