-- Workers that are sending hear at once when somebody may not be mailed any more, or when an issue is paused
-- (lib/deliveries/news.ts). Equal notifications of one transaction are told once. In the function's body a semicolon
-- is written \x3b: the engine that applies this file parts its statements at each semicolon, also within quotes.
CREATE FUNCTION tell_senders() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  PERFORM pg_notify(''masthead_senders'', '''')\x3b
  RETURN NULL\x3b
END
';

CREATE TRIGGER tell_senders_of_pause AFTER UPDATE OF "sendingPausedAt" ON "Issue"
  FOR EACH ROW WHEN (NEW."sendingPausedAt" IS NOT NULL AND OLD."sendingPausedAt" IS NULL)
  EXECUTE FUNCTION tell_senders();

CREATE TRIGGER tell_senders_of_change AFTER UPDATE OF status, email ON "Subscriber"
  FOR EACH ROW WHEN (OLD.status = 'CONFIRMED' AND (NEW.status <> 'CONFIRMED' OR NEW.email <> OLD.email))
  EXECUTE FUNCTION tell_senders();

CREATE TRIGGER tell_senders_of_erasure AFTER DELETE ON "Subscriber"
  FOR EACH ROW EXECUTE FUNCTION tell_senders();

CREATE TRIGGER tell_senders_of_suppression AFTER INSERT ON "Suppression"
  FOR EACH STATEMENT EXECUTE FUNCTION tell_senders();
