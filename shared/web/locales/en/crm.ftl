### Customers: records, fields, duplicates, time line, export and erasing, files with records. Keys begin with "crm-".

## Fields
crm-field-kind = Kind
crm-field-kind-hint = The kind cannot be changed later. The field that holds a customer's marketplace id has to be a text.
crm-field-text = Text
crm-field-number = Number
crm-field-date = Date
crm-field-choice = Choice from a list
crm-field-options = Options
crm-field-options-hint = One per line, for a choice from a list only. Records that have an option keep it when it is taken out.
crm-field-kind-fixed = A field's kind cannot be changed, since records have values of it. Add a new field.
crm-connection-field-text = A customer's marketplace id has to be a text field.
crm-options-none = Give at least one option.
crm-options-many = There can be at most { $limit } options.
crm-options-twice = The same option is given twice.
crm-value-too-long = { $name }: a value can have at most { $limit } characters.
crm-value-character = { $name }: the value has a character that cannot be kept.
crm-value-number = { $name }: give a number, for instance 12.5. At most 15 digits, and 6 after the point.
crm-value-date = { $name }: give a date, for instance 2026-03-01.
crm-value-option = { $name }: choose one of the options.
crm-number-hint = A number, for instance 12.5.

## Addresses
crm-address = Address
crm-addresses = Addresses
crm-addresses-about = An empty row adds an address, a cleared one goes away.
crm-address-label = Label
crm-address-street = Street and number
crm-address-postal-code-label = Postal code
crm-address-city = City
crm-address-country-label = Country
crm-address-empty = An address needs a street or a city.
crm-address-too-long = A line of an address can have at most 120 characters.
crm-address-character = The address has a character that cannot be shown.
crm-address-postal-code = A Polish postal code looks like 00-950.
crm-address-country = Give the country as two letters, for instance PL or DE.

## Finding
crm-search = Find a customer
crm-search-do = Find
crm-search-about = A whole e-mail, phone, NIP or field value. By the beginning of a name we look among the { $count } records that were changed last.
crm-found =
    { $count ->
        [one] { $count } record found
       *[other] { $count } records found
    }
crm-none-found = Nobody was found
crm-was-merged = That record was merged with the one you see.

## Consents and time line
crm-consents = History of SMS consents
crm-consent-written = Written down
crm-consent-by = By
crm-phone-removed = number removed
crm-timeline = Time line
crm-timeline-empty = Nothing has happened yet.
crm-line-count =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
crm-line-ticket = Ticket { $number }
crm-line-order = Order { $number }
crm-line-added = Record added
crm-line-edited = Details changed
crm-line-merged = Another record was merged into it
crm-line-merged-into = Merged into another record
crm-line-unmerged = Merging undone
crm-part-removed = removed: { $what }
crm-part-notes = notes changed
crm-part-phone = { $number }: { $consent } ({ $about })
crm-by-hub = Mostek
crm-by-marketplace = marketplace

## Duplicates and merging
crm-duplicates = Possible duplicates
crm-duplicates-about = Records that have the same phone, e-mail, NIP or field value.
crm-no-duplicates = There are no possible duplicates
crm-no-duplicates-text = When two records get the same phone, e-mail, NIP or field value, they will be here.
crm-pair-count =
    { $count ->
        [one] { $count } pair
       *[other] { $count } pairs
    }
crm-pair-first = Record
crm-pair-second = Other record
crm-pair-shared = What they share
crm-suggestions = This may be the same customer
crm-suggestions-about = These records share something with this one.
crm-tell-apart = Another customer
crm-told-apart = Noted: these are two customers.
crm-merge = Merge
crm-merge-title = Merging two records
crm-merge-about = Two records become one. You can undo this for 30 days.
crm-merge-other = Id of the record to merge with this one
crm-merge-stays = Stays
crm-merge-goes = Is merged into it
crm-merge-swap = The other way round
crm-merge-choose = What to keep where they differ
crm-merge-kept = Phones, consents, addresses, e-mails, notes and tickets of both records are kept.
crm-merge-do = Merge the records
crm-merge-itself = A record cannot be merged with itself.
crm-merged-news = The records were merged. You can undo this for { $days } days.
crm-merged-records = Merged records
crm-unmerge = Undo the merging
crm-unmerge-late = 30 days have passed, it cannot be undone any more
crm-unmerged-news = The merging is undone: there are two records again.
crm-undo-later-first = This record was merged with another one later. Undo that first.
crm-undo-too-late = 30 days have passed, this merging cannot be undone any more.
crm-more = More

## Export and erasing
crm-privacy-about = For a person who asks for it: everything we know about them in one file, or their data erased.
crm-export = Download the person's data (JSON)
crm-erase = Erase the person's data
crm-erase-title = Erase the data of { $name }?
crm-erase-about = Gone will be: name, phones with consents, addresses, e-mails, NIP, fields and notes, also of records merged into this one. This cannot be undone.
crm-erase-tickets = The person's tickets stay without words and without the name: the customer's messages, our replies, comments, files and the order's details leave Mostek. Numbers, dates and statuses stay.
crm-erase-marketplace = The marketplace and backups have copies of their own; these have to be erased there.
crm-erase-confirm = Type the customer's name
crm-erase-confirm-hint = To confirm, type: { $name }
crm-erase-confirm-other = The name you typed is not the record's. Nothing was erased.
crm-erase-reply-open = A reply to this person has not left yet, or waits for a decision. Wait until it has left or take it back, and try again.
crm-erased = The person's data is erased.
