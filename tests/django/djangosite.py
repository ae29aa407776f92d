"""A small Django site: signs people in and out, changes their password, and says who is signed in.

Served by gunicorn as `djangosite:application`. As a program it makes its tables (`migrate`), signs people
in (`people 1000`), prints what `dumpdata auth.user` prints (`dump`), and says by Django's own test client
whom it takes the bearers of session keys for (`who KEY …`).
"""

import json
import os
import sys
from urllib.parse import unquote, urlsplit

import django
import MySQLdb
from django.conf import settings

# Debian's is older than what Django 5.2 asks for, and does all that is asked of it here.
if MySQLdb.version_info < (2, 2, 1):
    MySQLdb.version_info = (2, 2, 1, "final", 0)

database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "HOST": database.hostname,
            "PORT": database.port or 3306,
            "USER": unquote(database.username or ""),
            "PASSWORD": unquote(database.password or ""),
            "NAME": database.path[1:],
            "OPTIONS": {"charset": "utf8mb4"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    PASSWORD_HASHERS=["djangosite.QuickHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"],
    ROOT_URLCONF="djangosite",
    SECRET_KEY=os.environ["SECRET_KEY"],
    SESSION_COOKIE_PATH="/",
    TEMPLATES=[],
    USE_TZ=True,
)
# Else the module that settings name would be a second one.
sys.modules.setdefault("djangosite", sys.modules[__name__])
django.setup()

from django.contrib.auth import authenticate, hashers, login, logout, update_session_auth_hash
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import path
from django.utils.html import escape


class QuickHasher(hashers.PBKDF2PasswordHasher):
    """Django's own with few iterations, so that a thousand people are signed in in seconds."""

    iterations = 1000


PAGE = """<!doctype html><html lang="en"><title>The old site</title>
<style>body{{font:18px/1.5 serif;max-width:30rem;margin:4rem auto}}</style>
<h1>The old site</h1>{}</html>"""
FORM = """<form method="post"><p><label>User name <input name="username"></label>
<p><label>Password <input name="password" type="password"></label><p><button>Log in</button></form>"""
WELCOME = """<p>Logged in as <b>{}</b>.<p><a href="/account">Your account on the new site</a>
<form method="post" action="/django/logout/"><button>Log out</button></form>"""


def home(request):
    if not request.user.is_authenticated:
        return HttpResponse(PAGE.format('<p>Nobody is logged in. <a href="/django/login/">Log in</a>'))
    return HttpResponse(PAGE.format(WELCOME.format(escape(request.user.username))))


def log_in(request):
    if request.method != "POST":
        return HttpResponse(PAGE.format(FORM))
    user = authenticate(username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return HttpResponse(PAGE.format(FORM), status=403)
    login(request, user)
    return redirect("/django/")


def log_out(request):
    logout(request)
    return redirect("/django/")


def change_password(request):
    request.user.set_password(request.POST["password"])
    request.user.save()
    update_session_auth_hash(request, request.user)
    return redirect("/django/")


def who(request):
    return JsonResponse({"username": request.user.username})


urlpatterns = [
    path("django/", home),
    path("django/login/", log_in),
    path("django/logout/", log_out),
    path("django/password/", change_password),
    path("django/who/", who),
]
application = get_wsgi_application()


def sign_in_people(count, password):
    """Signs so many new people in, each by the password that they have; whom by which key."""
    begin = User.objects.count()
    stored = hashers.make_password(password)
    names = [f"person{number}" for number in range(begin, begin + count)]
    User.objects.bulk_create(
        User(username=name, email=f"{name}@example.com", password=stored) for name in names
    )
    people = []
    for user in User.objects.filter(username__in=names):
        client = Client()
        assert client.login(username=user.username, password=password)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        people.append({"id": str(user.pk), "username": user.username, "key": key})
    return people


def whom(key):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client.get("/django/who/").json()["username"]


def main(command, *words):
    if command == "version":
        print(django.get_version())
    elif command == "migrate":
        call_command("migrate", verbosity=0)
    elif command == "people":
        print(json.dumps(sign_in_people(int(words[0]), os.environ["PASSWORD"])))
    elif command == "dump":
        call_command("dumpdata", "auth.user")
    elif command == "who":
        print(json.dumps([whom(key) for key in words]))


if __name__ == "__main__":
    main(*sys.argv[1:])
