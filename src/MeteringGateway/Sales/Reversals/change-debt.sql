update debts
set open = open + @by
where id = @id
