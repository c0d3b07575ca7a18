-- Finished documents, what they said before, and the feed. A document is true from commit_no on; a superseded body moves
-- to history with the commits between which it was true, [valid_from, valid_to). Bodies are text: sent as they are stored.

CREATE TABLE documents (
    tenant_id    uuid NOT NULL,
    document_id  uuid NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    version      bigint NOT NULL,
    commit_no    bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    deleted_at   timestamptz,
    body         text NOT NULL,
    sources      text NOT NULL,  -- one a line: connection id, space, stream
    CONSTRAINT documents_pk PRIMARY KEY (tenant_id, document_id)
);

-- Lists: one kind in id order.
CREATE INDEX documents_by_kind ON documents (tenant_id, kind, document_id);

CREATE TABLE history (
    tenant_id    uuid NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    document_id  uuid NOT NULL,
    valid_from   bigint NOT NULL,
    valid_to     bigint NOT NULL,
    version      bigint NOT NULL,
    deleted_at   timestamptz,
    body         text NOT NULL,
    sources      text NOT NULL,
    CONSTRAINT history_pk PRIMARY KEY (tenant_id, kind, document_id, valid_from),  -- serves lists too
    CONSTRAINT history_interval_check CHECK (valid_from < valid_to)
);

-- One row a tenant. Whoever changed anything takes it last, so commit numbers are gapless and in commit order.
CREATE TABLE feed_head (
    tenant_id  uuid NOT NULL,
    commit_no  bigint NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT feed_head_pk PRIMARY KEY (tenant_id)
);

CREATE TABLE commits (
    tenant_id  uuid NOT NULL,
    commit_no  bigint NOT NULL,
    at         timestamptz NOT NULL,
    cause      text NOT NULL,
    run_id     uuid NOT NULL,
    CONSTRAINT commits_pk PRIMARY KEY (tenant_id, commit_no)
);

-- What differs in one entity in one commit; cause and run stand with the commit.
CREATE TABLE changes (
    tenant_id    uuid NOT NULL,
    commit_no    bigint NOT NULL,
    ordinal      integer NOT NULL,
    document_id  uuid NOT NULL,
    kind         text NOT NULL,
    operation    text NOT NULL,
    version      bigint NOT NULL,
    diff         text NOT NULL,
    CONSTRAINT changes_pk PRIMARY KEY (tenant_id, commit_no, ordinal),
    CONSTRAINT changes_operation_check CHECK (operation IN ('created', 'changed', 'removed', 'restored'))
);

ALTER TABLE feed_head ADD CONSTRAINT feed_head_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id);
