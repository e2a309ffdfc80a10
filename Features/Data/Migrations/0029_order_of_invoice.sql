-- order_content: what an invoice was made from, as fingerprints of the order's amounts, lines and parties; an order
-- that has others was changed since. Null for credit notes, and for invoices that were made before.
ALTER TABLE invoices ADD COLUMN order_content VARCHAR(64) CHARACTER SET ascii NULL AFTER request;
