-- Tenant-less directories, small by design: on Citus they are reference tables. No row-level security here.

CREATE TABLE tenants (
    tenant_id   uuid NOT NULL,
    name        text COLLATE "C" NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT tenants_pk PRIMARY KEY (tenant_id),
    CONSTRAINT tenants_name_key UNIQUE (name),
    CONSTRAINT tenants_name_check CHECK (name ~ '^[A-Za-z0-9_-]{1,63}$')
);

-- A request is known by the hash of its key alone, before its tenant is: the hash is the primary key.
CREATE TABLE api_keys (
    key_hash    text COLLATE "C" NOT NULL,
    tenant_id   uuid NOT NULL,
    key_id      uuid NOT NULL,
    prefix      text NOT NULL,
    scopes      text NOT NULL,  -- separated by one space
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    revoked_at  timestamptz,
    CONSTRAINT api_keys_pk PRIMARY KEY (key_hash),
    CONSTRAINT api_keys_id_key UNIQUE (tenant_id, key_id),  -- listing and revoking
    CONSTRAINT api_keys_hash_check CHECK (key_hash ~ '^[0-9a-f]{64}$')
);

-- Whose turn it is. One row a connection, so that claiming never visits a tenant table; on Citus a local table. The row
-- is also the lock of the connection's schedule: whoever changes lease, due time or lifecycle locks it first. All its
-- times are PostgreSQL's own.
CREATE TABLE due_queue (
    connection_id  uuid NOT NULL,
    tenant_id      uuid NOT NULL,
    due_at         timestamptz,          -- null: only when asked
    priority       smallint NOT NULL,    -- 1: somebody asked; 0: by schedule
    lease_owner    uuid,
    lease_until    timestamptz,
    fence          bigint NOT NULL,      -- grows with every claim; a commit names the fence it was claimed under
    CONSTRAINT due_queue_pk PRIMARY KEY (connection_id),
    CONSTRAINT due_queue_lease_check CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);

-- Claiming by schedule, and the time of the next claim.
CREATE INDEX due_queue_scheduled ON due_queue (due_at) WHERE priority = 0 AND due_at IS NOT NULL;
-- Claiming what somebody asked for, before anything else.
CREATE INDEX due_queue_asked ON due_queue (due_at) WHERE priority = 1 AND due_at IS NOT NULL;
-- The next lease to expire.
CREATE INDEX due_queue_leased ON due_queue (lease_until) WHERE lease_until IS NOT NULL;
