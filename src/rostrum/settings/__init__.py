"""Django's settings, all read from the environment and the data folder. The reference page is generated from here."""

import os
from dataclasses import replace
from pathlib import Path

from csp.constants import NONE, SELF

from rostrum.settings.custody import custody_store, custody_vault
from rostrum.settings.database import database_from_url
from rostrum.settings.places import data_folder, secret_file
from rostrum.settings.sign_in import demo_sign_in, read_sign_in

DATA_FOLDER = data_folder()
# For its owner only: restricted messages and sealed log-ins lie in it.
DATA_FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
SECRET_KEY = secret_file("session-secret")
DEBUG = False

# Names under which the pages may be reached. Loopback always; others by name, separated by commas.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"] + [
    host for host in os.environ.get("ROSTRUM_HOSTS", "").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ROSTRUM_ORIGINS", "").split(",") if origin]
# Where the pages are reached, for links in mails that no request asks for.
PUBLIC_ADDRESS = os.environ.get("ROSTRUM_ADDRESS", "").rstrip("/")
BEHIND_TLS = os.environ.get("ROSTRUM_TLS", "") == "1"

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""), DATA_FOLDER)}
BLOBS_FOLDER = Path(os.environ.get("ROSTRUM_BLOBS", str(DATA_FOLDER / "blobs")))
LOG_FOLDER = DATA_FOLDER / "log"
KEYS_FOLDER = DATA_FOLDER / "keys"
# Where the key of custody lies: in a file of KEYS_FOLDER, or in an OpenBao or Vault server.
CUSTODY_STORE = custody_store()
CUSTODY_VAULT = custody_vault()
CUSTODY_VAULT_TRANSPORT = None

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rostrum.areas.jobs",
    "rostrum.areas.ledger",
    "rostrum.areas.duties",
    "rostrum.areas.people",
    "rostrum.areas.governance",
    "rostrum.areas.agenda",
    "rostrum.areas.channels",
    "rostrum.areas.archive",
    "rostrum.areas.publishing",
    "rostrum.areas.retention",
    "rostrum.areas.moderation",
    "rostrum.areas.disclosure",
    "rostrum.areas.assurance",
    "rostrum.areas.portal",
    "rostrum.worker",
    "rostrum.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rostrum.web.access.ClosedByDefaultMiddleware",
    "rostrum.web.errors.FormsAndPagesMiddleware",
    "rostrum.web.double_posting.OncePerFormMiddleware",
    "rostrum.web.errors.RefusalMiddleware",
]
ROOT_URLCONF = "rostrum.web.urls"
WSGI_APPLICATION = "rostrum.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "rostrum.web.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["rostrum.areas.people.sign_in.EmailBackend"]
# Scrypt at OWASP's figures (N=2^14, r=8, p=5): memory-hard as Argon2 is, and no further package (ADR 0605).
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "rostrum.areas.people.passwords.HardToGuess",
        "OPTIONS": {
            "words_from": [
                "rostrum.areas.governance.queries.names_of_the_body",
                "rostrum.areas.channels.queries.names_of_channels",
            ]
        },
    },
    {"NAME": "rostrum.areas.people.passwords.NotBreached"},
]
# A list of breached passwords that the body keeps itself: sorted lines SHA1[:count].
BREACHED_PASSWORDS = (
    Path(os.environ["ROSTRUM_BREACHED_PASSWORDS"]) if os.environ.get("ROSTRUM_BREACHED_PASSWORDS") else None
)
# A link to set a password works for a day, and once.
PASSWORD_RESET_TIMEOUT = 24 * 3600
LOGIN_URL = "sign-in"
CSRF_FAILURE_VIEW = "rostrum.web.errors.csrf_failure"

# Who needs a second factor, and which directories people may sign in with: a file, because it is read as a whole.
SIGN_IN = read_sign_in(
    Path(os.environ.get("ROSTRUM_SIGN_IN") or DATA_FOLDER / "sign-in.toml"),
    keys_folder=KEYS_FOLDER,
    must_exist=bool(os.environ.get("ROSTRUM_SIGN_IN")),
)
# The sample city's people need no second factor. Cannot be had together with a name under which others reach the pages.
DEMO_SIGN_IN = demo_sign_in(os.environ)
if DEMO_SIGN_IN:
    SIGN_IN = replace(SIGN_IN, required_for=frozenset())
# Areas cannot look up to where the body's name is kept: told by name, asked when needed.
NAME_OF_THE_BODY = "rostrum.areas.governance.queries.body_name"

SESSION_ENGINE = "rostrum.areas.people.session_store"
# However busy: a session ends after so many hours.
SESSION_LONGEST_HOURS = int(os.environ.get("ROSTRUM_SESSION_HOURS", "8"))
SESSION_COOKIE_AGE = SESSION_LONGEST_HOURS * 3600
# A session without a page for this long ends.
SESSION_IDLE_MINUTES = int(os.environ.get("ROSTRUM_IDLE_MINUTES", "30"))
SESSION_COOKIE_HTTPONLY = True
if BEHIND_TLS:
    # Browsers take such a cookie only over TLS, for this host and the whole site; no neighbour host can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
# Legal dates are civil dates in the body's own zone (records-and-law C5); pages show times in it.
LEGAL_TIME_ZONE = os.environ.get("ROSTRUM_TIME_ZONE", "America/Chicago")

STATIC_URL = "/static/"
STATICFILES_DIRS = [("vendor", str(Path(__file__).resolve().parents[1] / "web" / "vendor"))]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Mail goes to the console until a server is named (ROSTRUM_SMTP=host:port).
MAIL_SERVER = os.environ.get("ROSTRUM_SMTP", "")
MAIL_FROM = os.environ.get("ROSTRUM_MAIL_FROM", "rostrum@localhost")

# Whether documents whose address the body entered (a platform's terms) may be fetched from private networks too.
FETCHES_PRIVATE = os.environ.get("ROSTRUM_FETCH_PRIVATE", "") == "1"

LOGGING_CONFIG = None
