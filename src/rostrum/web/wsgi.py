"""The WSGI application that a web server runs, with the product's logging."""

import os

from django.core.wsgi import get_wsgi_application

from rostrum.connectors.process import forget_when_asked, leave_no_core_dump
from rostrum.web.logging import configure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
configure()
application = get_wsgi_application()
leave_no_core_dump()
forget_when_asked()
