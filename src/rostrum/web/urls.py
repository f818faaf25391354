"""All routes. Staff pages lie under /desk/, the public's at the root. Each area lists its own in its `urls.py`."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from rostrum.web import views

_AREAS = [name for name in settings.INSTALLED_APPS if name.startswith("rostrum.areas.")]

urlpatterns = [
    path("desk/", views.today_page, name="today"),
    path("health", views.health, name="health"),
    *(path("", include(f"{area}.urls")) for area in _AREAS if find_spec(f"{area}.urls")),
]
handler400 = "rostrum.web.errors.bad_request"
handler403 = "rostrum.web.errors.permission_denied"
handler404 = "rostrum.web.errors.not_found"
handler500 = "rostrum.web.errors.server_error"
