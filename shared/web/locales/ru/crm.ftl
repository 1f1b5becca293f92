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
crm-merge-other = Объединить с другой карточкой
crm-merge-find = Найдите карточку, которая будет присоединена к этой.
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
crm-erase-letters = Нераспознанные события магазинов (вебхуки), в которых есть e-mail, телефон, id или заказ этого человека, будут удалены; те, где только имя, нужно просмотреть вручную. У тех, кого извещали об его обращениях, есть своя копия.
crm-erase-confirm = Введите имя клиента
crm-erase-confirm-hint = Для подтверждения введите: { $name }
crm-erase-confirm-other = Введённое имя не совпадает с именем в карточке. Ничего не удалено.
crm-erase-reply-open = Ответ этому человеку ещё не отправлен или ждёт решения. Дождитесь отправки или отмените его и попробуйте снова.
crm-erased = Данные человека удалены.

## Files
crm-import = Импорт CSV
crm-import-about = Карточки клиентов из таблицы, сохранённой как CSV. Прежде чем что-то записать, мы покажем, что поняли.
crm-import-file = Файл CSV
crm-import-limits = UTF-8 или windows-1250, точки с запятой или запятые, заголовки в первой строке. Не больше { $rows } строк и { $size }.
crm-import-no-file = Выберите файл.
crm-import-send = Далее
crm-sheet-empty = В файле нет ни одной строки под заголовками.
crm-sheet-too-long = Файл может быть не больше { $limit }.
crm-sheet-rows = В файле может быть не больше { $limit } строк. Разделите его на части.
crm-sheet-columns = В файле может быть не больше { $limit } столбцов.
crm-sheet-cell = В ячейке может быть не больше { $limit } знаков.
crm-sheet-not-text = Это не файл CSV. Сохраните таблицу как CSV и выберите её снова.
crm-row-count =
    { $count ->
        [one] { $count } строка
        [few] { $count } строки
       *[many] { $count } строк
    }
crm-import-columns-title = Что в столбцах
crm-import-columns = Выберите для каждого столбца, что в нём.
crm-import-twice = Только телефон и e-mail могут быть в нескольких столбцах.
crm-import-finder-title = По чему узнавать клиента
crm-import-finder-hint = Найденная карточка дополнится тем, что есть в строке; пустые ячейки ничего не меняют. Без этого каждая строка добавляет карточку.
crm-import-finder = То, по чему узнаём клиента, должно быть в одном из столбцов; новой карточке нужно имя.
crm-import-look = Проверить
crm-import-start = Импортировать
crm-import-row = Строка
crm-import-result = Что произойдёт
crm-import-bad = отклонена
crm-import-known = дополнит карточку
crm-import-new = новая карточка
crm-import-open = открыть
crm-import-all-good = Все строки ({ $rows }) верны. Ниже первые из них.
crm-import-some-bad = Строки с ошибками: { $count } из { $rows }. Они будут отклонены, остальные войдут.
crm-import-is-done = Импорт завершён.
crm-import-goes-on = Импорт продолжается. Страницу можно закрыть, остальное сделаем в фоне.
crm-import-done = Строки: { $done } из { $rows }
crm-import-added =
    { $count ->
        [one] { $count } новая карточка
        [few] { $count } новые карточки
       *[many] { $count } новых карточек
    }
crm-import-found =
    { $count ->
        [one] { $count } карточка узнана
        [few] { $count } карточки узнаны
       *[many] { $count } карточек узнано
    }
crm-import-refused =
    { $count ->
        [one] { $count } строка отклонена
        [few] { $count } строки отклонены
       *[many] { $count } строк отклонено
    }
crm-import-older-consents =
    { $count ->
        [one] { $count } согласие пропущено: в карточке более новое или в строке нет даты
        [few] { $count } согласия пропущены: в карточках более новые или в строках нет даты
       *[many] { $count } согласий пропущено: в карточках более новые или в строках нет даты
    }
crm-import-refused-file = Отклонённые строки (CSV)
crm-import-reasons = Причина отказа
crm-import-continue = Продолжить сейчас
crm-target-nothing = пропустить
crm-target-name = Имя или название
crm-target-phone = Телефон
crm-target-consent = Согласие на SMS (да/нет)
crm-target-consent-date = Дата согласия на SMS
crm-target-email = E-mail
crm-target-nip = NIP
crm-target-notes = Заметки
crm-target-street = Улица и дом
crm-target-postal-code = Индекс
crm-target-city = Город
crm-target-country = Страна
crm-finder-nothing = ни по чему: всегда новая карточка
crm-finder-email = E-mail
crm-finder-phone = Телефон
crm-finder-nip = NIP
crm-fault-nameless = новой карточке нужно имя
crm-fault-name = «{ $value }» не может быть именем
crm-fault-phone = «{ $value }» не номер телефона
crm-fault-consent = согласие «{ $value }»: укажите да или нет
crm-fault-consent-date = дата согласия «{ $value }»: укажите, например, 2026-05-12
crm-fault-email = «{ $value }» не адрес e-mail
crm-fault-nip = «{ $value }» не номер NIP
crm-fault-address = «{ $value }» не полный адрес или неверный индекс
crm-fault-record = карточка не примет эту строку ({ $value })
crm-fault-field = { $what }: «{ $value }» не подходит для этого поля
crm-export-list = Экспорт CSV
crm-export-list-about = Всего карточек: { $total }. В одном файле не больше { $part }, сначала изменённые последними.
crm-export-list-safe = В файле личные данные многих людей. Скачивание записывается в журнал.
crm-export-list-part = Скачать эту часть
crm-export-list-next = Следующая часть
crm-csv-id = Id
crm-csv-name = Название
crm-csv-phone = Телефон
crm-csv-consent = Согласие на SMS
crm-csv-email = E-mail
crm-csv-nip = NIP
crm-csv-street = Улица и дом
crm-csv-postal-code = Индекс
crm-csv-city = Город
crm-csv-country = Страна
crm-csv-notes = Заметки
crm-ticket-erased = данные клиента удалены
crm-import-base64 = Содержимое файла должно быть в base64.
