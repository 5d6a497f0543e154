-- Which key a secret is of; says nothing about whether it may still be used.
select k.id         as KeyId,
       k.account_id as AccountId,
       k.mode = 'live' as Live,
       s.version    as SecretVersion
from key_secrets s
join keys k on k.id = s.key_id
where s.hash = @hash
