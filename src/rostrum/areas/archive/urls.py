"""Routes of the archive area."""

from django.urls import path

from rostrum.areas.archive import views

_ITEM = "desk/archive/items/<str:item_id>/"
_VERSION = f"{_ITEM}versions/<int:number>/"

urlpatterns = [
    path("desk/archive/", views.search_page, name="archive"),
    path("desk/archive/elsewhere/", views.elsewhere, name="archive-elsewhere"),
    path("desk/archive/by-hand/", views.by_hand, name="archive-by-hand"),
    path("desk/archive/substance/", views.substance, name="archive-substance"),
    path("desk/archive/substance/<str:question_id>/", views.substance_question, name="archive-substance-question"),
    path("desk/archive/substance/<str:question_id>/answer/", views.answer_substance, name="archive-answer-substance"),
    path("desk/archive/captures/", views.captures, name="archive-captures"),
    path("desk/archive/gaps/<str:gap_id>/close/", views.close_gap, name="archive-close-gap"),
    path(f"{_ITEM}advertising/", views.set_apart, name="archive-set-apart"),
    path(f"{_ITEM}advertising/back/", views.take_back, name="archive-take-back"),
    path(f"{_ITEM}substance/", views.ask_substance, name="archive-ask-substance"),
    path(_ITEM, views.item, name="archive-item"),
    path(f"{_VERSION}payload/", views.payload, name="archive-payload"),
    path(f"{_VERSION}proof/", views.proof, name="archive-proof"),
    path(f"{_VERSION}media/<int:position>/", views.media, name="archive-media"),
]
