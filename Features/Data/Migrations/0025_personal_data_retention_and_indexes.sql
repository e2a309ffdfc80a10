-- erased_at: when the personal data of the customer were erased; a synchronisation does not bring them back.
ALTER TABLE customers ADD COLUMN erased_at DATETIME(6) NULL;

-- Rows are deleted by age.
ALTER TABLE sync_runs ADD KEY ix_sync_runs_age (tenant_id, started_at);
ALTER TABLE account_audit ADD KEY ix_account_audit_age (tenant_id, changed_at);
ALTER TABLE login_addresses ADD KEY ix_login_addresses_age (last_at);
ALTER TABLE locks ADD KEY ix_locks_expiry (expires_at);

-- Lists of orders count all that match a filter: from an index alone when it holds the filters and the deletion.
ALTER TABLE orders ADD KEY ix_orders_state_shop_day (tenant_id, state_id, shop_id, local_date, deleted_at);
ALTER TABLE orders DROP KEY ix_orders_state;
ALTER TABLE orders ADD KEY ix_orders_shop_day (tenant_id, shop_id, local_date, deleted_at);
ALTER TABLE orders ADD KEY ix_orders_day (tenant_id, local_date, deleted_at, shop_id, state_id);
ALTER TABLE orders DROP KEY ix_orders_local_date;

-- Sums of taxes read the lines of all orders of a range.
ALTER TABLE order_lines
    ADD KEY ix_order_lines_vat (tenant_id, order_id, vat_rate, total_price_tax_excl, total_price_tax_incl);
ALTER TABLE order_lines DROP KEY ix_order_lines_order;
