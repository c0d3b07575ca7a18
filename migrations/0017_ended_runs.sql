-- Listing the runs of a connection. Those under way are at most two, found by runs_open_key and runs_replay_key; left out here, a
-- claim of a hundred connections has an index less to write.
CREATE INDEX runs_ended ON runs (tenant_id, connection_id, run_id) WHERE state NOT IN ('queued', 'running');
