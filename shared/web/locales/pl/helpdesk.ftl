### Texts of the helpdesk pages.
###
### How to add one: put the SAME key into pl, en and ru (helpdesk.ftl each); the key begins with "helpdesk-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("helpdesk-x"), language.n("helpdesk-x", count)
### for plurals (argument $count), language.with("helpdesk-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("helpdesk-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

helpdesk-ticket-count =
    { $count ->
        [one] { $count } zgłoszenie
        [few] { $count } zgłoszenia
       *[many] { $count } zgłoszeń
    }
helpdesk-column-number = Numer
helpdesk-column-activity = Ostatnia aktywność
