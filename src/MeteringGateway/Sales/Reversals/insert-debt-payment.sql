insert into debt_payments (entry_id, debt_id, credits)
values (@entryId, @debtId, @credits)
