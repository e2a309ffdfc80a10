-- Which field of an order was changed from what to what, when and by whom; its states are in order_history. Values are
-- texts, cut to their column; user_id is NULL for the program itself.
CREATE TABLE IF NOT EXISTS order_changes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_id BIGINT NOT NULL,
    user_id INT NULL,
    field VARCHAR(64) CHARACTER SET ascii NOT NULL,
    old_value VARCHAR(500) NULL,
    new_value VARCHAR(500) NULL,
    date_add DATETIME(6) NOT NULL,
    KEY ix_order_changes_order (tenant_id, order_id, id),
    CONSTRAINT fk_order_changes_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
