-- Free credits are a person's, not a wallet's: whoever shares fifteen teams checks in once a day and redeems a coupon once.
-- Who it was that came for a team before is not known; the team stands for it.

alter table check_ins add column person_id bigint null references accounts;
update check_ins set person_id = account_id;
alter table check_ins alter column person_id set not null;
create unique index check_ins_person on check_ins (person_id, day);
comment on table check_ins is 'One a day for each wallet and for each person, whatever wallets the person shares; the day is PostgreSQL''s in UTC.';

alter table coupon_redemptions add column person_id bigint null references accounts;
update coupon_redemptions set person_id = account_id;
alter table coupon_redemptions alter column person_id set not null;
create unique index coupon_redemptions_person on coupon_redemptions (coupon_id, person_id);
