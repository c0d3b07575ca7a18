-- The newest change at the provider that a walk of this stream has seen.
ALTER TABLE stream_states ADD COLUMN changed_at timestamptz;

-- Objects that readers wanted read by themselves, one row a document and stream: who reads them now, and when they were last read.
CREATE TABLE object_reads (
    tenant_id      uuid NOT NULL,
    document_id    uuid NOT NULL,
    connection_id  uuid NOT NULL,
    stream         text COLLATE "C" NOT NULL,
    claim          bigint NOT NULL,   -- the last read that was begun
    claimed_until  timestamptz,       -- null: nobody reads
    read_at        timestamptz,       -- null: never read by itself
    CONSTRAINT object_reads_pk PRIMARY KEY (tenant_id, document_id, connection_id, stream),
    CONSTRAINT object_reads_connection_fk FOREIGN KEY (tenant_id, connection_id)
        REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE
);

-- What goes with a connection.
CREATE INDEX object_reads_by_connection ON object_reads (tenant_id, connection_id);

ALTER TABLE object_reads ENABLE ROW LEVEL SECURITY;
ALTER TABLE object_reads FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON object_reads
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
