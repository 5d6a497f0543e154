insert into audit (actor, action, target, before, after)
values (@actor, @action, @target, cast(@before as jsonb), cast(@after as jsonb))
