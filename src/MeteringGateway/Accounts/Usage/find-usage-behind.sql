-- Which of the next accounts have entries that are not added up: what a gateway did not come to before it died, and the ledger from before
-- there was a roll-up. Answers how far it has looked as well.
select (select max(id) from (select id from accounts where id > @after order by id limit @page) as seen) as Last,
       array(
         select a.id
         from (select id, seq from accounts where id > @after order by id limit @page) a
         left join usage_progress p on p.account_id = a.id
         where a.seq > coalesce(p.seq, 0)
         order by a.id) as Behind;
