update orders
set attempts = attempts + 1, retry_at = @retryAt
where id = @id and status in ('pending', 'paid')
