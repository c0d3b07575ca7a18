-- runs_ended took its place, in a transaction of its own: nobody waits while that is made.
DROP INDEX runs_by_connection;
