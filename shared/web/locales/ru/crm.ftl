### Customers: records, fields, duplicates, time line, export and erasing, files with records. Keys begin with "crm-".

## Fields
crm-field-kind = Тип
crm-field-kind-hint = Тип потом изменить нельзя. Поле с id клиента на площадке должно быть текстом.
crm-field-text = Текст
crm-field-number = Число
crm-field-date = Дата
crm-field-choice = Выбор из списка
crm-field-options = Варианты
crm-field-options-hint = По одному в строке, только для поля «Выбор из списка». Удалённый вариант остаётся в карточках, где он уже есть.
crm-field-kind-fixed = Тип поля изменить нельзя: в карточках уже есть его значения. Добавьте новое поле.
crm-connection-field-text = Id клиента на площадке должен быть текстовым полем.
crm-options-none = Укажите хотя бы один вариант.
crm-options-many = Вариантов может быть не больше { $limit }.
crm-options-twice = Один и тот же вариант указан дважды.
crm-value-too-long = { $name }: в значении может быть не больше { $limit } знаков.
crm-value-character = { $name }: в значении есть знак, который нельзя сохранить.
crm-value-number = { $name }: укажите число, например 12,5. Не больше 15 цифр и 6 после запятой.
crm-value-date = { $name }: укажите дату, например 2026-03-01.
crm-value-option = { $name }: выберите один из вариантов.
crm-number-hint = Число, например 12,5.

## Addresses
crm-address = Адрес
crm-addresses = Адреса
crm-addresses-about = Пустая строка добавляет адрес, очищенный адрес исчезает.
crm-address-label = Описание
crm-address-street = Улица и номер
crm-address-postal-code-label = Индекс
crm-address-city = Город
crm-address-country-label = Страна
crm-address-empty = В адресе нужна улица или город.
crm-address-too-long = В строке адреса может быть не больше 120 знаков.
crm-address-character = В адресе есть знак, который нельзя показать.
crm-address-postal-code = Польский индекс выглядит как 00-950.
crm-address-country = Укажите страну двумя буквами, например PL или DE.

## Finding
crm-search = Найти клиента
crm-search-do = Найти
crm-search-about = Целиком e-mail, телефон, NIP или значение поля. По началу имени ищем среди { $count } последних изменённых карточек.
crm-found =
    { $count ->
        [one] Найдена { $count } карточка
        [few] Найдено { $count } карточки
       *[many] Найдено { $count } карточек
    }
crm-none-found = Никто не найден
crm-was-merged = Эта карточка объединена с той, которую вы видите.

## Consents and time line
crm-consents = История согласий на SMS
crm-consent-written = Записано
crm-consent-by = Кто
crm-phone-removed = номер удалён
crm-timeline = Лента событий
crm-timeline-empty = Пока ничего не произошло.
crm-line-count =
    { $count ->
        [one] { $count } запись
        [few] { $count } записи
       *[many] { $count } записей
    }
crm-line-ticket = Обращение { $number }
crm-line-order = Заказ { $number }
crm-line-added = Карточка добавлена
crm-line-edited = Данные изменены
crm-line-merged = Присоединена другая карточка
crm-line-merged-into = Объединена с другой карточкой
crm-line-unmerged = Объединение отменено
crm-part-removed = удалено: { $what }
crm-part-notes = изменены заметки
crm-part-phone = { $number }: { $consent } ({ $about })
crm-by-hub = Mostek
crm-by-marketplace = торговая площадка

## Duplicates and merging
crm-duplicates = Возможные дубликаты
crm-duplicates-about = Карточки, у которых совпадает телефон, e-mail, NIP или значение поля.
crm-no-duplicates = Возможных дубликатов нет
crm-no-duplicates-text = Когда у двух карточек совпадёт телефон, e-mail, NIP или значение поля, они появятся здесь.
crm-pair-count =
    { $count ->
        [one] { $count } пара
        [few] { $count } пары
       *[many] { $count } пар
    }
crm-pair-first = Карточка
crm-pair-second = Вторая карточка
crm-pair-shared = Что их связывает
crm-suggestions = Возможно, это тот же клиент
crm-suggestions-about = У этих карточек есть общее с этой.
crm-tell-apart = Это другой клиент
crm-told-apart = Записано: это два разных клиента.
crm-merge = Объединить
crm-merge-title = Объединение двух карточек
crm-merge-about = Из двух карточек останется одна. Это можно отменить в течение 30 дней.
crm-merge-other = Id карточки для объединения с этой
crm-merge-stays = Остаётся
crm-merge-goes = Будет присоединена
crm-merge-swap = Поменять местами
crm-merge-choose = Что оставить, если карточки различаются
crm-merge-kept = Телефоны, согласия, адреса, e-mail, заметки и обращения остаются из обеих карточек.
crm-merge-do = Объединить карточки
crm-merge-itself = Карточку нельзя объединить с ней самой.
crm-merged-news = Карточки объединены. Это можно отменить в течение { $days } дней.
crm-merged-records = Присоединённые карточки
crm-unmerge = Отменить объединение
crm-unmerge-late = прошло 30 дней, отменить уже нельзя
crm-unmerged-news = Объединение отменено: снова две карточки.
crm-undo-later-first = Эта карточка позже объединена с другой. Сначала отмените то объединение.
crm-undo-too-late = Прошло 30 дней, это объединение уже нельзя отменить.
crm-more = Другие действия

## Export and erasing
crm-privacy-about = Для человека, который об этом просит: всё, что мы о нём знаем, в одном файле, или удаление его данных.
crm-export = Скачать данные человека (JSON)
crm-erase = Удалить данные человека
crm-erase-title = Удалить данные: { $name }?
crm-erase-about = Исчезнут: имя, телефоны с согласиями, адреса, e-mail, NIP, поля и заметки, в том числе из присоединённых карточек. Отменить это нельзя.
crm-erase-tickets = Обращения останутся без текстов и без имени: сообщения клиента, наши ответы, комментарии, файлы и данные заказа исчезнут из Mostek. Номера, даты и статусы останутся.
crm-erase-marketplace = У торговой площадки и в резервных копиях есть свои копии; об их удалении нужно просить отдельно.
crm-erase-confirm = Введите имя клиента
crm-erase-confirm-hint = Для подтверждения введите: { $name }
crm-erase-confirm-other = Введённое имя не совпадает с именем в карточке. Ничего не удалено.
crm-erase-reply-open = Ответ этому человеку ещё не отправлен или ждёт решения. Дождитесь отправки или отмените его и попробуйте снова.
crm-erased = Данные человека удалены.
