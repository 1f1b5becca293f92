### Texts of the console pages.
###
### How to add one: put the SAME key into pl, en and ru (console.ftl each); the key begins with "console-", is lower case
### with dashes, and takes the same arguments everywhere. In Rust: language.t("console-x"), language.n("console-x", count)
### for plurals (argument $count), language.with("console-x", "name", value); in templates the same: {{ language.t("...") }}
### with `use mostek_web::Speak` beside the template struct. Errors and toasts take Text::new("console-x").with("name", v).
### Plurals: Polish [one] 1, [few] 2-4, *[many] 5+; Russian the same names; English [one] *[other].
### `bcargo test -p mostek-web --test catalogues` tells what is missing.

## Signing in
console-sign-in-title = Zaloguj się
console-sign-in-button = Zaloguj się
console-sign-in-forgotten = Nie pamiętasz hasła? Administrator może wysłać Ci nowe zaproszenie.
console-email = Adres e-mail
console-password = Hasło
console-new-password = Nowe hasło
console-password-hint = Co najmniej { $count } znaków. Kilka słów jest lepszych niż jedno trudne.
console-signed-out = Wylogowano.
console-signed-out-everywhere = Wylogowano ze wszystkich urządzeń.

## Setting up
console-setup-title = Pierwsze uruchomienie
console-setup-intro = Podaj pierwszą firmę i jej administratora. Kolejne firmy i pracowników dodasz później.
console-setup-code = Kod instalacyjny
console-setup-code-hint = Został wypisany w terminalu przy starcie albo jest w konfiguracji (setup_code).
console-setup-button = Rozpocznij
console-setup-done = Gotowe. Witaj w Mostku!
console-your-name = Imię i nazwisko

## Invitations
console-invitation-title = Witaj, { $name }!
console-invitation-intro = Wybierz hasło do konta { $email }.
console-invitation-button = Ustaw hasło i zaloguj się
console-invitation-done = Hasło jest ustawione. Zalogowano.
console-link-title = Zaproszenie: { $name }
console-link-text = Przekaż ten link tej osobie. Pokazujemy go tylko teraz.
console-link = Link zaproszenia
console-link-note = Działa raz, do { $date }. Wcześniejsze linki tej osoby już nie działają.
console-done = Gotowe

## Dashboard
console-dashboard-greeting = Dzień dobry, { $name }
console-dashboard-empty = Nie masz jeszcze żadnych uprawnień
console-dashboard-empty-text = Poproś administratora o nadanie uprawnień; pojawią się tu po odświeżeniu strony.
console-about-tickets = Pytania klientów z platform sprzedażowych i odpowiedzi
console-about-customers = Kartoteka klientów
console-about-companies = Nazwy i numery NIP
console-about-employees = Konta, role i uprawnienia
console-about-settings = Jak działa firma i logowanie
console-about-audit = Kto, kiedy, skąd i co zrobił

## Companies
console-companies-count =
    { $count ->
        [one] { $count } firma
        [few] { $count } firmy
       *[many] { $count } firm
    }
console-company-add = Dodaj firmę
console-company-new = Nowa firma
console-company-edit = Dane firmy
console-company-added = Dodano firmę. Przypisz do niej pracowników.
console-company-name = Nazwa firmy
console-nip = NIP
console-nip-hint = 10 cyfr; spacje, myślniki i PL na początku nie przeszkadzają.

## Employees
console-people-count =
    { $count ->
        [one] { $count } pracownik
        [few] { $count } pracowników
       *[many] { $count } pracowników
    }
console-employee-add = Dodaj pracownika
console-employee-new = Nowy pracownik
console-employee-new-intro = Po zapisaniu pokażemy link, pod którym ta osoba wybierze hasło.
console-employee-edit = Dane pracownika
console-employees-none = Nikt nie pasuje
console-employees-none-text = Zmień filtry albo je wyczyść.
console-person-name = Imię i nazwisko
console-email-hint = Służy do logowania; każdy adres może mieć tylko jedna osoba.
console-role = Rola
console-role-hint = Administrator zarządza firmami, pracownikami i ustawieniami. Nadanie tej roli włącza też asystenta; można go potem wyłączyć.
console-role-administrator = Administrator
console-role-operator = Operator
console-rights = Uprawnienia
console-rights-hint = Część, do której ktoś nie ma uprawnienia, jest dla niego niewidoczna i niedostępna.
console-right-helpdesk = Obsługa klienta
console-right-assistant = Asystent
console-right-sms = SMS
console-right-partners = Partnerzy
console-right-endpoints = Agenci ERP
console-employee-access = Dostęp do konta
console-employee-invited = Zaproszenie czeka na przyjęcie albo wygasło.
console-employee-has-password = Hasło jest ustawione.
console-employee-no-password = Hasło nie jest jeszcze ustawione.
console-invite-again = Nowy link do ustawienia hasła
console-employee-disabled = Wyłączony
console-employee-conflicting = Zajęty adres
console-employee-conflicting-text = Ten adres ma już inna osoba. Zmień go, aby można było się zalogować.
console-disable = Wyłącz konto
console-disable-title = Wyłączyć konto: { $name }?
console-disable-text = Ta osoba zostanie od razu wylogowana, a jej tokeny API przestaną działać. Jej praca zostaje. Konto można później włączyć.
console-disabled = Konto wyłączone: { $name }.
console-enable = Włącz konto
console-enabled = Konto włączone: { $name }.

## Account
console-password-change = Zmień hasło
console-password-change-intro = Po zmianie wszystkie inne sesje zostaną wylogowane.
console-password-current = Obecne hasło
console-password-changed = Hasło zmienione. Inne sesje są wylogowane.
console-sign-out-everywhere = Wyloguj wszędzie
console-sign-out-everywhere-title = Wylogować ze wszystkich urządzeń?
console-sign-out-everywhere-text = Także na tym. Tokeny API działają dalej, chyba że je unieważnisz.
console-sign-out-everywhere-tokens = Unieważnij też moje tokeny API
console-tokens = Tokeny API
console-tokens-intro = Dla programów, które działają w Twoim imieniu, z Twoimi uprawnieniami.
console-tokens-none = Nie masz żadnych tokenów.
console-token = Token
console-token-new = Nowy token
console-token-new-intro = Token zobaczysz raz, zaraz po utworzeniu.
console-token-password-hint = Token działa dalej, gdy sesja się skończy. Dlatego pytamy o hasło.
console-token-new-button = Utwórz token
console-token-name = Nazwa
console-token-name-hint = Do czego służy, na przykład „ERP magazyn”.
console-token-days = Ważny przez
console-token-created = Utworzony
console-token-expires = Ważny do
console-token-expired = wygasł
console-token-made = Token utworzony
console-token-made-text = Skopiuj token „{ $name }” teraz. Nie pokażemy go ponownie.
console-token-made-note = Ważny do { $date }. Wysyłaj go w nagłówku „Authorization: Bearer …”.
console-token-revoke = Unieważnij
console-token-revoke-title = Unieważnić token „{ $name }”?
console-token-revoke-text = Program, który go używa, natychmiast straci dostęp. Tego nie można cofnąć.
console-token-revoked = Token unieważniony.
console-actions = Czynności
console-days =
    { $count ->
        [one] { $count } dzień
        [few] { $count } dni
       *[many] { $count } dni
    }

## Settings
console-settings-company = Ustawienia firmy
console-settings-company-about = Cofanie wysyłki, załączniki, stopka
console-settings-company-intro = Dotyczą tylko firmy { $company }.
console-settings-sign-in = Logowanie
console-settings-sign-in-about = Blokada po nieudanych próbach
console-settings-sign-in-intro = Dotyczy całej instalacji. Po podanej liczbie błędnych haseł adres jest na chwilę blokowany.
console-settings-marketplaces = Połączenia z platformami
console-settings-marketplaces-about = Skąd przychodzą wiadomości klientów, klucze API
console-settings-helpdesk = Obsługa klienta
console-settings-helpdesk-about = Kolejki, kategorie, szablony, pola
console-undo-seconds = Czas na cofnięcie odpowiedzi (s)
console-undo-seconds-hint = Od 0 do 600; 0 wysyła od razu.
console-attachment-limit = Limit załączników w jednej rozmowie (MB)
console-attachment-limit-hint = Razem wszystkie pliki rozmowy, od 1 do 10.
console-reopen-days = Ponowne otwarcie zgłoszenia (dni)
console-reopen-days-hint = Wiadomość, która przyjdzie w tym czasie po zamknięciu, otwiera zgłoszenie ponownie. Od 0 do 365.
console-footer = Stopka odpowiedzi
console-footer-hint = Najwyżej 1000 znaków. Platformy zwykle zabraniają adresów e-mail, telefonów i linków.
console-lockout-attempts = Liczba błędnych prób
console-lockout-attempts-hint = Od 3 do 20.
console-lockout-seconds = Czas blokady (s)
console-lockout-seconds-hint = Od 10 do 86400.

## The audit journal
console-audit-intro = Każda zmiana: kto, kiedy, skąd.
console-audit-scope = Dziennik
console-audit-scope-installation = Cała instalacja
console-audit-when = Kiedy
console-audit-who = Kto
console-audit-act = Co
console-audit-subject = Czego dotyczy
console-audit-from = Adres
console-audit-count =
    { $count ->
        [one] { $count } wpis
        [few] { $count } wpisy
       *[many] { $count } wpisów
    }
console-audit-none = Nie ma takich wpisów
console-audit-none-text = Zmień filtry albo wróć później.
console-audit-older = Nic w najnowszych wpisach
console-audit-older-text = Przejdź na następną stronę, aby szukać w starszych.
console-audit-somebody = Ktoś, kogo już nie ma
console-audit-unknown-address = nieznany adres
console-audit-unknown-address-at = nieznany adres w domenie { $domain }
console-audit-system = System
console-audit-remote = Inny system
console-act-installation-set-up = Uruchomienie instalacji
console-act-signed-in = Zalogowanie
console-act-sign-in-failed = Nieudane logowanie
console-act-sign-in-locked = Nieudane logowanie, blokada
console-act-signed-out = Wylogowanie
console-act-signed-out-everywhere = Wylogowanie wszędzie
console-act-password-changed = Zmiana hasła
console-act-invitation-made = Nowe zaproszenie
console-act-invitation-accepted = Przyjęcie zaproszenia
console-act-token-made = Nowy token API
console-act-token-revoked = Unieważnienie tokenu API
console-act-employee-added = Nowy pracownik
console-act-employee-changed = Zmiana danych pracownika
console-act-access-changed = Zmiana roli lub uprawnień
console-act-employee-disabled = Wyłączenie konta
console-act-employee-enabled = Włączenie konta
console-act-company-added = Nowa firma
console-act-company-changed = Zmiana danych firmy
console-act-lockout-changed = Zmiana zasad logowania
console-act-settings-changed = Zmiana ustawień firmy
console-act-customer-added = Nowy klient
console-act-connection-authenticated = Sprawdzenie klucza API połączenia
console-act-connection-saved = Zapisanie połączenia
console-act-connection-started = Uruchomienie połączenia
console-act-connection-stopped = Zatrzymanie połączenia
console-act-connection-deleted = Usunięcie połączenia
console-act-reply-written = Napisanie odpowiedzi
console-act-reply-undone = Cofnięcie odpowiedzi
console-act-reply-decided = Decyzja o niewysłanej odpowiedzi
console-act-comment-written = Komentarz wewnętrzny
console-act-ticket-status-set = Zmiana statusu zgłoszenia
console-act-ticket-moved = Przeniesienie zgłoszenia
console-act-ticket-assigned = Zmiana prowadzącego zgłoszenie
console-act-ticket-linked = Przypisanie karty klienta do zgłoszenia
console-act-ticket-merged = Scalenie zgłoszeń
console-act-ticket-parted = Cofnięcie scalenia zgłoszeń
console-act-ticket-priority-set = Zmiana priorytetu zgłoszenia
console-act-ticket-tagged = Zmiana etykiet zgłoszenia
console-act-ticket-sub-status-set = Zmiana podstatusu zgłoszenia
console-act-view-saved = Zapisanie widoku
console-act-view-removed = Usunięcie widoku
console-act-tag-saved = Zapisanie etykiety
console-act-sub-status-saved = Zapisanie podstatusu
console-act-customer-changed = Zmiana danych klienta
console-act-customer-merged = Scalenie dwóch klientów
console-act-customer-unmerged = Cofnięcie scalenia klientów
console-act-customer-told-apart = Uznanie za dwóch klientów
console-act-customer-exported = Eksport danych klienta
console-act-customer-erased = Usunięcie danych klienta
console-act-customer-file-read = Import klientów z pliku
console-act-customer-list-exported = Eksport listy klientów
console-act-queue-saved = Zapisanie kolejki
console-act-category-saved = Zapisanie kategorii
console-act-field-saved = Zapisanie pola dodatkowego
console-act-template-saved = Zapisanie szablonu
console-act-hours-saved = Zapisanie godzin pracy
console-act-deadlines-saved = Zapisanie terminów i przydziału kolejki
console-act-automatic-reply-saved = Zapisanie automatycznej odpowiedzi
console-act-macro-saved = Zapisanie makra
console-act-automation-saved = Zapisanie automatyzacji
console-act-macro-run = Wykonanie makra
console-act-webhook-secret-added = Dodanie sekretu webhooka
console-act-webhook-secret-removed = Usunięcie sekretu webhooka
console-act-webhook-letter-processed = Ponowne przetworzenie zdarzenia
console-act-webhook-letter-dropped = Odrzucenie zdarzenia
console-act-endpoint-added = Dodanie odbiorcy zdarzeń
console-act-endpoint-changed = Zmiana odbiorcy zdarzeń
console-act-endpoint-deleted = Usunięcie odbiorcy zdarzeń
console-act-endpoint-tested = Próbne zdarzenie do odbiorcy
console-act-delivery-repeated = Ponowna wysyłka zdarzenia
console-act-automation-ran = Działanie automatyzacji
console-audit-detail-name = nazwa
console-audit-detail-email = e-mail
console-audit-detail-role = rola
console-audit-detail-rights = uprawnienia
console-audit-detail-companies = liczba firm
console-audit-detail-nip = NIP
console-audit-detail-undo-seconds = czas na cofnięcie odpowiedzi (s)
console-audit-detail-attachment-limit = limit załączników (bajty)
console-audit-detail-reopen-days = ponowne otwarcie (dni)
console-audit-detail-footer = stopka
console-audit-detail-attempts = liczba prób
console-audit-detail-seconds = czas blokady (s)
console-audit-detail-base = adres API
console-audit-detail-started = uruchomione
console-audit-detail-archived = w archiwum
console-audit-detail-customer = klient
console-audit-detail-comment = komentarz
console-audit-detail-decision = decyzja
console-audit-detail-queue = kolejka
console-audit-detail-employee = pracownik
console-audit-detail-reply = odpowiedź
console-audit-detail-status = status
console-audit-detail-to = do kogo
console-audit-detail-into = do zgłoszenia
console-audit-detail-priority = priorytet
console-audit-detail-added = dodane
console-audit-detail-removed = usunięte
console-audit-detail-sub-status = podstatus
console-audit-detail-letter = zdarzenie
console-audit-detail-result = wynik
console-audit-detail-address = adres
console-audit-detail-active = włączony
console-audit-detail-delivery = wysyłka
console-audit-detail-from = skąd
console-audit-detail-merge = scalenie
console-audit-detail-other = druga karta

## What is wrong with a field
console-field-name-empty = Wpisz nazwę.
console-field-name-too-long = Za długie; najwyżej { $limit } znaków.
console-field-name-character = Zawiera znak, którego nie widać. Wpisz to ręcznie.
console-field-email-empty = Wpisz adres e-mail.
console-field-email-too-long = Ten adres jest za długi.
console-field-email-form = To nie jest adres e-mail. Przykład: anna@firma.pl
console-field-nip-character = NIP może zawierać tylko cyfry, spacje i myślniki, ewentualnie PL na początku.
console-field-nip-length = NIP ma 10 cyfr, a podano { $count }.
console-field-nip-pattern = NIP nie może się tak zaczynać.
console-field-nip-check-digit = Cyfra kontrolna NIP się nie zgadza. Sprawdź, czy nie ma pomyłki.

## What a use case refused
console-refused-email-taken = Inna osoba ma już ten adres.
console-refused-nip-taken = Firma z tym NIP już jest.
console-refused-employees-full = Instalacja ma już { $count } pracowników; więcej się nie zmieści.
console-refused-companies-full = Instalacja ma już { $count } firm; więcej się nie zmieści.
console-refused-no-company = Wybierz co najmniej jedną firmę.
console-refused-last-administrator = To ostatni administrator. Najpierw nadaj tę rolę komuś innemu.
console-refused-not-found = Tego już nie ma.
console-refused-password-too-short = Hasło musi mieć co najmniej { $count } znaków.
console-refused-password-too-long = Hasło jest za długie.
console-refused-password-too-easy = To hasło łatwo zgadnąć.
console-refused-password-contains-email = Hasło nie może zawierać adresu e-mail.
console-refused-current-password = Obecne hasło jest inne.
console-refused-wrong-credentials = Adres e-mail lub hasło jest nieprawidłowe.
console-refused-locked = Za dużo nieudanych prób. Spróbuj ponownie za { $seconds } s.
console-refused-setup-code = Kod instalacyjny jest inny.
console-refused-setup-off = W konfiguracji nie ma kodu instalacyjnego (setup_code).
console-refused-already-set-up = Instalacja jest już uruchomiona. Zaloguj się.
console-refused-invitation = To zaproszenie nie działa: zostało użyte, zastąpione nowym albo wygasło. Poproś administratora o nowe.
console-refused-tokens-full = Możesz mieć najwyżej { $count } tokenów. Unieważnij niepotrzebne.
console-refused-range = Wartość jest spoza zakresu: od { $least } do { $most }.
console-refused-disabled = To konto jest wyłączone. Najpierw je włącz, potem utwórz link.
