-- How many requests each provider credential may still make. Times are microseconds since 1970 on this database's clock.

CREATE TABLE provider_budgets (
    tenant_id           uuid NOT NULL,
    provider            text COLLATE "C" NOT NULL,
    credential          text COLLATE "C" NOT NULL,  -- keyed fingerprint of what the provider counts requests by
    rate                bigint NOT NULL,            -- requests a second
    burst               bigint NOT NULL,            -- requests at once
    interval_us         bigint NOT NULL,            -- what one request costs
    reserve             bigint NOT NULL,            -- tokens that background requests leave to interactive ones
    tat_us              bigint NOT NULL,            -- when the bucket will be full again
    blocked_until_us    bigint NOT NULL,            -- nothing is drawn before; the provider asked for it
    drawn_since_us      bigint NOT NULL,            -- the second in which the following were drawn
    drawn_interactive   bigint NOT NULL,
    drawn_background    bigint NOT NULL,
    CONSTRAINT provider_budgets_pk PRIMARY KEY (tenant_id, provider, credential),
    CONSTRAINT provider_budgets_terms_check CHECK (rate > 0 AND burst > 0 AND interval_us > 0 AND reserve < burst)
) WITH (fillfactor = 50);  -- rows are rewritten in place, several times a second

-- Which bucket a connection draws on. A bucket outlives its connections: so does a provider's wish to be left alone.
CREATE TABLE budget_users (
    tenant_id      uuid NOT NULL,
    connection_id  uuid NOT NULL,
    provider       text COLLATE "C" NOT NULL,
    credential     text COLLATE "C" NOT NULL,
    CONSTRAINT budget_users_pk PRIMARY KEY (tenant_id, connection_id),
    CONSTRAINT budget_users_connection_fk FOREIGN KEY (tenant_id, connection_id)
        REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE
);

ALTER TABLE provider_budgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_budgets FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON provider_budgets
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE budget_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE budget_users FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON budget_users
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
