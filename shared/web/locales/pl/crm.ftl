### Customers: records, fields, duplicates, time line, export and erasing, files with records. Keys begin with "crm-".

## Fields
crm-field-kind = Rodzaj
crm-field-kind-hint = Rodzaju nie można później zmienić. Pole z id klienta na platformie musi być tekstem.
crm-field-text = Tekst
crm-field-number = Liczba
crm-field-date = Data
crm-field-choice = Wybór z listy
crm-field-options = Możliwości do wyboru
crm-field-options-hint = Jedna w każdym wierszu, tylko dla pola „Wybór z listy”. Usunięta zostaje w kartach, które już ją mają.
crm-field-kind-fixed = Rodzaju pola nie można zmienić, bo w kartach są już jego wartości. Dodaj nowe pole.
crm-connection-field-text = Id klienta na platformie musi być polem tekstowym.
crm-options-none = Podaj co najmniej jedną możliwość do wyboru.
crm-options-many = Możliwości może być najwyżej { $limit }.
crm-options-twice = Ta sama możliwość jest podana dwa razy.
crm-value-too-long = { $name }: wartość może mieć najwyżej { $limit } znaków.
crm-value-character = { $name }: w wartości jest znak, którego nie można zapisać.
crm-value-number = { $name }: podaj liczbę, na przykład 12,5. Najwyżej 15 cyfr i 6 po przecinku.
crm-value-date = { $name }: podaj datę, na przykład 2026-03-01.
crm-value-option = { $name }: wybierz jedną z podanych możliwości.
crm-number-hint = Liczba, na przykład 12,5.

## Addresses
crm-address = Adres
crm-addresses = Adresy
crm-addresses-about = Pusty wiersz dodaje adres, wyczyszczony adres znika.
crm-address-label = Opis
crm-address-street = Ulica i numer
crm-address-postal-code-label = Kod pocztowy
crm-address-city = Miejscowość
crm-address-country-label = Kraj
crm-address-empty = Adres musi mieć ulicę albo miejscowość.
crm-address-too-long = Wiersz adresu może mieć najwyżej 120 znaków.
crm-address-character = W adresie jest znak, którego nie można wyświetlić.
crm-address-postal-code = Polski kod pocztowy wygląda jak 00-950.
crm-address-country = Kraj podaj dwiema literami, na przykład PL albo DE.

## Finding
crm-search = Szukaj klienta
crm-search-do = Szukaj
crm-search-about = Cały e-mail, telefon, NIP albo wartość pola. Po początku imienia lub nazwiska szukamy wśród { $count } ostatnio zmienionych kart.
crm-found =
    { $count ->
        [one] Znaleziono { $count } kartę
        [few] Znaleziono { $count } karty
       *[many] Znaleziono { $count } kart
    }
crm-none-found = Nikogo nie znaleziono
crm-was-merged = Ta karta została scalona z tą, którą widzisz.

## Consents and time line
crm-consents = Historia zgód na SMS
crm-consent-written = Zapisano
crm-consent-by = Kto
crm-phone-removed = numer usunięty
crm-timeline = Oś czasu
crm-timeline-empty = Nic się jeszcze nie wydarzyło.
crm-line-count =
    { $count ->
        [one] { $count } wpis
        [few] { $count } wpisy
       *[many] { $count } wpisów
    }
crm-line-ticket = Zgłoszenie { $number }
crm-line-order = Zamówienie { $number }
crm-line-added = Dodano kartę
crm-line-edited = Zmieniono dane
crm-line-merged = Dołączono inną kartę
crm-line-merged-into = Scalono z inną kartą
crm-line-unmerged = Cofnięto scalenie
crm-part-removed = usunięto: { $what }
crm-part-notes = zmieniono notatki
crm-part-phone = { $number }: { $consent } ({ $about })
crm-by-hub = Mostek
crm-by-marketplace = platforma sprzedażowa

## Duplicates and merging
crm-duplicates = Możliwe duplikaty
crm-duplicates-about = Karty, które mają ten sam telefon, e-mail, NIP albo wartość pola.
crm-no-duplicates = Nie ma możliwych duplikatów
crm-no-duplicates-text = Gdy dwie karty dostaną ten sam telefon, e-mail, NIP albo wartość pola, pojawią się tutaj.
crm-pair-count =
    { $count ->
        [one] { $count } para
        [few] { $count } pary
       *[many] { $count } par
    }
crm-pair-first = Karta
crm-pair-second = Druga karta
crm-pair-shared = Co je łączy
crm-suggestions = To może być ten sam klient
crm-suggestions-about = Te karty mają z tą coś wspólnego.
crm-tell-apart = To inny klient
crm-told-apart = Zapisano: to dwaj różni klienci.
crm-merge = Scal
crm-merge-title = Scalenie dwóch kart
crm-merge-about = Z dwóch kart zostanie jedna. Możesz to cofnąć przez 30 dni.
crm-merge-other = Scal z inną kartą
crm-merge-find = Znajdź kartę, która zostanie dołączona do tej.
crm-merge-stays = Zostaje
crm-merge-goes = Zostanie dołączona
crm-merge-swap = Zamień je miejscami
crm-merge-choose = Co ma zostać, gdy obie mówią co innego
crm-merge-kept = Telefony, zgody, adresy, e-maile, notatki i zgłoszenia zostają z obu kart.
crm-merge-do = Scal karty
crm-merge-itself = Karty nie można scalić z nią samą.
crm-merged-news = Karty scalone. Możesz to cofnąć przez { $days } dni.
crm-merged-records = Dołączone karty
crm-unmerge = Cofnij scalenie
crm-unmerge-late = minęło 30 dni, scalenia nie można już cofnąć
crm-unmerged-news = Scalenie cofnięte: znowu są dwie karty.
crm-undo-later-first = Ta karta została później scalona z inną. Cofnij najpierw tamto scalenie.
crm-undo-too-late = Minęło 30 dni, tego scalenia nie można już cofnąć.
crm-more = Inne czynności

## Export and erasing
crm-privacy-about = Dla osoby, która o to prosi: wszystko, co o niej wiemy, w jednym pliku, albo usunięcie jej danych.
crm-export = Pobierz dane osoby (JSON)
crm-erase = Usuń dane osoby
crm-erase-title = Usunąć dane: { $name }?
crm-erase-about = Znikną: nazwa, telefony ze zgodami, adresy, e-maile, NIP, pola i notatki, także z kart, które z tą scalono. Tego nie można cofnąć.
crm-erase-tickets = Zgłoszenia tej osoby zostaną bez treści i bez nazwiska: wiadomości klienta, nasze odpowiedzi, komentarze, pliki i dane zamówienia znikną z Mostka. Zostaną numery, daty i statusy.
crm-erase-marketplace = Platforma sprzedażowa i kopie zapasowe mają własne kopie rozmów; o ich usunięcie trzeba poprosić osobno.
crm-erase-letters = Nieodczytane zdarzenia sklepów (webhooki), w których jest e-mail, telefon, id lub zamówienie tej osoby, zostaną usunięte; te z samym nazwiskiem trzeba przejrzeć ręcznie. Kto był powiadamiany o jej zgłoszeniach, ma własną kopię.
crm-erase-confirm = Przepisz nazwę klienta
crm-erase-confirm-hint = Żeby potwierdzić, wpisz: { $name }
crm-erase-confirm-other = Wpisana nazwa jest inna niż na karcie. Nic nie zostało usunięte.
crm-erase-reply-open = Do tej osoby jest jeszcze niewysłana odpowiedź albo taka, która czeka na decyzję. Poczekaj, aż wyjdzie, albo ją cofnij, i spróbuj ponownie.
crm-erased = Dane osoby usunięte.

## Files
crm-import = Import z CSV
crm-import-about = Karty klientów z arkusza zapisanego jako CSV. Zanim cokolwiek zapiszemy, zobaczysz, co z niego zrozumieliśmy.
crm-import-file = Plik CSV
crm-import-limits = UTF-8 albo windows-1250, średniki albo przecinki, nagłówki w pierwszym wierszu. Najwyżej { $rows } wierszy i { $size }.
crm-import-no-file = Wybierz plik.
crm-import-send = Dalej
crm-sheet-empty = W pliku nie ma żadnego wiersza pod nagłówkami.
crm-sheet-too-long = Plik może mieć najwyżej { $limit }.
crm-sheet-rows = Plik może mieć najwyżej { $limit } wierszy. Podziel go na kilka.
crm-sheet-columns = Plik może mieć najwyżej { $limit } kolumn.
crm-sheet-cell = Komórka może mieć najwyżej { $limit } znaków.
crm-sheet-not-text = To nie jest plik CSV. Zapisz arkusz jako CSV i wybierz go ponownie.
crm-row-count =
    { $count ->
        [one] { $count } wiersz
        [few] { $count } wiersze
       *[many] { $count } wierszy
    }
crm-import-columns-title = Co jest w kolumnach
crm-import-columns = Wybierz dla każdej kolumny, co w niej jest.
crm-import-twice = Tylko telefon i e-mail mogą być w kilku kolumnach.
crm-import-finder-title = Po czym rozpoznać klienta
crm-import-finder-hint = Znaleziona karta zostanie uzupełniona o to, co jest w wierszu; puste komórki niczego nie zmienią. Bez tego każdy wiersz dodaje nową kartę.
crm-import-finder = To, po czym rozpoznajemy klienta, musi być w jednej z kolumn; nowa karta potrzebuje nazwy.
crm-import-look = Sprawdź
crm-import-start = Importuj
crm-import-row = Wiersz
crm-import-result = Co się stanie
crm-import-bad = odrzucony
crm-import-known = uzupełni kartę
crm-import-new = nowa karta
crm-import-open = zobacz
crm-import-all-good = Wszystkie wiersze ({ $rows }) są poprawne. Poniżej pierwsze z nich.
crm-import-some-bad = Wiersze z błędami: { $count } z { $rows }. Zostaną odrzucone, pozostałe wejdą.
crm-import-is-done = Import zakończony.
crm-import-goes-on = Import trwa. Możesz zamknąć tę stronę, resztę zrobimy w tle.
crm-import-done = Wiersze: { $done } z { $rows }
crm-import-added =
    { $count ->
        [one] { $count } nowa karta
        [few] { $count } nowe karty
       *[many] { $count } nowych kart
    }
crm-import-found =
    { $count ->
        [one] { $count } karta rozpoznana
        [few] { $count } karty rozpoznane
       *[many] { $count } kart rozpoznanych
    }
crm-import-refused =
    { $count ->
        [one] { $count } wiersz odrzucony
        [few] { $count } wiersze odrzucone
       *[many] { $count } wierszy odrzuconych
    }
crm-import-older-consents =
    { $count ->
        [one] { $count } zgoda pominięta: karta ma nowszą albo wiersz nie ma daty
        [few] { $count } zgody pominięte: karty mają nowsze albo wiersze nie mają daty
       *[many] { $count } zgód pominiętych: karty mają nowsze albo wiersze nie mają daty
    }
crm-import-refused-file = Odrzucone wiersze (CSV)
crm-import-reasons = Powód odrzucenia
crm-import-continue = Kontynuuj teraz
crm-target-nothing = pomiń
crm-target-name = Imię i nazwisko lub nazwa
crm-target-phone = Telefon
crm-target-consent = Zgoda na SMS (tak/nie)
crm-target-consent-date = Data zgody na SMS
crm-target-email = E-mail
crm-target-nip = NIP
crm-target-notes = Notatki
crm-target-street = Ulica i numer
crm-target-postal-code = Kod pocztowy
crm-target-city = Miejscowość
crm-target-country = Kraj
crm-finder-nothing = po niczym: zawsze nowa karta
crm-finder-email = E-mail
crm-finder-phone = Telefon
crm-finder-nip = NIP
crm-fault-nameless = brak nazwy dla nowej karty
crm-fault-name = „{ $value }” nie może być nazwą
crm-fault-phone = „{ $value }” nie jest numerem telefonu
crm-fault-consent = zgoda „{ $value }”: wpisz tak albo nie
crm-fault-consent-date = data zgody „{ $value }”: wpisz na przykład 2026-05-12
crm-fault-email = „{ $value }” nie jest adresem e-mail
crm-fault-nip = „{ $value }” nie jest numerem NIP
crm-fault-address = „{ $value }” nie jest pełnym adresem albo ma zły kod pocztowy
crm-fault-record = karta nie przyjmie tego wiersza ({ $value })
crm-fault-field = { $what }: „{ $value }” nie pasuje do tego pola
crm-export-list = Eksport CSV
crm-export-list-about = Kart w sumie: { $total }. Jeden plik ma ich najwyżej { $part }, ostatnio zmienione są pierwsze.
crm-export-list-safe = Plik zawiera dane osobowe wielu osób. Pobranie zapisujemy w dzienniku.
crm-export-list-part = Pobierz tę część
crm-export-list-next = Następna część
crm-csv-id = Id
crm-csv-name = Nazwa
crm-csv-phone = Telefon
crm-csv-consent = Zgoda na SMS
crm-csv-email = E-mail
crm-csv-nip = NIP
crm-csv-street = Ulica i numer
crm-csv-postal-code = Kod pocztowy
crm-csv-city = Miejscowość
crm-csv-country = Kraj
crm-csv-notes = Notatki
crm-ticket-erased = dane klienta usunięte
crm-import-base64 = Treść pliku musi być zakodowana w base64.
