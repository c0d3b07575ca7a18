-- A request is known by its key before its tenant is, so that this wall stands where a tenant is named: whoever lists, makes or
-- revokes keys for one sees no other tenant's.
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON api_keys
    USING (NULLIF(current_setting('tributary.tenant', true), '') IS NULL
           OR tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
