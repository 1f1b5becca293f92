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
tickets-tag-earlier = из предыдущего обращения
tickets-tag-of = обращение { $number }
tickets-conversation = Переписка
tickets-event-continues = Продолжение в обращении { $number }
tickets-event-parted = Объединение отменено
tickets-event-released = Переписка другого обращения отделена
tickets-priority = Приоритет
tickets-priority-low = Низкий
tickets-priority-normal = Обычный
tickets-priority-high = Высокий
tickets-priority-urgent = Срочный
tickets-priority-saved = Приоритет изменён.
tickets-tag = Метка
tickets-tags = Метки
tickets-tag-add = Добавить метку
tickets-tag-remove = Убрать метку
tickets-tags-saved = Метки изменены.
tickets-sub-status = Подстатус
tickets-sub-status-of = Часть статуса
tickets-sub-status-saved = Подстатус изменён.
tickets-views = Представления
tickets-view-all = Все
tickets-view-new = Новые
tickets-view-mine = Мои
tickets-view-nobodys = Ничьи новые
tickets-view-save = Сохранить эти фильтры как представление
tickets-view-name = Название представления
tickets-view-shared = Для всех в компании
tickets-view-saved = Представление сохранено.
tickets-view-remove = Удалить это представление
tickets-view-removed = Представление удалено.
tickets-more-filters = Ещё фильтры
tickets-filter-failed = Ответ не отправлен
tickets-filter-uncertain = Ответ под вопросом
tickets-status-open = Все открытые
tickets-is-here-too = Это обращение открыто также у: { $names }
tickets-writes-too = Ответ уже пишет: { $names }
tickets-event-priority = Приоритет: { $priority }
tickets-event-tagged = Добавлены метки: { $tags }
tickets-event-untagged = Убраны метки: { $tags }
tickets-event-part = Подстатус: { $part }
tickets-event-no-part = Подстатус убран
tickets-keys = Сочетания клавиш
tickets-keys-off = Отключить сочетания в этом браузере
tickets-key-rows = следующее, предыдущее обращение списка
tickets-key-open = открыть обращение
tickets-key-pick = отметить обращение
tickets-key-search = поиск
tickets-key-reply = ответить
tickets-key-comment = внутренний комментарий
tickets-key-send = отправить написанное
tickets-key-take = взять обращение
tickets-key-close = закрыть обращение
tickets-key-list = назад к списку
tickets-key-help = эта справка

tickets-besides = Другие обращения клиента
tickets-besides-more =
    { $count ->
        [one] и ещё { $count } обращение
        [few] и ещё { $count } обращения
       *[many] и ещё { $count } обращений
    }
