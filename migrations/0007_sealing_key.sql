-- The key this database was first used with. What is sealed or hashed under one key makes no sense under another, so the
-- program compares before it starts. key_id is derived from the key and tells nothing about it.

CREATE TABLE sealing_key (
    only_row  boolean NOT NULL,
    key_id    text COLLATE "C" NOT NULL,
    CONSTRAINT sealing_key_pk PRIMARY KEY (only_row),
    CONSTRAINT sealing_key_only_row_check CHECK (only_row),
    CONSTRAINT sealing_key_id_check CHECK (key_id ~ '^[0-9a-f]{16}$')
);

-- A walk through a list at an earlier commit: the superseded texts that were still true then, mostly few.
CREATE INDEX history_by_end ON history (tenant_id, kind, valid_to);
