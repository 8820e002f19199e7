-- Statistics of the ledger are taken at once instead of bit by bit: for as long as that lasts, no dead entry of its
-- indexes can be passed over, and every claim of an issue that is being sent reads all of them.
ALTER TABLE "Delivery" SET (autovacuum_vacuum_cost_delay = 0);
