insert into key_secrets (hash, key_id, version)
values (@hash, @keyId, @version)
