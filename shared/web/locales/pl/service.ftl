### How the service desk works: hours, deadlines, who gets tickets, automatic replies. Keys begin with "service-".

service-tab-hours = Godziny pracy
service-tab-service = Terminy i przydział
service-tab-automatic = Automatyczne odpowiedzi

# Hours
service-hours-title = Godziny pracy firmy
service-hours-about = W tych godzinach biegną terminy odpowiedzi. Poza nimi klient może dostać automatyczną odpowiedź.
service-hours-unset = Nie ustawiono jeszcze godzin pracy, więc terminy biegną przez całą dobę. Poniżej nasza propozycja – zacznie działać po zapisaniu.
service-hours-saved = Godziny pracy zapisane. Terminy otwartych zgłoszeń przeliczymy w ciągu kilku minut.
service-open-now = Teraz biuro jest otwarte.
service-opens = Teraz biuro jest zamknięte. Otwarcie: { $when }.
service-never-opens = Według tych godzin biuro nigdy nie jest otwarte, więc zgłoszenia nie mają terminów.
service-week = Tydzień
service-week-hint = Na przykład 8:00-16:00. Przerwę zapisz po przecinku: 8:00-12:00, 13:00-17:00. Puste pole to dzień wolny. 22:00-6:00 kończy się następnego dnia.
service-day-mon = Poniedziałek
service-day-tue = Wtorek
service-day-wed = Środa
service-day-thu = Czwartek
service-day-fri = Piątek
service-day-sat = Sobota
service-day-sun = Niedziela
service-other-days = Inne dni
service-polish-holidays = Zamknięte w święta ustawowe
service-polish-holidays-hint = Dni wolne od pracy w Polsce, z ruchomymi (Wielkanoc, Boże Ciało) i Wigilią od 2025 roku.
service-exceptions = Wyjątki
service-exceptions-hint = Po jednym w wierszu: data, a po niej godziny, na przykład 2026-12-31 8:00-12:00. Sama data to dzień wolny. Wyjątek jest ważniejszy od tygodnia i od świąt.
service-calendar-spans = „{ $text }” to nie są godziny. Wpisz je tak: 8:00-16:00.
service-calendar-overlap = Godziny „{ $text }” nakładają się na siebie.
service-calendar-date = „{ $text }” to nie jest data. Wpisz ją tak: 2026-12-31.
service-calendar-twice = Data { $text } jest podana dwa razy.
service-calendar-too-many = Wyjątków może być najwyżej { $limit }.
service-calendar-week = Podaj godziny siedmiu dni, od poniedziałku.

# Deadlines and assignment of a queue
service-no-queues = Nie ma jeszcze kolejek. Dodaj je w zakładce „Kolejki”.
service-queues-about = W jakim czasie odpowiadamy klientom i kto dostaje nowe zgłoszenia. Ustawia się to osobno dla każdej kolejki.
service-queue-title = Kolejka „{ $name }”
service-queue-about = Zmiana terminów obejmie też otwarte zgłoszenia, na które klienci już czekają: przeliczymy je w ciągu kilku minut.
service-queue-saved = Ustawienia kolejki zapisane.
service-sla = Termin odpowiedzi
service-sla-hint = Liczony w godzinach pracy, od wiadomości klienta do odpowiedzi konsultanta. Automatyczna odpowiedź go nie zatrzymuje. Puste pola to brak terminu.
service-first-hours = Pierwsza odpowiedź: godziny
service-first-minutes = Pierwsza odpowiedź: minuty
service-next-hours = Następna odpowiedź: godziny
service-next-minutes = Następna odpowiedź: minuty
service-sla-number = Podaj liczbę całkowitą nie mniejszą od zera.
service-sla-range = Termin musi mieć od 1 minuty do { $days } dni.
service-sla-none = bez terminu
service-sla-first = pierwsza odpowiedź: { $time }
service-sla-next = następna: { $time }
service-hours = { $count } godz.
service-minutes = { $count } min
service-assignment = Przydział nowych zgłoszeń
service-assignment-hint = Po kolei: zgłoszenie dostaje osoba, która ma najmniej otwartych; spośród takich ta, która najdawniej jakieś dostała. Zgłoszenia osób, które straciły dostęp, przechodzą na pozostałe.
service-assignment-how = Kto dostaje zgłoszenie
service-assignment-nobody = nikt, każdy bierze sam
service-assignment-rota = po kolei zaznaczone osoby
service-assignment-members =
    { $count ->
        [one] po kolei, { $count } osoba
        [few] po kolei, { $count } osoby
       *[many] po kolei, { $count } osób
    }
service-limit = Najwięcej otwartych na osobę
service-limit-hint = Kto ma ich tyle, nie dostaje następnych.
service-limit-range = Podaj liczbę od 1 do { $limit }.
service-members-none = Zaznacz przynajmniej jedną osobę.
service-queue-hours = Godziny tej kolejki
service-hours-which = Które godziny obowiązują
service-hours-company = godziny firmy
service-hours-own = własne godziny (poniżej)

# In the list and the ticket
service-filter-due = Termin
service-due-overdue = Po terminie
service-due-soon = W ciągu 4 godzin
service-due-in = termin za { $time }
service-overdue = po terminie od { $time }
service-span-minutes = { $count } min
service-span-hours = { $count } godz.
service-span-days =
    { $count ->
        [one] { $count } dnia
       *[other] { $count } dni
    }

# Automatic replies
service-automatic-about = Co klient dostaje od razu, bez konsultanta. Dla każdego połączenia i kolejki można ustawić odpowiedź na pierwszą wiadomość i na wiadomość poza godzinami pracy.
service-automatic-nothing = Najpierw dodaj połączenie z platformą i kolejkę.
service-automatic-add = Nowa automatyczna odpowiedź
service-automatic-edit = Zmiana automatycznej odpowiedzi
service-automatic-guards = Odpowiadamy tylko klientom, najwyżej raz na 12 godzin w jednej rozmowie, i tylko na wiadomości nie starsze niż 72 godziny, napisane po włączeniu. Jeśli konsultant odpowie wcześniej, automatyczna odpowiedź nie wyjdzie.
service-automatic-text = Treść
service-automatic-variables = Zmienne: {"{customer}"}, {"{order}"}, {"{shop}"}.
service-automatic-on = Włączona
service-automatic-on-hint = Działa dla wiadomości napisanych od chwili włączenia.
service-automatic-on-since = włączona od { $when }
service-automatic-off = wyłączona
service-automatic-saved-on = Automatyczna odpowiedź zapisana i włączona.
service-automatic-saved-off = Automatyczna odpowiedź zapisana. Jest wyłączona.
service-automatic-unknown = W tej treści nie można użyć: { $names }. Są: customer, order, shop.
service-automatic-short = Treść bez zmiennych musi mieć co najmniej { $limit } znaki, bo platforma nie przyjmie krótszej.
service-automatic-delay-range = Podaj opóźnienie od 0 do { $minutes } minut.
service-automatic-author = Automatyczna odpowiedź
service-connection = Połączenie
service-occasion = Na co odpowiada
service-occasion-first = pierwsza wiadomość
service-occasion-outside = poza godzinami pracy
service-delay = Opóźnienie w minutach
service-delay-hint = Tyle czasu ma konsultant, żeby odpowiedzieć wcześniej.
service-occasion-automation = automatyzacja

# Macros and automations
service-tab-macros = Makra
service-tab-automations = Automatyzacje
service-macros-about = Makro to kilka czynności, które konsultant wykonuje na zgłoszeniu jednym przyciskiem.
service-macro-add = Nowe makro
service-macro-edit = Zmiana makra
service-macro-archived = W archiwum (nie widać go w zgłoszeniach)
service-macro = Makro
service-macro-do = Wykonaj
service-macro-run = Makro wykonane.
service-macro-drafted = Makro wykonane. Szablon czeka w formularzu odpowiedzi.
service-automations-about = Automatyzacja robi to samo bez konsultanta, na otwartych zgłoszeniach, które spełniają warunki.
service-automation-add = Nowa automatyzacja
service-automation-edit = Zmiana automatyzacji
service-automation-rule = Otwarte zgłoszenia przeglądamy co kilka minut. Na zgłoszeniu działa pierwsza pasująca automatyzacja i nie powtarza się, dopóki ktoś w rozmowie nie napisze. Co zrobiła, widać w zgłoszeniu i w dzienniku zdarzeń.
service-automation-on = Włączona
service-automation-on-hint = Zanim włączysz, sprawdź, które zgłoszenia pasują teraz.
service-automation-is-on = włączona
service-automation-is-off = wyłączona
service-conditions = Warunki
service-conditions-hint = Puste pole niczego nie ogranicza. Bez zaznaczonego statusu pasują wszystkie otwarte zgłoszenia.
service-customer-silent = Klient milczy od (godz.)
service-answered-before = Ostatnia odpowiedź starsza niż (godz.)
service-opened-before = Zgłoszenie starsze niż (godz.)
service-hours-range = Podaj liczbę godzin od 1 do { $limit }.
service-preview = Które pasują teraz?
service-preview-about = Zgłoszenia, które pasują w tej chwili. Nic z nimi nie zrobiliśmy i niczego nie zapisaliśmy.
service-preview-none = Teraz nie pasuje żadne zgłoszenie.
service-preview-all =
    { $count ->
        [one] Pasuje { $count } zgłoszenie.
        [few] Pasują { $count } zgłoszenia.
       *[many] Pasuje { $count } zgłoszeń.
    }
service-preview-some =
    { $count ->
        [one] Pokazujemy { $count } zgłoszenie, ale nie sprawdziliśmy wszystkich.
        [few] Pokazujemy { $count } zgłoszenia, ale nie sprawdziliśmy wszystkich.
       *[many] Pokazujemy { $count } zgłoszeń, ale nie sprawdziliśmy wszystkich.
    }
service-steps = Co zrobić
service-step1 = Krok 1
service-step2 = Krok 2
service-step3 = Krok 3
service-step4 = Krok 4
service-step5 = Krok 5
service-step-none = –
service-step-status = status: { $status }
service-step-queue = przenieś do kolejki: { $name }
service-step-category = ustaw kategorię: { $name }
service-step-assign = przypisz: { $name }
service-step-unassign = zostaw bez prowadzącego
service-step-take = przypisz mnie
service-step-priority = priorytet: { $priority }
service-step-tag = dodaj etykietę: { $name }
service-step-untag = usuń etykietę: { $name }
service-step-reply = wyślij klientowi szablon: { $name }
service-step-draft = wstaw do odpowiedzi szablon: { $name }
service-step-comments = dodaj komentarz
service-step-comment = Komentarz wewnętrzny
service-step-comment-hint = Jeśli coś tu wpiszesz, dodamy to do zgłoszenia na końcu.
service-event-automated = działa automatyzacja „{ $name }”
service-event-automated-unsaid = automatyzacja „{ $name }” niczego nie zrobiła, bo nie da się wysłać jej odpowiedzi: { $why }
service-steps-by-program = Tych kroków nie da się pokazać w formularzu: jest ich za dużo albo komentarz nie jest na końcu. Ustawił je program przez API i tylko tam można je zmienić.
