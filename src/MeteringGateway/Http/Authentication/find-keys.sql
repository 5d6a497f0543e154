-- Which keys secrets are of; says nothing about whether they may still be used.
select s.hash       as Hash,
       k.id         as KeyId,
       k.account_id as AccountId,
       k.mode = 'live' as Live,
       s.version    as SecretVersion
from key_secrets s
join keys k on k.id = s.key_id
where s.hash = any(@hashes)
