-- A key to connections made every claim look up, lock and write the row of each claimed connection. Whoever begins a run holds
-- its connection's row of due_queue, and so does a removal, which takes the runs with it itself.
ALTER TABLE runs DROP CONSTRAINT runs_connection_fk;
