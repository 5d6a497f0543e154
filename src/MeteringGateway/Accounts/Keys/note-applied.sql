update keys
set applied_version = greatest(applied_version, @version)
where id = @id
