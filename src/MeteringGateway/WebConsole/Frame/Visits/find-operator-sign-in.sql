select token_hash
from operator_sign_ins
where hash = @hash
  and expires_at > @now
