-- Two changes come one after the other, each on top of the other's result.
select enabled, amount, streak_bonus as StreakBonus, max_streak_days as MaxStreakDays
from checkin_config
for update
