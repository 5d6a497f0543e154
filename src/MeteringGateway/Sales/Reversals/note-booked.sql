update payment_reversals
set booked = @state
where channel = @channel and reversal_id = @reversalId
