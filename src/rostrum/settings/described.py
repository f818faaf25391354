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
    "ROSTRUM_ADDRESS": About(
        "the address of the pages, for links in mails about duties",
        "mails hold no links",
        "https://social.wausau.example",
    ),
    "ROSTRUM_TLS": About("`1` when the pages are reached over TLS only: cookies are then marked secure", "off", "1"),
    "ROSTRUM_TIME_ZONE": About("the zone of legal dates and of times on pages", "`America/Chicago`", "America/Chicago"),
    "ROSTRUM_IDLE_MINUTES": About("minutes without a request after which a sign-in ends", "30", "15"),
    "ROSTRUM_SESSION_HOURS": About("hours after which a sign-in ends, however busy", "8", "10"),
    "ROSTRUM_SIGN_IN": About(
        "the file of sign-in settings: second factors, single sign-on",
        "`sign-in.toml` in the data folder",
        "/etc/sign-in.toml",
    ),
    "ROSTRUM_BREACHED_PASSWORDS": About(
        "a list of breached passwords to refuse: sorted lines `SHA1[:count]`", "none", "/srv/pwned-passwords.txt"
    ),
    "ROSTRUM_DEMO_SIGN_IN": About(
        "`1` lets everybody of a demonstration in without a second factor; refused beside hosts, origins or TLS",
        "off",
        "1",
    ),
    "ROSTRUM_OVERWRITE_MEMORY": About(
        "`0` lets `rostrum up` and the worker leave freed memory as it is: faster, and secrets stay readable in it",
        "freed memory is overwritten (glibc only)",
        "0",
    ),
    "ROSTRUM_CUSTODY": About("where the key of custody lies: `file` or `vault`", "a key file", "vault"),
    "ROSTRUM_VAULT_ADDRESS": About(
        "the OpenBao or Vault server with the key of custody", "none", "https://bao.city.example:8200"
    ),
    "ROSTRUM_VAULT_TOKEN_FILE": About(
        "the file with its token, read at every call", "`vault-token` in the working folder", "/run/rostrum/vault-token"
    ),
    "ROSTRUM_VAULT_MOUNT": About("where its transit engine is mounted", "`transit`", "city-transit"),
    "ROSTRUM_VAULT_KEY": About("the name of the key; KEY-marks is used beside it", "`rostrum-custody`", "social"),
    "ROSTRUM_VAULT_NAMESPACE": About("its namespace", "none", "city/"),
    "ROSTRUM_VAULT_CA": About("the certificate that signs the server's", "the system's own", "/etc/city-ca.pem"),
    "ROSTRUM_FETCH_PRIVATE": About(
        "`1` when platforms' terms may be fetched from addresses in private networks too", "public addresses only", "1"
    ),
    "ROSTRUM_SMTP": About("the mail server", "mail is printed on the console", "127.0.0.1:25"),
    "ROSTRUM_MAIL_FROM": About("the sender's address", "`rostrum@localhost`", "records@wausau.example"),
}
