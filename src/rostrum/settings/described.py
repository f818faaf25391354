"""What each environment variable is for. The reference page is made from this; a check keeps it complete."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """One variable: its purpose, what holds without it, an example."""

    purpose: str
    default: str
    example: str


SETTINGS: dict[str, About] = {
    "ROSTRUM_DATA": About("the data folder: database, blobs, log, keys", "`./rostrum-data`", "/srv/rostrum"),
    "DATABASE_URL": About(
        "the database: SQLite in the data folder, or PostgreSQL",
        "SQLite",
        "postgresql://rostrum@127.0.0.1:5432/rostrum",
    ),
    "ROSTRUM_BLOBS": About("the folder of payloads and media", "`blobs` in the data folder", "/srv/rostrum-blobs"),
    "ROSTRUM_HOSTS": About(
        "names under which the pages are reached, separated by commas", "loopback only", "social.wausau.example"
    ),
    "ROSTRUM_ORIGINS": About(
        "full origins trusted for forms when a proxy ends TLS", "none", "https://social.wausau.example"
    ),
    "ROSTRUM_TLS": About("`1` when the pages are reached over TLS only: cookies are then marked secure", "off", "1"),
    "ROSTRUM_TIME_ZONE": About("the zone of legal dates and of times on pages", "`America/Chicago`", "America/Chicago"),
    "ROSTRUM_IDLE_MINUTES": About("minutes without a request after which a sign-in ends", "30", "15"),
    "ROSTRUM_SMTP": About("the mail server", "mail is printed on the console", "127.0.0.1:25"),
    "ROSTRUM_MAIL_FROM": About("the sender's address", "`rostrum@localhost`", "records@wausau.example"),
}
