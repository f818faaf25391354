"""Who is told what is owed, and when: the register of duties, handing over, reminders, escalation, calendars."""
