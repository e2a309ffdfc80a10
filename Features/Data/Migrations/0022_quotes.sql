-- The last number of each series of documents, by tenant, kind and year. A number is taken under the lock of its row,
-- in the transaction that stores the document, so a series has no gaps and its moments never go back.
CREATE TABLE IF NOT EXISTS document_numbers (
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    year INT NOT NULL,
    last_number INT NOT NULL,
    last_at DATETIME(6) NOT NULL,
    PRIMARY KEY (tenant_id, kind, year),
    CONSTRAINT fk_document_numbers_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Amounts as in orders. year and number: a series of its own for each tenant and year; reference shows both.
-- local_date: the day of date_add in the zone of the shop. order_id: the order that the quote became.
CREATE TABLE IF NOT EXISTS quotes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    row_version BIGINT NOT NULL DEFAULT 1,
    year INT NOT NULL,
    number INT NOT NULL,
    reference VARCHAR(32) NOT NULL,
    local_date DATE NOT NULL,
    valid_until DATE NULL,
    customer_id BIGINT NOT NULL,
    address_delivery_id BIGINT NULL,
    address_invoice_id BIGINT NULL,
    carrier_id INT NULL,
    lang_id INT NULL,
    payment VARCHAR(255) NULL,
    currency CHAR(3) CHARACTER SET ascii NOT NULL DEFAULT 'EUR',
    carrier_tax_rate DECIMAL(6,3) NOT NULL DEFAULT 22.000,
    total_products DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_products_wt DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_discounts DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_discounts_tax_excl DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_shipping DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_shipping_tax_excl DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_paid DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    total_paid_tax_excl DECIMAL(20,2) NOT NULL DEFAULT 0.00,
    is_invoice_requested TINYINT(1) NOT NULL DEFAULT 0,
    notes TEXT NULL,
    assigned_to INT NULL,
    created_by INT NULL,
    order_id BIGINT NULL,
    converted_at DATETIME(6) NULL,
    converted_by INT NULL,
    date_add DATETIME(6) NOT NULL,
    date_upd DATETIME(6) NOT NULL,
    deleted_at DATETIME(6) NULL,
    UNIQUE KEY uq_quotes_tenant_id (tenant_id, id),
    UNIQUE KEY uq_quotes_number (tenant_id, year, number),
    UNIQUE KEY uq_quotes_order (tenant_id, order_id),
    KEY ix_quotes_date_add (tenant_id, date_add),
    KEY ix_quotes_local_date (tenant_id, local_date),
    KEY ix_quotes_customer (tenant_id, customer_id),
    KEY ix_quotes_address_delivery (tenant_id, address_delivery_id),
    KEY ix_quotes_address_invoice (tenant_id, address_invoice_id),
    CONSTRAINT fk_quotes_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    CONSTRAINT fk_quotes_address_delivery FOREIGN KEY (tenant_id, address_delivery_id)
        REFERENCES addresses (tenant_id, id),
    CONSTRAINT fk_quotes_address_invoice FOREIGN KEY (tenant_id, address_invoice_id)
        REFERENCES addresses (tenant_id, id),
    CONSTRAINT fk_quotes_carrier FOREIGN KEY (tenant_id, carrier_id) REFERENCES carriers (tenant_id, id),
    CONSTRAINT fk_quotes_lang FOREIGN KEY (tenant_id, lang_id) REFERENCES langs (tenant_id, id),
    CONSTRAINT fk_quotes_order FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- Lines belong to their quote: its row_version covers them.
CREATE TABLE IF NOT EXISTS quote_lines (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    quote_id BIGINT NOT NULL,
    product_id BIGINT NULL,
    product_name VARCHAR(255) NOT NULL,
    product_reference VARCHAR(64) NULL,
    product_quantity INT NOT NULL,
    unit_price_tax_excl DECIMAL(20,6) NOT NULL,
    unit_price_tax_incl DECIMAL(20,6) NOT NULL,
    vat_rate DECIMAL(6,3) NOT NULL,
    reduction_percent DECIMAL(6,3) NOT NULL DEFAULT 0.000,
    total_price_tax_excl DECIMAL(20,2) NOT NULL,
    total_price_tax_incl DECIMAL(20,2) NOT NULL,
    KEY ix_quote_lines_quote (tenant_id, quote_id, id),
    KEY ix_quote_lines_product (tenant_id, product_id),
    CONSTRAINT fk_quote_lines_quote FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id),
    CONSTRAINT fk_quote_lines_product FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
