"""All settings, environment first. README.md has the table of every variable."""

from __future__ import annotations

import socket
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ocrsite.cores import owned_cores
from ocrsite.env import database_from, env_bool, env_choice, env_int, env_list, env_text, secret_key
from ocrsite.sockets import socket_path

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_text("DATA_DIR", str(BASE_DIR / "var"))).resolve()

# --- the site -------------------------------------------------------------------------------------------------
DEBUG = env_bool("DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR)
HOST = env_text("HOST", "127.0.0.1")
PORT = env_int("PORT", 8000, least=1)
# This machine itself always: health checks ask there.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *env_list("ALLOWED_HOSTS", [socket.gethostname(), HOST])]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])
ADMIN_PATH = env_text("ADMIN_PATH", "admin").strip("/") + "/"
HTTPS = env_bool("HTTPS", False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_rq",
    "ninja",
    "documents",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "ocrsite.urls"
WSGI_APPLICATION = "ocrsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["documents.templatetags.marks"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "documents.views.context.system_state",
            ],
        },
    },
]

# --- database: PostgreSQL by DATABASE_URL, else SQLite for several processes -----------------------------------------
# IMMEDIATE: a deferred transaction that reads and then writes fails at once with "database is locked" whatever the
# timeout. FULL: a document answered for must survive a power cut. ATOMIC_REQUESTS stays off, because every atomic
# block takes the one write lock.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "db.sqlite3",
        # Kept as PostgreSQL's are: what a connection has read stays in its memory, and none is opened per request.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA journal_size_limit=67108864;"
                "PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY"
            ),
        },
    }
}
if DATABASE_URL := env_text("DATABASE_URL"):
    DATABASES = {"default": database_from(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people ---------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "library"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = env_int("LOGIN_ATTEMPTS", 5, least=1)
AXES_COOLOFF_TIME = 0.25  # hours: long enough to stop guessing, short enough that nobody calls the admin
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- security -------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 0)
SECURE_SSL_REDIRECT = HTTPS and env_bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- language, time, static files -------------------------------------------------------------------------------
LANGUAGE_CODE = env_text("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env_text("TIME_ZONE", "UTC")
USE_I18N = USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "file_permissions_mode": 0o640},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- uploads --------------------------------------------------------------------------------------------------
INCOMING_DIR = DATA_DIR / "incoming"  # on the same file system as the originals, so that a rename is atomic
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "documents.views.upload_limit.LimitedUpload",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # in one request of a browser without scripts; with them it is one file each
MAX_UPLOAD_BYTES = env_int("MAX_UPLOAD_MB", 500, least=1) * 1024 * 1024
MAX_PAGES = env_int("MAX_PAGES", 20_000, least=1)
MAX_PIXELS = env_int("MAX_MEGAPIXELS", 200, least=1) * 1_000_000
MIN_FREE_BYTES = env_int("MIN_FREE_MB", 2048) * 1024 * 1024
RENDER_DPI = env_int("RENDER_DPI", 300, least=72)

# --- a folder that scanners write into ---------------------------------------------------------------------------
WATCH_DIR = Path(env_text("WATCH_DIR")).resolve() if env_text("WATCH_DIR") else None
WATCH_OWNER = env_text("WATCH_OWNER")
WATCH_PRIVATE = env_bool("WATCH_PRIVATE", False)
WATCH_TAGS = env_list("WATCH_TAGS", [])
WATCH_SECONDS = env_int("WATCH_SECONDS", 2, least=1)

# --- queue ----------------------------------------------------------------------------------------------------
REDIS_SOCKET = socket_path(DATA_DIR / "redis" / "redis.sock")
OWN_REDIS = not env_text("REDIS_URL")
REDIS_URL = env_text("REDIS_URL", f"unix://{REDIS_SOCKET}?db=0")
_QUEUE = {
    "URL": REDIS_URL,
    "SERIALIZER": "rq.serializers.JSONSerializer",
    "JOB_CLASS": "documents.queues.PageJob",
    "DEFAULT_TIMEOUT": 900,
}
RQ_QUEUES = {name: dict(_QUEUE) for name in ("look", "interactive", "bulk", "correct", "export")}
RQ = {"COMMIT_MODE": "auto", "JOB_CLASS": "documents.queues.PageJob"}
RQ_SHOW_ADMIN_LINK = True

WEB_WORKERS = env_int("WEB_WORKERS", 2, least=1)
WEB_THREADS = env_int("WEB_THREADS", 4, least=1)
BULK_WORKERS = env_int("BULK_WORKERS", 1, least=1)
INTERACTIVE_PAGES = env_int("INTERACTIVE_PAGES", 20)
EXPORT_DAYS = env_int("EXPORT_DAYS", 7, least=1)
PAGE_SECONDS = env_int("PAGE_SECONDS", 90, least=1)
CORRECTION_SECONDS = env_int("CORRECTION_SECONDS", 300, least=1)
MAX_ATTEMPTS = 3
RETRY_SECONDS = (5, 30)
SWEEP_SECONDS = env_int("SWEEP_SECONDS", 15, least=1)
LEASE_MARGIN_SECONDS = env_int("LEASE_MARGIN_SECONDS", 60, least=1)

# --- reading --------------------------------------------------------------------------------------------------
READING_MODE = env_choice("READING_MODE", ("fast", "balanced", "best"), "balanced")
OCR_ENGINE = env_choice("OCR_ENGINE", ("auto", "rapidocr", "tesseract", "aspose", "aspose-cloud"), "auto")
# The cores shared among the reading workers: two of them on two cores read 27.9 pages a minute with one thread each and
# 16.5 with two, which get into each other's way (bench/README.md).
OCR_THREADS = env_int("OCR_THREADS", max(1, owned_cores() // (1 + BULK_WORKERS)), least=1)
ASPOSE_OCR_LICENSE = env_text("ASPOSE_OCR_LICENSE")
ASPOSE_OCR_METERED_PUBLIC_KEY = env_text("ASPOSE_OCR_METERED_PUBLIC_KEY")
ASPOSE_OCR_METERED_PRIVATE_KEY = env_text("ASPOSE_OCR_METERED_PRIVATE_KEY")
ASPOSE_OCR_AREA_MODE = env_text("ASPOSE_OCR_AREA_MODE").lower()
ASPOSE_OCR_LANGUAGE_LEVEL = env_text("ASPOSE_OCR_LANGUAGE_LEVEL").lower()
ASPOSE_OCR_FILTERS = env_list("ASPOSE_OCR_FILTERS", [])
ASPOSE_OCR_GPU = env_bool("ASPOSE_OCR_GPU", False)
ASPOSE_CLOUD_CLIENT_ID = env_text("ASPOSE_CLOUD_CLIENT_ID")
ASPOSE_CLOUD_CLIENT_SECRET = env_text("ASPOSE_CLOUD_CLIENT_SECRET")
ASPOSE_CLOUD_URL = env_text("ASPOSE_CLOUD_URL")
ASPOSE_OCR_RESOURCES = env_text("ASPOSE_OCR_RESOURCES")
ASPOSE_OCR_DOWNLOADS = env_bool("ASPOSE_OCR_DOWNLOADS", False)
ENGINE_CACHE_DIR = DATA_DIR / "engines"

# --- correcting -----------------------------------------------------------------------------------------------
CORRECTION = env_bool("CORRECTION", True)
CORRECTION_MODEL = env_text("CORRECTION_MODEL")
HUGGING_FACE_REPO_ID = env_text("HUGGING_FACE_REPO_ID", "Qwen/Qwen2.5-3B-Instruct-GGUF")
HUGGING_FACE_QUANTIZATION = env_text("HUGGING_FACE_QUANTIZATION", "int8")
ALLOW_AUTO_DOWNLOAD = env_bool("ALLOW_AUTO_DOWNLOAD", False)
DIRECTORY_MODEL_PATH = Path(env_text("DIRECTORY_MODEL_PATH", str(DATA_DIR / "models")))
CORRECTION_SERVER_URL = env_text("CORRECTION_SERVER_URL")
CORRECTION_SERVER_MODEL = env_text("CORRECTION_SERVER_MODEL")
CORRECTION_SERVER_KEY = env_text("CORRECTION_SERVER_KEY")
CORRECTION_SERVER_PARALLEL = env_int("CORRECTION_SERVER_PARALLEL", 8, least=1)
CORRECTION_IDLE_SECONDS = env_int("CORRECTION_IDLE_SECONDS", 600)
GPU_LAYERS = env_int("GPU_LAYERS", -1, least=-1)
CONTEXT_SIZE = env_int("CONTEXT_SIZE", 4096, least=256)
LLM_THREADS = env_int("LLM_THREADS", max(1, owned_cores() // 2), least=1)  # the other half reads

# --- logs: no text and no file names of documents at INFO ------------------------------------------------------
LOG_LEVEL = env_choice("LOG_LEVEL", ("debug", "info", "warning", "error", "critical"), "info")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL.upper()},
    "loggers": {
        "axes": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "rq.worker": {"handlers": ["console"], "propagate": False},
    },
}

if not SECRET_KEY:
    raise ImproperlyConfigured(f"{DATA_DIR / 'secret_key'} is empty; delete it, and a new key is made.")
for folder in (DATA_DIR, INCOMING_DIR, FILE_UPLOAD_TEMP_DIR):
    folder.mkdir(parents=True, exist_ok=True)
