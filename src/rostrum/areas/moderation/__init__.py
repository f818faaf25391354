"""Assessments of comments against closed grounds, removals with their evidence, restorations."""
