-- invalidates: order:{tenant}:*, orders:any:{tenant}
-- States that were set here on orders of shops; each order's are pushed in the order of their ids. status: pending,
-- done, failed or cancelled. change_id: the row of order_history. refusals: how often the shop refused it; deferrals:
-- how often the attempt was put off for another reason. seen_history_id: the last row that the shop's history had before
-- the attempt that began at attempted_at, whose outcome is unknown while that is set. One node at a time works at a row,
-- under a lease by the server's clock.
CREATE TABLE IF NOT EXISTS order_state_pushes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    state_id INT NOT NULL,
    change_id BIGINT NULL,
    status VARCHAR(16) CHARACTER SET ascii NOT NULL DEFAULT 'pending',
    refusals INT NOT NULL DEFAULT 0,
    error VARCHAR(500) NULL,
    created_at DATETIME(6) NOT NULL,
    pushed_at DATETIME(6) NULL,
    deferrals INT NOT NULL DEFAULT 0,
    seen_history_id BIGINT NULL,
    attempted_at DATETIME(6) NULL,
    next_attempt_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    lease_token CHAR(32) CHARACTER SET ascii NULL,
    lease_until DATETIME(6) NULL,
    UNIQUE KEY uq_order_state_pushes_tenant_id (tenant_id, id),
    KEY ix_order_state_pushes_order (tenant_id, order_id, id),
    KEY ix_order_state_pushes_status (status, tenant_id, order_id, id),
    KEY ix_order_state_pushes_lease (lease_token),
    CONSTRAINT fk_order_state_pushes_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CONSTRAINT fk_order_state_pushes_state FOREIGN KEY (tenant_id, state_id) REFERENCES order_states (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- state_push_id: the push of the order's state, unless it was cancelled. state_pushed_at: when the shop took a state that
-- was set here, by the shop's clock.
ALTER TABLE orders ADD COLUMN state_push_id BIGINT NULL;
ALTER TABLE orders ADD COLUMN state_pushed_at DATETIME(6) NULL;

-- The longest that one request goes on in the shop: PHP's max_execution_time.
ALTER TABLE shops ADD COLUMN max_execution_seconds INT NOT NULL DEFAULT 60;

-- What waited for a push before there was any: the merchant decides whether it is pushed now.
INSERT INTO order_state_pushes (tenant_id, order_id, state_id, status, error, created_at)
SELECT o.tenant_id, o.id, o.state_id, 'failed', 'Set before states were pushed to shops: push it again, or cancel it.',
       UTC_TIMESTAMP(6)
FROM orders o
WHERE o.state_pending = 1 AND o.shop_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM order_state_pushes p WHERE p.tenant_id = o.tenant_id AND p.order_id = o.id);
UPDATE orders o JOIN order_state_pushes p ON p.tenant_id = o.tenant_id AND p.order_id = o.id
SET o.state_push_id = p.id, o.row_version = o.row_version + 1
WHERE o.state_push_id IS NULL;
