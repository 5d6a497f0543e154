select count(*) from audit;

select id, actor, action, target, before::text as Before, after::text as After, occurred_at as OccurredAt
from audit
order by id desc
limit @limit offset @offset
