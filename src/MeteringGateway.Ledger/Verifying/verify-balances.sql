select id, credit_balance from accounts where id > @after order by id limit @limit;
