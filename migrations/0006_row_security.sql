-- The second wall between tenants: each transaction names its tenant with SET LOCAL tributary.tenant, and sees no other
-- tenant's rows even if a statement forgot to. FORCE: the owner of the tables is held to it as well.

ALTER TABLE connections ENABLE ROW LEVEL SECURITY;
ALTER TABLE connections FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON connections
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE stream_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_states FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON stream_states
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE runs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON runs
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE records ENABLE ROW LEVEL SECURITY;
ALTER TABLE records FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON records
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE raw_payloads ENABLE ROW LEVEL SECURITY;
ALTER TABLE raw_payloads FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON raw_payloads
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE raw_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE raw_history FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON raw_history
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE access ENABLE ROW LEVEL SECURITY;
ALTER TABLE access FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON access
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON quarantine
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE entities ENABLE ROW LEVEL SECURITY;
ALTER TABLE entities FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON entities
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE identifiers ENABLE ROW LEVEL SECURITY;
ALTER TABLE identifiers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON identifiers
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE identifier_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE identifier_members FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON identifier_members
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE links ENABLE ROW LEVEL SECURITY;
ALTER TABLE links FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON links
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON customers
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON memberships
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON documents
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE history ENABLE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON history
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE feed_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_head FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON feed_head
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE commits ENABLE ROW LEVEL SECURITY;
ALTER TABLE commits FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON commits
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

ALTER TABLE changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE changes FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON changes
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
