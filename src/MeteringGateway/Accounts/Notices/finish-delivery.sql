-- Only the attempt that holds the lease: a slow attempt must not overwrite what a later one found out.
update webhook_deliveries
set status          = @status,
    next_attempt_at = now() + make_interval(secs => @pauseSeconds),
    last_error      = @error,
    settled_at      = case when @status <> 'pending' then now() end
where notice_id = @id and attempts = @attempts and status = 'pending'
