select value
from settings
where name = 'operator_token_sha256'
