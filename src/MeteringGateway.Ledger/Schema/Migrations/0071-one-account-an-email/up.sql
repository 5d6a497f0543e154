-- One key for all spellings of an email (EmailAddress.KeyOf), made by the gateway: lower() goes by the locale that the database has.
-- Here only for what is plain ASCII, where the key is the text in small letters; the gateway makes the others before it serves.

alter table accounts add column email_key text null;
comment on column accounts.email_key is 'The same for every spelling of the email. Null: not made yet, or an older account has it.';

update accounts a
set email_key = first.email_key
from (
  select distinct on (translate(email, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'))
         id, translate(email, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') as email_key
  from accounts
  where octet_length(email) = length(email)
    and position('xn--' in translate(email, 'XN', 'xn')) = 0
  order by 2, id
) first
where a.id = first.id;

create unique index accounts_email_key on accounts (email_key);

-- Codes are letters, digits, - and _, so that the C locale knows all their capitals; another may not (the Turkish i).
drop index coupons_code;
create unique index coupons_code on coupons (upper(code collate "C"));
