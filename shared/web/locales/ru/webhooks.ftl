### Texts about webhooks. See helpdesk.ftl for how to add one; keys here begin with "webhooks-".

# Overview of the settings
webhooks-settings = Вебхуки
webhooks-settings-about = События из магазинов и оповещение других систем

# Answers to senders
webhooks-wrong-signature = Подпись запроса неверна.
webhooks-wrong-moment = Запрос подписан верно, но его время отличается от нашего больше чем на 5 минут.

# Refusals
webhooks-too-many = Их уже { $limit }, больше быть не может.
webhooks-unknown-choice = Такого варианта нет. Выберите один из списка.
webhooks-changed = За это время что-то изменилось. Обновите страницу и попробуйте ещё раз.
webhooks-enter-again = Секрет зашифрован в другой установке. Введите его ещё раз.
webhooks-name-empty = Укажите название.
webhooks-name-too-long = В названии { $chars } символов, а может быть не больше { $limit }.
webhooks-name-character = В названии есть невидимые символы. Удалите их.
webhooks-pointer-slash = Указатель JSON начинается с косой черты, например /customer/id.
webhooks-pointer-too-long = В указателе может быть не больше { $limit } символов.
webhooks-pattern-bad = «{ $type }» — не тип события: нужно от 1 до { $limit } символов, а звёздочка может стоять только в конце.
webhooks-secret-empty = Введите секрет.
webhooks-secret-too-long = Секрет слишком длинный.
webhooks-secret-not-base64 = Это не секрет в записи base64. Скопируйте его целиком, вместе с «whsec_».
webhooks-secret-private = Это закрытый ключ отправителя (whsk_). Нужен открытый (whpk_).
webhooks-secret-not-a-key = Это не открытый ключ ed25519.
webhooks-secret-last = Это последний секрет. Сначала добавьте новый, иначе ни одно событие не будет принято.

# List
webhooks-title = Источники вебхуков
webhooks-about = Магазины и другие системы, которые сами сообщают нам о событиях.
webhooks-add = Добавить источник
webhooks-added = Источник добавлен. Скопируйте его адрес в настройки магазина.
webhooks-none = Ни один магазин ещё не присылает событий
webhooks-none-text = Добавьте источник, и вопросы клиентов станут обращениями, а заказы и отзывы — записями в истории клиента.
webhooks-name = Название источника
webhooks-name-hint = Так источник обращений будет называться в списке и в фильтре.
webhooks-scheme = Способ подписи
webhooks-scheme-hint = Выберите систему, которая присылает события. Потом изменить это нельзя.
webhooks-state = Состояние
webhooks-on = Включён
webhooks-off = Выключен
webhooks-last = Последнее событие
webhooks-nothing-yet = ещё ни одного
webhooks-taken-column = Принято
webhooks-taken =
    { $count ->
        [one] { $count } событие
        [few] { $count } события
       *[many] { $count } событий
    }

# A source
webhooks-shop = Отправитель
webhooks-shop-about = Кто присылает события и чем их подписывает.
webhooks-where = Обращения и клиенты
webhooks-where-about = Куда попадают новые переписки и как мы узнаём клиента.
webhooks-field = Поле CRM с id клиента в магазине
webhooks-field-hint = По этому полю событие находит карточку клиента.
webhooks-create-field = Создать поле «… ID»
webhooks-add-customers = Добавлять новых клиентов в CRM
webhooks-add-customers-hint = Если карточки с таким id нет, появится новая. Иначе события этого клиента не попадут в историю.
webhooks-answers = Отправлять ответы
webhooks-answers-hint = Получатель принимает ответ консультанта как подписанное событие ticket.answer и передаёт его клиенту. Добавить его можно на вкладке «Получатели наших событий».
webhooks-answers-none = никуда: на обращения нельзя ответить
webhooks-address = Адрес для магазина
webhooks-address-about = Введите его в магазине как адрес вебхука. Никому больше его не сообщайте.
webhooks-switch-on = Включить
webhooks-switch-off = Выключить
webhooks-switched-on = Источник включён.
webhooks-switched-off = Источник выключен. Магазин получает ответ, чтобы попробовать позже.
webhooks-delete = Удалить источник
webhooks-deleted = Источник удалён. Обращения остаются.
webhooks-delete-title = Удалить источник «{ $name }»?
webhooks-delete-text = Его адрес перестанет работать, а секреты будут удалены. Обращения и записи в истории клиентов остаются. Отменить это нельзя.

# Secrets
webhooks-secret = Секрет
webhooks-secret-hint = Из настроек вебхука в магазине. Мы храним его зашифрованным и никогда не показываем.
webhooks-secrets = Секреты
webhooks-secrets-about = Чтобы сменить секрет, добавьте новый, переключите магазин, а потом удалите старый: ни одно событие не пропадёт.
webhooks-secret-set = Установлен { $date }, заканчивается на …{ $tail }
webhooks-secret-set-short = Установлен { $date }
webhooks-secret-add = Добавить секрет
webhooks-secret-added = Секрет добавлен.
webhooks-secret-remove = Удалить
webhooks-secret-removed = Секрет удалён.

# Mapping
webhooks-rules = Что происходит с событиями
webhooks-rules-about = Действует первая подходящая строка. Звёздочка в конце заменяет остаток типа: order.* — все события о заказах. Пустая строка исчезает.
webhooks-rule-events = Тип события
webhooks-becomes = Чем оно становится
webhooks-becomes-message = сообщение в обращении
webhooks-becomes-order = запись в истории клиента: заказ
webhooks-becomes-review = запись в истории клиента: отзыв
webhooks-becomes-note = запись в истории клиента: заметка
webhooks-becomes-other = запись в истории клиента: другое
webhooks-becomes-ignored = ничем
webhooks-otherwise = Все остальные типы
webhooks-places = Где что находится
webhooks-places-about = Указатели JSON в тексте события. «|» разделяет варианты (действует первый, где что-то есть), «+» соединяет несколько в одно.
webhooks-place-event-type = Тип события
webhooks-place-event-id = Id события
webhooks-place-event-id-hint = Событие с тем же id действует только один раз. Не указывайте здесь номер заказа.
webhooks-place-at = Когда произошло
webhooks-place-customer-id = Id клиента
webhooks-place-customer-id-hint = Нужен для записей в истории клиента.
webhooks-place-customer-name = Имя клиента
webhooks-place-customer-email = E-mail клиента
webhooks-place-text = Текст
webhooks-place-subject = Тема
webhooks-place-order = Номер заказа
webhooks-place-conversation = Ключ переписки
webhooks-place-conversation-hint = Сообщения с одним ключом попадают в одно обращение. Без него каждое открывает новое.
webhooks-place-link = Ссылка на страницу в магазине
webhooks-place-else-header = Пусто: из заголовка { $header }.

# Trying
webhooks-try = Проверить сопоставление
webhooks-try-about = Вставьте текст события и посмотрите, что бы из него получилось. Это ничего не меняет.
webhooks-try-header = Тип из заголовка { $header }
webhooks-try-body = Текст события (JSON)
webhooks-try-do = Проверить
webhooks-read = Что прочитано
webhooks-not-found = не найдено
webhooks-entry-title = Заголовок записи
webhooks-effect-nothing = Из этого события ничего бы не получилось: так сказано в сопоставлении.
webhooks-effect-joins = Получилось бы сообщение в обращении, которое уже есть.
webhooks-effect-opens = Получилось бы новое обращение. Следующее сообщение с тем же ключом переписки попадёт в него.
webhooks-effect-opens-each = Получилось бы новое обращение. У события нет ключа переписки, поэтому каждое сообщение открывает своё.
webhooks-effect-entry = Получилась бы запись в истории клиента, который есть в CRM.
webhooks-effect-entry-added = Получилась бы запись в истории клиента, а клиент был бы добавлен в CRM.
webhooks-effect-outside = Ничего бы не получилось: событие не указывает клиента или клиента нет в CRM, а этот источник новых не добавляет.
webhooks-unreadable-not-json = Текст — не правильный JSON (строка { $line }, символ { $column }).
webhooks-unreadable-no-type = Неизвестен тип события: его нет ни в заголовке, ни в указанном месте текста.
webhooks-unreadable-no-text = Это должно быть сообщение, а в указанном месте нет его текста.
webhooks-unreadable-no-customer = Это должна быть запись в истории клиента, но чьей — неизвестно: в сопоставлении не указано место id клиента или этот id слишком длинный.

# Events that were not understood
webhooks-letters = Непонятые события
webhooks-letters-about = События, которые подписаны верно, но не прочитаны. Исправьте сопоставление и обработайте их ещё раз или отклоните.
webhooks-letters-waiting =
    { $count ->
        [one] { $count } непонятое
        [few] { $count } непонятых
       *[many] { $count } непонятых
    }
webhooks-letters-look = Посмотреть
webhooks-letters-more =
    { $count ->
        [one] Есть ещё { $count } более раннее.
        [few] Есть ещё { $count } более ранних.
       *[many] Есть ещё { $count } более ранних.
    }
webhooks-no-letters = Всё понято
webhooks-no-letters-text = Ни одно событие не ждёт решения.
webhooks-letter = Непонятое событие
webhooks-letter-about = Исправьте сопоставление и обработайте событие ещё раз. Отклонённое не оставит следов в обращениях.
webhooks-letter-dropped = Событие отклонено.
webhooks-came = Пришло
webhooks-reason = Причина
webhooks-size = Размер
webhooks-process = Обработать ещё раз
webhooks-mend = Исправить сопоставление
webhooks-drop = Отклонить
webhooks-body = Текст
webhooks-body-cut = Это только начало. Весь текст отдаёт API.
webhooks-outcome-taken = Событие обработано.
webhooks-outcome-repeated = Это событие уже подействовало раньше.
webhooks-outcome-ignored = В сопоставлении сказано, что это событие ничем не становится. Оно больше не ждёт решения.
webhooks-outcome-outside = Событие не указывает клиента или клиента нет в CRM, а этот источник новых не добавляет. Оно больше не ждёт решения.

# Endpoints: who is told of our events
webhooks-endpoints = Получатели наших событий
webhooks-endpoints-about = Системы, которым мы сообщаем о том, что происходит с обращениями.
webhooks-no-endpoint = Никого не оповещаем
webhooks-no-endpoint-text = Добавьте адрес, и мы отправим ему подписанное сообщение о каждом новом обращении и каждом ответе.
webhooks-endpoint-add = Добавить получателя
webhooks-endpoint-address = Адрес
webhooks-endpoint-address-hint = Начинается с https:// и доступен из интернета.
webhooks-endpoint-active = Оповещать
webhooks-endpoint-active-hint = После повторного включения отправляем только то, что произойдёт позже.
webhooks-endpoint-off = Этот получатель выключен. Включите его, прежде чем что-то отправлять.
webhooks-endpoint-gone = Отказался
webhooks-endpoint-gone-text = Получатель ответил { $when } кодом 410: сообщения ему больше не нужны. Сохраните настройки с отметкой «Оповещать», чтобы отправлять снова.
webhooks-endpoint-delete = Удалить получателя
webhooks-endpoint-deleted = Получатель удалён.
webhooks-endpoint-delete-title = Удалить получателя «{ $name }»?
webhooks-endpoint-delete-text = Сообщения, которые до него ещё не дошли, отправлены не будут. Отменить это нельзя.
webhooks-events = Событие
webhooks-events-none = Выберите хотя бы одно событие.
webhooks-event-ticket-created = Новое обращение (ticket.created)
webhooks-event-ticket-replied = Ответ отправлен (ticket.replied)
webhooks-address-unreadable = Это не адрес. Укажите его целиком, вместе с https://.
webhooks-address-scheme = Адрес должен начинаться с https://.
webhooks-address-credentials = В адресе не может быть имени пользователя и пароля.
webhooks-address-private = Этот адрес внутри частной сети. Укажите адрес, доступный из интернета.
webhooks-secret-once = Этим секретом мы подписываем сообщения (Standard Webhooks). Введите его у получателя, чтобы он мог проверить подпись.
webhooks-secret-once-note = Мы показываем его только сейчас. Если он потеряется, создайте новый.
webhooks-secret-kept = Секрет сохранён, дальше
webhooks-secret-renew = Создать новый секрет
webhooks-secret-renew-about = После этого сообщения сутки подписаны и старым секретом.
webhooks-waiting-column = Ждёт
webhooks-waiting =
    { $count ->
        [one] { $count } сообщение ждёт отправки
        [few] { $count } сообщения ждут отправки
       *[many] { $count } сообщений ждут отправки
    }
webhooks-test = Отправить пробное сообщение
webhooks-test-sent = Пробное сообщение уйдёт через мгновение. Результат появится в списке ниже.
webhooks-send-again = Отправить ещё раз
webhooks-sent-again = Сообщение уйдёт через мгновение ещё раз, с тем же id.
webhooks-attempts = Последние попытки
webhooks-no-attempts = Пока ничего не отправлено.
webhooks-when = Когда
webhooks-attempt = Попытка
webhooks-answer = Ответ
webhooks-time = Время
webhooks-took = { $ms } мс
