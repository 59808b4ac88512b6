"""Addresses below /events/."""

from django.urls import path

from . import afterwards, date_views, feeds, ics_views, list_views, rsvp_views, views

app_name = "events"
urlpatterns = [
    path("", list_views.EventListView.as_view(), name="list"),
    path("past/", list_views.PastListView.as_view(), name="past"),
    path("past/<year4:year>/", list_views.PastListView.as_view(), name="past_year"),
    path("calendar/", list_views.CalendarView.as_view(), name="calendar"),
    path("calendar/<year4:year>/<month2:month>/", list_views.CalendarView.as_view(), name="calendar_month"),
    path("calendar.ics", ics_views.list_calendar, name="calendar_file"),
    path("new/", views.EventCreateView.as_view(), name="new"),
    path("feed/", feeds.EventFeed(), name="feed"),
    path("<item:item>/", views.EventDetailView.as_view(), name="detail"),
    path("<item:item>/event.ics", ics_views.event_calendar, name="event_file"),
    path("<item:item>/rsvp/<number:date>/", rsvp_views.RsvpView.as_view(), name="rsvp"),
    path("<item:item>/people/<number:date>/", rsvp_views.PeopleView.as_view(), name="people"),
    path(
        "<item:item>/people/<number:date>/table.csv",
        rsvp_views.PeopleTableView.as_view(),
        name="people_table",
    ),
    path(
        "<item:item>/people/<number:date>/write/",
        rsvp_views.WriteToPeopleView.as_view(),
        name="write_to_people",
    ),
    path("<item:item>/edit/", views.EventUpdateView.as_view(), name="edit"),
    path("<item:item>/withdraw/", views.EventWithdrawView.as_view(), name="withdraw"),
    path("<item:item>/cancel/", date_views.CancelView.as_view(), name="cancel"),
    path("<item:item>/dates/<number:pk>/edit/", date_views.DateView.as_view(), name="date"),
    path("<item:item>/afterwards/", afterwards.AfterwardsView.as_view(), name="afterwards"),
]
