### Texts of the console pages.
###
### How to add one: put the SAME key into pl, en and ru (console.ftl each); the key begins with "console-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("console-x"), language.n("console-x", count)
### for plurals (argument $count), language.with("console-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("console-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

