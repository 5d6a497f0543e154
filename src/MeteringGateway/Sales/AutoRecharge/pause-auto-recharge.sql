update auto_recharge
set paused_until = @until, last_refusal = @refusal
where account_id = @accountId
