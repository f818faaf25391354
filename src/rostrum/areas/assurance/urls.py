"""Routes of assurance and of the policy pages."""

from django.urls import path

from rostrum.areas.assurance.views import clauses, reviews

urlpatterns = [
    path("desk/assurance/", clauses.assurance, name="assurance"),
    path("desk/assurance/inventory.csv", clauses.inventory, name="assurance-inventory"),
    path("desk/assurance/reviews/", reviews.reviews, name="reviews"),
    path("desk/assurance/reviews/new", reviews.open_review, name="review-new"),
    path("desk/assurance/reviews/<str:review_id>/", reviews.review, name="review"),
    path("desk/assurance/reviews/<str:review_id>/sample/<int:position>", reviews.judge_sample, name="review-judge"),
    path("desk/assurance/reviews/<str:review_id>/end", reviews.end_interval, name="review-end-interval"),
    path("desk/assurance/readings/", reviews.readings, name="readings"),
    path("desk/assurance/readings/new", reviews.open_reading, name="reading-new"),
    path("desk/assurance/readings/<str:reading_id>/", reviews.reading, name="reading"),
    path("desk/policy/", clauses.policy, name="policy"),
    path("desk/policy/clauses/<str:clause_id>/", clauses.clause, name="policy-clause"),
]
