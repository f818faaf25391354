"""The public's routes: nobody signs in here."""

from django.urls import path

from rostrum.areas.portal.views import api, pages, registry

urlpatterns = [
    path("", pages.home, name="home"),
    path("channels/", registry.channel_directory, name="portal-channels"),
    path("channels/changes.atom", registry.changes_atom, name="portal-changes-atom"),
    path("channels/changes.json", registry.changes_json, name="portal-changes-json"),
    path("channels/registry.json", registry.signed_registry, name="portal-registry"),
    path("channels/<slug:slug>/", registry.channel, name="portal-channel"),
    path("channels/<slug:slug>/badge.svg", registry.badge, name="portal-badge"),
    path("check/", registry.check, name="portal-check"),
    path(".well-known/trust.txt", registry.trust_txt, name="portal-trust"),
    path("api/v1/openapi.json", api.openapi, name="api-openapi"),
    path("api/v1/channels", api.channels, name="api-channels"),
    path("api/v1/channels/verify", api.verify, name="api-verify"),
    path("api/v1/channels/<str:channel_id>", api.channel, name="api-channel"),
    path("policy/", pages.policy, name="portal-policy"),
    path("rules/", pages.comment_rules, name="portal-rules"),
    path("request/", pages.file_request, name="portal-request"),
    path("request/follow/", pages.follow, name="portal-follow"),
    path("request/follow/<str:code>/", pages.followed, name="portal-followed"),
    path("request/follow/<str:code>/answer/", pages.answer, name="portal-answer"),
    path("request/follow/<str:code>/productions/<str:production_id>/", pages.production, name="portal-production"),
    path("verify/", pages.verify, name="portal-verify"),
    path("verify/key", pages.public_keys, name="portal-key"),
    path("verify/rostrum-verify.pyz", pages.verifier, name="portal-verifier"),
    path("log/checkpoint", pages.checkpoint, name="portal-checkpoint"),
    path("log/tile/<path:tile>", pages.tile, name="portal-tile"),
]
