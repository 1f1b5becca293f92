# Zgłoszenia: scalanie, etykiety, priorytet, widoki, skróty.
tickets-merge = Scal z innym zgłoszeniem
tickets-merge-about = Rozmowa z tego zgłoszenia będzie prowadzona w tamtym. Można to cofnąć.
tickets-merge-into = Numer drugiego zgłoszenia
tickets-merge-do = Scal
tickets-merge-unknown = Nie ma zgłoszenia o tym numerze.
tickets-merged = Zgłoszenia scalone.
tickets-part = Cofnij scalenie
tickets-parted = Scalenie cofnięte.
tickets-is-merged = To zgłoszenie scalono z innym. Dalszy ciąg:
tickets-is-followed = Klient odezwał się długo po zamknięciu tego zgłoszenia. Dalszy ciąg:
tickets-follows = Dalszy ciąg zgłoszenia:
tickets-has-merged = Scalono z tym zgłoszeniem:
tickets-tag-earlier = z wcześniejszego zgłoszenia
tickets-tag-of = zgłoszenie { $number }
tickets-conversation = Rozmowa
tickets-event-continues = Dalszy ciąg w zgłoszeniu { $number }
tickets-event-parted = Cofnięto scalenie zgłoszenia
tickets-event-released = Rozmowa innego zgłoszenia jest znowu osobno
tickets-priority = Priorytet
tickets-priority-low = Niski
tickets-priority-normal = Zwykły
tickets-priority-high = Wysoki
tickets-priority-urgent = Pilny
tickets-priority-saved = Priorytet zmieniony.
tickets-tag = Etykieta
tickets-tags = Etykiety
tickets-tag-add = Dodaj etykietę
tickets-tag-remove = Usuń etykietę
tickets-tags-saved = Etykiety zmienione.
tickets-sub-status = Podstatus
tickets-sub-status-of = Część statusu
tickets-sub-status-saved = Podstatus zmieniony.
tickets-views = Widoki
tickets-view-all = Wszystkie
tickets-view-new = Nowe
tickets-view-mine = Moje
tickets-view-nobodys = Do wzięcia
tickets-view-save = Zapisz te filtry jako widok
tickets-view-name = Nazwa widoku
tickets-view-shared = Dla wszystkich w firmie
tickets-view-saved = Widok zapisany.
tickets-view-remove = Usuń ten widok
tickets-view-removed = Widok usunięty.
tickets-more-filters = Więcej filtrów
tickets-filter-failed = Nieudana odpowiedź
tickets-filter-uncertain = Niepewna odpowiedź
tickets-status-open = Wszystkie otwarte
tickets-is-here-too = To zgłoszenie ma też otwarte: { $names }
tickets-writes-too = Odpowiedź pisze już: { $names }
tickets-event-priority = Priorytet: { $priority }
tickets-event-tagged = Dodano etykiety: { $tags }
tickets-event-untagged = Usunięto etykiety: { $tags }
tickets-event-part = Podstatus: { $part }
tickets-event-no-part = Podstatus usunięto
tickets-keys = Skróty klawiszowe
tickets-keys-off = Wyłącz skróty w tej przeglądarce
tickets-key-rows = następne, poprzednie zgłoszenie na liście
tickets-key-open = otwórz zgłoszenie
tickets-key-pick = zaznacz zgłoszenie
tickets-key-search = szukaj
tickets-key-reply = odpowiedz
tickets-key-comment = komentarz wewnętrzny
tickets-key-send = wyślij to, co piszesz
tickets-key-take = biorę to zgłoszenie
tickets-key-close = zamknij zgłoszenie
tickets-key-list = wróć do listy
tickets-key-help = ta pomoc

tickets-besides = Inne zgłoszenia klienta
tickets-besides-more =
    { $count ->
        [one] i jeszcze { $count } zgłoszenie
        [few] i jeszcze { $count } zgłoszenia
       *[many] i jeszcze { $count } zgłoszeń
    }
