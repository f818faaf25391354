"""Routes of the agenda."""

from django.urls import path

from rostrum.areas.agenda import views

urlpatterns = [
    path("desk/duties/", views.duties, name="duties"),
    path("desk/duties/overdue/", views.overdue, name="duties-overdue"),
    path("desk/duties/<str:duty_id>/", views.duty, name="duty"),
    path("desk/duties/<str:duty_id>/hand-over", views.hand_over, name="duty-hand-over"),
    path("desk/duties/<str:duty_id>/done", views.close_duty, name="duty-done"),
    path("desk/me/calendar/", views.calendar_page, name="calendar"),
    path("desk/me/calendar/revoke", views.revoke_calendar, name="calendar-revoke"),
    path("calendar/<str:secret>/duties.ics", views.calendar_events, name="calendar-events"),
    path("calendar/<str:secret>/tasks.ics", views.calendar_tasks, name="calendar-tasks"),
]
