-- What the operator does about a connection's health, and how often in a row its runs ended in trouble.
ALTER TABLE connections
    ADD COLUMN next_step text NOT NULL DEFAULT '',
    ADD COLUMN failures integer NOT NULL DEFAULT 0;

-- Removals that a run would not make by itself: objects of one stream that a complete walk did not see, kept until an
-- operator decides.
CREATE TABLE proposals (
    tenant_id      uuid NOT NULL,
    run_id         uuid NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    connection_id  uuid NOT NULL,
    last_run_id    uuid NOT NULL,  -- the newest run that found exactly the same
    live           bigint NOT NULL,
    candidates     bigint NOT NULL,
    keys_hash      text COLLATE "C" NOT NULL,
    state          text NOT NULL,
    created_at     timestamptz NOT NULL,
    decided_by     text,
    decided_at     timestamptz,
    CONSTRAINT proposals_pk PRIMARY KEY (tenant_id, run_id, stream),
    CONSTRAINT proposals_state_check CHECK (state IN ('pending', 'approved', 'rejected', 'superseded')),
    CONSTRAINT proposals_connection_fk FOREIGN KEY (tenant_id, connection_id)
        REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE
);

-- What was decided about a stream.
CREATE INDEX proposals_by_stream ON proposals (tenant_id, connection_id, stream);
-- At most one waits.
CREATE UNIQUE INDEX proposals_pending_key ON proposals (tenant_id, connection_id, stream) WHERE state = 'pending';
CREATE INDEX proposals_by_last_run ON proposals (tenant_id, last_run_id);

-- Each goes once its object was removed or seen again; a superseded proposal has none.
CREATE TABLE proposal_keys (
    tenant_id    uuid NOT NULL,
    run_id       uuid NOT NULL,
    stream       text COLLATE "C" NOT NULL,
    provider_id  text COLLATE "C" NOT NULL,
    CONSTRAINT proposal_keys_pk PRIMARY KEY (tenant_id, run_id, stream, provider_id),
    CONSTRAINT proposal_keys_proposal_fk FOREIGN KEY (tenant_id, run_id, stream)
        REFERENCES proposals (tenant_id, run_id, stream) ON DELETE CASCADE
);

ALTER TABLE proposals ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposals FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON proposals
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE proposal_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE proposal_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON proposal_keys
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
