"""The product's routes and one view that declares nothing, for the test that it stays closed."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from rostrum.web import urls


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [path("undeclared/", undeclared, name="undeclared"), *urls.urlpatterns]
