update webhook_deliveries
set status = 'pending', attempts = 0, next_attempt_at = now(), last_error = null, settled_at = null
where notice_id = @id and status = 'dead'
