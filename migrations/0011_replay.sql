-- Raw history that a decoder can be run over again, and the runs that do so.

-- What the payload was made into before; null in rows that are older than this column.
ALTER TABLE raw_history ADD COLUMN normalized text;

-- Faster than the default where the server has it.
DO $$
BEGIN
    ALTER TABLE raw_payloads ALTER COLUMN raw SET COMPRESSION lz4;
    ALTER TABLE raw_history ALTER COLUMN normalized SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;

-- At most one open run a connection: a second request joins it. A replay asks no provider, so a sync that is wanted meanwhile
-- does not join it; the lease keeps them apart.
DROP INDEX runs_open_key;
CREATE UNIQUE INDEX runs_open_key ON runs (tenant_id, connection_id)
    WHERE state IN ('queued', 'running') AND cause <> 'replay';
-- A replay whose process died, to be closed by the next owner of the connection.
CREATE UNIQUE INDEX runs_replay_key ON runs (tenant_id, connection_id) WHERE state = 'running' AND cause = 'replay';
