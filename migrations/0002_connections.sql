-- Connections, their health and their runs.

CREATE TABLE connections (
    tenant_id           uuid NOT NULL,
    connection_id       uuid NOT NULL,
    name                text COLLATE "C" NOT NULL,
    provider            text NOT NULL,
    environment         text NOT NULL,
    base_url            text NOT NULL,
    period_seconds      bigint,         -- null: only when asked
    settings            text NOT NULL,
    sealed_credentials  text,           -- null once the connection is being removed
    lifecycle           text NOT NULL,
    health              text NOT NULL,  -- what the last run found; kept while paused
    health_reason       text NOT NULL,
    self_profile        text,
    self_account        text,
    created_at          timestamptz NOT NULL,
    CONSTRAINT connections_pk PRIMARY KEY (tenant_id, connection_id),
    CONSTRAINT connections_name_key UNIQUE (tenant_id, name),
    CONSTRAINT connections_lifecycle_check CHECK (lifecycle IN ('enabled', 'paused', 'removing')),
    CONSTRAINT connections_period_check CHECK (period_seconds > 0)
);

CREATE TABLE stream_states (
    tenant_id             uuid NOT NULL,
    connection_id         uuid NOT NULL,
    stream                text COLLATE "C" NOT NULL,
    fetched_at            timestamptz,
    verified_complete_at  timestamptz,
    verdict               text NOT NULL,
    reason                text NOT NULL,
    evidence              text NOT NULL,
    CONSTRAINT stream_states_pk PRIMARY KEY (tenant_id, connection_id, stream)
);

-- run_id is a version 7 UUID made from this database's clock: the order of ids is the order of requests.
CREATE TABLE runs (
    tenant_id      uuid NOT NULL,
    run_id         uuid NOT NULL,
    connection_id  uuid NOT NULL,
    cause          text NOT NULL,
    state          text NOT NULL,
    requested_at   timestamptz NOT NULL,
    started_at     timestamptz,
    finished_at    timestamptz,
    counts         text NOT NULL,  -- committed with each page
    resume         text NOT NULL,  -- where the next page starts; committed with each page
    report         text NOT NULL,
    error_code     text NOT NULL,
    error_detail   text NOT NULL,
    CONSTRAINT runs_pk PRIMARY KEY (tenant_id, run_id),
    CONSTRAINT runs_state_check CHECK (state IN ('queued', 'running', 'succeeded', 'partial', 'failed', 'held'))
);

-- Runs of one connection, newest first.
CREATE INDEX runs_by_connection ON runs (tenant_id, connection_id, run_id);
-- At most one open run a connection: a second request joins it.
CREATE UNIQUE INDEX runs_open_key ON runs (tenant_id, connection_id) WHERE state IN ('queued', 'running');

ALTER TABLE connections ADD CONSTRAINT connections_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id);
ALTER TABLE stream_states ADD CONSTRAINT stream_states_connection_fk
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE;
ALTER TABLE runs ADD CONSTRAINT runs_connection_fk
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE;
