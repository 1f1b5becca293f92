### Texts of the search. Keys begin with "search-"; see console.ftl for how texts are added.

search-title = Search results
search-label = Search tickets
search-placeholder = Number, order, e-mail, phone or words
search-button = Search
search-back = All tickets
search-for = Searched for: { $text }
search-found =
    { $count ->
        [one] { $count } ticket on this page, newest first
       *[other] { $count } tickets on this page, newest first
    }
search-none = Nothing was found
search-none-text = Check the spelling or use fewer words. We look for tickets that have all the words; capitals and diacritics make no difference.
search-behind =
    { $count ->
        [one] { $count } latest change is not taken into account yet. It will be within two minutes.
       *[other] { $count } latest changes are not taken into account yet. They will be within two minutes; if there are more than some hundreds, the index is being built.
    }
search-too-general = Very many words begin like the last one, so not all of them were checked. Add some letters.
search-next-empty = Nothing on this page, but older tickets may fit. Go on.
