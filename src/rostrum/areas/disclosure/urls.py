"""Routes of records requests, for the custodian."""

from django.urls import path

from rostrum.areas.disclosure import views

_ONE = "desk/requests/<str:request_id>/"

urlpatterns = [
    path("desk/requests/", views.request_list, name="requests"),
    path("desk/requests/new/", views.new_request, name="request-new"),
    path(_ONE, views.request_page, name="request"),
    path(f"{_ONE}acknowledge/", views.acknowledge, name="request-acknowledge"),
    path(f"{_ONE}ask/", views.ask, name="request-ask"),
    path(f"{_ONE}heard/", views.heard, name="request-heard"),
    path(f"{_ONE}search/", views.search, name="request-search"),
    path(f"{_ONE}fee/", views.fee, name="request-fee"),
    path(f"{_ONE}prepaid/", views.prepaid, name="request-prepaid"),
    path(f"{_ONE}start-review/", views.start_review, name="request-start-review"),
    path(f"{_ONE}review/", views.review, name="request-review"),
    path(f"{_ONE}records/<str:record_id>/", views.record_page, name="request-record"),
    path(f"{_ONE}records/<str:record_id>/redact/", views.redact, name="request-redact"),
    path(f"{_ONE}redactions/<str:redaction_id>/second/", views.second, name="redaction-second"),
    path(f"{_ONE}redactions/<str:redaction_id>/drop/", views.drop, name="redaction-drop"),
    path(f"{_ONE}determination/", views.determination, name="request-determination"),
    path(f"{_ONE}produce/", views.produce, name="request-produce"),
    path(f"{_ONE}productions/<str:production_id>/", views.download, name="production-download"),
    path(f"{_ONE}close/", views.close, name="request-close"),
    path(f"{_ONE}withdraw/", views.withdraw, name="request-withdraw"),
]
