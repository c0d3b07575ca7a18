-- Entities, and the ledger that joins profiles into customers.

CREATE TABLE entities (
    tenant_id    uuid NOT NULL,
    entity_id    uuid NOT NULL,
    kind         text NOT NULL,
    provider     text NOT NULL,
    environment  text NOT NULL,
    provider_id  text NOT NULL,
    normalized   text,  -- null while only referred to, and once removed
    parent_id    uuid,
    CONSTRAINT entities_pk PRIMARY KEY (tenant_id, entity_id)
);

-- Accounts of a group, sub-accounts of an account.
CREATE INDEX entities_by_parent ON entities (tenant_id, parent_id) WHERE parent_id IS NOT NULL;

-- The anchors that two pages bringing the same identifier meet at.
CREATE TABLE identifiers (
    tenant_id  uuid NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    hash       text COLLATE "C" NOT NULL,
    CONSTRAINT identifiers_pk PRIMARY KEY (tenant_id, kind, hash)
);

CREATE TABLE identifier_members (
    tenant_id   uuid NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    hash        text COLLATE "C" NOT NULL,
    profile_id  uuid NOT NULL,
    CONSTRAINT identifier_members_pk PRIMARY KEY (tenant_id, kind, hash, profile_id)
);

-- The identifiers of a profile, to drop those it lost.
CREATE INDEX identifier_members_by_profile ON identifier_members (tenant_id, profile_id);

CREATE TABLE links (
    tenant_id    uuid NOT NULL,
    low          uuid NOT NULL,
    high         uuid NOT NULL,
    state        text NOT NULL,
    rule         text NOT NULL,
    evidence     text NOT NULL,
    by_operator  boolean NOT NULL,
    decided_at   timestamptz NOT NULL,
    CONSTRAINT links_pk PRIMARY KEY (tenant_id, low, high),
    CONSTRAINT links_order_check CHECK (low < high)
);

-- Links in which a profile is the higher one; the primary key finds the lower one.
CREATE INDEX links_by_high ON links (tenant_id, high);

CREATE TABLE customers (
    tenant_id    uuid NOT NULL,
    customer_id  uuid NOT NULL,
    founded_at   timestamptz NOT NULL,
    redirect_to  uuid,
    CONSTRAINT customers_pk PRIMARY KEY (tenant_id, customer_id),
    CONSTRAINT customers_redirect_check CHECK (redirect_to <> customer_id)
);

CREATE TABLE memberships (
    tenant_id    uuid NOT NULL,
    profile_id   uuid NOT NULL,
    customer_id  uuid NOT NULL,
    CONSTRAINT memberships_pk PRIMARY KEY (tenant_id, profile_id)
);

-- The profiles of a customer.
CREATE INDEX memberships_by_customer ON memberships (tenant_id, customer_id);
