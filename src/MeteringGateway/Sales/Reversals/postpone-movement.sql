update reversal_movements
set retry_at = @retryAt
where entry_id = @entryId and status = 'pending'
