### Texts of the helpdesk pages.
###
### How to add one: put the SAME key into pl, en and ru (helpdesk.ftl each); the key begins with "helpdesk-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("helpdesk-x"), language.n("helpdesk-x", count)
### for plurals (argument $count), language.with("helpdesk-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("helpdesk-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

# List
helpdesk-ticket-count =
    { $count ->
        [one] { $count } zgłoszenie
        [few] { $count } zgłoszenia
       *[many] { $count } zgłoszeń
    }
helpdesk-tickets-title = Zgłoszenia
helpdesk-column-number = Numer
helpdesk-column-activity = Aktywność
helpdesk-column-subject = Temat
helpdesk-column-customer = Klient
helpdesk-column-source = Źródło i kolejka
helpdesk-source = Źródło
helpdesk-column-queue = Kolejka
helpdesk-column-category = Kategoria
helpdesk-column-status = Status
helpdesk-column-waiting = Czeka od
helpdesk-filter-sending = Wysyłka
helpdesk-filter-needs-decision = Wymaga decyzji
helpdesk-needs-decision = Wymaga decyzji
helpdesk-customer-nameless = Klient bez nazwy
helpdesk-none-fit = Nic nie pasuje
helpdesk-none-fit-text = Żadne zgłoszenie nie spełnia wybranych warunków. Zmień filtry albo je wyczyść.
helpdesk-no-tickets = Nie ma jeszcze zgłoszeń
helpdesk-no-tickets-text = Połączenie z platformą jest już dodane. Gdy klient napisze, wiadomość pojawi się tutaj po najbliższym pobraniu.
helpdesk-no-connection = Żadna platforma nie jest połączona
helpdesk-no-connection-text = Dodaj połączenie z platformą sprzedażową, a wiadomości klientów będą się tu pojawiać jako zgłoszenia.
helpdesk-no-connection-ask = Poproś administratora o dodanie połączenia z platformą sprzedażową. Wiadomości klientów będą się tu pojawiać jako zgłoszenia.
helpdesk-news-list = Na liście są zmiany.
helpdesk-news-ticket = W tym zgłoszeniu jest coś nowego. To, co piszesz, nie zniknie, dopóki nie odświeżysz strony.
helpdesk-reload = Odśwież

# Statuses
helpdesk-state-new = Nowe
helpdesk-state-in-progress = W toku
helpdesk-state-waiting-for-customer = Czeka na klienta
helpdesk-state-snoozed = Odłożone
helpdesk-state-merged = Scalone
helpdesk-state-closed = Zamknięte
helpdesk-set-new = Oznacz jako nowe
helpdesk-set-in-progress = Rozpocznij pracę
helpdesk-set-waiting-for-customer = Czeka na klienta
helpdesk-set-closed = Zamknij
helpdesk-status-set = Status zmieniony.
helpdesk-status-merged = To zgłoszenie jest częścią innego; zmień status tamtego.
helpdesk-status-past = Ta chwila już minęła. Wybierz późniejszą.
helpdesk-status-itself = Zgłoszenia nie można scalić z nim samym.
helpdesk-assignee = Prowadzi
helpdesk-assignee-me = Ja
helpdesk-assignee-nobody = Nikt
helpdesk-assign = Przypisz
helpdesk-take = Biorę to zgłoszenie
helpdesk-assigned = Zapisano, kto prowadzi zgłoszenie.
helpdesk-no-colleague = Ta osoba nie pracuje w obsłudze klienta tej firmy.
helpdesk-bulk-picked = Zaznaczone
helpdesk-bulk-take = Biorę je
helpdesk-bulk-all = Zaznacz wszystkie
helpdesk-bulk-clear = Odznacz
helpdesk-bulk-none = Zaznacz najpierw zgłoszenia na liście.
helpdesk-bulk-most = Naraz można zmienić najwyżej { $limit } zgłoszeń.
helpdesk-bulk-done =
    { $count ->
        [one] Zmieniono { $count } zgłoszenie.
        [few] Zmieniono { $count } zgłoszenia.
       *[many] Zmieniono { $count } zgłoszeń.
    }
helpdesk-bulk-some =
    { $count ->
        [one] Zmieniono: { $changed }. Jednego zgłoszenia nie udało się zmienić: { $why }
       *[many] Zmieniono: { $changed }. Nie udało się zmienić { $count } zgłoszeń, pierwszego dlatego: { $why }
    }
helpdesk-snooze = Odłóż na później
helpdesk-snooze-hour = Za godzinę
helpdesk-snooze-today = Dziś o 16:00
helpdesk-snooze-tomorrow = Jutro o 9:00
helpdesk-snooze-monday = W poniedziałek o 9:00
helpdesk-snooze-until = Do kiedy
helpdesk-snooze-save = Odłóż
helpdesk-snooze-until-bad = Podaj dzień i godzinę, do której odłożyć zgłoszenie.
helpdesk-snooze-too-long = Zgłoszenie można odłożyć najwyżej na rok.
helpdesk-until = do

# Ticket
helpdesk-details = Szczegóły zgłoszenia
helpdesk-waits-since = Czeka na odpowiedź ·
helpdesk-older =
    { $count ->
        [one] Pokaż { $count } starszą
        [few] Pokaż { $count } starsze
       *[many] Pokaż { $count } starszych
    }
helpdesk-newest = Wróć do najnowszych
helpdesk-tag-history = Historia sprzed połączenia
helpdesk-tag-outside = spoza CRM
helpdesk-tag-outside-long = klient spoza CRM
helpdesk-tag-unknown = nieznany nadawca: { $word }
helpdesk-tag-left-out =
    { $count ->
        [one] za długa: pominięto { $count } znak na końcu
        [few] za długa: pominięto { $count } znaki na końcu
       *[many] za długa: pominięto { $count } znaków na końcu
    }
helpdesk-line-missing = Tego wpisu nie udało się odczytać. Administrator znajdzie powód w dzienniku systemu.
helpdesk-event-status = zmienia status na: { $status }
helpdesk-event-snoozed = odkłada zgłoszenie do { $until }
helpdesk-event-assigned = przypisuje zgłoszenie: { $name }
helpdesk-event-unassigned = zostawia zgłoszenie bez prowadzącego
helpdesk-event-linked = przypisuje kartę klienta
helpdesk-event-moved = przenosi do kolejki { $queue }, kategoria: { $category }
helpdesk-event-other = zmienia zgłoszenie
helpdesk-somebody = Ktoś z zespołu
helpdesk-to-customer = do klienta
helpdesk-to-operator = do operatora platformy
helpdesk-to-both = do klienta i operatora platformy

# Replies
helpdesk-mode = Co piszesz
helpdesk-mode-reply = Odpowiedź
helpdesk-mode-comment = Komentarz wewnętrzny
helpdesk-comment-hint = Komentarz widzi tylko Twój zespół. Nie zostanie wysłany na platformę.
helpdesk-comment-save = Zapisz komentarz
helpdesk-comment-written = Komentarz zapisany.
helpdesk-comment-without-files = Komentarz zapisany bez plików: do komentarza wewnętrznego nie można ich dołączyć.
helpdesk-comment-empty = Napisz treść komentarza.
helpdesk-reply-text = Treść
helpdesk-recipient = Do kogo
helpdesk-recipient-customer = Klient
helpdesk-recipient-operator = Operator platformy
helpdesk-recipient-both = Klient i operator platformy
helpdesk-template = Szablon odpowiedzi
helpdesk-template-insert = Wstaw
helpdesk-template-unknown = Szablon zawiera nazwy w nawiasach, które nie są zmiennymi: { $names }. Popraw tekst przed wysłaniem.
helpdesk-template-missing = W tym zgłoszeniu nie ma wartości dla: { $names }. Sprawdź tekst przed wysłaniem.
helpdesk-footer-note = Pod odpowiedzią dopiszemy stopkę firmy:
helpdesk-files = Załączniki
helpdesk-files-left = W tej rozmowie można jeszcze dołączyć { $left } z { $limit }.
helpdesk-files-again = Wybierz pliki ponownie: przeglądarka nie pozwala ich zachować po odświeżeniu formularza.
helpdesk-send = Wyślij
helpdesk-undo-promise = Po wysłaniu masz { $seconds } s na cofnięcie.
helpdesk-undo-left = możesz cofnąć jeszcze przez { $seconds } s
helpdesk-undo = Cofnij wysłanie
helpdesk-reply-written = Odpowiedź zapisana do wysłania.
helpdesk-reply-waiting = Czeka na wysłanie
helpdesk-reply-sending = Wysyłanie…
helpdesk-reply-retrying = Jeszcze nie wysłano, ponowimy próbę { $when }
helpdesk-reply-checking = Sprawdzamy, czy dotarła na platformę ({ $when })
helpdesk-reply-sent = Wysłano { $when }
helpdesk-reply-marked-sent = Oznaczono jako wysłaną
helpdesk-reply-failed = Nie wysłano
helpdesk-reply-uncertain = Nie wiadomo, czy dotarła
helpdesk-reason = Powód: { $why }
helpdesk-reason-told = { $why }
helpdesk-reason-status = { $reason }, status { $status }
helpdesk-reason-said = { $reason }: { $said }
helpdesk-reason-wrong-key = klucz został odrzucony
helpdesk-reason-no-right = klucz nie ma do tego uprawnień
helpdesk-reason-not-found = nie znaleziono tego, o co pytamy
helpdesk-reason-throttled = zbyt wiele zapytań w krótkim czasie
helpdesk-reason-rejected = zapytanie zostało odrzucone
helpdesk-reason-unavailable = serwer jest przeciążony lub ma awarię
helpdesk-reason-elsewhere = pod tym adresem odpowiada coś innego
helpdesk-reason-unreadable = nie udało się odczytać odpowiedzi serwera
helpdesk-reason-too-large = odpowiedź serwera jest za długa
helpdesk-reason-not-sent = nie udało się połączyć z serwerem
helpdesk-reason-no-answer = serwer nie odpowiedział
helpdesk-reason-incomplete = nie wszystkie długie rozmowy udało się jeszcze odczytać w całości
helpdesk-reason-internal = błąd po stronie Mostka; szczegóły są w dzienniku systemu
helpdesk-reason-sender-lost = wysyłanie zostało przerwane
helpdesk-reason-decider-lost = zapisywanie decyzji zostało przerwane
helpdesk-reason-connection-deleted = połączenie zostało usunięte
helpdesk-reason-no-address = to źródło nie ma adresu, na który można wysyłać odpowiedzi
helpdesk-reason-address-off = adres dla odpowiedzi tego źródła jest wyłączony albo usunięty
helpdesk-reason-address-unusable = na adres dla odpowiedzi nie można wysyłać; administrator powinien sprawdzić jego ustawienia
helpdesk-reason-wrote-else = sklep napisał w międzyczasie w tej rozmowie coś innego
helpdesk-reason-restored = dane przywrócono z kopii zapasowej, a odpowiedź mogła zostać od tamtej pory cofnięta
helpdesk-reason-content-lost = treści odpowiedzi lub jej plików nie można odczytać
helpdesk-connection-gone = Odpowiedzi nie ma jak wysłać: to źródło tylko przekazuje wiadomości (webhook), jego adres dla odpowiedzi jest wyłączony albo połączenie zostało usunięte. Komentarze, statusy i przydział działają jak zawsze.
helpdesk-answer-without-files = Na to źródło można odpowiedzieć tylko tekstem, bez plików.
helpdesk-connection-waits = Połączenie wymaga ponownego uwierzytelnienia. Odpowiedź nie wyjdzie, dopóki administrator nie wpisze nowego klucza.
helpdesk-reply-dropped = Cofnięta, nie wysłano
helpdesk-reply-undone = Wysłanie cofnięte.
helpdesk-decided = Decyzja zapisana.
helpdesk-try-again = Spróbuj ponownie
helpdesk-send-again = Wyślij jeszcze raz
helpdesk-was-sent = Jest na platformie
helpdesk-drop = Nie wysyłaj
helpdesk-reply-too-short = Odpowiedź ma { $chars } zn., a platforma wymaga co najmniej { $limit }.
helpdesk-reply-too-long = Odpowiedź ma { $chars } zn., a platforma przyjmuje najwyżej { $limit }.
helpdesk-attachment-conversation = Załączniki tej rozmowy miałyby razem { $bytes }, a limit to { $limit }. Usuń któryś plik albo wyślij mniejszy.
helpdesk-attachment-message = Pliki tej wiadomości mają razem { $bytes }, a limit to { $limit }.
helpdesk-attachment-order = Zamówienie miałoby { $files } plików, a limit to { $limit }.
helpdesk-attachment-empty = Jeden z plików jest pusty. Platforma nie przyjmuje pustych plików.
helpdesk-file-longer = Platforma chce przesłać większy plik, niż zapowiedziała (limit { $limit }). Nie pobieramy go.

# What stands in the way
helpdesk-changed = W międzyczasie coś się zmieniło albo było już za późno. Sprawdź aktualny stan i spróbuj ponownie, jeśli trzeba.
helpdesk-needs-authentication = Połączenie z platformą wymaga ponownego uwierzytelnienia. Administrator wpisze nowy klucz w ustawieniach.
helpdesk-remote = Nie udało się tego odczytać z platformy: { $why }
helpdesk-too-many = Może ich być najwyżej { $limit }.
helpdesk-text-too-long = Tekst może mieć najwyżej { $limit } znaków.
helpdesk-key-needed = Brakuje klucza żądania (key albo nagłówek Idempotency-Key): od 1 do 200 znaków ASCII bez spacji.
helpdesk-unknown-choice = Wybierz jedną z podanych możliwości.
helpdesk-date-form = Podaj datę w postaci rrrr-mm-dd albo chwilę według RFC 3339.
helpdesk-date-future = Data nie może być późniejsza niż dzisiejsza.
helpdesk-name-empty = Podaj nazwę.
helpdesk-name-too-long = Nazwa ma { $chars } zn., a może mieć najwyżej { $limit }.
helpdesk-name-character = W nazwie jest znak, którego nie można wyświetlić.
helpdesk-phone-empty = Podaj numer telefonu.
helpdesk-phone-character = Numer telefonu może zawierać tylko cyfry, spacje, myślniki i plus na początku.
helpdesk-phone-length = Numer telefonu nie może mieć { $digits } cyfr. Polski ma 9, zagraniczny zacznij od plusa i kodu kraju.
helpdesk-phone-beginning = Numer telefonu nie może się tak zaczynać.
helpdesk-email-empty = Podaj adres e-mail.
helpdesk-email-too-long = Adres e-mail jest za długi.
helpdesk-email-form = To nie jest adres e-mail. Powinien wyglądać jak nazwa@domena.pl.
helpdesk-nip-character = NIP może zawierać tylko cyfry, spacje i myślniki.
helpdesk-nip-length = NIP ma 10 cyfr.
helpdesk-nip-pattern = NIP nie może się tak zaczynać.
helpdesk-nip-check-digit = Cyfra kontrolna NIP się nie zgadza. Sprawdź, czy nie ma literówki.

# Order
helpdesk-order = Zamówienie
helpdesk-order-number = Numer
helpdesk-order-state = Stan
helpdesk-order-placed = Złożone
helpdesk-order-ship-by = Wysłać do
helpdesk-order-parcel = Przesyłka
helpdesk-order-shipping-price = Dostawa
helpdesk-order-total = Razem
helpdesk-order-read-at = Odczytano:
helpdesk-order-again = Odczytaj ponownie
helpdesk-order-read = Zamówienie odczytane ponownie.
helpdesk-order-unread = Nie udało się jeszcze odczytać zamówienia.
helpdesk-order-none = Ta rozmowa nie dotyczy zamówienia.
helpdesk-more-lines =
    { $count ->
        [one] i { $count } pozycja więcej
        [few] i { $count } pozycje więcej
       *[many] i { $count } pozycji więcej
    }
helpdesk-open-at-marketplace = Otwórz na platformie
helpdesk-open-at-shop = Otwórz w sklepie
helpdesk-order-staging = Przygotowywane przez platformę
helpdesk-order-waiting-acceptance = Do akceptacji
helpdesk-order-waiting-debit = Czeka na płatność
helpdesk-order-waiting-debit-payment = Płatność w toku
helpdesk-order-shipping = Do wysłania
helpdesk-order-shipped = Wysłane
helpdesk-order-to-collect = Do odbioru
helpdesk-order-received = Odebrane
helpdesk-order-closed = Zakończone
helpdesk-order-refused = Odrzucone
helpdesk-order-canceled = Anulowane
helpdesk-order-incident-open = Otwarta reklamacja

# Place of a ticket
helpdesk-place = Status i kolejka
helpdesk-move = Zmień kolejkę lub kategorię
helpdesk-move-save = Przenieś
helpdesk-moved = Zgłoszenie przeniesione.

# Customers
helpdesk-customer-count =
    { $count ->
        [one] { $count } klient
        [few] { $count } klientów
       *[many] { $count } klientów
    }
helpdesk-customer-name = Imię i nazwisko lub nazwa
helpdesk-customer-short = Nazwa
helpdesk-customer-id = Id na platformie
helpdesk-customer-create = Utwórz kartę klienta
helpdesk-customer-change = Zmień klienta
helpdesk-customer-fixed = Zgłoszenia ze źródła { $source } nie można przypisać do innego klienta: kto pisze, wiadomo z platformy. Dane samej karty można zmieniać w każdej chwili.
helpdesk-customer-add = Nowy klient
helpdesk-customer-edit = Zmiana danych klienta
helpdesk-customer-added = Karta klienta utworzona.
helpdesk-customer-who = Kto to jest
helpdesk-customer-from-ticket = Karta zostanie przypisana do zgłoszenia. Nazwę i id na platformie wpisaliśmy z rozmowy.
helpdesk-ticket-has-record = To zgłoszenie ma już kartę klienta.
helpdesk-customer-known = Jest już karta z tym id:
helpdesk-customer-link = Przypisz tę kartę
helpdesk-customer-linked = Karta klienta przypisana do zgłoszenia.
helpdesk-record-has-id = Jest już karta klienta z tym id na platformie. Zamiast tworzyć drugą, przypisz ją na stronie zgłoszenia.
helpdesk-no-record-has-id = Żadna karta klienta nie ma jeszcze tego id.
helpdesk-no-customers = Nie ma jeszcze klientów
helpdesk-no-customers-text = Karty powstają same, gdy klient napisze przez połączenie, które dodaje klientów, albo z przycisku w zgłoszeniu. Możesz też dodać kartę tutaj.
helpdesk-contact = Dane
helpdesk-phone = Telefon
helpdesk-phones = Telefony
helpdesk-phones-about = Każdy numer ma własną zgodę na SMS: tak lub nie, od kiedy i skąd o niej wiemy. Pusty wiersz dodaje numer, wyczyszczony numer znika.
helpdesk-email = E-mail
helpdesk-emails = Adresy e-mail
helpdesk-emails-about = Puste pole dodaje adres, wyczyszczony adres znika.
helpdesk-consent = Zgoda na SMS
helpdesk-consent-when = Kiedy
helpdesk-consent-where = Skąd wiadomo
helpdesk-consent-yes = zgoda na SMS
helpdesk-consent-no = bez zgody na SMS
helpdesk-consent-given = od { $date }, źródło: { $source }
helpdesk-consent-refused = odmowa { $date }, źródło: { $source }
helpdesk-consent-unknown = nikt jeszcze nie pytał
helpdesk-consent-source-unknown = nie podano
helpdesk-nip = NIP
helpdesk-nip-hint = Dla firm. 10 cyfr, z myślnikami lub bez.
helpdesk-locale = Język klienta
helpdesk-notes = Notatki
helpdesk-notes-hint = Widzi je tylko Twój zespół.
helpdesk-notes-none = Nie ma notatek.
helpdesk-fields = Pole
helpdesk-added = Dodano
helpdesk-changed-at = Zmieniono

# Connections
helpdesk-connections-title = Połączenia z platformami
helpdesk-connections-about = Skąd przychodzą wiadomości klientów i dokąd wracają odpowiedzi.
helpdesk-connection-add = Dodaj połączenie
helpdesk-connection-access = Dostęp
helpdesk-connection-access-about = Adres platformy, numer sklepu i klucz API. Sprawdzimy je, zanim cokolwiek zapiszemy.
helpdesk-connection-kind = Rodzaj platformy
helpdesk-kind-mirakl = Inna platforma Mirakl
helpdesk-connection-base = Adres platformy
helpdesk-connection-base-hint = Na przykład https://marketplace.empik.com
helpdesk-connection-shop = Numer sklepu (shop id)
helpdesk-connection-shop-hint = Z panelu sprzedawcy. Bez niego sprawdzimy sklep, do którego należy klucz.
helpdesk-connection-shop-column = Sklep
helpdesk-connection-key = Klucz API
helpdesk-connection-key-hint = Z panelu sprzedawcy: Moje konto → Klucz API. Przechowujemy go zaszyfrowany i nigdy nie pokazujemy.
helpdesk-connection-key-set = Ustawiony { $date }, kończy się na …{ $tail }
helpdesk-connection-key-set-short = Ustawiony { $date }
helpdesk-authenticate = Uwierzytelnij
helpdesk-connection-new-key = Wpisz nowy klucz
helpdesk-connection-works = Klucz działa: sklep { $shop } (nr { $id }), { $state ->
        [open] otwarty
        [closed] zamknięty
        [suspended] zawieszony
        [terminated] zakończony
       *[other] stan nieznany
    }. Ustaw jeszcze, gdzie mają trafiać zgłoszenia.
helpdesk-connection-other-shop = Klucz działa, ale należy do innego sklepu niż wpisany: { $shop }. Popraw numer sklepu albo użyj innego klucza.
helpdesk-connection-wrong-key = Platforma odrzuciła klucz (401). Sprawdź, czy został skopiowany w całości i czy nie wygasł.
helpdesk-connection-no-right = Klucz jest prawidłowy, ale nie ma uprawnień do tego sklepu (403). Nadaj je w panelu sprzedawcy.
helpdesk-connection-unreachable = Pod tym adresem nie odpowiada platforma. Sprawdź adres. ({ $why })
helpdesk-connection-later = Platforma jest teraz przeciążona lub niedostępna. Spróbuj za kilka minut. ({ $why })
helpdesk-connection-refused = Nie udało się: { $why }.
helpdesk-connection-refused-text = Pobieranie jest wstrzymane: { $why }. Wpisz nowy klucz.
helpdesk-connection-throttled-until = Platforma ograniczyła liczbę zapytań. Następna próba: { $when }.
helpdesk-connection-unsaved = Klucz działa. Uzupełnij ustawienia poniżej i uruchom pobieranie.
helpdesk-connection-name = Nazwa połączenia
helpdesk-connection-source-hint = Pod tą nazwą zgłoszenia z tej platformy są na liście, w filtrach i w raportach. Zmiana dotyczy nowych zgłoszeń.
helpdesk-connection-state = Stan
helpdesk-run-running = Działa
helpdesk-run-stopped = Zatrzymane
helpdesk-run-needs-authentication = Wymaga uwierzytelnienia
helpdesk-run-throttled = Ograniczone przez platformę
helpdesk-last-success = Ostatnie udane
helpdesk-last-error = Ostatni błąd
helpdesk-next-poll = Następne
helpdesk-not-yet = jeszcze nie
helpdesk-taken-column = Pobrano
helpdesk-taken =
    { $count ->
        [one] { $count } wiadomość
        [few] { $count } wiadomości
       *[many] { $count } wiadomości
    }
helpdesk-connection-since = Pobiera rozmowy od
helpdesk-connection-work = Pobieranie
helpdesk-poll-now = Pobierz teraz
helpdesk-poll-not-running = Połączenie jest zatrzymane. Uruchom je, żeby pobrać wiadomości.
helpdesk-polled =
    { $count ->
        [one] Pobrano { $count } nową wiadomość.
        [few] Pobrano { $count } nowe wiadomości.
       *[many] Pobrano { $count } nowych wiadomości.
    }
helpdesk-polled-error = Nie udało się pobrać wiadomości: { $why }
helpdesk-connection-start = Uruchom
helpdesk-connection-stop = Zatrzymaj
helpdesk-connection-started = Połączenie uruchomione.
helpdesk-connection-stopped = Połączenie zatrzymane.
helpdesk-connection-deleted = Połączenie usunięte. Zgłoszenia zostają.
helpdesk-connection-delete = Usuń połączenie
helpdesk-connection-delete-title = Usunąć połączenie „{ $name }”?
helpdesk-connection-delete-text = Pobieranie wiadomości się skończy, klucz zostanie usunięty, a odpowiedzi, które jeszcze nie wyszły, nie zostaną wysłane. Zgłoszenia i ich historia zostają. Jeśli później dodasz to połączenie od nowa, następna wiadomość w dawnej rozmowie otworzy drugie zgłoszenie z całą rozmową. Żeby tylko wstrzymać pobieranie, zatrzymaj połączenie. Usunięcia nie można cofnąć.
helpdesk-connection-save-first = Najpierw zapisz ustawienia połączenia.
helpdesk-connection-tickets = Zgłoszenia
helpdesk-connection-tickets-about = Gdzie trafiają nowe rozmowy i jak rozpoznajemy klienta.
helpdesk-connection-field = Pole CRM z id klienta na platformie
helpdesk-connection-field-hint = Po tym polu znajdujemy kartę klienta.
helpdesk-create-queue = Utwórz kolejkę „{ $name }”
helpdesk-create-field = Utwórz pole „{ $name }”
helpdesk-new-queue-name = Obsługa klienta
helpdesk-new-field-name = { $kind } ID
helpdesk-connection-add-customers = Dodawaj nowych klientów do CRM
helpdesk-connection-add-customers-hint = Gdy nie ma karty z tym id, powstanie nowa z nazwą z zamówienia. Inaczej klient zostaje „spoza CRM”.
helpdesk-connection-polling = Pobieranie
helpdesk-connection-polling-about = Jak często pytamy platformę o nowe wiadomości i dokąd prowadzi link.
helpdesk-connection-interval = Co ile sekund pobierać
helpdesk-connection-interval-hint = Od 60 do 86400. Platforma nie pozwala pytać częściej niż raz na minutę.
helpdesk-connection-interval-range = Podaj liczbę sekund od 60 do 86400.
helpdesk-connection-link = Link do rozmowy
helpdesk-connection-link-hint = Szablon ze zmiennymi {"{base}"}, {"{order_id}"} i {"{thread_id}"}.
helpdesk-link-variable = Nie ma zmiennej „{ $name }”. Są: base, order_id, thread_id.
helpdesk-link-address = Link musi zaczynać się od {"{base}"}/ albo https:// i mieć najwyżej 500 znaków bez spacji.
helpdesk-base-address = Podaj adres, który zaczyna się od https:// (lub http://).
helpdesk-base-address-parts = Podaj sam adres: bez nazwy użytkownika, znaku zapytania i kratki.
helpdesk-api-key-form = Klucz API to od 1 do 500 widocznych znaków, bez spacji i polskich liter.
helpdesk-shop-id-form = Numer sklepu to dodatnia liczba całkowita.
helpdesk-save-start = Zapisz i uruchom
helpdesk-connection-saved-started = Zapisano i uruchomiono. Nowe wiadomości pojawią się w zgłoszeniach po najbliższym pobraniu.

# Desk
helpdesk-desk-title = Ustawienia zgłoszeń
helpdesk-desk-name = Nazwa
helpdesk-desk-queues = Kolejki
helpdesk-desk-queues-about = Kolejka mówi, który zespół zajmuje się zgłoszeniem. Zarchiwizowana znika z formularzy, a zgłoszenia, które w niej są, zostają.
helpdesk-desk-queues-add = Nowa kolejka
helpdesk-desk-categories = Kategorie
helpdesk-desk-categories-about = Kategoria mówi, czego dotyczy zgłoszenie: zwrot, reklamacja, pytanie o przesyłkę.
helpdesk-desk-categories-add = Nowa kategoria
helpdesk-desk-fields = Pola CRM
helpdesk-desk-fields-about = Dodatkowe pola kart klientów: tekst, liczba, data albo wybór z listy. Pole w archiwum znika z formularzy, a wartości zostają.
helpdesk-desk-fields-add = Nowe pole
helpdesk-desk-templates = Szablony odpowiedzi
helpdesk-desk-templates-about = Gotowe teksty, od których można zacząć odpowiedź.
helpdesk-desk-templates-add = Nowy szablon
helpdesk-template-variables = Zmienne, które zastąpimy danymi zgłoszenia:
helpdesk-template-text = Tekst szablonu
helpdesk-template-empty = Napisz tekst szablonu.
helpdesk-template-names = Nie ma zmiennych o nazwach: { $names }. Są: { $known }.
helpdesk-rename = Zmień nazwę
helpdesk-archive = Archiwizuj
helpdesk-restore = Przywróć
helpdesk-is-archived = w archiwum
helpdesk-archived = „{ $name }” jest w archiwum.
helpdesk-restored = „{ $name }” jest znowu w użyciu.
helpdesk-added-news = Dodano „{ $name }”.
helpdesk-desk-tags = Etykiety
helpdesk-desk-tags-about = Słowa, którymi zespół oznacza zgłoszenia.
helpdesk-desk-tags-add = Nowa etykieta
helpdesk-desk-sub-statuses = Podstatusy
helpdesk-desk-sub-statuses-about = Własne nazwy części statusów, na przykład „Czeka na magazyn” w statusie „W toku”.
helpdesk-desk-sub-statuses-add = Nowy podstatus
helpdesk-sub-status-of-another = Ten podstatus należy do innego statusu.
helpdesk-view-empty = Wybierz najpierw filtry.
helpdesk-steps-none = Wybierz przynajmniej jedną czynność.
helpdesk-macro-unsaid = Makro niczego nie zrobiło, bo nie da się wysłać odpowiedzi: { $why }.
helpdesk-step-needs-person = Tego kroku nie da się wykonać bez konsultanta: „przypisz mnie” i „wstaw do odpowiedzi” są tylko dla makr.
helpdesk-unsaid-no-way = źródło zgłoszenia nie przyjmuje odpowiedzi
helpdesk-unsaid-unknown = szablon ma w nawiasach nazwy, które nie są zmiennymi ({ $names })
helpdesk-unsaid-missing = w zgłoszeniu nie ma wartości dla: { $names }
helpdesk-unsaid-text = wypełniony szablon jest za krótki albo za długi
