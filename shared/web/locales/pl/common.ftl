# Teksty wspólne dla wszystkich stron.
common-time-now = teraz
common-time-minutes-ago = { $count } min temu
common-time-in-minutes = za { $count } min
common-time-hours-ago = { $count } godz. temu
common-time-in-hours = za { $count } godz.
common-time-yesterday = wczoraj, { $time }
common-time-tomorrow = jutro, { $time }
common-time-days-ago =
    { $count ->
        [one] { $count } dzień temu
       *[other] { $count } dni temu
    }
common-time-in-days =
    { $count ->
        [one] za { $count } dzień
       *[other] za { $count } dni
    }

common-skip = Przejdź do treści
common-nav = Nawigacja główna
common-crumbs = Ścieżka
common-nav-dashboard = Pulpit
common-nav-tickets = Zgłoszenia
common-nav-customers = Klienci
common-nav-companies = Firmy
common-nav-employees = Pracownicy
common-nav-settings = Ustawienia
common-nav-audit = Dziennik zdarzeń
common-company = Firma
common-company-switch = Zmień
common-language = Język
common-theme = Wygląd
common-theme-auto = Systemowy
common-theme-light = Jasny
common-theme-dark = Ciemny
common-account = Moje konto
common-sign-out = Wyloguj się
common-administrator = Administrator
common-close = Zamknij
common-cancel = Anuluj
common-save = Zapisz
common-delete = Usuń
common-edit = Edytuj
common-back = Wróć
common-add = Dodaj
common-search = Szukaj
common-filter = Filtruj
common-filter-clear = Wyczyść filtry
common-filter-any = Wszystkie
common-yes = Tak
common-no = Nie
common-none = brak
common-optional = (opcjonalnie)
common-pager = Strony listy
common-pager-first = Pierwsza strona
common-pager-next = Następna strona
common-saved = Zapisano.
common-deleted = Usunięto.
common-irreversible = Tego nie można cofnąć.
common-author-customer = Klient
common-author-us = Nasza odpowiedź
common-author-shop = Odpowiedź z panelu sklepu
common-author-operator = Operator platformy
common-author-internal = Komentarz wewnętrzny – klient go nie widzi
common-author-system = Informacja systemu
