"""Addresses below /events/."""

from django.urls import path

from . import feeds, ics_views, rsvp_views, views

app_name = "events"
urlpatterns = [
    path("", views.EventListView.as_view(), name="list"),
    path("new/", views.EventCreateView.as_view(), name="new"),
    path("feed/", feeds.EventFeed(), name="feed"),
    path("calendar.ics", ics_views.list_calendar, name="calendar_file"),
    path("archive/", views.EventArchiveView.as_view(), name="archive"),
    path("archive/<year4:year>/", views.EventListView.as_view(), name="archive_year"),
    path("archive/<year4:year>/<month2:month>/", views.EventListView.as_view(), name="archive_month"),
    path("<item:item>/", views.EventDetailView.as_view(), name="detail"),
    path("<item:item>/event.ics", ics_views.event_calendar, name="event_file"),
    path("<item:item>/rsvp/<number:date>/", rsvp_views.RsvpView.as_view(), name="rsvp"),
    path("<item:item>/people/<number:date>/", rsvp_views.PeopleView.as_view(), name="people"),
    path("<item:item>/people/<number:date>/table.csv", rsvp_views.PeopleTableView.as_view(), name="people_table"),
    path("<item:item>/people/<number:date>/write/", rsvp_views.WriteToPeopleView.as_view(), name="write_to_people"),
    path("<item:item>/edit/", views.EventUpdateView.as_view(), name="edit"),
    path("<item:item>/withdraw/", views.EventWithdrawView.as_view(), name="withdraw"),
]
