-- Events that providers sent us, kept until they are applied, and for a while after that: an event that comes again is
-- known by its row.
CREATE TABLE webhook_events (
    tenant_id          uuid NOT NULL,
    connection_id      uuid NOT NULL,
    event_id           text COLLATE "C" NOT NULL,  -- the provider's own; of an event without one, a hash of it
    content_hash       text COLLATE "C" NOT NULL,
    event_type         text COLLATE "C" NOT NULL,
    stream             text COLLATE "C" NOT NULL,  -- empty: it bears on no stream of ours
    object_id          text COLLATE "C" NOT NULL,
    happened_at        timestamptz NOT NULL,       -- the order of applying: the object's update time, else the event's
    event_created_at   timestamptz,
    received_at        timestamptz NOT NULL,
    state              text NOT NULL,
    reason             text NOT NULL,
    settled_at         timestamptz,
    payload            text NOT NULL,              -- of what waits and of poison; nobody needs the others any more
    CONSTRAINT webhook_events_pk PRIMARY KEY (tenant_id, connection_id, event_id),
    CONSTRAINT webhook_events_state_check CHECK (state IN ('waiting', 'applied', 'stale', 'ignored', 'hint', 'poison')),
    CONSTRAINT webhook_events_settled_check CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT webhook_events_connection_fk FOREIGN KEY (tenant_id, connection_id)
        REFERENCES connections (tenant_id, connection_id) ON DELETE CASCADE
);

-- What is to be applied, in its order.
CREATE INDEX webhook_events_waiting ON webhook_events (tenant_id, connection_id, happened_at, event_created_at, event_id)
    WHERE state = 'waiting';
-- What has been kept long enough.
CREATE INDEX webhook_events_settled ON webhook_events (tenant_id, settled_at) WHERE settled_at IS NOT NULL;

ALTER TABLE webhook_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_events FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON webhook_events
    USING (tenant_id = NULLIF(current_setting('tributary.tenant', true), '')::uuid);

-- Which connections have events that wait, or hints that do. Like the due queue without a tenant wall, so that looking for work never
-- visits a tenant's table. The row is also the lock between storing events and deciding that none is left.
CREATE TABLE webhook_queue (
    connection_id  uuid NOT NULL,
    tenant_id      uuid NOT NULL,
    next_at        timestamptz NOT NULL,  -- not before; put off after a failure
    hinted         boolean NOT NULL,      -- an event said that only a run can tell what happened
    CONSTRAINT webhook_queue_pk PRIMARY KEY (connection_id)
);

CREATE INDEX webhook_queue_next ON webhook_queue (next_at);
