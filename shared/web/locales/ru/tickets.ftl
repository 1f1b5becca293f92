# Обращения: объединение, метки, приоритет, представления, сочетания клавиш.
tickets-merge = Объединить с другим обращением
tickets-merge-about = Переписка из этого обращения будет вестись в другом. Это можно отменить.
tickets-merge-into = Номер другого обращения
tickets-merge-do = Объединить
tickets-merge-unknown = Обращения с таким номером нет.
tickets-merged = Обращения объединены.
tickets-part = Отменить объединение
tickets-parted = Объединение отменено.
tickets-is-merged = Это обращение объединено с другим. Продолжение:
tickets-is-followed = Клиент написал намного позже закрытия этого обращения. Продолжение:
tickets-follows = Продолжение обращения:
tickets-has-merged = Сюда добавлено обращение:
tickets-tag-of = обращение { $number }
tickets-conversation = Переписка
tickets-event-continues = Продолжение в обращении { $number }
tickets-event-parted = Объединение отменено
tickets-event-released = Переписка другого обращения отделена
