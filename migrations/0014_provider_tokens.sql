-- Access tokens that the providers gave, shared by all who use a connection.

CREATE TABLE provider_tokens (
    tenant_id       uuid NOT NULL,
    connection_id   uuid NOT NULL,
    claim           bigint NOT NULL,    -- the last renewal that was begun
    renewing_until  timestamptz,        -- null: nobody renews
    generation      bigint NOT NULL,    -- the renewal that gave what is kept; 0: nothing was kept yet
    sealed          text NOT NULL,
    good_until      timestamptz,        -- null: until the provider refuses them
    CONSTRAINT provider_tokens_pk PRIMARY KEY (tenant_id, connection_id),
    CONSTRAINT provider_tokens_connection_fk FOREIGN KEY (tenant_id, connection_id)
        REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE,
    CONSTRAINT provider_tokens_generation_check CHECK (generation <= claim)
);

ALTER TABLE provider_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON provider_tokens
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
