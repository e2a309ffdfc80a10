-- erased_at: when the personal data of the customer were erased; a synchronisation does not bring them back.
ALTER TABLE customers ADD COLUMN erased_at DATETIME(6) NULL;

-- Rows are deleted by age.
ALTER TABLE sync_runs ADD KEY ix_sync_runs_age (tenant_id, started_at);
ALTER TABLE account_audit ADD KEY ix_account_audit_age (tenant_id, changed_at);
ALTER TABLE login_addresses ADD KEY ix_login_addresses_age (last_at);
ALTER TABLE locks ADD KEY ix_locks_expiry (expires_at);
