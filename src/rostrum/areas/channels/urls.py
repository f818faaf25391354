"""Routes of the channels area."""

from django.urls import path

from rostrum.areas.channels import views

urlpatterns = [
    path("desk/channels/", views.channels, name="channels"),
    path("desk/channels/new", views.request_channel, name="channel-request"),
    path("desk/channels/<slug:slug>/", views.channel, name="channel"),
    path("desk/channels/<slug:slug>/approve", views.approve_channel, name="channel-approve"),
    path("desk/channels/<slug:slug>/decline", views.decline_channel, name="channel-decline"),
    path("desk/channels/<slug:slug>/open", views.open_channel, name="channel-open"),
    path("desk/channels/<slug:slug>/deposit", views.deposit_credential, name="channel-deposit"),
    path("desk/channels/<slug:slug>/describe", views.describe_channel, name="channel-describe"),
    path("desk/channels/<slug:slug>/rights", views.give_right, name="channel-give-right"),
    path("desk/channels/<slug:slug>/go-live", views.go_live, name="channel-go-live"),
    path("desk/channels/<slug:slug>/pause", views.pause_channel, name="channel-pause"),
    path("desk/channels/<slug:slug>/close", views.close_channel, name="channel-close"),
]
