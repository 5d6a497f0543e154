-- emailKey null: all.
select count(*) from accounts where (@emailKey::text is null or email_key = @emailKey);

select id
from accounts
where (@emailKey::text is null or email_key = @emailKey)
order by id
limit @limit offset @offset
