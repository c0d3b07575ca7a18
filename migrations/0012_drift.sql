-- Differences between what providers send and what the decoders know, one row a fingerprint (tenant, provider, stream, kind,
-- path, what was found); the id is made from it. Never a value of a personal field.
CREATE TABLE drift (
    tenant_id      uuid NOT NULL,
    drift_id       uuid NOT NULL,
    provider       text COLLATE "C" NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    kind           text NOT NULL,
    path           text COLLATE "C" NOT NULL,
    found          text COLLATE "C" NOT NULL,
    state          text NOT NULL,
    first_seen_at  timestamptz NOT NULL,
    last_seen_at   timestamptz NOT NULL,
    times          bigint NOT NULL,
    connection_id  uuid NOT NULL,  -- of the run that saw it last
    run_id         uuid NOT NULL,
    accepted_by    text,
    accepted_at    timestamptz,
    CONSTRAINT drift_pk PRIMARY KEY (tenant_id, drift_id),
    CONSTRAINT drift_state_check CHECK (state IN ('open', 'accepted'))
);

-- How many entries a stream has; lists filtered by provider and stream.
CREATE INDEX drift_by_stream ON drift (tenant_id, provider, stream, drift_id);

ALTER TABLE drift ENABLE ROW LEVEL SECURITY;
ALTER TABLE drift FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON drift
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

-- Quarantined objects get a name, and are told apart by whether decoding them again was tried.
ALTER TABLE quarantine
    ADD COLUMN quarantine_id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN state text NOT NULL DEFAULT 'waiting',
    ADD COLUMN fullness integer NOT NULL DEFAULT 0,
    ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT quarantine_state_check CHECK (state IN ('waiting', 'failed'));

-- One object by its id, and lists in the order of ids.
CREATE UNIQUE INDEX quarantine_id_key ON quarantine (tenant_id, quarantine_id);
