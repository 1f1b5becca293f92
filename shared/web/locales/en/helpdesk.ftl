### Texts of the helpdesk pages.
###
### How to add one: put the SAME key into pl, en and ru (helpdesk.ftl each); the key begins with "helpdesk-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("helpdesk-x"), language.n("helpdesk-x", count)
### for plurals (argument $count), language.with("helpdesk-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("helpdesk-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

# List
helpdesk-ticket-count =
    { $count ->
        [one] { $count } ticket
       *[other] { $count } tickets
    }
helpdesk-tickets-title = Tickets
helpdesk-column-number = Number
helpdesk-column-activity = Activity
helpdesk-column-subject = Subject
helpdesk-column-customer = Customer
helpdesk-column-source = Source and queue
helpdesk-source = Source
helpdesk-column-queue = Queue
helpdesk-column-category = Category
helpdesk-column-status = Status
helpdesk-column-waiting = Waiting since
helpdesk-filter-sending = Sending
helpdesk-filter-needs-decision = Needs a decision
helpdesk-needs-decision = Needs a decision
helpdesk-customer-nameless = Customer without a name
helpdesk-none-fit = Nothing fits
helpdesk-none-fit-text = No ticket meets these conditions. Change the filters or clear them.
helpdesk-no-tickets = There are no tickets yet
helpdesk-no-tickets-text = The marketplace is connected. When a customer writes, the message appears here with the next poll.
helpdesk-no-connection = No marketplace is connected
helpdesk-no-connection-text = Connect a marketplace, and customers’ messages appear here as tickets.
helpdesk-no-connection-ask = Ask an administrator to connect a marketplace. Customers’ messages then appear here as tickets.
helpdesk-news-list = The list has changed.
helpdesk-news-ticket = There is something new in this ticket. What you are writing stays until you reload.
helpdesk-reload = Reload

# Statuses
helpdesk-state-new = New
helpdesk-state-in-progress = In progress
helpdesk-state-waiting-for-customer = Waiting for customer
helpdesk-state-snoozed = Snoozed
helpdesk-state-merged = Merged
helpdesk-state-closed = Closed
helpdesk-set-new = Mark as new
helpdesk-set-in-progress = Start work
helpdesk-set-waiting-for-customer = Waiting for customer
helpdesk-set-closed = Close
helpdesk-status-set = The status is changed.
helpdesk-status-merged = This ticket is part of another one; change that one’s status.
helpdesk-status-past = That moment has passed. Choose a later one.
helpdesk-status-itself = A ticket cannot be merged into itself.
helpdesk-assignee = Assignee
helpdesk-assignee-me = Me
helpdesk-assignee-nobody = Nobody
helpdesk-assign = Assign
helpdesk-take = I’ll take it
helpdesk-assigned = The assignee is saved.
helpdesk-no-colleague = This person does not work in this company’s helpdesk.
helpdesk-bulk-picked = Selected
helpdesk-bulk-take = I’ll take them
helpdesk-bulk-all = Select all
helpdesk-bulk-clear = Clear
helpdesk-bulk-none = Select tickets in the list first.
helpdesk-bulk-most = At most { $limit } tickets can be changed at a time.
helpdesk-bulk-done =
    { $count ->
        [one] { $count } ticket changed.
       *[other] { $count } tickets changed.
    }
helpdesk-bulk-some =
    { $count ->
        [one] Changed: { $changed }. One ticket could not be changed: { $why }
       *[other] Changed: { $changed }. { $count } tickets could not be changed, the first because: { $why }
    }
helpdesk-snooze = Snooze
helpdesk-snooze-hour = For an hour
helpdesk-snooze-today = Until 16:00 today
helpdesk-snooze-tomorrow = Until 9:00 tomorrow
helpdesk-snooze-monday = Until Monday, 9:00
helpdesk-snooze-until = Until
helpdesk-snooze-save = Snooze
helpdesk-snooze-until-bad = Give the day and time until which to snooze the ticket.
helpdesk-snooze-too-long = A ticket can be snoozed for a year at most.
helpdesk-until = until

# Ticket
helpdesk-details = Ticket details
helpdesk-waits-since = Waiting for an answer ·
helpdesk-older =
    { $count ->
        [one] Show { $count } older
       *[other] Show { $count } older
    }
helpdesk-newest = Back to the newest
helpdesk-tag-history = History from before the connection
helpdesk-tag-outside = outside the CRM
helpdesk-tag-outside-long = customer outside the CRM
helpdesk-tag-unknown = unknown sender: { $word }
helpdesk-tag-left-out =
    { $count ->
        [one] too long: { $count } character left out at the end
       *[other] too long: { $count } characters left out at the end
    }
helpdesk-line-missing = This entry could not be read. The administrator finds the reason in the system’s log.
helpdesk-event-status = set the status to: { $status }
helpdesk-event-snoozed = snoozed the ticket until { $until }
helpdesk-event-assigned = assigned the ticket to { $name }
helpdesk-event-unassigned = left the ticket without an assignee
helpdesk-event-linked = linked a customer record
helpdesk-event-moved = moved it to the queue { $queue }, category: { $category }
helpdesk-event-other = changed the ticket
helpdesk-somebody = Somebody of the team
helpdesk-to-customer = to the customer
helpdesk-to-operator = to the marketplace operator
helpdesk-to-both = to the customer and the marketplace operator

# Replies
helpdesk-mode = What you write
helpdesk-mode-reply = Reply
helpdesk-mode-comment = Internal comment
helpdesk-comment-hint = Only your team sees the comment. It is not sent to the marketplace.
helpdesk-comment-save = Save the comment
helpdesk-comment-written = The comment is saved.
helpdesk-comment-without-files = The comment is saved without the files: an internal comment cannot have any.
helpdesk-comment-empty = Write the comment’s text.
helpdesk-reply-text = Text
helpdesk-recipient = To whom
helpdesk-recipient-customer = Customer
helpdesk-recipient-operator = Marketplace operator
helpdesk-recipient-both = Customer and marketplace operator
helpdesk-template = Reply template
helpdesk-template-insert = Insert
helpdesk-template-unknown = The template has names in braces that are no variables: { $names }. Correct the text before sending.
helpdesk-template-missing = This ticket has no value for: { $names }. Check the text before sending.
helpdesk-footer-note = The company’s footer is added below the reply:
helpdesk-files = Attachments
helpdesk-files-left = This conversation has room for { $left } of { $limit }.
helpdesk-files-again = Choose the files again: browsers do not keep them when a form is shown anew.
helpdesk-send = Send
helpdesk-undo-promise = You can take it back for { $seconds } s.
helpdesk-undo-left = can be taken back for { $seconds } s
helpdesk-undo = Take back
helpdesk-reply-written = The reply is on its way.
helpdesk-reply-waiting = Waiting to be sent
helpdesk-reply-sending = Sending…
helpdesk-reply-retrying = Not sent yet, trying again { $when }
helpdesk-reply-checking = Checking whether the marketplace has it ({ $when })
helpdesk-reply-sent = Sent { $when }
helpdesk-reply-marked-sent = Marked as sent
helpdesk-reply-failed = Not sent
helpdesk-reply-uncertain = It is not known whether it arrived
helpdesk-reason = Reason: { $why }
helpdesk-reason-told = { $why }
helpdesk-reason-status = { $reason }, status { $status }
helpdesk-reason-said = { $reason }: { $said }
helpdesk-reason-wrong-key = the key was refused
helpdesk-reason-no-right = the key has no right to this
helpdesk-reason-not-found = what was asked for is not there
helpdesk-reason-throttled = too many requests in a short time
helpdesk-reason-rejected = the request was refused
helpdesk-reason-unavailable = the server is overloaded or out of order
helpdesk-reason-elsewhere = something else answers at this address
helpdesk-reason-unreadable = the server’s answer cannot be read
helpdesk-reason-too-large = the server’s answer is too long
helpdesk-reason-not-sent = the server cannot be reached
helpdesk-reason-no-answer = the server did not answer
helpdesk-reason-incomplete = not every long conversation could be read whole yet
helpdesk-reason-internal = an error in Mostek itself; the system’s log has the details
helpdesk-reason-sender-lost = sending was interrupted
helpdesk-reason-decider-lost = writing the decision down was interrupted
helpdesk-reason-connection-deleted = the connection was deleted
helpdesk-reason-no-address = this source has no address that takes answers
helpdesk-reason-address-off = the address that takes this source’s answers is switched off or deleted
helpdesk-reason-address-unusable = nothing can be sent to the address that takes answers; an administrator should look at its settings
helpdesk-reason-wrote-else = the shop has written something else in this conversation meanwhile
helpdesk-reason-restored = the data were restored from a backup, and the reply may have been taken back since
helpdesk-reason-content-lost = the reply’s text or files cannot be read
helpdesk-connection-gone = A reply cannot be sent: this source only passes messages on (a webhook), its address for answers is switched off, or its connection was deleted. Comments, statuses and assignment work as always.
helpdesk-answer-without-files = This source takes answers as text only, without files.
helpdesk-connection-waits = The connection must be authenticated again. Replies do not leave until an administrator enters a new key.
helpdesk-reply-dropped = Taken back, not sent
helpdesk-reply-undone = The reply is taken back.
helpdesk-decided = The decision is saved.
helpdesk-try-again = Try again
helpdesk-send-again = Send again
helpdesk-was-sent = It is at the marketplace
helpdesk-drop = Do not send
helpdesk-reply-too-short = The reply has { $chars } characters; the marketplace needs at least { $limit }.
helpdesk-reply-too-long = The reply has { $chars } characters; the marketplace takes at most { $limit }.
helpdesk-attachment-conversation = This conversation’s attachments would be { $bytes } together; the limit is { $limit }. Leave a file out or send a smaller one.
helpdesk-attachment-message = The files of this message have { $bytes } together; the limit is { $limit }.
helpdesk-attachment-order = The order would have { $files } files; the limit is { $limit }.
helpdesk-attachment-empty = One of the files is empty. The marketplace does not take empty files.
helpdesk-file-longer = The marketplace offers a longer file than it announced (limit { $limit }). It is not fetched.

# What stands in the way
helpdesk-changed = Something has changed meanwhile, or it was too late. Look at the present state and try again if needed.
helpdesk-needs-authentication = The connection to the marketplace must be authenticated again. An administrator enters a new key in the settings.
helpdesk-remote = This could not be read from the marketplace: { $why }
helpdesk-too-many = There can be at most { $limit }.
helpdesk-text-too-long = The text can have at most { $limit } characters.
helpdesk-key-needed = The request’s key is missing (key or the header Idempotency-Key): 1 to 200 ASCII characters without spaces.
helpdesk-unknown-choice = Choose one of the possibilities given.
helpdesk-date-form = Give a date as yyyy-mm-dd or a moment by RFC 3339.
helpdesk-date-future = The date cannot be later than today.
helpdesk-name-empty = Give a name.
helpdesk-name-too-long = The name has { $chars } characters; it can have at most { $limit }.
helpdesk-name-character = The name has a character that cannot be shown.
helpdesk-phone-empty = Give a telephone number.
helpdesk-phone-character = A telephone number has only digits, spaces, dashes and a plus before them.
helpdesk-phone-length = A telephone number cannot have { $digits } digits. A Polish one has 9; begin others with a plus and the country code.
helpdesk-phone-beginning = A telephone number cannot begin like this.
helpdesk-email-empty = Give an e-mail address.
helpdesk-email-too-long = The e-mail address is too long.
helpdesk-email-form = This is not an e-mail address. It should look like name@domain.com.
helpdesk-nip-character = A NIP has only digits, spaces and dashes.
helpdesk-nip-length = A NIP has 10 digits.
helpdesk-nip-pattern = A NIP cannot begin like this.
helpdesk-nip-check-digit = The NIP’s check digit does not match. Look for a mistyped digit.

# Order
helpdesk-order = Order
helpdesk-order-number = Number
helpdesk-order-state = State
helpdesk-order-placed = Placed
helpdesk-order-ship-by = Ship by
helpdesk-order-parcel = Parcel
helpdesk-order-shipping-price = Delivery
helpdesk-order-total = Total
helpdesk-order-read-at = Read:
helpdesk-order-again = Read again
helpdesk-order-read = The order has been read again.
helpdesk-order-unread = The order could not be read yet.
helpdesk-order-none = This conversation is not about an order.
helpdesk-more-lines =
    { $count ->
        [one] and { $count } more line
       *[other] and { $count } more lines
    }
helpdesk-open-at-marketplace = Open at the marketplace
helpdesk-open-at-shop = Open at the shop
helpdesk-order-staging = Being prepared by the marketplace
helpdesk-order-waiting-acceptance = To be accepted
helpdesk-order-waiting-debit = Waiting for payment
helpdesk-order-waiting-debit-payment = Payment in progress
helpdesk-order-shipping = To be shipped
helpdesk-order-shipped = Shipped
helpdesk-order-to-collect = Ready to collect
helpdesk-order-received = Received
helpdesk-order-closed = Closed
helpdesk-order-refused = Refused
helpdesk-order-canceled = Cancelled
helpdesk-order-incident-open = Open incident

# Place of a ticket
helpdesk-place = Status and queue
helpdesk-move = Change queue or category
helpdesk-move-save = Move
helpdesk-moved = The ticket is moved.

# Customers
helpdesk-customer-count =
    { $count ->
        [one] { $count } customer
       *[other] { $count } customers
    }
helpdesk-customer-name = Name
helpdesk-customer-short = Name
helpdesk-customer-id = Id at the marketplace
helpdesk-customer-create = Create a customer record
helpdesk-customer-change = Change the customer
helpdesk-customer-fixed = A ticket from { $source } cannot be given to another customer: the marketplace says who writes. The record itself can be changed at any time.
helpdesk-customer-add = New customer
helpdesk-customer-edit = Edit the customer
helpdesk-customer-added = The customer record is created.
helpdesk-customer-who = Who it is
helpdesk-customer-from-ticket = The record will be linked to the ticket. Name and marketplace id are filled in from the conversation.
helpdesk-ticket-has-record = This ticket has a customer record already.
helpdesk-customer-known = There is a record with this id by now:
helpdesk-customer-link = Link this record
helpdesk-customer-linked = The record is linked to the ticket.
helpdesk-record-has-id = There is a record with this marketplace id already. Link it on the ticket’s page instead of adding another one.
helpdesk-no-record-has-id = No record has this id yet.
helpdesk-no-customers = There are no customers yet
helpdesk-no-customers-text = Records appear by themselves when a customer writes through a connection that adds customers, or by a button in a ticket. You can also add one here.
helpdesk-contact = Details
helpdesk-phone = Phone
helpdesk-phones = Phones
helpdesk-phones-about = Each number has its own consent to SMS: yes or no, when, and how it is known. The empty row adds a number; a cleared number is removed.
helpdesk-email = E-mail
helpdesk-emails = E-mail addresses
helpdesk-emails-about = The empty field adds an address; a cleared one is removed.
helpdesk-consent = Consent to SMS
helpdesk-consent-when = When
helpdesk-consent-where = How it is known
helpdesk-consent-yes = consent to SMS
helpdesk-consent-no = no consent to SMS
helpdesk-consent-given = since { $date }, from: { $source }
helpdesk-consent-refused = refused { $date }, from: { $source }
helpdesk-consent-unknown = nobody has asked yet
helpdesk-consent-source-unknown = not given
helpdesk-nip = NIP (tax number)
helpdesk-nip-hint = For companies. 10 digits, with or without dashes.
helpdesk-locale = Customer’s language
helpdesk-notes = Notes
helpdesk-notes-hint = Only your team sees them.
helpdesk-notes-none = There are no notes.
helpdesk-fields = Field
helpdesk-added = Added
helpdesk-changed-at = Changed

# Connections
helpdesk-connections-title = Marketplace connections
helpdesk-connections-about = Where customers’ messages come from and replies go to.
helpdesk-connection-add = Add a connection
helpdesk-connection-access = Access
helpdesk-connection-access-about = The marketplace’s address, shop id and API key. They are tried before anything is saved.
helpdesk-connection-kind = Kind of marketplace
helpdesk-kind-mirakl = Another Mirakl marketplace
helpdesk-connection-base = Marketplace address
helpdesk-connection-base-hint = For example https://marketplace.empik.com
helpdesk-connection-shop = Shop id
helpdesk-connection-shop-hint = From the seller’s panel. Without it the key’s own shop is taken.
helpdesk-connection-shop-column = Shop
helpdesk-connection-key = API key
helpdesk-connection-key-hint = From the seller’s panel: My account → API key. It is kept encrypted and never shown.
helpdesk-connection-key-set = Set on { $date }, ends in …{ $tail }
helpdesk-connection-key-set-short = Set on { $date }
helpdesk-authenticate = Authenticate
helpdesk-connection-new-key = Enter a new key
helpdesk-connection-works = The key works: shop { $shop } (no. { $id }), { $state ->
        [open] open
        [closed] closed
        [suspended] suspended
        [terminated] terminated
       *[other] state unknown
    }. Now set where its tickets go.
helpdesk-connection-other-shop = The key works, but for another shop than the one typed: { $shop }. Correct the shop id or use another key.
helpdesk-connection-wrong-key = The marketplace refused the key (401). Check that it was copied whole and has not expired.
helpdesk-connection-no-right = The key is valid but has no right to this shop (403). Grant it in the seller’s panel.
helpdesk-connection-unreachable = No marketplace answers at this address. Check it. ({ $why })
helpdesk-connection-later = The marketplace is busy or out of order. Try again in a few minutes. ({ $why })
helpdesk-connection-refused = It did not work: { $why }.
helpdesk-connection-refused-text = Polling has stopped: { $why }. Enter a new key.
helpdesk-connection-throttled-until = The marketplace limits requests. Next try: { $when }.
helpdesk-connection-unsaved = The key works. Complete the settings below and start polling.
helpdesk-connection-name = Connection name
helpdesk-connection-source-hint = What tickets of this marketplace are called in the list, in filters and in reports. A change is for new tickets.
helpdesk-connection-state = State
helpdesk-run-running = Running
helpdesk-run-stopped = Stopped
helpdesk-run-needs-authentication = Needs authentication
helpdesk-run-throttled = Throttled
helpdesk-last-success = Last success
helpdesk-last-error = Last error
helpdesk-next-poll = Next
helpdesk-not-yet = not yet
helpdesk-taken-column = Taken
helpdesk-taken =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
helpdesk-connection-since = Takes conversations since
helpdesk-connection-work = Polling
helpdesk-poll-now = Poll now
helpdesk-poll-not-running = The connection is stopped. Start it to take messages.
helpdesk-polled =
    { $count ->
        [one] Took { $count } new message.
       *[other] Took { $count } new messages.
    }
helpdesk-polled-error = Messages could not be taken: { $why }
helpdesk-connection-start = Start
helpdesk-connection-stop = Stop
helpdesk-connection-started = The connection is running.
helpdesk-connection-stopped = The connection is stopped.
helpdesk-connection-deleted = The connection is deleted. Its tickets stay.
helpdesk-connection-delete = Delete the connection
helpdesk-connection-delete-title = Delete the connection “{ $name }”?
helpdesk-connection-delete-text = Polling ends, the key is removed, and replies that have not left yet are not sent. Tickets and their history stay. If you add this connection anew later, the next message in an old conversation opens a second ticket with the whole conversation. To pause polling only, stop the connection. Deleting cannot be undone.
helpdesk-connection-save-first = Save the connection’s settings first.
helpdesk-connection-tickets = Tickets
helpdesk-connection-tickets-about = Where new conversations go and how the customer is recognised.
helpdesk-connection-field = CRM field with the customer’s marketplace id
helpdesk-connection-field-hint = By this field a ticket finds the customer’s record.
helpdesk-create-queue = Create the queue “{ $name }”
helpdesk-create-field = Create the field “{ $name }”
helpdesk-new-queue-name = Customer service
helpdesk-new-field-name = { $kind } ID
helpdesk-connection-add-customers = Add new customers to the CRM
helpdesk-connection-add-customers-hint = If no record has this id, a new one is made with the name from the order. Otherwise the customer stays “outside the CRM”.
helpdesk-connection-polling = Polling
helpdesk-connection-polling-about = How often the marketplace is asked for messages, and where the link leads.
helpdesk-connection-interval = Seconds between polls
helpdesk-connection-interval-hint = 60 to 86400. The marketplace does not allow more than one poll a minute.
helpdesk-connection-interval-range = Give a number of seconds from 60 to 86400.
helpdesk-connection-link = Link to a conversation
helpdesk-connection-link-hint = A template with the variables {"{base}"}, {"{order_id}"} and {"{thread_id}"}.
helpdesk-link-variable = There is no variable “{ $name }”. There are base, order_id, thread_id.
helpdesk-link-address = The link must begin with {"{base}"}/ or https:// and have at most 500 characters without spaces.
helpdesk-base-address = Give an address that begins with https:// (or http://).
helpdesk-base-address-parts = Give only the address: no user name, question mark or hash.
helpdesk-api-key-form = An API key has 1 to 500 visible characters, no spaces or accented letters.
helpdesk-shop-id-form = A shop id is a positive whole number.
helpdesk-save-start = Save and run
helpdesk-connection-saved-started = Saved and running. New messages appear as tickets with the next poll.

# Desk
helpdesk-desk-title = Helpdesk settings
helpdesk-desk-name = Name
helpdesk-desk-queues = Queues
helpdesk-desk-queues-about = A queue says which team looks after a ticket. An archived one leaves the forms; the tickets in it stay.
helpdesk-desk-queues-add = New queue
helpdesk-desk-categories = Categories
helpdesk-desk-categories-about = A category says what a ticket is about: a return, a complaint, a parcel.
helpdesk-desk-categories-add = New category
helpdesk-desk-fields = CRM fields
helpdesk-desk-fields-about = Further fields of customer records: text, number, date or a choice from a list. An archived field leaves the forms, its values stay.
helpdesk-desk-fields-add = New field
helpdesk-desk-templates = Reply templates
helpdesk-desk-templates-about = Texts to begin a reply with.
helpdesk-desk-templates-add = New template
helpdesk-template-variables = Variables that the ticket’s data replaces:
helpdesk-template-text = Template text
helpdesk-template-empty = Write the template’s text.
helpdesk-template-names = There are no variables with these names: { $names }. There are: { $known }.
helpdesk-rename = Rename
helpdesk-archive = Archive
helpdesk-restore = Restore
helpdesk-is-archived = archived
helpdesk-archived = “{ $name }” is archived.
helpdesk-restored = “{ $name }” is in use again.
helpdesk-added-news = Added “{ $name }”.
helpdesk-desk-tags = Tags
helpdesk-desk-tags-about = Words that the team marks tickets with.
helpdesk-desk-tags-add = New tag
helpdesk-desk-sub-statuses = Sub-statuses
helpdesk-desk-sub-statuses-about = Your own names for parts of a status, such as “Waiting for the warehouse” within “In progress”.
helpdesk-desk-sub-statuses-add = New sub-status
helpdesk-sub-status-of-another = This sub-status is a part of another status.
helpdesk-view-empty = Choose some filters first.
helpdesk-steps-none = Choose at least one step.
helpdesk-macro-unsaid = The macro did nothing, as its reply cannot be sent: { $why }.
helpdesk-step-needs-person = This step cannot be done without an agent: “assign to me” and “put into the reply” are for macros only.
helpdesk-unsaid-no-way = the ticket’s source takes no replies
helpdesk-unsaid-unknown = the template has names in braces that are no variables ({ $names })
helpdesk-unsaid-missing = the ticket has no value for: { $names }
helpdesk-unsaid-text = the filled-in template is too short or too long
