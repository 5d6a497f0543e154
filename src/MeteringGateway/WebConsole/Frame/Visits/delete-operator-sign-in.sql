delete from operator_sign_ins
where hash = @hash
