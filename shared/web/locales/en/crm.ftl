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
crm-merge-other = Merge with another record
crm-merge-find = Find the record that is to be merged into this one.
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
crm-erase-letters = Events of shops (webhooks) that could not be understood are deleted if they have this person’s e-mail, phone, id or order; those with a name only have to be looked through by hand. Whoever was told of their tickets has their own copy.
crm-erase-confirm = Type the customer's name
crm-erase-confirm-hint = To confirm, type: { $name }
crm-erase-confirm-other = The name you typed is not the record's. Nothing was erased.
crm-erase-reply-open = A reply to this person has not left yet, or waits for a decision. Wait until it has left or take it back, and try again.
crm-erased = The person's data is erased.

## Files
crm-import = CSV import
crm-import-about = Customer records from a sheet saved as CSV. Before anything is kept you see what we understood of it.
crm-import-file = CSV file
crm-import-limits = UTF-8 or windows-1250, semicolons or commas, headings in the first row. At most { $rows } rows and { $size }.
crm-import-no-file = Choose a file.
crm-import-send = Next
crm-sheet-empty = The file has no row below its headings.
crm-sheet-too-long = A file can have at most { $limit }.
crm-sheet-rows = A file can have at most { $limit } rows. Make several of it.
crm-sheet-columns = A file can have at most { $limit } columns.
crm-sheet-cell = A cell can have at most { $limit } characters.
crm-sheet-not-text = This is no CSV file. Save the sheet as CSV and choose it again.
crm-row-count =
    { $count ->
        [one] { $count } row
       *[other] { $count } rows
    }
crm-import-columns-title = What the columns hold
crm-import-columns = Choose for every column what it holds.
crm-import-twice = Only phone and e-mail can be in several columns.
crm-import-finder-title = By what a customer is recognised
crm-import-finder-hint = A record that is found gets what the row says; empty cells change nothing. Without this every row adds a record.
crm-import-finder = What customers are recognised by has to be in one of the columns; a new record needs a name.
crm-import-look = Check
crm-import-start = Import
crm-import-row = Row
crm-import-result = What will happen
crm-import-bad = refused
crm-import-known = completes a record
crm-import-new = new record
crm-import-open = see it
crm-import-all-good = All rows ({ $rows }) are good. The first of them are below.
crm-import-some-bad = Rows with mistakes: { $count } of { $rows }. They are refused, the others go in.
crm-import-is-done = The import is done.
crm-import-goes-on = The import goes on. You can close this page, the rest is done in the background.
crm-import-done = Rows: { $done } of { $rows }
crm-import-added =
    { $count ->
        [one] { $count } new record
       *[other] { $count } new records
    }
crm-import-found =
    { $count ->
        [one] { $count } record recognised
       *[other] { $count } records recognised
    }
crm-import-refused =
    { $count ->
        [one] { $count } row refused
       *[other] { $count } rows refused
    }
crm-import-older-consents =
    { $count ->
        [one] { $count } consent left out: the record's is newer, or the row has no date
       *[other] { $count } consents left out: the records' are newer, or the rows have no date
    }
crm-import-refused-file = Refused rows (CSV)
crm-import-reasons = Why refused
crm-import-continue = Go on now
crm-target-nothing = leave out
crm-target-name = Name
crm-target-phone = Phone
crm-target-consent = SMS consent (yes/no)
crm-target-consent-date = Date of the SMS consent
crm-target-email = E-mail
crm-target-nip = NIP
crm-target-notes = Notes
crm-target-street = Street and number
crm-target-postal-code = Postal code
crm-target-city = City
crm-target-country = Country
crm-finder-nothing = by nothing: always a new record
crm-finder-email = E-mail
crm-finder-phone = Phone
crm-finder-nip = NIP
crm-fault-nameless = a new record needs a name
crm-fault-name = "{ $value }" cannot be a name
crm-fault-phone = "{ $value }" is no telephone number
crm-fault-consent = consent "{ $value }": say yes or no
crm-fault-consent-date = date of consent "{ $value }": write it like 2026-05-12
crm-fault-email = "{ $value }" is no e-mail address
crm-fault-nip = "{ $value }" is no NIP
crm-fault-address = "{ $value }" is no whole address or has a wrong postal code
crm-fault-record = the record does not take this row ({ $value })
crm-fault-field = { $what }: "{ $value }" does not fit this field
crm-export-list = CSV export
crm-export-list-about = Records in all: { $total }. One file has at most { $part} of them, those changed last come first.
crm-export-list-safe = The file holds personal data of many people. The download is written to the audit journal.
crm-export-list-part = Download this part
crm-export-list-next = Next part
crm-csv-id = Id
crm-csv-name = Name
crm-csv-phone = Phone
crm-csv-consent = SMS consent
crm-csv-email = E-mail
crm-csv-nip = NIP
crm-csv-street = Street and number
crm-csv-postal-code = Postal code
crm-csv-city = City
crm-csv-country = Country
crm-csv-notes = Notes
crm-ticket-erased = customer's data erased
crm-import-base64 = The file's content has to be base64.
