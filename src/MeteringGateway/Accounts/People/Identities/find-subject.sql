select account_id
from oauth_subjects
where issuer = @issuer
  and subject = @subject
