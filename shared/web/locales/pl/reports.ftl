### Texts of reports and the dashboard. Keys begin with "reports-"; see console.ftl for how texts are added.

## Reports
reports-about = Liczba zgłoszeń, czas odpowiedzi, praca osób
reports-title = Raporty
reports-intro = Zgłoszenia, które zaczęły się w wybranym okresie: { $from } – { $to }
reports-period = Okres
reports-period-days =
    { $count ->
        [one] Ostatni { $count } dzień
        [few] Ostatnie { $count } dni
       *[many] Ostatnich { $count } dni
    }
reports-period-custom = Od – do
reports-from = Od dnia
reports-to = Do dnia
reports-source = Źródło
reports-queue = Kolejka
reports-show = Pokaż
reports-bad-period = Podaj dwie daty, najwyżej { $limit } dni.
reports-behind =
    { $count ->
        [one] { $count } ostatnia zmiana nie jest jeszcze policzona. Będzie po najbliższym przebiegu w tle.
        [few] { $count } ostatnie zmiany nie są jeszcze policzone. Będą po najbliższym przebiegu w tle.
       *[many] { $count } ostatnich zmian nie jest jeszcze policzonych. Będą po kolejnych przebiegach w tle.
    }
reports-tickets = Zgłoszenia
reports-answered = Z odpowiedzią
reports-closed = Zamknięte
reports-first-response = Czas pierwszej odpowiedzi
reports-first-response-about = Od pierwszej wiadomości klienta do naszej pierwszej odpowiedzi, także z panelu platformy. Odpowiedzi automatyczne się nie liczą.
reports-resolution = Czas zamknięcia
reports-resolution-about = Od pierwszej wiadomości klienta do zamknięcia; tylko zgłoszenia, które są teraz zamknięte.
reports-measure = Miara
reports-median = Mediana
reports-ninetieth = 90. percentyl
reports-within = Do { $hours } godz.
reports-per-day = Zgłoszenia dziennie
reports-per-day-chart = Najwięcej zgłoszeń jednego dnia: { $most }, razem { $total }.
reports-times = Czas odpowiedzi i zamknięcia
reports-first-response-minutes = Mediana pierwszej odpowiedzi, w minutach
reports-first-response-hours = Mediana pierwszej odpowiedzi, w godzinach
reports-first-response-days = Mediana pierwszej odpowiedzi, w dniach
reports-resolution-minutes = Mediana czasu zamknięcia, w minutach
reports-resolution-hours = Mediana czasu zamknięcia, w godzinach
reports-resolution-days = Mediana czasu zamknięcia, w dniach
reports-times-chart = Najdłuższa mediana jednego dnia: { $most }.
reports-numbers = Pokaż liczby
reports-day = Dzień
reports-total = Razem
reports-agents = Osoby
reports-agent = Osoba
reports-answered-first = Pierwsze odpowiedzi
reports-replies = Odpowiedzi
reports-median-response = Mediana pierwszej odpowiedzi
reports-median-resolution = Mediana czasu zamknięcia
reports-nobody = Nikt jeszcze nie odpowiadał w tym okresie.
reports-unknown-person = Osoba usunięta
reports-none = Brak zgłoszeń w tym okresie
reports-none-text = Wybierz dłuższy okres albo wyczyść filtry.
reports-download-days = Pobierz dni (CSV)
reports-download-times = Pobierz czasy (CSV)
reports-download-agents = Pobierz osoby (CSV)
reports-minutes = { $minutes } min
reports-hours = { $hours } godz. { $minutes } min
reports-days = { $days } d { $hours } godz.
reports-under-minute = poniżej 1 min
reports-column-seconds = Mediana pierwszej odpowiedzi (s)
reports-column-resolution = Mediana czasu zamknięcia (s)
reports-column-median = Mediana (s)
reports-column-ninetieth = 90. percentyl (s)

## Dashboard
reports-waiting = Co czeka
reports-new = Nowe
reports-mine = Moje otwarte
reports-nobodys = Nikt nie prowadzi
reports-snoozed = Odłożone
reports-failed = Nieudane odpowiedzi
reports-uncertain = Niepewne odpowiedzi
reports-outgoing = Odpowiedzi w drodze
reports-state = Stan
reports-connections = Połączenia
reports-connection-works = działa
reports-connection-stopped = zatrzymane
reports-connection-refused = Pobieranie wstrzymane: { $why }
reports-connection-failing = Nie udaje się pobrać wiadomości: { $why }
reports-last-success = Ostatnie pobranie
reports-never = jeszcze nie
reports-no-connections = Nie ma połączeń z platformami.
reports-events-not-understood =
    { $count ->
        [one] { $count } niezrozumiane zdarzenie czeka na decyzję
        [few] { $count } niezrozumiane zdarzenia czekają na decyzję
       *[many] { $count } niezrozumianych zdarzeń czeka na decyzję
    }
reports-endpoint-gone = Odbiorca odmówił (410) i nie jest już powiadamiany
reports-messages-failing = w tym po nieudanej próbie: { $count }
reports-messages-given-up = Nie dostarczono w ciągu ostatnich { $days } dni: { $count }
reports-last-tick = Ostatni przebieg w tle
reports-last-tick-late = Przebieg w tle się spóźnia. Sprawdź, czy harmonogram wywołuje /timers/tick.
reports-store = W magazynie danych
reports-store-tickets = Zgłoszenia
reports-store-customers = Klienci
reports-store-changes = Zapisane zmiany zgłoszeń
reports-last-days = Ostatnie 14 dni
reports-go = Zobacz raporty
