# Zgłoszenia: łączenie, etykiety, priorytet, widoki, skróty.
tickets-merge = Połącz z innym zgłoszeniem
tickets-merge-about = Rozmowa z tego zgłoszenia będzie prowadzona w tamtym. Można to cofnąć.
tickets-merge-into = Numer drugiego zgłoszenia
tickets-merge-do = Połącz
tickets-merge-unknown = Nie ma zgłoszenia o tym numerze.
tickets-merged = Zgłoszenia połączono.
tickets-part = Rozłącz
tickets-parted = Zgłoszenia rozłączono.
tickets-is-merged = To zgłoszenie połączono z innym. Dalszy ciąg:
tickets-is-followed = Klient odezwał się długo po zamknięciu tego zgłoszenia. Dalszy ciąg:
tickets-follows = Dalszy ciąg zgłoszenia:
tickets-has-merged = Połączono tutaj zgłoszenie:
tickets-tag-of = zgłoszenie { $number }
tickets-conversation = Rozmowa
tickets-event-continues = Dalszy ciąg w zgłoszeniu { $number }
tickets-event-parted = Zgłoszenie rozłączono
tickets-event-released = Odłączono rozmowę innego zgłoszenia
