-- What the providers said: records, their raw payloads, and who may do what. Bulk tables carry no foreign keys: their rows
-- are written in the same transaction as what they refer to, and removed with it.

CREATE TABLE records (
    tenant_id          uuid NOT NULL,
    connection_id      uuid NOT NULL,
    stream             text COLLATE "C" NOT NULL,
    provider_id        text COLLATE "C" NOT NULL,
    entity_id          uuid NOT NULL,
    founds_entity      boolean NOT NULL,
    fullness           integer NOT NULL,
    hash               text COLLATE "C" NOT NULL,
    raw_hash           bytea NOT NULL,
    normalized         text,            -- null once removed
    source_updated_at  timestamptz,
    changed_at         timestamptz NOT NULL,
    removed_at         timestamptz,
    CONSTRAINT records_pk PRIMARY KEY (tenant_id, connection_id, stream, provider_id),
    CONSTRAINT records_removed_check CHECK ((removed_at IS NULL) = (normalized IS NOT NULL))
);

-- A connection has one tenant, and a stream few connections: taken for independent, the planner expects next to no rows under
-- a stream's prefix of the key and reads all of them.
CREATE STATISTICS records_dependencies (dependencies) ON tenant_id, connection_id, stream FROM records;

-- What bears on an entity.
CREATE INDEX records_by_entity ON records (tenant_id, entity_id) WHERE removed_at IS NULL;

-- Raw payloads by content. The connection is part of the key, so that transactions of two connections never wait for
-- each other here.
CREATE TABLE raw_payloads (
    tenant_id      uuid NOT NULL,
    connection_id  uuid NOT NULL,
    raw_hash       bytea NOT NULL,      -- SHA-256 of the text
    raw            text NOT NULL,
    CONSTRAINT raw_payloads_pk PRIMARY KEY (tenant_id, connection_id, raw_hash)
);

-- Which payload a record stood on before; the present one is named by the record. A first sync writes nothing here.
CREATE TABLE raw_history (
    tenant_id      uuid NOT NULL,
    connection_id  uuid NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    provider_id    text COLLATE "C" NOT NULL,
    valid_from     timestamptz NOT NULL,
    valid_to       timestamptz NOT NULL,
    raw_hash       bytea NOT NULL,
    CONSTRAINT raw_history_pk PRIMARY KEY (tenant_id, connection_id, stream, provider_id, valid_from)
);

CREATE TABLE access (
    tenant_id      uuid NOT NULL,
    connection_id  uuid NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    provider_id    text COLLATE "C" NOT NULL,
    profile_id     uuid NOT NULL,
    target_id      uuid NOT NULL,
    target_kind    text NOT NULL,
    granted        text NOT NULL,
    fullness       integer NOT NULL,
    CONSTRAINT access_pk PRIMARY KEY (tenant_id, connection_id, stream, provider_id, profile_id, target_id)
);

CREATE STATISTICS access_dependencies (dependencies) ON tenant_id, connection_id, stream FROM access;

-- What a profile may touch (its customer's document, lists filtered by customer).
CREATE INDEX access_by_profile ON access (tenant_id, profile_id);
-- Who may touch an account, sub-account or group (its document).
CREATE INDEX access_by_target ON access (tenant_id, target_id);

CREATE TABLE quarantine (
    tenant_id      uuid NOT NULL,
    connection_id  uuid NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    content_hash   bytea NOT NULL,
    raw            text NOT NULL,
    reason         text NOT NULL,
    first_seen_at  timestamptz NOT NULL,
    CONSTRAINT quarantine_pk PRIMARY KEY (tenant_id, connection_id, stream, content_hash)
);
