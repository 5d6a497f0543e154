update debt_payments
set credits = credits + @by
where entry_id = @entryId and debt_id = @debtId
