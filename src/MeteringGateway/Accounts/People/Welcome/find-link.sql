select l.account_id as AccountId, a.email as Email, a.full_name as FullName, a.status = 'active' as IsActive, l.expires_at as ExpiresAt
from welcome_links l
join accounts a on a.id = l.account_id
where l.hash = @hash and l.expires_at > @now
