select exists (
  select from reversal_movements
  where order_id = @orderId and status = 'pending' and kind in ('refund', 'dispute'))
