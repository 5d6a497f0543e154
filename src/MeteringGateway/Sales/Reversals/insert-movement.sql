insert into reversal_movements (entry_id, account_id, order_id, kind, credits, amount, retry_at, created_at)
values (@entryId, @accountId, @orderId, @kind, @credits, @amount, @retryAt, @now)
