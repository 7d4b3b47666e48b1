"""Settings: one file, the same code everywhere. What differs between machines is an environment variable.

The `Env(...)` declaration below is the table of contents for operators; `.env.example` says each in a sentence.
"""

import os
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse_lazy
from environ import Env, ImproperlyConfigured

from portal import media_storage, response_headers, shared_cache

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(
    # name = (type, default); SECRET_KEY alone has no default
    ADMIN_EMAILS=(list, []),
    ADMIN_PATH=(str, "admin/"),
    ALLOWED_HOSTS=(list, ["127.0.0.1", "localhost"]),
    CACHE_URL=(str, "locmemcache://"),
    CONTACT_EMAIL=(str, ""),
    CSRF_TRUSTED_ORIGINS=(list, []),
    DATA_LICENCE=(str, "CC BY 4.0"),
    DATA_LICENCE_URL=(str, "https://creativecommons.org/licenses/by/4.0/"),
    DATABASE_URL=(str, f"sqlite:///{BASE_DIR / 'var' / 'portal.sqlite3'}"),
    DEBUG=(bool, False),
    DISTRICT=(str, "baoshan"),
    EMAIL_URL=(str, "consolemail://"),
    ENQUIRY_REPLY_DAYS=(int, 5),
    ENQUIRY_RETENTION_MONTHS=(int, 24),
    HTTPS=(bool, False),
    LOG_FORMAT=(str, "line"),
    LOG_LEVEL=(str, "INFO"),
    MEDIA_ROOT=(str, str(BASE_DIR / "var" / "media")),
    MEDIA_STORAGE=(str, ""),
    METRICS_TOKEN=(str, ""),
    OCDS_PREFIX=(str, "local"),
    PAGE_CACHE_MB=(int, 32),
    PUBLISHER_EN=(str, ""),
    PUBLISHER_ZH_HANS=(str, ""),
    QUERIES_PER_MINUTE=(int, 600),
    REQUESTS_AT_ONCE=(int, 4),
    REQUESTS_WAITING=(int, 16),
    REQUESTS_WAIT_SECONDS=(int, 5),
    SECOND_FACTOR=(str, "optional"),
    SECRET_KEY=(str, Env.NOTSET),
    SITE_NAME_EN=(str, "Baoshan Invest"),
    SITE_NAME_ZH_HANS=(str, "投资宝山"),
    SITE_URL=(str, "http://127.0.0.1:8000"),
    SLOW_QUERY_MS=(float, 0),
    STATIC_ROOT=(str, str(BASE_DIR / "var" / "static")),
    TIME_ZONE=(str, "Asia/Shanghai"),
    TRUSTED_PROXIES=(int, 0),
    UPLOADS_BY_NGINX=(bool, False),
)
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")


def read(name, kind=env):
    """The value of a variable that the portal cannot start without; if it is wrong, one sentence to the operator."""
    try:
        with warnings.catch_warnings(action="ignore"):
            value = kind(name)
        if not value:
            raise ImproperlyConfigured("it is empty or has no known form")
        if kind == env.db and value["ENGINE"].rpartition(".")[2] not in ("sqlite3", "postgresql"):
            raise ImproperlyConfigured("the portal runs on sqlite:// and postgres:// alone")
    except (ImproperlyConfigured, ValueError) as problem:
        sys.exit(f"The portal cannot start because of {name}: {problem}. `.env.example` describes every variable.")
    return value


SECRET_KEY = read("SECRET_KEY")
DATABASES = {"default": read("DATABASE_URL", env.db)}
CACHES = {"default": shared_cache.settled(read("CACHE_URL", env.cache))}
vars().update(read("EMAIL_URL", env.email))

DEBUG = env("DEBUG")
ENVIRONMENT = {name: os.environ.get(name) for name in env.scheme}
PAGE_CACHE_MB = max(read("PAGE_CACHE_MB", lambda name: env(name) or -1), 0)  # 0 keeps nothing
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
SITE_URL = env("SITE_URL").rstrip("/")
SITE_NAMES = {"en": env("SITE_NAME_EN"), "zh-hans": env("SITE_NAME_ZH_HANS")}
PUBLISHERS = {"en": env("PUBLISHER_EN"), "zh-hans": env("PUBLISHER_ZH_HANS")}
CONTACT_EMAIL = env("CONTACT_EMAIL")
ENQUIRY_REPLY_DAYS = max(read("ENQUIRY_REPLY_DAYS"), 1)  # working days
ENQUIRY_RETENTION_MONTHS = max(read("ENQUIRY_RETENTION_MONTHS"), 1)
DATA_LICENCE, DATA_LICENCE_URL = env("DATA_LICENCE"), env("DATA_LICENCE_URL")
OCDS_PREFIX = env("OCDS_PREFIX")  # of agreements in the Open Contracting Data Standard
DISTRICT = env("DISTRICT")  # the slug of the place that /district/ opens on
ADMIN_PATH = env("ADMIN_PATH").strip("/") + "/"
UPLOADS_BY_NGINX = env("UPLOADS_BY_NGINX")
DEFAULT_FROM_EMAIL = CONTACT_EMAIL or f"portal@{urlsplit(SITE_URL).hostname or 'localhost'}"
EMAIL_TIMEOUT = 10  # seconds that a page waits for the mail server
ADMINS = [("", address) for address in env("ADMIN_EMAILS")]  # who is told of faults
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = f"[{urlsplit(SITE_URL).hostname or 'portal'}] "

INSTALLED_APPS = [
    "events",
    "companies",
    "portal",
    "portal.history",
    "portal.page_cache",
    "portal.search",
    "portal.desk.apps.DeskConfig",
    "simple_history",
    "django_prose_editor",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "portal.sign_in",  # after the packages whose lists it takes off the desk
    "translated_fields",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "portal.observability.requests.RememberRequest",
    "portal.response_headers.ResponseHeaders",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.hostile_requests.RefuseMalformedRequests",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.sign_in.sessions.StaffSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "portal.crawlers.CrawlerLimit",
    "portal.page_cache.keeping.Keeping",
    "portal.desk.previews.Previews",
    "portal.redirects.Redirects",
    "portal.corrections.Tombstones",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.page_context.site",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that templates/ overrides those of widgets, too

# Database. SQLite is a full citizen: write-ahead log, write locks taken at BEGIN and a patient wait for them, so that
# editors who save at the same moment queue instead of failing. What was answered is on the disk (synchronous=FULL):
# with NORMAL, which saves a millisecond or so of each save, a power cut may take back the last ones.
DATABASES["default"] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, **DATABASES["default"]}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["ENGINE"] = "portal.lent_sqlite"
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # pytest-django gives it to Django's own backend alone
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    # Compiling the long queries of the filters just in time takes five times as long as running them.
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["options"] = f"-c jit=off {options.get('options', '')}".strip()
    options.setdefault("connect_timeout", 5)  # seconds
    options.setdefault("application_name", "portal")

# Languages: one address prefix and one column per translated text each. Adding one is a migration.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = env("TIME_ZONE")
USE_TZ = True

# Static files and uploads
STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT")
MEDIA_URL = "media/"
MEDIA_ROOT = env("MEDIA_ROOT")
STORAGES = {
    **read("MEDIA_STORAGE", lambda name: media_storage.storages_at(env(name))),
    "staticfiles": {"BACKEND": "portal.static_files.BundledStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
FIXTURE_DIRS = [BASE_DIR / "fixtures"]  # `loaddata district meilan_lake`
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Safety
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = env("HTTPS")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env("HTTPS") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env("HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env("HTTPS") else None
SECURE_REFERRER_POLICY = response_headers.HEADERS["Referrer-Policy"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # not for pages in frames: `portal.response_headers` says which
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # an editor's choice of language for the desk
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # the form for enquiries is the one page that gives visitors a cookie: until they leave
X_FRAME_OPTIONS = response_headers.HEADERS["X-Frame-Options"]
CONTENT_SECURITY_POLICY = {"DIRECTIVES": response_headers.POLICY}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in of staff
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
TRUSTED_PROXIES = max(env("TRUSTED_PROXIES"), 0)
SECOND_FACTOR = read("SECOND_FACTOR", lambda name: env(name) in ("optional", "required") and env(name))
SESSION_COOKIE_AGE = 12 * 3600  # after the last request; `portal.sign_in.sessions` knows the longest
OTP_TOTP_ISSUER = SITE_NAMES["en"]  # how the app on the phone calls the portal
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "portal.sign_in.passwords.ToldByMail"},
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
SIGN_IN_LIMITS = [5, 20, 20]  # failed sign-ins, counted in each of these ways
AXES_FAILURE_LIMIT = SIGN_IN_LIMITS[0]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "portal.sign_in.throttle.Throttle"
AXES_CLIENT_IP_CALLABLE = "portal.client_address.client_network"
AXES_USERNAME_CALLABLE = "portal.sign_in.throttle.digest_of_name"
AXES_LOCKOUT_CALLABLE = "portal.sign_in.throttle.refused"
AXES_SENSITIVE_PARAMETERS = ["username", "code", "csrfmiddlewaretoken", "email"]  # never stored or logged
AXES_DISABLE_ACCESS_LOG = True  # the list of signed-in devices says who is here
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How much may happen at once: `portal.shedding`, `portal.crawlers`
REQUESTS_AT_ONCE = max(read("REQUESTS_AT_ONCE"), 1)
REQUESTS_WAITING = max(read("REQUESTS_WAITING", lambda name: env(name) or -1), 0)
REQUESTS_WAIT_SECONDS = max(read("REQUESTS_WAIT_SECONDS"), 1)
QUERIES_PER_MINUTE = max(read("QUERIES_PER_MINUTE", lambda name: env(name) or -1), 0)  # 0 sets no limit

# What operators learn: `portal.observability`
METRICS_TOKEN = env("METRICS_TOKEN")
SLOW_QUERY_MS = max(read("SLOW_QUERY_MS", lambda name: env(name) or -1), 0)  # 0 measures nothing
LOG_FORMAT = read("LOG_FORMAT", lambda name: env(name) in ("line", "json") and env(name))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "portal.observability.log_lines.LineFormatter"},
        "json": {"()": "portal.observability.log_lines.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "mail": {"class": "portal.observability.error_mail.ErrorMail"},
    },
    "root": {"handlers": ["console", *(["mail"] if ADMINS else [])], "level": env("LOG_LEVEL")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # every scanner is one; it got its 400
    },
}
