### Texts of reports and the dashboard. Keys begin with "reports-"; see console.ftl for how texts are added.

## Reports
reports-about = Tickets a day, response times, people's work
reports-title = Reports
reports-intro = Tickets that began in the period: { $from } – { $to }
reports-period = Period
reports-period-days =
    { $count ->
        [one] Last day
       *[other] Last { $count } days
    }
reports-period-custom = From – to
reports-from = From
reports-to = To
reports-source = Source
reports-queue = Queue
reports-show = Show
reports-bad-period = Give two dates, at most { $limit } days.
reports-behind =
    { $count ->
        [one] { $count } latest change is not counted yet. It will be after the next background run.
       *[other] { $count } latest changes are not counted yet. They will be after the next background runs.
    }
reports-tickets = Tickets
reports-answered = Answered
reports-closed = Closed
reports-first-response = First response time
reports-first-response-about = From the customer's first message to our first answer, also from the marketplace's panel. Automatic replies do not count.
reports-resolution = Resolution time
reports-resolution-about = From the customer's first message to closing; only tickets that are closed now.
reports-measure = Measure
reports-median = Median
reports-ninetieth = 90th percentile
reports-within = Within { $hours } h
reports-per-day = Tickets per day
reports-per-day-chart = Most tickets on one day: { $most }, { $total } in all.
reports-times = Times to answer and to close
reports-first-response-minutes = Median first response, in minutes
reports-first-response-hours = Median first response, in hours
reports-first-response-days = Median first response, in days
reports-resolution-minutes = Median time to close, in minutes
reports-resolution-hours = Median time to close, in hours
reports-resolution-days = Median time to close, in days
reports-times-chart = The longest median of one day: { $most }.
reports-numbers = Show the numbers
reports-day = Day
reports-total = Total
reports-agents = People
reports-agent = Person
reports-answered-first = First answers
reports-replies = Replies
reports-median-response = Median first response
reports-median-resolution = Median time to close
reports-nobody = Nobody has answered in this period yet.
reports-unknown-person = Removed person
reports-none = No tickets in this period
reports-none-text = Choose a longer period or clear the filters.
reports-download-days = Download days (CSV)
reports-download-times = Download times (CSV)
reports-download-agents = Download people (CSV)
reports-minutes = { $minutes } min
reports-hours = { $hours } h { $minutes } min
reports-days = { $days } d { $hours } h
reports-under-minute = under 1 min
reports-column-seconds = Median first response (s)
reports-column-resolution = Median time to close (s)
reports-column-median = Median (s)
reports-column-ninetieth = 90th percentile (s)

## Dashboard
reports-waiting = What waits
reports-new = New
reports-mine = Mine, open
reports-nobodys = Unassigned
reports-snoozed = Put aside
reports-failed = Failed replies
reports-uncertain = Uncertain replies
reports-outgoing = Replies on their way
reports-state = State
reports-connections = Connections
reports-connection-works = works
reports-connection-stopped = stopped
reports-connection-refused = Polling has stopped: { $why }
reports-connection-failing = Messages cannot be fetched: { $why }
reports-last-success = Last fetched
reports-never = not yet
reports-no-connections = There are no connections to marketplaces.
reports-events-not-understood =
    { $count ->
        [one] { $count } event that was not understood waits for a decision
       *[other] { $count } events that were not understood wait for a decision
    }
reports-endpoint-gone = The receiver refused (410) and is told nothing any more
reports-messages-failing = of them after a failed attempt: { $count }
reports-messages-given-up = Not delivered in the last { $days } days: { $count }
reports-last-tick = Last background run
reports-last-tick-late = The background run is late. Check whether the scheduler calls /timers/tick.
reports-store = In the store
reports-store-tickets = Tickets
reports-store-customers = Customers
reports-store-changes = Recorded changes of tickets
reports-last-days = Last 14 days
reports-go = See the reports
