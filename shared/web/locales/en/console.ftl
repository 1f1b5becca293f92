### Texts of the console pages.
###
### How to add one: put the SAME key into pl, en and ru (console.ftl each); the key begins with "console-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("console-x"), language.n("console-x", count)
### for plurals (argument $count), language.with("console-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("console-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

## Signing in
console-sign-in-title = Sign in
console-sign-in-button = Sign in
console-sign-in-forgotten = Forgotten the password? An administrator can give you a new invitation.
console-email = E-mail address
console-password = Password
console-new-password = New password
console-password-hint = At least { $count } characters. A few words are better than one difficult one.
console-signed-out = Signed out.
console-signed-out-everywhere = Signed out on all devices.

## Setting up
console-setup-title = First start
console-setup-intro = Name the first company and its administrator. More companies and employees can be added later.
console-setup-code = Set-up code
console-setup-code-hint = It was printed on the terminal at the start, or is in the configuration (setup_code).
console-setup-button = Begin
console-setup-done = Done. Welcome to Mostek!
console-your-name = Your name

## Invitations
console-invitation-title = Welcome, { $name }!
console-invitation-intro = Choose a password for { $email }.
console-invitation-button = Set the password and sign in
console-invitation-done = The password is set. You are signed in.
console-link-title = Invitation: { $name }
console-link-text = Hand this link over to the person. It is shown only now.
console-link = Invitation link
console-link-note = It works once, until { $date }. Earlier links of this person no longer work.
console-done = Done

## Dashboard
console-dashboard-greeting = Hello, { $name }
console-dashboard-empty = You have no rights yet
console-dashboard-empty-text = Ask an administrator for rights; they appear here when the page is loaded again.
console-about-tickets = Customers' questions from the marketplaces, and the answers
console-about-customers = Customer records
console-about-companies = Names and tax numbers
console-about-employees = Accounts, roles and rights
console-about-settings = How the company and signing in work
console-about-audit = Who did what, when and from where

## Companies
console-companies-count =
    { $count ->
        [one] { $count } company
       *[other] { $count } companies
    }
console-company-add = Add a company
console-company-new = New company
console-company-edit = Company details
console-company-added = The company was added. Assign employees to it.
console-company-name = Company name
console-nip = Tax number (NIP)
console-nip-hint = 10 digits; spaces, dashes and PL in front do no harm.

## Employees
console-people-count =
    { $count ->
        [one] { $count } employee
       *[other] { $count } employees
    }
console-employee-add = Add an employee
console-employee-new = New employee
console-employee-new-intro = When this is saved, a link is shown by which the person chooses a password.
console-employee-edit = Employee details
console-employees-none = Nobody fits
console-employees-none-text = Change the filters or clear them.
console-person-name = Name
console-email-hint = Used for signing in; an address can belong to one person only.
console-role = Role
console-role-hint = An administrator manages companies, employees and settings. Giving this role also switches the assistant on; it can be switched off afterwards.
console-role-administrator = Administrator
console-role-operator = Operator
console-rights = Rights
console-rights-hint = Without the right a part is not in the menu and refuses access.
console-right-helpdesk = Customer service
console-right-assistant = Assistant
console-right-sms = SMS
console-right-partners = Partners
console-right-endpoints = ERP agents
console-employee-access = Access to the account
console-employee-invited = An invitation waits to be accepted, or has expired.
console-employee-has-password = The password is set.
console-employee-no-password = No password is set yet.
console-invite-again = New link to set a password
console-employee-disabled = Disabled
console-employee-conflicting = Address taken
console-employee-conflicting-text = Somebody else has this address. Change it so that this person can sign in.
console-disable = Disable the account
console-disable-title = Disable the account of { $name }?
console-disable-text = The person is signed out at once, and their API tokens stop working. Their work stays. The account can be enabled later.
console-disabled = Account disabled: { $name }.
console-enable = Enable the account
console-enabled = Account enabled: { $name }.

## Account
console-password-change = Change the password
console-password-change-intro = All other sessions are signed out then.
console-password-current = Present password
console-password-changed = The password was changed. Other sessions are signed out.
console-sign-out-everywhere = Sign out everywhere
console-sign-out-everywhere-title = Sign out on all devices?
console-sign-out-everywhere-text = On this one too. API tokens go on working unless you revoke them.
console-sign-out-everywhere-tokens = Revoke my API tokens too
console-tokens = API tokens
console-tokens-intro = For programs that act in your name, with your rights.
console-tokens-none = You have no tokens.
console-token = Token
console-token-new = New token
console-token-new-intro = You will see the token once, right after it is made.
console-token-password-hint = A token goes on working when the session has ended. So we ask for the password.
console-token-new-button = Make a token
console-token-name = Name
console-token-name-hint = What it is for, for instance “ERP warehouse”.
console-token-days = Valid for
console-token-created = Made
console-token-expires = Valid until
console-token-expired = expired
console-token-made = The token was made
console-token-made-text = Copy the token “{ $name }” now. It is not shown again.
console-token-made-note = Valid until { $date }. Send it in the header “Authorization: Bearer …”.
console-token-revoke = Revoke
console-token-revoke-title = Revoke the token “{ $name }”?
console-token-revoke-text = The program that uses it loses access at once. This cannot be undone.
console-token-revoked = The token was revoked.
console-actions = Actions
console-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

## Settings
console-settings-company = Company settings
console-settings-company-about = Taking back replies, attachments, footer
console-settings-company-intro = They concern { $company } only.
console-settings-sign-in = Signing in
console-settings-sign-in-about = Lock after failed attempts
console-settings-sign-in-intro = For the whole installation. After so many wrong passwords the address is locked for a while.
console-settings-marketplaces = Marketplaces
console-settings-marketplaces-about = Connections to shops, and their keys
console-settings-helpdesk = Customer service
console-settings-helpdesk-about = Queues, categories, templates, fields
console-undo-seconds = Time to take a reply back (s)
console-undo-seconds-hint = From 0 to 600; 0 sends at once.
console-attachment-limit = Attachments of one conversation (MB)
console-attachment-limit-hint = All its files together, from 1 to 10.
console-reopen-days = Opening a ticket again (days)
console-reopen-days-hint = A message that comes within this time after the closing opens the ticket again. From 0 to 365.
console-footer = Footer of replies
console-footer-hint = At most 1,000 characters. Marketplaces as a rule forbid e-mail addresses, phone numbers and links.
console-lockout-attempts = Failed attempts
console-lockout-attempts-hint = From 3 to 20.
console-lockout-seconds = Lock (s)
console-lockout-seconds-hint = From 10 to 86,400.

## The audit journal
console-audit-intro = Every change: who, when, from where.
console-audit-scope = Journal
console-audit-scope-installation = Whole installation
console-audit-when = When
console-audit-who = Who
console-audit-act = What
console-audit-subject = Concerning
console-audit-from = Address
console-audit-count =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
console-audit-none = There are no such entries
console-audit-none-text = Change the filters or come back later.
console-audit-older = Nothing among the newest entries
console-audit-older-text = Go to the next page to search older ones.
console-audit-somebody = Somebody who is no longer here
console-audit-unknown-address = unknown address
console-audit-unknown-address-at = unknown address at { $domain }
console-audit-system = The hub
console-audit-remote = Another system
console-act-installation-set-up = Installation set up
console-act-signed-in = Signed in
console-act-sign-in-failed = Sign-in failed
console-act-sign-in-locked = Sign-in failed, locked
console-act-signed-out = Signed out
console-act-signed-out-everywhere = Signed out everywhere
console-act-password-changed = Password changed
console-act-invitation-made = Invitation made
console-act-invitation-accepted = Invitation accepted
console-act-token-made = API token made
console-act-token-revoked = API token revoked
console-act-employee-added = Employee added
console-act-employee-changed = Employee changed
console-act-access-changed = Role or rights changed
console-act-employee-disabled = Account disabled
console-act-employee-enabled = Account enabled
console-act-company-added = Company added
console-act-company-changed = Company changed
console-act-lockout-changed = Sign-in rule changed
console-act-settings-changed = Company settings changed
console-act-customer-added = Customer added
console-act-connection-authenticated = Connection's API key checked
console-act-connection-saved = Connection saved
console-act-connection-started = Connection started
console-act-connection-stopped = Connection stopped
console-act-connection-deleted = Connection deleted
console-act-reply-written = Reply written
console-act-reply-undone = Reply taken back
console-act-reply-decided = Decision about an unsent reply
console-act-comment-written = Internal comment
console-act-ticket-status-set = Ticket status changed
console-act-ticket-moved = Ticket moved
console-act-ticket-assigned = Ticket assigned
console-act-ticket-linked = Ticket linked to a customer
console-act-ticket-merged = Tickets merged
console-act-ticket-parted = Merging undone
console-act-ticket-priority-set = Priority changed
console-act-ticket-tagged = Tags changed
console-act-ticket-sub-status-set = Sub-status changed
console-act-view-saved = View saved
console-act-view-removed = View removed
console-act-tag-saved = Tag saved
console-act-sub-status-saved = Sub-status saved
console-act-customer-changed = Customer changed
console-act-customer-merged = Customers merged
console-act-customer-unmerged = Merging of customers undone
console-act-customer-told-apart = Customers told apart
console-act-customer-exported = Customer's data exported
console-act-customer-erased = Customer's data erased
console-act-customer-file-read = Customers read from a file
console-act-customer-list-exported = List of customers exported
console-act-queue-saved = Queue saved
console-act-category-saved = Category saved
console-act-field-saved = Custom field saved
console-act-template-saved = Template saved
console-act-hours-saved = Business hours saved
console-act-deadlines-saved = Deadlines and assignment of a queue saved
console-act-automatic-reply-saved = Automatic reply saved
console-act-macro-saved = Macro saved
console-act-automation-saved = Automation saved
console-act-macro-run = Macro run
console-act-webhook-secret-added = Webhook secret added
console-act-webhook-secret-removed = Webhook secret removed
console-act-webhook-letter-processed = Event processed again
console-act-webhook-letter-dropped = Event dropped
console-act-endpoint-added = Event receiver added
console-act-endpoint-changed = Event receiver changed
console-act-endpoint-deleted = Event receiver deleted
console-act-endpoint-tested = Test event to a receiver
console-act-delivery-repeated = Event sent again
console-act-automation-ran = Automation acted
console-audit-detail-name = name
console-audit-detail-email = e-mail
console-audit-detail-role = role
console-audit-detail-rights = rights
console-audit-detail-companies = number of companies
console-audit-detail-nip = NIP
console-audit-detail-undo-seconds = time to take a reply back (s)
console-audit-detail-attachment-limit = attachment limit (bytes)
console-audit-detail-reopen-days = reopening (days)
console-audit-detail-footer = footer
console-audit-detail-attempts = attempts
console-audit-detail-seconds = lock time (s)
console-audit-detail-base = API address
console-audit-detail-started = started
console-audit-detail-archived = archived
console-audit-detail-customer = customer
console-audit-detail-comment = comment
console-audit-detail-decision = decision
console-audit-detail-queue = queue
console-audit-detail-employee = employee
console-audit-detail-reply = reply
console-audit-detail-status = status
console-audit-detail-to = to
console-audit-detail-into = into ticket
console-audit-detail-priority = priority
console-audit-detail-added = added
console-audit-detail-removed = removed
console-audit-detail-sub-status = sub-status
console-audit-detail-letter = event
console-audit-detail-result = result
console-audit-detail-address = address
console-audit-detail-active = active
console-audit-detail-delivery = delivery
console-audit-detail-from = from
console-audit-detail-merge = merging
console-audit-detail-other = other record

## What is wrong with a field
console-field-name-empty = Enter a name.
console-field-name-too-long = Too long; at most { $limit } characters.
console-field-name-character = It has a character that cannot be seen. Type it by hand.
console-field-email-empty = Enter an e-mail address.
console-field-email-too-long = This address is too long.
console-field-email-form = This is not an e-mail address. Example: anna@firma.pl
console-field-nip-character = A NIP has only digits, spaces and dashes, with PL in front at most.
console-field-nip-length = A NIP has 10 digits; { $count } were given.
console-field-nip-pattern = A NIP does not begin like this.
console-field-nip-check-digit = The NIP's check digit does not match. Look for a mistyped digit.

## What a use case refused
console-refused-email-taken = Somebody else has this address.
console-refused-nip-taken = There is a company with this NIP.
console-refused-employees-full = The installation has { $count } employees; no more fit in.
console-refused-companies-full = The installation has { $count } companies; no more fit in.
console-refused-no-company = Choose at least one company.
console-refused-last-administrator = This is the last administrator. Give the role to somebody else first.
console-refused-not-found = It is no longer there.
console-refused-password-too-short = The password needs at least { $count } characters.
console-refused-password-too-long = The password is too long.
console-refused-password-too-easy = This password is easy to guess.
console-refused-password-contains-email = The password must not contain the e-mail address.
console-refused-current-password = The present password is another.
console-refused-wrong-credentials = E-mail address or password is wrong.
console-refused-locked = Too many failed attempts. Try again in { $seconds } s.
console-refused-setup-code = The set-up code is another.
console-refused-setup-off = There is no set-up code in the configuration (setup_code).
console-refused-already-set-up = The installation is set up already. Sign in.
console-refused-invitation = This invitation does not work: it was used, replaced by a new one, or has expired. Ask an administrator for another.
console-refused-tokens-full = You can have at most { $count } tokens. Revoke some first.
console-refused-range = The value is out of range: { $least } to { $most }.
console-refused-disabled = The account is disabled. Enable it first, then make a link.
