select enabled, amount, streak_bonus as StreakBonus, max_streak_days as MaxStreakDays
from checkin_config
