-- When the next scheduled sync of the shop begins; null: not decided yet. Of sync_interval_seconds null means
-- SYNC_INTERVAL, and 0 that nothing is scheduled. sync_failures: runs that failed since the last one that did not.
ALTER TABLE shops ADD COLUMN next_sync_at DATETIME(6) NULL;
ALTER TABLE shops ADD COLUMN sync_interval_seconds INT NULL;
ALTER TABLE shops ADD COLUMN sync_failures INT NOT NULL DEFAULT 0;
