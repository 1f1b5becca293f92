### How the service desk works: hours, deadlines, who gets tickets, automatic replies. Keys begin with "service-".

service-tab-hours = Business hours
service-tab-service = Deadlines and assignment
service-tab-automatic = Automatic replies

# Hours
service-hours-title = Business hours of the company
service-hours-about = Deadlines run within these hours. Outside them a customer may get an automatic reply.
service-hours-unset = No business hours are set yet, so deadlines run around the clock. Below is a suggestion; it takes effect once you save it.
service-hours-saved = Business hours saved. Deadlines of open tickets will be recalculated within a few minutes.
service-open-now = The desk is open now.
service-opens = The desk is closed now. It opens on { $when }.
service-never-opens = By these hours the desk is never open, so tickets have no deadlines.
service-week = Week
service-week-hint = For example 8:00-16:00. Write a break with a comma: 8:00-12:00, 13:00-17:00. An empty field is a day off. 22:00-6:00 ends on the next day.
service-day-mon = Monday
service-day-tue = Tuesday
service-day-wed = Wednesday
service-day-thu = Thursday
service-day-fri = Friday
service-day-sat = Saturday
service-day-sun = Sunday
service-other-days = Other days
service-polish-holidays = Closed on public holidays
service-polish-holidays-hint = Days off work in Poland, with the movable ones (Easter, Corpus Christi) and Christmas Eve since 2025.
service-exceptions = Exceptions
service-exceptions-hint = One a line: a date and the hours after it, for example 2026-12-31 8:00-12:00. A date alone is a day off. An exception counts more than the week and holidays.
service-calendar-spans = “{ $text }” are no hours. Write them like this: 8:00-16:00.
service-calendar-overlap = The hours “{ $text }” overlap.
service-calendar-date = “{ $text }” is not a date. Write it like this: 2026-12-31.
service-calendar-twice = The date { $text } is there twice.
service-calendar-too-many = There can be { $limit } exceptions at most.
service-calendar-week = Give the hours of seven days, beginning with Monday.

# Deadlines and assignment of a queue
service-no-queues = There are no queues yet. Add them under “Queues”.
service-queues-about = How soon we answer customers and who gets new tickets, for each queue of its own.
service-queue-title = Queue “{ $name }”
service-queue-about = Changed deadlines also hold for open tickets whose customers are waiting already: they will be recalculated within a few minutes.
service-queue-saved = The queue’s settings are saved.
service-sla = Time to answer
service-sla-hint = In business hours, from the customer’s message to an agent’s answer. An automatic reply does not stop it. Empty fields mean no deadline.
service-first-hours = First answer: hours
service-first-minutes = First answer: minutes
service-next-hours = Next answer: hours
service-next-minutes = Next answer: minutes
service-sla-number = Enter a whole number from zero.
service-sla-range = The time must be from 1 minute to { $days } days.
service-sla-none = no deadline
service-sla-first = first answer: { $time }
service-sla-next = next: { $time }
service-hours = { $count } h
service-minutes = { $count } min
service-assignment = Assignment of new tickets
service-assignment-hint = In turn: a ticket goes to whoever has the fewest open ones, among equals to whoever was given one longest ago. Tickets of people who lost access go to the others.
service-assignment-how = Who gets a ticket
service-assignment-nobody = nobody, people take them
service-assignment-rota = the ticked people in turn
service-assignment-members =
    { $count ->
        [one] in turn, { $count } person
       *[other] in turn, { $count } people
    }
service-limit = Most open tickets per person
service-limit-hint = Whoever has that many gets no more.
service-limit-range = Enter a number from 1 to { $limit }.
service-members-none = Tick at least one person.
service-queue-hours = Hours of this queue
service-hours-which = Which hours hold
service-hours-company = the company’s hours
service-hours-own = its own hours (below)

# In the list and the ticket
service-filter-due = Deadline
service-due-overdue = Overdue
service-due-soon = Within 4 hours
service-due-in = due in { $time }
service-overdue = overdue by { $time }
service-span-minutes = { $count } min
service-span-hours = { $count } h
service-span-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

# Automatic replies
service-automatic-about = What a customer gets at once, without an agent. For each connection and queue there can be a reply to the first message and one to messages outside business hours.
service-automatic-nothing = Add a marketplace connection and a queue first.
service-automatic-add = New automatic reply
service-automatic-edit = Change an automatic reply
service-automatic-guards = Only customers are answered, once in 12 hours per conversation at most, and only messages at most 72 hours old that were written after switching on. If an agent answers first, the automatic reply does not leave.
service-automatic-text = Text
service-automatic-variables = Variables: {"{customer}"}, {"{order}"}, {"{shop}"}.
service-automatic-on = On
service-automatic-on-hint = Works for messages written from the moment of switching on.
service-automatic-on-since = on since { $when }
service-automatic-off = off
service-automatic-saved-on = Automatic reply saved and switched on.
service-automatic-saved-off = Automatic reply saved. It is off.
service-automatic-unknown = This text cannot use: { $names }. There are: customer, order, shop.
service-automatic-short = Without its variables the text must have at least { $limit } characters, as the marketplace takes no shorter one.
service-automatic-delay-range = Enter a delay from 0 to { $minutes } minutes.
service-automatic-author = Automatic reply
service-connection = Connection
service-occasion = What it answers
service-occasion-first = first message
service-occasion-outside = outside business hours
service-delay = Delay in minutes
service-delay-hint = An agent has this long to answer first.
service-occasion-automation = automation

# Macros and automations
service-tab-macros = Macros
service-tab-automations = Automations
service-macros-about = A macro is several steps that an agent runs on a ticket with one button.
service-macro-add = New macro
service-macro-edit = Change a macro
service-macro-archived = Archived (not shown in tickets)
service-macro = Macro
service-macro-do = Run
service-macro-run = Macro done.
service-macro-drafted = Macro done. The template is waiting in the reply form.
service-automations-about = An automation does the same without an agent, on open tickets that match.
service-automation-add = New automation
service-automation-edit = Change an automation
service-automation-rule = Open tickets are gone through every few minutes. The first automation that matches acts on a ticket and does not act again until somebody writes in the conversation. What it did is shown in the ticket and in the audit log.
service-automation-on = On
service-automation-on-hint = Before switching it on, look which tickets match now.
service-automation-is-on = on
service-automation-is-off = off
service-conditions = Conditions
service-conditions-hint = An empty field limits nothing. Without a ticked status all open tickets match.
service-customer-silent = The customer has been silent for (hours)
service-answered-before = The last answer is older than (hours)
service-opened-before = The ticket is older than (hours)
service-hours-range = Enter a number of hours from 1 to { $limit }.
service-preview = Which match now?
service-preview-about = Tickets that match at the moment. Nothing was done to them and nothing was saved.
service-preview-none = No ticket matches now.
service-preview-all =
    { $count ->
        [one] { $count } ticket matches.
       *[other] { $count } tickets match.
    }
service-preview-some =
    { $count ->
        [one] { $count } ticket is shown, but not all were looked at.
       *[other] { $count } tickets are shown, but not all were looked at.
    }
service-steps = What to do
service-step1 = Step 1
service-step2 = Step 2
service-step3 = Step 3
service-step4 = Step 4
service-step5 = Step 5
service-step-none = –
service-step-status = status: { $status }
service-step-queue = move to queue: { $name }
service-step-category = set category: { $name }
service-step-assign = assign to: { $name }
service-step-unassign = leave it to nobody
service-step-take = assign to me
service-step-priority = priority: { $priority }
service-step-tag = add the tag: { $name }
service-step-untag = remove the tag: { $name }
service-step-reply = send the customer the template: { $name }
service-step-draft = put into the reply the template: { $name }
service-step-comments = add a comment
service-step-comment = Internal comment
service-step-comment-hint = What you write here is added to the ticket at the end.
service-event-automated = the automation “{ $name }” acts
service-event-automated-unsaid = the automation “{ $name }” did nothing, as its reply cannot be sent: { $why }
service-steps-by-program = These steps cannot be shown in the form: there are too many of them, or a comment is not at the end. A program set them through the API, which is where they can be changed.
