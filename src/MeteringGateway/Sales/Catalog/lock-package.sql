-- Two changes of one package come one after the other.
select id from packages where id = @id for no key update
