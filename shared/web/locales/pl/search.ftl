### Texts of the search. Keys begin with "search-"; see console.ftl for how texts are added.

search-title = Wyniki wyszukiwania
search-label = Szukaj zgłoszeń
search-placeholder = Numer, zamówienie, e-mail, telefon albo słowa
search-button = Szukaj
search-back = Wszystkie zgłoszenia
search-for = Szukano: { $text }
search-found =
    { $count ->
        [one] { $count } zgłoszenie na tej stronie, najnowsze pierwsze
        [few] { $count } zgłoszenia na tej stronie, najnowsze pierwsze
       *[many] { $count } zgłoszeń na tej stronie, najnowsze pierwsze
    }
search-none = Nic nie znaleziono
search-none-text = Sprawdź pisownię albo użyj mniej słów. Szukamy zgłoszeń, w których są wszystkie podane słowa; wielkość liter i polskie znaki nie mają znaczenia.
search-behind =
    { $count ->
        [one] { $count } ostatnia zmiana nie jest jeszcze uwzględniona. Pojawi się w ciągu dwóch minut.
        [few] { $count } ostatnie zmiany nie są jeszcze uwzględnione. Pojawią się w ciągu dwóch minut.
       *[many] { $count } ostatnich zmian nie jest jeszcze uwzględnionych. Jeśli to ponad kilkaset, indeks jest właśnie budowany.
    }
search-too-general = Bardzo wiele słów zaczyna się tak jak ostatnie, więc nie wszystkie sprawdzono. Dopisz kilka liter.
search-next-empty = Na tej stronie nic nie ma, ale starsze zgłoszenia mogą pasować. Przejdź dalej.
