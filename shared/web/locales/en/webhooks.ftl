### Texts about webhooks. See helpdesk.ftl for how to add one; keys here begin with "webhooks-".

# Overview of the settings
webhooks-settings = Webhooks
webhooks-settings-about = Events from shops, and telling other systems of ours

# Answers to senders
webhooks-wrong-signature = The request's signature is wrong.
webhooks-wrong-moment = The request is signed rightly, but its time differs from ours by more than 5 minutes.

# Refusals
webhooks-too-many = There are { $limit } already, which is the most there can be.
webhooks-unknown-choice = There is no such choice. Pick one from the list.
webhooks-changed = Something has changed meanwhile. Reload the page and try again.
webhooks-enter-again = The secret was sealed in another installation. Enter it again.
webhooks-name-empty = Give it a name.
webhooks-name-too-long = The name has { $chars } characters; it may have { $limit } at most.
webhooks-name-character = The name has characters that cannot be seen. Remove them.
webhooks-pointer-slash = A JSON pointer begins with a slash, for instance /customer/id.
webhooks-pointer-too-long = A pointer may have { $limit } characters at most.
webhooks-pattern-bad = “{ $type }” is no type of event: it takes 1 to { $limit } characters, and a star may stand only at the end.
webhooks-secret-empty = Enter the secret.
webhooks-secret-too-long = The secret is too long.
webhooks-secret-not-base64 = This is no secret in base64. Copy all of it, with its “whsec_”.
webhooks-secret-private = This is the sender's private key (whsk_). The public one (whpk_) is needed.
webhooks-secret-not-a-key = This is no ed25519 public key.
webhooks-secret-last = This is the last secret. Add a new one first, or no event could be taken.

# List
webhooks-title = Webhook sources
webhooks-about = Shops and other systems that tell us of events by themselves.
webhooks-add = Add a source
webhooks-added = The source was added. Copy its address into the shop's settings.
webhooks-none = No shop sends events yet
webhooks-none-text = Add a source, and customers' questions become tickets, orders and reviews entries in the customer's history.
webhooks-name = Name of the source
webhooks-name-hint = What its tickets show as their source, in the list and the filter.
webhooks-scheme = Kind of signature
webhooks-scheme-hint = Choose the system that sends the events. It cannot be changed later.
webhooks-state = State
webhooks-on = On
webhooks-off = Off
webhooks-last = Last event
webhooks-nothing-yet = none yet
webhooks-taken-column = Taken
webhooks-taken =
    { $count ->
        [one] { $count } event
       *[other] { $count } events
    }

# A source
webhooks-shop = Sender
webhooks-shop-about = Who sends the events and what signs them.
webhooks-where = Tickets and customers
webhooks-where-about = Where new conversations go and how we recognise the customer.
webhooks-field = CRM field with the customer's id at the shop
webhooks-field-hint = By this field an event finds the customer's record.
webhooks-create-field = Create the field “… ID”
webhooks-add-customers = Add new customers to the CRM
webhooks-add-customers-hint = Where there is no record with the id, a new one is made. Otherwise that customer's events do not get into a history.
webhooks-answers = Send answers to
webhooks-answers-hint = The receiver gets a consultant's answer as a signed event ticket.answer and passes it on to the customer. Add one under “Receivers of our events”.
webhooks-answers-none = nowhere: tickets cannot be answered
webhooks-address = Address for the shop
webhooks-address-about = Enter it at the shop as the webhook's address. Give it to nobody else.
webhooks-switch-on = Switch on
webhooks-switch-off = Switch off
webhooks-switched-on = The source is on.
webhooks-switched-off = The source is off. The shop is asked to come again later.
webhooks-delete = Delete the source
webhooks-deleted = The source was deleted. Its tickets stay.
webhooks-delete-title = Delete the source “{ $name }”?
webhooks-delete-text = Its address stops working and its secrets are removed. Tickets and entries in customers' histories stay. This cannot be undone.

# Secrets
webhooks-secret = Secret
webhooks-secret-hint = From the webhook's settings at the shop. We keep it encrypted and never show it.
webhooks-secrets = Secrets
webhooks-secrets-about = To change the secret add the new one, switch the shop over, then remove the old one: no event is lost.
webhooks-secret-set = Set on { $date }, ends in …{ $tail }
webhooks-secret-set-short = Set on { $date }
webhooks-secret-add = Add the secret
webhooks-secret-added = The secret was added.
webhooks-secret-remove = Remove
webhooks-secret-removed = The secret was removed.

# Mapping
webhooks-rules = What becomes of events
webhooks-rules-about = The first row that fits counts. A star at the end stands for the rest of the type: order.* is every event about orders. An empty row goes away.
webhooks-rule-events = Type of event
webhooks-becomes = What it becomes
webhooks-becomes-message = a message in a ticket
webhooks-becomes-order = an entry in the customer's history: order
webhooks-becomes-review = an entry in the customer's history: review
webhooks-becomes-note = an entry in the customer's history: note
webhooks-becomes-other = an entry in the customer's history: other
webhooks-becomes-ignored = nothing
webhooks-otherwise = All other types
webhooks-places = Where things are
webhooks-places-about = JSON pointers into the event's body. “|” separates alternatives (the first that holds something counts), “+” puts several together.
webhooks-place-event-type = Type of event
webhooks-place-event-id = Event id
webhooks-place-event-id-hint = An event of the same id has its effect only once. Do not point at the order's number here.
webhooks-place-at = When it happened
webhooks-place-customer-id = Customer id
webhooks-place-customer-id-hint = Needed for entries in the customer's history.
webhooks-place-customer-name = Customer's name
webhooks-place-customer-email = Customer's e-mail
webhooks-place-text = Text
webhooks-place-subject = Subject
webhooks-place-order = Order number
webhooks-place-conversation = Conversation key
webhooks-place-conversation-hint = Messages of the same key are in one ticket. Without it every message opens a new one.
webhooks-place-link = Link to the page at the shop
webhooks-place-else-header = Empty: from the header { $header }.

# Trying
webhooks-try = Try the mapping
webhooks-try-about = Paste an event's body and see what would come of it. Nothing is changed.
webhooks-try-header = Type from the header { $header }
webhooks-try-body = Body of the event (JSON)
webhooks-try-do = Check
webhooks-read = What was read
webhooks-not-found = not found
webhooks-entry-title = Title of the entry
webhooks-effect-nothing = Nothing would come of this event: the mapping says so.
webhooks-effect-joins = It would become a message in a ticket that is there already.
webhooks-effect-opens = It would open a new ticket. The next message of the same conversation key joins it.
webhooks-effect-opens-each = It would open a new ticket. The event has no conversation key, so every message opens its own.
webhooks-effect-entry = It would become an entry in the history of a customer who is in the CRM.
webhooks-effect-entry-added = It would become an entry in the customer's history, and the customer would be added to the CRM.
webhooks-effect-outside = Nothing would come of it: the event names no customer, or the customer is not in the CRM and this source adds none.
webhooks-unreadable-not-json = The body is not valid JSON (line { $line }, character { $column }).
webhooks-unreadable-no-type = The type of the event is missing: it is neither in the header nor in the named place of the body.
webhooks-unreadable-no-text = This is to be a message, and its text is not in the named place.
webhooks-unreadable-no-customer = This is to be an entry in a customer's history, and whose cannot be told: the mapping names no place for the customer's id, or the id is too long.

# Events that were not understood
webhooks-letters = Events not understood
webhooks-letters-about = Events that were signed rightly and could not be read. Mend the mapping and process them again, or drop them.
webhooks-letters-waiting =
    { $count ->
        [one] { $count } not understood
       *[other] { $count } not understood
    }
webhooks-letters-look = Look
webhooks-letters-more =
    { $count ->
        [one] There is { $count } older one.
       *[other] There are { $count } older ones.
    }
webhooks-no-letters = Everything was understood
webhooks-no-letters-text = No event waits for a decision.
webhooks-letter = Event not understood
webhooks-letter-about = Mend the mapping and process the event again. A dropped one leaves no trace in the tickets.
webhooks-letter-dropped = The event was dropped.
webhooks-came = Came
webhooks-reason = Reason
webhooks-size = Size
webhooks-process = Process again
webhooks-mend = Mend the mapping
webhooks-drop = Drop
webhooks-body = Body
webhooks-body-cut = This is only the beginning. The API gives all of it.
webhooks-outcome-taken = The event was processed.
webhooks-outcome-repeated = This event has had its effect before.
webhooks-outcome-ignored = The mapping says that nothing becomes of this event. It waits no longer.
webhooks-outcome-outside = The event names no customer, or the customer is not in the CRM and this source adds none. It waits no longer.

# Endpoints: who is told of our events
webhooks-endpoints = Receivers of our events
webhooks-endpoints-about = Systems that we tell of what happens to tickets.
webhooks-no-endpoint = Nobody is told
webhooks-no-endpoint-text = Add an address, and we send it a signed message of every new ticket and every reply.
webhooks-endpoint-add = Add a receiver
webhooks-endpoint-address = Address
webhooks-endpoint-address-hint = It begins with https:// and can be reached from the internet.
webhooks-endpoint-active = Tell it
webhooks-endpoint-active-hint = Once switched on again, only what happens later is sent.
webhooks-endpoint-off = This receiver is off. Switch it on before something is sent.
webhooks-endpoint-gone = Refused
webhooks-endpoint-gone-text = The receiver answered { $when } with 410: it wants no more messages. Save the settings with “Tell it” ticked to send again.
webhooks-endpoint-delete = Delete the receiver
webhooks-endpoint-deleted = The receiver was deleted.
webhooks-endpoint-delete-title = Delete the receiver “{ $name }”?
webhooks-endpoint-delete-text = Messages that have not reached it yet are not sent. This cannot be undone.
webhooks-events = Event
webhooks-events-none = Choose one event at least.
webhooks-event-ticket-created = New ticket (ticket.created)
webhooks-event-ticket-replied = Reply sent (ticket.replied)
webhooks-address-unreadable = This is no address. Enter all of it, with https://.
webhooks-address-scheme = The address must begin with https://.
webhooks-address-credentials = The address must hold no user name and no password.
webhooks-address-private = This address is inside a private network. Enter one that can be reached from the internet.
webhooks-secret-once = Messages are signed with this secret (Standard Webhooks). Enter it at the receiver, so that it can check the signature.
webhooks-secret-once-note = It is shown only now. If it is lost, make a new one.
webhooks-secret-kept = I have kept it, go on
webhooks-secret-renew = Make a new secret
webhooks-secret-renew-about = After that messages carry a signature of the old one too for a day.
webhooks-waiting-column = Waiting
webhooks-waiting =
    { $count ->
        [one] { $count } message waits to be sent
       *[other] { $count } messages wait to be sent
    }
webhooks-test = Send a test message
webhooks-test-sent = The test message leaves in a moment. The result will be in the list below.
webhooks-send-again = Send again
webhooks-sent-again = The message leaves once more in a moment, under the same id.
webhooks-attempts = Last attempts
webhooks-no-attempts = Nothing has been sent yet.
webhooks-when = When
webhooks-attempt = Attempt
webhooks-answer = Answer
webhooks-time = Time
webhooks-took = { $ms } ms
