update checkin_config
set enabled = @enabled, amount = @amount, streak_bonus = @streakBonus, max_streak_days = @maxStreakDays, updated_at = now()
