-- When a file of which it is not known whether it was sent is looked up at the provider next, by the server's clock;
-- null: at once. One node at a time moves it on and looks.
ALTER TABLE invoice_files ADD COLUMN next_lookup_at DATETIME(6) NULL;
ALTER TABLE invoice_files ADD KEY ix_invoice_files_lookup (outcome, next_lookup_at);
