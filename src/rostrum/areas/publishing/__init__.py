"""Drafts, checks, approvals, schedule, publishing, comparison and corrections."""
