"""Routes of the people area."""

from django.urls import path

from rostrum.areas.people import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("sign-in/password/", views.ask_password_link, name="ask-password-link"),
    path("sign-in/password/<str:person_id>/<str:token>/", views.set_password, name="set-password"),
    path("desk/me/", views.me, name="me"),
    path("desk/me/password/", views.change_password, name="change-password"),
    path("desk/people/", views.people, name="people"),
    path("desk/people/new/", views.add_person, name="add-person"),
    path("desk/people/<str:person_id>/", views.person, name="person"),
    path("desk/people/<str:person_id>/roles/", views.give_role, name="give-role"),
    path("desk/people/<str:person_id>/leave/", views.deactivate, name="deactivate-person"),
    path("desk/people/roles/<str:grant_id>/end/", views.end_role, name="end-role"),
    path("desk/people/rights/<str:grant_id>/end/", views.end_channel_right, name="end-channel-right"),
]
