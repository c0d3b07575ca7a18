-- When what is told of a subject's freshness last became different, so that processes that keep finished answers in memory learn of
-- it. The subject is a connection, or a document whose objects were read by themselves.
CREATE TABLE freshness_marks (
    tenant_id   uuid NOT NULL,
    subject_id  uuid NOT NULL,
    marked_at   timestamptz NOT NULL,   -- of one subject always later than before
    CONSTRAINT freshness_marks_pk PRIMARY KEY (tenant_id, subject_id)
);

-- What was marked lately.
CREATE INDEX freshness_marks_lately ON freshness_marks (tenant_id, marked_at);

-- Objects that were read by themselves before there were marks.
ALTER TABLE object_reads NO FORCE ROW LEVEL SECURITY;
INSERT INTO freshness_marks (tenant_id, subject_id, marked_at)
SELECT tenant_id, document_id, max(read_at) FROM object_reads WHERE read_at IS NOT NULL GROUP BY tenant_id, document_id;
ALTER TABLE object_reads FORCE ROW LEVEL SECURITY;

ALTER TABLE freshness_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE freshness_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON freshness_marks
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);
