"""The public's routes: nobody signs in here."""

from django.urls import path

from rostrum.areas.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("channels/", views.channel_directory, name="portal-channels"),
    path("channels/<slug:slug>/", views.channel, name="portal-channel"),
    path("channels.json", views.channel_directory_json, name="portal-channels-json"),
    path("policy/", views.policy, name="portal-policy"),
    path("rules/", views.comment_rules, name="portal-rules"),
    path("request/", views.file_request, name="portal-request"),
    path("request/follow/", views.follow, name="portal-follow"),
    path("request/follow/<str:code>/", views.followed, name="portal-followed"),
    path("request/follow/<str:code>/answer/", views.answer, name="portal-answer"),
    path("request/follow/<str:code>/productions/<str:production_id>/", views.production, name="portal-production"),
    path("verify/", views.verify, name="portal-verify"),
    path("verify/key", views.public_keys, name="portal-key"),
    path("verify/rostrum-verify.pyz", views.verifier, name="portal-verifier"),
    path("log/checkpoint", views.checkpoint, name="portal-checkpoint"),
    path("log/tile/<path:tile>", views.tile, name="portal-tile"),
]
