-- The coupon is locked. One use, the intent and the claimant are written together.
update coupons
set uses = uses + 1
where id = @couponId;

insert into rewards (entry_id, account_id, credits, entry_type, description)
values (@entryId, @accountId, @credits, 'coupon', @description);

insert into coupon_redemptions (coupon_id, account_id, person_id, entry_id)
values (@couponId, @accountId, @personId, @entryId);

select entry_id as EntryId, account_id as AccountId, credits, entry_type as EntryType, description, status, balance_after as BalanceAfter,
  created_at as CreatedAt
from rewards
where entry_id = @entryId
