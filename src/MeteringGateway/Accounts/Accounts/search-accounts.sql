-- Each branch is a look-up in an index and reads nothing where its parameter is null; but for the part of an email, which reads all
-- emails and is asked for three letters or more only.
with found as materialized (
  select id from accounts where id = @number
  union
  select id from accounts where email_key like @email_beginning
  union
  select id from accounts where email_key like @email_part
  union
  select id from accounts where email_key is null and lower(email) like coalesce(@email_part, @email_beginning)
  union
  select account_id from keys where prefix like @key_beginning
  union
  select account_id from ledger_entries where entry_id = @text
  union
  select account_id from refused_calls where request_id = @text
)
select (select count(*) from found) as Total,
       array(select id from found order by id limit @limit offset @offset) as Ids;
