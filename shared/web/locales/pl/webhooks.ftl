### Texts about webhooks. See helpdesk.ftl for how to add one; keys here begin with "webhooks-".

# Overview of the settings
webhooks-settings = Webhooki
webhooks-settings-about = Zdarzenia ze sklepów i powiadamianie innych systemów

# Answers to senders
webhooks-wrong-signature = Podpis żądania jest nieprawidłowy.
webhooks-wrong-moment = Żądanie jest podpisane prawidłowo, ale jego czas różni się od naszego o ponad 5 minut.

# Refusals
webhooks-too-many = Jest ich już { $limit }, więcej być nie może.
webhooks-unknown-choice = Nie ma takiej możliwości. Wybierz jedną z listy.
webhooks-changed = Coś się w międzyczasie zmieniło. Odśwież stronę i spróbuj ponownie.
webhooks-enter-again = Sekret został zaszyfrowany w innej instalacji. Wpisz go ponownie.
webhooks-name-empty = Podaj nazwę.
webhooks-name-too-long = Nazwa ma { $chars } znaków, a może mieć najwyżej { $limit }.
webhooks-name-character = W nazwie są znaki, których nie widać. Usuń je.
webhooks-pointer-slash = Wskaźnik JSON zaczyna się od ukośnika, na przykład /customer/id.
webhooks-pointer-too-long = Wskaźnik może mieć najwyżej { $limit } znaków.
webhooks-pattern-bad = „{ $type }” nie jest typem zdarzenia: potrzeba od 1 do { $limit } znaków, a gwiazdka może stać tylko na końcu.
webhooks-secret-empty = Wpisz sekret.
webhooks-secret-too-long = Sekret jest za długi.
webhooks-secret-not-base64 = To nie jest sekret w zapisie base64. Skopiuj go w całości, razem z „whsec_”.
webhooks-secret-private = To jest klucz prywatny nadawcy (whsk_). Potrzebny jest klucz publiczny (whpk_).
webhooks-secret-not-a-key = To nie jest klucz publiczny ed25519.
webhooks-secret-last = To ostatni sekret. Najpierw dodaj nowy, inaczej żadne zdarzenie nie zostałoby przyjęte.

# List
webhooks-title = Źródła webhooków
webhooks-about = Sklepy i inne systemy, które same zgłaszają nam zdarzenia.
webhooks-add = Dodaj źródło
webhooks-added = Źródło dodane. Skopiuj jego adres do ustawień sklepu.
webhooks-none = Żaden sklep nie wysyła jeszcze zdarzeń
webhooks-none-text = Dodaj źródło, a pytania klientów staną się zgłoszeniami, a zamówienia i opinie wpisami w historii klienta.
webhooks-name = Nazwa źródła
webhooks-name-hint = Tak będzie się nazywać źródło zgłoszeń na liście i w filtrze.
webhooks-scheme = Sposób podpisu
webhooks-scheme-hint = Wybierz system, który wysyła zdarzenia. Później nie da się tego zmienić.
webhooks-state = Stan
webhooks-on = Włączone
webhooks-off = Wyłączone
webhooks-last = Ostatnie zdarzenie
webhooks-nothing-yet = jeszcze żadnego
webhooks-taken-column = Przyjęte
webhooks-taken =
    { $count ->
        [one] { $count } zdarzenie
        [few] { $count } zdarzenia
       *[many] { $count } zdarzeń
    }

# A source
webhooks-shop = Nadawca
webhooks-shop-about = Kto wysyła zdarzenia i czym je podpisuje.
webhooks-where = Zgłoszenia i klienci
webhooks-where-about = Gdzie trafiają nowe rozmowy i jak rozpoznajemy klienta.
webhooks-field = Pole CRM z id klienta w sklepie
webhooks-field-hint = Po tym polu zdarzenie znajduje kartę klienta.
webhooks-create-field = Utwórz pole „… ID”
webhooks-add-customers = Dodawaj nowych klientów do CRM
webhooks-add-customers-hint = Gdy nie ma karty z tym id, powstanie nowa. Inaczej zdarzenia tego klienta nie trafią do historii.
webhooks-answers = Odpowiedzi wysyłaj do
webhooks-answers-hint = Odbiorca dostaje odpowiedź konsultanta jako podpisane zdarzenie ticket.answer i przekazuje ją klientowi. Dodasz go w zakładce „Odbiorcy naszych zdarzeń”.
webhooks-answers-none = donikąd: na zgłoszenia nie można odpowiedzieć
webhooks-address = Adres dla sklepu
webhooks-address-about = Wpisz go w sklepie jako adres webhooka. Nie podawaj go nikomu innemu.
webhooks-switch-on = Włącz
webhooks-switch-off = Wyłącz
webhooks-switched-on = Źródło włączone.
webhooks-switched-off = Źródło wyłączone. Sklep dostaje odpowiedź, żeby spróbował później.
webhooks-delete = Usuń źródło
webhooks-deleted = Źródło usunięte. Zgłoszenia zostają.
webhooks-delete-title = Usunąć źródło „{ $name }”?
webhooks-delete-text = Jego adres przestanie działać, a sekrety zostaną usunięte. Zgłoszenia i wpisy w historii klientów zostają. Tego nie można cofnąć.

# Secrets
webhooks-secret = Sekret
webhooks-secret-hint = Z ustawień webhooka w sklepie. Przechowujemy go zaszyfrowany i nigdy nie pokazujemy.
webhooks-secrets = Sekrety
webhooks-secrets-about = Przy zmianie sekretu dodaj nowy, przełącz sklep, a potem usuń stary: żadne zdarzenie nie przepadnie.
webhooks-secret-set = Ustawiony { $date }, kończy się na …{ $tail }
webhooks-secret-set-short = Ustawiony { $date }
webhooks-secret-add = Dodaj sekret
webhooks-secret-added = Sekret dodany.
webhooks-secret-remove = Usuń
webhooks-secret-removed = Sekret usunięty.

# Mapping
webhooks-rules = Co się dzieje ze zdarzeniami
webhooks-rules-about = Liczy się pierwszy pasujący wiersz. Gwiazdka na końcu zastępuje resztę typu: order.* to wszystkie zdarzenia o zamówieniach. Pusty wiersz znika.
webhooks-rule-events = Typ zdarzenia
webhooks-becomes = Co z niego powstaje
webhooks-becomes-message = wiadomość w zgłoszeniu
webhooks-becomes-order = wpis w historii klienta: zamówienie
webhooks-becomes-review = wpis w historii klienta: opinia
webhooks-becomes-note = wpis w historii klienta: notatka
webhooks-becomes-other = wpis w historii klienta: inne
webhooks-becomes-ignored = nic
webhooks-otherwise = Wszystkie inne typy
webhooks-places = Gdzie co jest
webhooks-places-about = Wskaźniki JSON w treści zdarzenia. „|” oddziela kolejne możliwości (liczy się pierwsza, w której coś jest), „+” łączy kilka w jedno.
webhooks-place-event-type = Typ zdarzenia
webhooks-place-event-id = Id zdarzenia
webhooks-place-event-id-hint = Zdarzenie o tym samym id ma skutek tylko raz. Nie wskazuj tu numeru zamówienia.
webhooks-place-at = Kiedy się stało
webhooks-place-customer-id = Id klienta
webhooks-place-customer-id-hint = Potrzebne do wpisów w historii klienta.
webhooks-place-customer-name = Imię i nazwisko klienta
webhooks-place-customer-email = E-mail klienta
webhooks-place-text = Treść
webhooks-place-subject = Temat
webhooks-place-order = Numer zamówienia
webhooks-place-conversation = Klucz rozmowy
webhooks-place-conversation-hint = Wiadomości o tym samym kluczu są w jednym zgłoszeniu. Bez niego każda otwiera nowe.
webhooks-place-link = Link do strony w sklepie
webhooks-place-else-header = Puste: z nagłówka { $header }.

# Trying
webhooks-try = Wypróbuj mapowanie
webhooks-try-about = Wklej treść zdarzenia i zobacz, co by z niego powstało. Niczego to nie zmienia.
webhooks-try-header = Typ z nagłówka { $header }
webhooks-try-body = Treść zdarzenia (JSON)
webhooks-try-do = Sprawdź
webhooks-read = Co zostało odczytane
webhooks-not-found = nie znaleziono
webhooks-entry-title = Tytuł wpisu
webhooks-effect-nothing = Z tego zdarzenia nic by nie powstało: tak mówi mapowanie.
webhooks-effect-joins = Powstałaby wiadomość w zgłoszeniu, które już jest.
webhooks-effect-opens = Powstałoby nowe zgłoszenie. Następna wiadomość o tym samym kluczu rozmowy trafi do niego.
webhooks-effect-opens-each = Powstałoby nowe zgłoszenie. Zdarzenie nie ma klucza rozmowy, więc każda wiadomość otwiera własne.
webhooks-effect-entry = Powstałby wpis w historii klienta, który jest w CRM.
webhooks-effect-entry-added = Powstałby wpis w historii klienta, a klient zostałby dodany do CRM.
webhooks-effect-outside = Nic by nie powstało: zdarzenie nie wskazuje klienta albo klienta nie ma w CRM, a to źródło nie dodaje nowych.
webhooks-unreadable-not-json = Treść nie jest poprawnym JSON-em (wiersz { $line }, znak { $column }).
webhooks-unreadable-no-type = Nie wiadomo, jaki to typ zdarzenia: nie ma go ani w nagłówku, ani we wskazanym miejscu treści.
webhooks-unreadable-no-text = To ma być wiadomość, a we wskazanym miejscu nie ma jej treści.
webhooks-unreadable-no-customer = To ma być wpis w historii klienta, a nie da się ustalić czyjej: mapowanie nie wskazuje id klienta albo to id jest za długie.

# Events that were not understood
webhooks-letters = Niezrozumiane zdarzenia
webhooks-letters-about = Zdarzenia podpisane prawidłowo, których nie dało się odczytać. Popraw mapowanie i przetwórz je ponownie albo odrzuć.
webhooks-letters-waiting =
    { $count ->
        [one] { $count } niezrozumiane
        [few] { $count } niezrozumiane
       *[many] { $count } niezrozumianych
    }
webhooks-letters-look = Zobacz
webhooks-letters-more =
    { $count ->
        [one] Jest jeszcze { $count } starsze.
        [few] Są jeszcze { $count } starsze.
       *[many] Jest jeszcze { $count } starszych.
    }
webhooks-no-letters = Wszystko zostało zrozumiane
webhooks-no-letters-text = Żadne zdarzenie nie czeka na decyzję.
webhooks-letter = Niezrozumiane zdarzenie
webhooks-letter-about = Popraw mapowanie i przetwórz zdarzenie ponownie. Odrzucone zniknie bez śladu w zgłoszeniach.
webhooks-letter-dropped = Zdarzenie odrzucone.
webhooks-came = Przyszło
webhooks-reason = Powód
webhooks-size = Rozmiar
webhooks-process = Przetwórz ponownie
webhooks-mend = Popraw mapowanie
webhooks-drop = Odrzuć
webhooks-body = Treść
webhooks-body-cut = To tylko początek treści. Całość zwraca API.
webhooks-outcome-taken = Zdarzenie przetworzone.
webhooks-outcome-repeated = To zdarzenie miało już swój skutek.
webhooks-outcome-ignored = Mapowanie mówi, że z tego zdarzenia nic nie powstaje. Nie czeka już na decyzję.
webhooks-outcome-outside = Zdarzenie nie wskazuje klienta albo klienta nie ma w CRM, a to źródło nie dodaje nowych. Nie czeka już na decyzję.

# Endpoints: who is told of our events
webhooks-endpoints = Odbiorcy naszych zdarzeń
webhooks-endpoints-about = Systemy, które powiadamiamy o tym, co dzieje się w zgłoszeniach.
webhooks-no-endpoint = Nikt nie jest powiadamiany
webhooks-no-endpoint-text = Dodaj adres, a wyślemy mu podpisaną wiadomość o każdym nowym zgłoszeniu i każdej odpowiedzi.
webhooks-endpoint-add = Dodaj odbiorcę
webhooks-endpoint-address = Adres
webhooks-endpoint-address-hint = Zaczyna się od https:// i jest dostępny z internetu.
webhooks-endpoint-active = Powiadamiaj
webhooks-endpoint-active-hint = Po ponownym włączeniu wysyłamy tylko to, co zdarzy się później.
webhooks-endpoint-off = Ten odbiorca jest wyłączony. Włącz go, zanim coś wyślesz.
webhooks-endpoint-gone = Odmówił
webhooks-endpoint-gone-text = Odbiorca odpowiedział { $when } kodem 410: nie chce już wiadomości. Zapisz ustawienia z zaznaczonym „Powiadamiaj”, aby wysyłać znowu.
webhooks-endpoint-delete = Usuń odbiorcę
webhooks-endpoint-deleted = Odbiorca usunięty.
webhooks-endpoint-delete-title = Usunąć odbiorcę „{ $name }”?
webhooks-endpoint-delete-text = Wiadomości, które jeszcze do niego nie dotarły, nie zostaną wysłane. Tego nie można cofnąć.
webhooks-events = Zdarzenie
webhooks-events-none = Wybierz przynajmniej jedno zdarzenie.
webhooks-event-ticket-created = Nowe zgłoszenie (ticket.created)
webhooks-event-ticket-replied = Wysłana odpowiedź (ticket.replied)
webhooks-address-unreadable = To nie jest adres. Podaj go w całości, razem z https://.
webhooks-address-scheme = Adres musi zaczynać się od https://.
webhooks-address-credentials = W adresie nie może być nazwy użytkownika ani hasła.
webhooks-address-private = Ten adres jest wewnątrz sieci prywatnej. Podaj adres dostępny z internetu.
webhooks-secret-once = Tym sekretem podpisujemy wiadomości (Standard Webhooks). Wpisz go u odbiorcy, aby mógł sprawdzić podpis.
webhooks-secret-once-note = Pokazujemy go tylko teraz. Jeśli zginie, utwórz nowy.
webhooks-secret-kept = Sekret zapisany, dalej
webhooks-secret-renew = Utwórz nowy sekret
webhooks-secret-renew-about = Po utworzeniu nowego wiadomości są przez dobę podpisane także starym.
webhooks-waiting-column = Czeka
webhooks-waiting =
    { $count ->
        [one] { $count } wiadomość czeka na wysłanie
        [few] { $count } wiadomości czekają na wysłanie
       *[many] { $count } wiadomości czeka na wysłanie
    }
webhooks-test = Wyślij próbną wiadomość
webhooks-test-sent = Próbna wiadomość wyjdzie za chwilę. Wynik będzie na liście poniżej.
webhooks-send-again = Wyślij ponownie
webhooks-sent-again = Wiadomość wyjdzie za chwilę jeszcze raz, pod tym samym id.
webhooks-attempts = Ostatnie próby
webhooks-no-attempts = Niczego jeszcze nie wysłano.
webhooks-when = Kiedy
webhooks-attempt = Próba
webhooks-answer = Odpowiedź
webhooks-time = Czas
webhooks-took = { $ms } ms
