-- The lease that a run holds while it is running: a row of sync_runs is inserted after the lock is taken.
ALTER TABLE sync_runs ADD COLUMN lock_fence BIGINT NULL;
