insert into debts (account_id, order_id, entry_id, credits, open)
values (@accountId, @orderId, @entryId, @credits, @credits)
