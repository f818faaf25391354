"""Routes of assurance and of the policy pages."""

from django.urls import path

from rostrum.areas.assurance import views

urlpatterns = [
    path("desk/assurance/", views.assurance, name="assurance"),
    path("desk/assurance/inventory.csv", views.inventory, name="assurance-inventory"),
    path("desk/policy/", views.policy, name="policy"),
    path("desk/policy/clauses/<str:clause_id>/", views.clause, name="policy-clause"),
]
